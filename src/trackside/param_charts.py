"""Scatter and importance as Altair charts, made from a view's record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from trackside.goals import is_system_metric
from trackside.run_table import crowds_low

if TYPE_CHECKING:
    from trackside import wire

_WIDTH = 720
_MOST_BARS = 20
_MOST_WORDS = 40
_RISES, _FALLS = "#0090fc", "#f06c18"


def scatter_chart(table: wire.RunTable, state: wire.ViewState) -> alt.Chart | None:
    """Return the runs as points, or None where there is nothing to lay them along.

    The axes are those of the view's state, else the param that differs most and the main metric. Runs without a value
    on an axis are left out.
    """
    chosen = state.scatter
    columns = {column.key: column for column in table.columns}
    main = columns.get(table.main or "")
    y = columns.get(chosen.y.key) if chosen and chosen.y else main
    x = columns.get(chosen.x.key) if chosen and chosen.x else _widest(table, y)
    if x is None or y is None:
        return None
    colour = columns.get(state.colour_by or "") or main
    size = columns.get(chosen.size_by or "") if chosen else None
    found = {"x": x, "y": y} | ({"colour": colour} if colour else {}) | ({"size": size} if size else {})
    frame = pd.DataFrame({name: _values(column) for name, column in found.items()}).dropna(subset=["x", "y"])
    logs = [axis.log if axis else crowds_low(column) for axis, column in _axes(chosen, x, y)]
    encodings: dict[str, Any] = {
        "x": alt.X(f"x:{_type(x)}", title=x.name, scale=_scale(x, log=logs[0]), axis=alt.Axis(labelAngle=0)),
        "y": alt.Y(f"y:{_type(y)}", title=y.name, scale=_scale(y, log=logs[1])),
    }
    if colour:
        scheme = alt.Undefined if _type(colour) == "N" else alt.Scale(scheme="viridis")
        encodings["color"] = alt.Color(f"colour:{_type(colour)}", title=colour.name, scale=scheme)
    if size:
        encodings["size"] = alt.Size(f"size:{_type(size)}", title=size.name)
    points: alt.Chart = alt.Chart(frame).mark_circle(opacity=0.8).encode(**encodings)
    return points.properties(width=_WIDTH, height=280)


def importance_chart(importance: wire.Importance) -> alt.LayerChart | None:
    """Return a bar for each param, in the colour of the direction in which the metric goes; None without params."""
    rows = [
        {
            "param": each.name,
            "value": max(0.0, each.importance) if each.importance is not None else abs(each.correlation or 0.0),
            "low": max(0.0, (each.importance or 0.0) - (each.std or 0.0)),
            "high": max(0.0, (each.importance or 0.0) + (each.std or 0.0)),
            "goes": "no order" if each.correlation is None else "rises" if each.correlation > 0 else "falls",
        }
        for each in importance.params[:_MOST_BARS]
    ]
    if not rows:
        return None
    is_rated = any(each.importance is not None for each in importance.params)
    title = f"importance to {importance.metric}" if is_rated else f"correlation with {importance.metric}, without sign"
    base = alt.Chart(pd.DataFrame(rows)).encode(y=alt.Y("param:N", sort=None, title=None))
    colours = alt.Scale(domain=["rises", "falls", "no order"], range=[_RISES, _FALLS, "#888888"])
    bars = base.mark_bar().encode(
        x=alt.X("value:Q", title=title), color=alt.Color("goes:N", title=f"{importance.metric} with it", scale=colours)
    )
    whiskers = base.mark_rule(color="#333").encode(x=alt.X("low:Q", title=title), x2="high:Q")
    chart: alt.LayerChart = alt.LayerChart(layer=[bars, whiskers] if is_rated else [bars], width=_WIDTH - 120)
    return chart


def _widest(table: wire.RunTable, other: wire.Column | None) -> wire.Column | None:
    """Return the param with most values, else the metric with most; words with very many say which run it is."""

    def values(column: wire.Column) -> int:
        return len({str(value) for value in column.values if value is not None})

    differing = [
        column
        for column in table.columns
        if column is not other
        and column.group != "run"
        and not is_system_metric(column.name)
        and values(column) > 1
        and (column.kind != "text" or values(column) <= _MOST_WORDS)
    ]
    return max(differing, key=lambda column: (column.group == "param", values(column)), default=None)


def _axes(chosen: wire.Scatter | None, x: wire.Column, y: wire.Column) -> list[tuple[wire.Axis | None, wire.Column]]:
    return [(chosen.x if chosen else None, x), (chosen.y if chosen else None, y)]


def _values(column: wire.Column) -> Any:
    if column.kind == "time":
        return pd.to_datetime(pd.Series(column.values, dtype=float), unit="s")
    if column.kind == "number":
        numbers = pd.Series([None if value is None else float(value) for value in column.values], dtype=float)
        return numbers.where(numbers.abs() != float("inf"))
    return pd.Series([None if value is None else str(value) for value in column.values], dtype=object)


def _type(column: wire.Column) -> str:
    return {"number": "Q", "time": "T"}.get(column.kind, "N")


def _scale(column: wire.Column, *, log: bool) -> Any:
    if column.kind != "number":
        return alt.Undefined
    numbers = [float(value) for value in column.values if value is not None]
    is_log = log and all(number > 0 for number in numbers)
    return alt.Scale(type="log" if is_log else "linear", zero=False, nice=not is_log)
