"""Parallel coordinates as an Altair chart, made from a view's record."""

from __future__ import annotations

import json
import math
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

import altair as alt
import numpy as np

from trackside.axes import column_of, default_axes, main_column
from trackside.chart_columns import DELTA, INK, cells, colour_of, tell_deltas
from trackside.goals import natural_order
from trackside.run_looks import run_names, shown_runs

if TYPE_CHECKING:
    from trackside import wire
    from trackside.drawn_lines import Floats

_Mark: TypeAlias = tuple[str, float]
"""A text beside an axis, and its place."""

_STEP = 85
"""Pixels from an axis to the next."""

_LETTERS = 13
"""Letters of a name that have room in a step."""

_MOST_WORDS = 12
"""On one axis; of more only some are written beside it."""


def parallel_chart(record: wire.ViewRecord) -> alt.LayerChart | None:
    """Return the runs as lines over the axes of the view's state, else over what differs; None without two axes.

    Each axis runs from its lowest to its highest value; words have a place each. A line has a gap where a value is
    missing.
    """
    axes = record.state.axes or default_axes(record.table)
    columns = {axis.key: column for axis in axes if (column := column_of(record.table, axis.key))}
    axes = [axis for axis in axes if axis.key in columns]
    shown = shown_runs(record)
    if len(axes) < 2 or not shown:  # noqa: PLR2004 - one axis has nothing to be parallel to
        return None
    placed = [_places(cells(record, columns[axis.key]), columns[axis.key], axis) for axis in axes]
    names = [columns[axis.key].name for axis in axes]
    runs = run_names(record.table)
    rows: list[dict[str, Any]] = [
        {"run": runs[run_id], "axis": names, "place": [places[row] for places, _ in placed]}
        for row, run_id in enumerate(shown)
    ]
    tip, changes = tell_deltas(record, main_column(record.table))
    rows = [row | {DELTA: changes.get(row["run"])} for row in rows] if tip else rows
    colour = colour_of(record)
    if colour:
        rows = [row | {"colour": value} for row, value in zip(rows, colour[1], strict=True)]
    x = alt.X("axis:N", sort=names, title=None, axis=_names_axis(names))
    y = alt.Y("place:Q", axis=None, scale=alt.Scale(domain=[-0.05, 1.05], nice=False))
    lines = (
        alt.Chart(alt.InlineData(values=_best_last(rows, record)))
        .transform_flatten(["axis", "place"])
        .mark_line(opacity=min(0.95, max(0.12, 6 / np.sqrt(len(rows) + 1))))
        .encode(x, y, alt.Detail("run:N"), tooltip=[alt.Tooltip("run:N"), *tip])
    )
    if colour:
        lines = lines.encode(colour[0])
    ticks = [
        {"axis": name, "place": place, "text": text}
        for name, (_, marks) in zip(names, placed, strict=True)
        for text, place in marks
    ]
    texts = alt.Chart(alt.InlineData(values=ticks)).mark_text(**INK, align="left", dx=4).encode(x, y, text="text:N")
    rules = (
        alt.Chart(alt.InlineData(values=[{"axis": name, "place": 0, "end": 1} for name in names]))
        .mark_rect(**INK, width=1, opacity=0.5)
        .encode(x, y, y2="end:Q")
    )
    chart: alt.LayerChart = alt.LayerChart(layer=[lines, rules, texts], width=alt.Step(_STEP))
    return chart


def _places(values: list[Any], column: wire.Column, axis: wire.Axis) -> tuple[list[float | None], list[_Mark]]:
    """Return each value's place on its axis, 0 to 1, and what is written beside the axis."""
    if column.kind in {"number", "time"}:
        places, marks = _number_places(np.array(values, dtype=float), column, log=axis.log)
    else:
        places, marks = _word_places(values)
    if not axis.flipped:
        return places, marks
    return [None if place is None else 1 - place for place in places], [(text, 1 - place) for text, place in marks]


def _number_places(numbers: Floats, column: wire.Column, *, log: bool) -> tuple[list[float | None], list[_Mark]]:
    known = numbers[~np.isnan(numbers)]
    if not len(known):
        return [None] * len(numbers), []
    low, high = known.min(), known.max()
    if low == high:
        return [None if np.isnan(number) else 0.5 for number in numbers], [(_spell(low, column), 0.5)]
    marks = [(_spell(low, column), 0.0), (_spell(high, column), 1.0)]
    if log and low >= 0:
        numbers, low, high = (_on_log_axis(each, known) for each in (numbers, low, high))
    places = ((numbers - low) / (high - low)).tolist()
    return [None if math.isnan(place) else round(place, 5) for place in places], marks


def _on_log_axis(numbers: Any, known: Floats) -> Any:
    """Return logarithms; where zero is known too, symlog's, which are linear up to the lowest number above it."""
    return np.log(numbers) if known.min() > 0 else np.log1p(numbers / known[known > 0].min())


def _word_places(values: list[Any]) -> tuple[list[float | None], list[_Mark]]:
    words = sorted({value for value in values if value is not None}, key=natural_order)
    spots = {word: (index + 0.5) / len(words) for index, word in enumerate(words)}
    stride = max(1, math.ceil(len(words) / _MOST_WORDS))
    return [spots.get(value) for value in values], [(word, spots[word]) for word in words[::stride]]


def _spell(number: float, column: wire.Column) -> str:
    return f"{datetime.fromtimestamp(number / 1000, UTC):%Y-%m-%d}" if column.kind == "time" else f"{number:.4g}"


def _best_last(rows: list[dict[str, Any]], record: wire.ViewRecord) -> list[dict[str, Any]]:
    """Return rows so that the lines with the better colours lie on top."""
    column = column_of(record.table, record.state.colour_by) or main_column(record.table)
    if column is None or column.goal is None:
        return rows
    sign = 1 if column.goal == "max" else -1
    return sorted(rows, key=lambda row: -np.inf if row["colour"] is None else sign * row["colour"])


def _names_axis(names: list[str]) -> alt.Axis:
    """Return the axis that has the names, broken into lines where they are long."""
    broken = {name: _break(name) for name in names}
    expression = (
        f"{json.dumps(broken)}[datum.label]" if any(len(lines) > 1 for lines in broken.values()) else alt.Undefined
    )
    return alt.Axis(orient="top", labelAngle=0, domain=False, ticks=False, grid=False, labelExpr=expression)


def _break(name: str) -> list[str]:
    """Return a name as lines, none longer than there is room for if it has places to break it at.

    Examples
    --------
    >>> _break("lr"), _break("optimizer.weight_decay")
    (['lr'], ['optimizer.', 'weight_decay'])
    """
    lines = [""]
    for piece in re.findall(r"[^._/\s-]*[._/\s-]*", name):
        if lines[-1] and len(lines[-1] + piece) > _LETTERS:
            lines.append("")
        lines[-1] += piece
    return lines
