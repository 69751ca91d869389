"""What a view of runs shows at first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import structs

from trackside.given_views import find_view, read_choices
from trackside.run_table import crowds_low, drawable_metrics, find_column, table_of
from trackside.wire import Axis, Column, Scatter, ViewState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from trackside.query import RunFrame
    from trackside.wire import SavedView


def named_metrics(frame: RunFrame, metrics: Iterable[str | Sequence[str]]) -> list[str]:
    """Return the metrics that were named one by one or in lists.

    Raises
    ------
    InputError
        None of the runs has one of them.
    """
    names = [name for given in metrics for name in ([given] if isinstance(given, str) else given)]
    for name in names:
        frame.check_metric(name)
    return names


def compare_state(frame: RunFrame, metrics: Sequence[str]) -> ViewState:
    """Return the state of a comparison: the first metric named is that of all panels.

    Where no run has a history, nor may still get one, there is no panel for it.
    """
    may_get_lines = not frame.run_ids or "running" in frame.attributes["status"].tolist()
    has_lines = metrics or may_get_lines or drawable_metrics(frame)
    state = ViewState(panels=["history", "parallel", "table"] if has_lines else ["parallel", "table"])
    return structs.replace(state, only_differing=True, **_of_metrics(frame, metrics))


def given_state(
    frame: RunFrame, metrics: Sequence[str], view: str | Mapping[str, Any], saved: Callable[[], Sequence[SavedView]]
) -> ViewState:
    """Return the state of a comparison that looks like a saved view, or as is written.

    Raises
    ------
    InputError
        There is no such view, or it cannot be read.
    """
    if isinstance(view, str):
        return structs.replace(find_view(view, saved()), **_of_metrics(frame, metrics))
    return read_choices(view, compare_state(frame, metrics))


def _of_metrics(frame: RunFrame, metrics: Sequence[str]) -> dict[str, Any]:
    """Return what is chosen in a view of these metrics."""
    if not metrics:
        return {}
    shown = find_column(table_of(frame), f"metric:{metrics[0]}")
    scatter = Scatter(y=_axis(shown))
    return {"metrics": list(metrics), "colour_by": shown.key, "importance_of": metrics[0], "scatter": scatter}


def scatter_state(frame: RunFrame, x: str | None, y: str | None, colour: str | None, size: str | None) -> ViewState:
    """Return the state of a scatter; a name of both a param and a metric means the param on x, else the metric.

    Raises
    ------
    InputError
        None of the runs has such a param or metric.
    """
    table = table_of(frame)
    across = find_column(table, x, prefer="param") if x is not None else None
    up, coloured, sized = (find_column(table, name) if name is not None else None for name in (y, colour, size))
    scatter = Scatter(x=_axis(across), y=_axis(up), size_by=sized.key if sized else None)
    return ViewState(panels=["scatter"], scatter=scatter, colour_by=coloured.key if coloured else None)


def _axis(column: Column | None) -> Axis | None:
    return Axis(key=column.key, log=crowds_low(column)) if column else None
