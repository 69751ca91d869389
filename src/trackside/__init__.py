"""Trackside: an experiment tracker that lives in the notebook.

::

    import trackside as ts      # registers %%track in IPython

    %%track
    lr = 0.1
    for epoch in range(10):
        ts.log(loss=train(lr))

    ts.runs().compare()

Importing it imports nothing but the standard library; each public name loads what it needs at first use.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trackside.checks import assert_beats as assert_beats
    from trackside.checks import check as check
    from trackside.collection import Runs as Runs
    from trackside.errors import TracksideError as TracksideError
    from trackside.evaluation import log_calibration as log_calibration
    from trackside.evaluation import log_confusion_matrix as log_confusion_matrix
    from trackside.evaluation import log_pr as log_pr
    from trackside.evaluation import log_predictions as log_predictions
    from trackside.evaluation import log_roc as log_roc
    from trackside.lineages import lineage as lineage
    from trackside.lookup import baseline as baseline
    from trackside.lookup import baselines as baselines
    from trackside.lookup import runs as runs
    from trackside.registered import models as models
    from trackside.scripts import run as run
    from trackside.store.store import Store as Store
    from trackside.tracking import Run as Run
    from trackside.tracking import log as log
    from trackside.tracking import log_artifact as log_artifact
    from trackside.tracking import log_dataset as log_dataset
    from trackside.tracking import log_history as log_history
    from trackside.tracking import log_params as log_params
    from trackside.tracking.experiments import metric as metric

_PUBLIC = {
    "Run": "trackside.tracking",
    "Runs": "trackside.collection",
    "Store": "trackside.store.store",
    "TracksideError": "trackside.errors",
    "assert_beats": "trackside.checks",
    "baseline": "trackside.lookup",
    "baselines": "trackside.lookup",
    "check": "trackside.checks",
    "lineage": "trackside.lineages",
    "log": "trackside.tracking",
    "log_artifact": "trackside.tracking",
    "log_calibration": "trackside.evaluation",
    "log_confusion_matrix": "trackside.evaluation",
    "log_dataset": "trackside.tracking",
    "log_history": "trackside.tracking",
    "log_params": "trackside.tracking",
    "log_pr": "trackside.evaluation",
    "log_predictions": "trackside.evaluation",
    "log_roc": "trackside.evaluation",
    "metric": "trackside.tracking.experiments",
    "models": "trackside.registered",
    "run": "trackside.scripts",
    "runs": "trackside.lookup",
}

__all__ = [
    "Run",
    "Runs",
    "Store",
    "TracksideError",
    "__version__",
    "assert_beats",
    "baseline",
    "baselines",
    "check",
    "lineage",
    "log",
    "log_artifact",
    "log_calibration",
    "log_confusion_matrix",
    "log_dataset",
    "log_history",
    "log_params",
    "log_pr",
    "log_predictions",
    "log_roc",
    "metric",
    "models",
    "run",
    "runs",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("trackside")
    if name in _PUBLIC:
        value = getattr(import_module(_PUBLIC[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'trackside' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)


def load_ipython_extension(shell: Any) -> None:
    """Register the magic: what ``%load_ext trackside`` calls."""
    from trackside.magic import load_ipython_extension as load

    load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """Take the magic away again: what ``%unload_ext trackside`` calls."""
    from trackside.magic import unload_ipython_extension as unload

    unload(shell)


def _register_magic() -> None:
    """Register ``%%track`` when imported from a cell, so that ``import trackside as ts`` is all there is to learn."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is not None:
        shell.extension_manager.load_extension("trackside")


_register_magic()
