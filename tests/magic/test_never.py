"""What goes by a name that is never to be captured is in no part of a run but the source that holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.magic.test_added_outputs import details
from trackside.left_out import LeftOut

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.magic.kernel import Kernel
    from trackside.run_details import RunDetails

NEVER = "*_secretive"
BEFORE = """
import os, matplotlib, numpy as np, pandas as pd, trackside as ts
from types import SimpleNamespace
from sklearn.linear_model import LogisticRegression
os.environ["CUDA_X_secretive"] = "1"
frame = pd.DataFrame({"a": np.arange(100.0), "x_secretive": np.arange(100.0)})
X_secretive = np.zeros((100, 3))
parts = {"train": frame, "test_secretive": frame}
labels = np.arange(100) % 2
n_secretive = 5
cfg = SimpleNamespace(lr=0.1, y_secretive=1, sub_secretive=SimpleNamespace(depth=3), grid=[{"z_secretive": 1, "b": 2}])
def evaluate(model, *data, **settings): return 0.5
"""
CELL = """%%track
%matplotlib inline
import matplotlib.pyplot as plt
batch, m_secretive = 32, 7
model = LogisticRegression(); model_secretive = LogisticRegression(C=2)
model.fit(frame[["a"]], labels); model_secretive.fit(X_secretive, labels)
accuracy = evaluate(model, frame, parts, cfg, n_secretive, k_secretive=3)
auc_secretive = evaluate(model_secretive, X_secretive)
ts.log_dataset("given", frame)
for title in ("Loss", "f_secretive"):
    plt.plot([1, 2]); plt.title(title); plt.show()
"""


def _keys(values: Iterable[Any]) -> Iterable[str]:
    for value in values:
        if isinstance(value, dict):
            yield from value
        yield from _keys(value.values() if isinstance(value, dict) else value if isinstance(value, list) else ())


NAMES: dict[str, Callable[[RunDetails], Iterable[str]]] = {
    "params": lambda run: [*run.params, *_keys(run.params.values())],
    "metrics": lambda run: [name for name in run.metrics if not name.startswith("system/")],
    "data": lambda run: run.datasets,
    "columns": lambda run: [column.name for profile in run.profiles.values() for column in profile.columns],
    "models": lambda run: [model.name for model in run.models.models] if run.models else [],
    "figures": lambda run: [artifact.name for artifact in run.artifacts],
    "kernel": lambda run: [name.name for name in run.kernel.names] if run.kernel else [],
    "code": lambda run: [name for cell in run.code.cells for name in cell.names] if run.code else [],
    "variables": lambda run: run.environment.variables if run.environment else [],
}


@pytest.fixture(scope="module")
def runs(kernel: Kernel) -> tuple[RunDetails, RunDetails]:
    """Return the same cell's run without the setting and with it."""
    found = []
    for never in ("", f"never = ['{NEVER}']\n"):
        (kernel.store.parent / "trackside.toml").write_text(f"{never}environment = ['CUDA_*']\n")
        kernel.run(BEFORE)
        assert kernel.run(CELL).status == "ok"
        found.append(details(kernel))
    return found[0], found[1]


@pytest.mark.parametrize("part", NAMES)
def test_a_name_that_is_never_captured_is_in_no_part(part: str, runs: tuple[RunDetails, RunDetails]) -> None:
    without, with_it = (set(NAMES[part](run)) for run in runs)
    unwanted = {name for name in without if name in LeftOut([NEVER])}
    assert unwanted
    assert not any("secretive" in name for name in with_it)
    assert with_it >= without - unwanted


def test_columns_and_names_that_are_left_out_are_counted(runs: tuple[RunDetails, RunDetails]) -> None:
    _, run = runs
    counts = {name: profile.left_out for name, profile in run.profiles.items() if profile.left_out}
    assert counts == {"frame": 1, "given": 1, 'parts["train"]': 1}
    assert run.kernel is not None
    assert run.kernel.left_out > 0
