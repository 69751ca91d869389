"""The metrics of a cell: what it keeps, prints, shows and trains.

Its names load what they need at first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trackside.capture.metrics.find import Meanwhile as Meanwhile
    from trackside.capture.metrics.find import find_metrics as find_metrics
    from trackside.capture.metrics.find import measured_before as measured_before

_MODULES = {"Meanwhile": "find", "find_metrics": "find", "measured_before": "find"}

__all__ = ["Meanwhile", "find_metrics", "measured_before"]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
