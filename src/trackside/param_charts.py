"""Scatter and importance as Altair charts, made from a view's record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from trackside.axes import column_of, scatter_axes
from trackside.chart_columns import DELTA, INK, cells, colour_of, place_of, tell_deltas, type_of
from trackside.run_looks import run_names, shown_runs

if TYPE_CHECKING:
    from trackside import wire

_MOST_BARS = 20
_STEP = 60
"""Pixels from a word on an axis to the next."""

FRONT_STYLE = "trackside-front"
"""The name under which a theme may say how the Pareto front is drawn."""


def scatter_chart(record: wire.ViewRecord) -> alt.LayerChart | None:
    """Return the runs as points, or None where there is nothing to lay them along.

    The axes are those of the view's state, else the param that differs most and the main metric. Runs without a value
    on an axis are left out. Of two metrics whose goals are known the Pareto front is drawn, if the state wants it.
    """
    chosen = record.state.scatter
    axes = scatter_axes(record.table, chosen)
    columns = [column_of(record.table, axis.key) for axis in axes or ()]
    if axes is None or not (x := columns[0]) or not (y := columns[1]):
        return None
    names, colour = run_names(record.table), colour_of(record)
    size = column_of(record.table, chosen.size_by) if chosen else None
    data = {"run": [names[run_id] for run_id in shown_runs(record)], "x": cells(record, x), "y": cells(record, y)}
    data |= ({"colour": colour[1]} if colour else {}) | ({"size": cells(record, size)} if size else {})
    rows = [dict(zip(data, row, strict=True)) for row in zip(*data.values(), strict=True)]
    rows = [row for row in rows if row["x"] is not None and row["y"] is not None]
    if not rows:
        return None
    across = place_of(alt.X, "x", x, data["x"], log=axes[0].log)
    up = place_of(alt.Y, "y", y, data["y"], log=axes[1].log)
    shown = {"run": "run", "x": x.name, "y": y.name}
    types = {"run": "N", "x": type_of(x), "y": type_of(y)}
    tip, changes = tell_deltas(record, y)
    rows = [row | {DELTA: changes.get(row["run"])} for row in rows] if tip else rows
    tooltip = [alt.Tooltip(f"{field}:{types[field]}", title=title) for field, title in shown.items()] + tip
    points = alt.Chart().mark_circle(opacity=0.8).encode(across, up, tooltip=tooltip)
    if colour:
        points = points.encode(colour[0])
    if size:
        points = points.encode(alt.Size(f"size:{type_of(size)}", title=size.name))
    layers = [points]
    if (chosen is None or chosen.front) and x is not y and x.goal and y.goal:
        on_front = pareto_front([(row["x"], row["y"]) for row in rows], x.goal, y.goal)
        rows = [row | {"front": at in on_front} for at, row in enumerate(rows)]
        steps = (
            alt.Chart()
            .transform_filter("datum.front")
            .mark_line(
                style=FRONT_STYLE, strokeDash=[5, 3], interpolate="step-after" if x.goal == "min" else "step-before"
            )
        )
        layers.insert(0, steps.encode(across, up))
    chart: alt.LayerChart = alt.LayerChart(layer=layers, data=alt.InlineData(values=rows))
    steps = {side: alt.Step(_STEP) for side, column in (("width", x), ("height", y)) if type_of(column) == "N"}
    return chart.properties(**steps)


def pareto_front(points: list[tuple[float, float]], first: wire.Goal, second: wire.Goal) -> set[int]:
    """Return which points no other beats in both: ``paretoFront`` in the browser has the same rule.

    Those that are alike in both stand on the front together.

    Examples
    --------
    >>> sorted(pareto_front([(1, 5), (2, 6), (3, 1), (1, 5)], "min", "min"))
    [0, 2, 3]
    """
    signs = 1 if first == "min" else -1, 1 if second == "min" else -1
    costs = [(signs[0] * x, signs[1] * y) for x, y in points]
    front: list[int] = []
    for at in sorted(range(len(costs)), key=costs.__getitem__):
        if not front or costs[at] == costs[front[-1]] or costs[at][1] < costs[front[-1]][1]:
            front.append(at)
    return set(front)


_DIRECTIONS = ["rises", "falls", "no order", "too few runs"]


def _direction(param: wire.ParamImportance, needed: int) -> str:
    """Return where the metric goes as a param grows, in a word of `_DIRECTIONS`."""
    if param.correlation is None:
        return "too few runs" if param.runs < needed else "no order"
    return "rises" if param.correlation > 0 else "falls"


def importance_chart(importance: wire.Importance) -> alt.LayerChart | None:
    """Return a bar for each param, in the colour of the direction in which the metric goes; None without params."""
    rows = [
        {
            "param": each.name,
            "value": max(0.0, each.importance) if each.importance is not None else abs(each.correlation or 0.0),
            "low": max(0.0, (each.importance or 0.0) - (each.std or 0.0)),
            "high": max(0.0, (each.importance or 0.0) + (each.std or 0.0)),
            "goes": _direction(each, importance.needed),
        }
        for each in importance.params[:_MOST_BARS]
    ]
    if not rows:
        return None
    is_rated = any(each.importance is not None for each in importance.params)
    title = f"importance to {importance.metric}" if is_rated else f"correlation with {importance.metric}, without sign"
    base = alt.Chart().encode(y=alt.Y("param:N", sort=None, title=None))
    goes = alt.Color("goes:N", title=f"{importance.metric} with it", scale=alt.Scale(domain=_DIRECTIONS))
    bars = base.mark_bar().encode(alt.X("value:Q", title=title), goes)
    whiskers = base.mark_rect(**INK, height=1.5).encode(alt.X("low:Q", title=title), x2="high:Q")
    chart: alt.LayerChart = alt.LayerChart(
        layer=[bars, whiskers] if is_rated else [bars], data=alt.InlineData(values=rows)
    )
    return chart
