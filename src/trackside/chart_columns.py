"""Columns of the table of runs as Altair takes them: values, types, scales and colours."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import altair as alt

from trackside.axes import column_of, main_column
from trackside.incomparable_words import SIGN, find_baseline_causes
from trackside.run_looks import colour_at, run_names, run_places, shown_runs
from trackside.run_table import crowds_low, deltas, number_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trackside import wire

P = TypeVar("P", alt.X, alt.Y)

INK: dict[str, Any] = {"style": "guide-label", "filled": False, "stroke": None}
"""How a mark is drawn as labels of axes are: in black, or whatever the theme makes of it on a dark ground. A rule or a
text of Vega-Lite's own is black on every ground."""

DELTA = "delta"
"""The field of a chart's data that has a run's difference to the baseline."""

_BY_RUN = "run:name"
_SHORT = 9
"""Letters of a word that has room below its place."""

_SLACK = 1e-9  # the logarithm of a power of ten need not be whole

_AIR, _APART = 8, 4
"""Pixels between the ends of an axis and the first point, and between labels."""


def cells(record: wire.ViewRecord, column: wire.Column) -> list[Any]:
    """Return a column's values of the runs that are drawn: None where one is missing or has no place on an axis.

    Times are milliseconds since the epoch.
    """
    rows = dict(zip(record.table.run_ids, column.values, strict=True))
    return [cell(column, rows[run_id]) for run_id in shown_runs(record)]


def cell(column: wire.Column, value: wire.Cell) -> Any:
    """Return one of a column's values as JSON has it."""
    if value is None:
        return None
    if column.kind in {"number", "time"}:
        number = number_of(value) * (1000 if column.kind == "time" else 1)
        return number if math.isfinite(number) else None
    return str(value)


def tell_deltas(record: wire.ViewRecord, column: wire.Column | None) -> tuple[list[alt.Tooltip], dict[str, str]]:
    """Return the line of a tool tip that tells a run's difference to the baseline, and what it says, by run's name."""
    table, causes = record.table, find_baseline_causes(record)
    names = run_names(table)
    found = deltas(table, column)
    found |= {run_id: f"{SIGN} not comparable: {causes[run_id]}" for run_id in found if run_id in causes}
    tip = alt.Tooltip(f"{DELTA}:N", title=f"{column.name} against the baseline") if column else None
    return ([tip] if tip and found else []), {names[run_id]: text for run_id, text in found.items()}


def type_of(column: wire.Column) -> Literal["Q", "T", "N"]:
    """Return a column's type in Altair's shorthand."""
    types: dict[str, Literal["Q", "T", "N"]] = {"number": "Q", "time": "T"}
    return types.get(column.kind, "N")


def place_of(channel: type[P], field: str, column: wire.Column, values: Sequence[Any], *, log: bool) -> P:
    """Return a column as the place on an axis; ``log`` is taken where no value is below zero."""
    kind = type_of(column)
    if kind == "N":
        is_short = all(len(value) <= _SHORT for value in values if value is not None)
        axis = alt.Axis(labelAngle=0) if is_short else alt.Axis()
        return channel(f"{field}:N", title=column.name, axis=axis)
    form: dict[str, Any] = _log_scale(values) if kind == "Q" and log else {"type": "utc" if kind == "T" else "linear"}
    scale = alt.Scale(**form, zero=False, nice=False, padding=_AIR)
    axis = alt.Axis(labelSeparation=_APART, **_labels(form, values))
    return channel(f"{field}:{kind}", title=column.name, scale=scale, axis=axis)


def _log_scale(values: Sequence[float | None]) -> dict[str, Any]:
    """Return a logarithmic scale's form; with a zero it is linear up to the lowest number, below zero throughout."""
    numbers = [value for value in values if value is not None]
    above = [number for number in numbers if number > 0]
    if not above or min(numbers) < 0:
        return {"type": "linear"}
    return {"type": "log"} if min(numbers) > 0 else {"type": "symlog", "constant": min(above)}


def _labels(form: dict[str, Any], values: Sequence[float | None]) -> dict[str, Any]:
    """Return zero and powers of ten as the labels of a scale that has both: Vega would label it as a linear one."""
    if form["type"] != "symlog":
        return {}
    low, high = (math.log10(number) for number in (form["constant"], max(filter(None, values))))
    powers = range(math.ceil(low - _SLACK), math.floor(high + _SLACK) + 1)
    return {"values": [0, *(float(f"1e{power}") for power in powers)], "format": "~g"}


def colour_of(record: wire.ViewRecord) -> tuple[alt.Color, list[Any]] | None:
    """Return what makes the colour and its values, one for each run that is drawn; None where nothing does.

    It is the chosen column, else the main metric. By name each run has its own colour, as in all views; else the
    colours are the theme's.
    """
    table = record.table
    column = column_of(table, record.state.colour_by) or main_column(table)
    if column is None:
        return None
    values = cells(record, column)
    if column.key == _BY_RUN:
        names, places = run_names(table), run_places(table)
        shown = shown_runs(record)
        scale = alt.Scale(domain=[names[run] for run in shown], range=[colour_at(places[run]) for run in shown])
        return alt.Color("colour:N", title=None, scale=scale), values
    colour = alt.Color(f"colour:{type_of(column)}", title=column.name)
    if crowds_low(column):
        form = _log_scale(values)
        colour = colour.scale(**form).legend(**_labels(form, values))
    return colour, values
