"""The last metrics and params that stand near the ends of a run's journals, whichever processes logged them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from trackside.goals import is_system_metric
from trackside.journal.excerpts import read_excerpts
from trackside.model import HistoryLogged, MetricsLogged, ParamsLogged

if TYPE_CHECKING:
    from pathlib import Path

    from trackside.model import Param


class Logged(NamedTuple):
    """The last value of each metric, but of none of the machine's load, and the params."""

    metrics: dict[str, float | str]
    params: dict[str, Param]


def read_logged(store: Path, run_id: str) -> Logged:
    """Return what a run's journals tell near their ends; the last in time counts."""
    logged = Logged({}, {})
    for event in read_excerpts(store, run_id):
        if isinstance(event, MetricsLogged):
            logged.metrics.update({key: value for key, value in event.values.items() if not is_system_metric(key)})
        elif isinstance(event, HistoryLogged):  # later values, which stand in a file of their own
            for key in event.keys:
                logged.metrics.pop(key, None)
        elif isinstance(event, ParamsLogged):
            logged.params.update({param.key: param for param in event.params})
    return logged
