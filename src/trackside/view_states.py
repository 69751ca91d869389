"""What a view of runs shows at first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec import structs

from trackside.axes import new_axis
from trackside.errors import InputError, list_known, suggest
from trackside.given_views import read_choices
from trackside.goals import is_system_metric
from trackside.run_table import drawable_metrics, find_column, table_of
from trackside.wire import Scatter, ViewState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from trackside.query import RunFrame

_X_AXES = ("step", "relative", "wall")
_BANDS = ("std", "quartiles")
_NO_METRIC = "none; log one with ts.log(loss=…)"


def named_metrics(frame: RunFrame, metrics: Iterable[str | Sequence[str]]) -> list[str]:
    """Return the metrics that were named one by one or in lists.

    Raises
    ------
    InputError
        None of the runs has one of them.
    """
    metrics = list(metrics)
    for given in metrics:
        if not isinstance(given, str | Sequence):
            raise InputError(f"found {given!r} as a metric; expected its name, such as 'val_loss'")
    names = [name for given in metrics for name in ([given] if isinstance(given, str) else given)]
    for name in names:
        frame.check_metric(name)
    return names


def compare_state(frame: RunFrame, metrics: Sequence[str]) -> ViewState:
    """Return the state of a comparison: the first metric named is that of all panels.

    Where no run has a history but the machine's, nor may still get one, there is no panel for it.
    """
    may_get_lines = not frame.run_ids or "running" in frame.attributes["status"].tolist()
    has_lines = metrics or may_get_lines or not all(map(is_system_metric, drawable_metrics(frame)))
    state = ViewState(panels=["history", "parallel", "table"] if has_lines else ["parallel", "table"])
    return structs.replace(state, only_differing=True, **_of_metrics(frame, metrics))


def given_state(
    frame: RunFrame, metrics: Sequence[str], view: str | Mapping[str, Any], find_saved: Callable[[str], ViewState]
) -> ViewState:
    """Return the state of a comparison that looks like a saved view, or as is written.

    Raises
    ------
    InputError
        There is no such view, or it cannot be read.
    """
    if isinstance(view, str):
        return structs.replace(find_saved(view), **_of_metrics(frame, metrics))
    return read_choices(view, compare_state(frame, metrics))


def _of_metrics(frame: RunFrame, metrics: Sequence[str]) -> dict[str, Any]:
    """Return what is chosen in a view of these metrics."""
    if not metrics:
        return {}
    shown = find_column(table_of(frame), f"metric:{metrics[0]}")
    scatter = Scatter(y=new_axis(shown))
    return {"metrics": list(metrics), "colour_by": shown.key, "importance_of": metrics[0], "scatter": scatter}


def scatter_state(
    frame: RunFrame,
    state: ViewState,
    *,
    x: str | None = None,
    y: str | None = None,
    colour: str | None = None,
    size: str | None = None,
    front: bool | None = None,
) -> ViewState:
    """Return a state with a scatter of these columns; None keeps what there is.

    A name of both a param and a metric means the param on x, else the metric.

    Raises
    ------
    InputError
        None of the runs has such a param, metric or tag.
    """
    table, before = table_of(frame), state.scatter or Scatter()
    across = find_column(table, x, prefer="param") if x is not None else None
    up, coloured, sized = (find_column(table, name) if name is not None else None for name in (y, colour, size))
    scatter = Scatter(
        x=new_axis(across) if across else before.x,
        y=new_axis(up) if up else before.y,
        size_by=sized.key if sized else before.size_by,
        front=before.front if front is None else front,
    )
    return structs.replace(state, scatter=scatter, colour_by=coloured.key if coloured else state.colour_by)


def history_state(
    frame: RunFrame, state: ViewState, metrics: Iterable[str | Sequence[str]], **chosen: Any
) -> ViewState:
    """Return a state with these metrics' history and what else is chosen by its field; None keeps what there is.

    ``x`` may be a metric's name; ``group_by`` is the name of a column, a param's where several go by it.

    Raises
    ------
    InputError
        None of the runs has a history of one of the metrics, or such a column, or a choice is none.
    """
    names = named_metrics(frame, metrics)
    drawable = drawable_metrics(frame)
    if without := [name for name in names if name not in drawable]:
        raise InputError(
            f"No run has more than one point of {without[0]!r}; expected a metric with a history. "
            f"There are: {list_known(without[0], drawable, _NO_METRIC)}."
        )
    changes = {field: value for field, value in chosen.items() if value is not None}
    if "x" in changes:
        changes["x"] = _x_axis(frame, changes["x"])
    if "group_by" in changes:
        changes["group_by"] = find_column(table_of(frame), changes["group_by"], prefer="param").key
    if not 0 <= changes.get("smoothing", 0.0) < 1:
        raise InputError(f"smoothing is {changes['smoothing']!r}; expected 0 (none) up to, but not, 1")
    if changes.get("band", _BANDS[0]) not in _BANDS:
        raise InputError(f"band is {changes['band']!r}; expected one of {', '.join(_BANDS)}")
    return structs.replace(state, **changes, **({"metrics": names} if names else {}))


def parallel_state(frame: RunFrame, state: ViewState, columns: Sequence[str], colour: str | None) -> ViewState:
    """Return a state with these columns as axes, a param's where several go by a name, and a column as the colour.

    Raises
    ------
    InputError
        None of the runs has such a param, metric or tag, or there is one axis only.
    """
    table = table_of(frame)
    axes = [new_axis(find_column(table, name, prefer="param")) for name in columns]
    if len(axes) == 1:
        raise InputError(
            f"Parallel coordinates have two axes at least; found {columns[0]!r} only; name another column."
        )
    coloured = find_column(table, colour).key if colour is not None else state.colour_by
    return structs.replace(state, axes=axes or state.axes, colour_by=coloured)


def _x_axis(frame: RunFrame, x: str) -> str:
    metric = x.removeprefix("metric:")
    if x in _X_AXES:
        return x
    if metric in frame.metrics:
        return f"metric:{metric}"
    hint = suggest(metric, [*_X_AXES, *frame.metrics])
    there_are = list_known(metric, list(frame.metrics), _NO_METRIC)
    raise InputError(f"x is {x!r}; expected one of {', '.join(_X_AXES)}, or a metric.{hint} There are: {there_are}.")
