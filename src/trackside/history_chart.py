"""The history of metrics as Altair charts, made from a view's record."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np

from trackside.axes import column_of
from trackside.chart_columns import DELTA, tell_deltas
from trackside.drawn_lines import draw_lines, line_looks

if TYPE_CHECKING:
    from trackside import wire
    from trackside.drawn_lines import DrawnLine, Floats
    from trackside.run_looks import Look

_LEGEND_LINES, _LEGEND_WIDTH = 24, 260
_MOST_BANDS = 40
_MOST_DASHES = 32
"""With more lines bands hide each other, and colours with dashes repeat: neither is drawn."""

_FULL_BANDS = 8
_BAND, _RAW = 0.16, 0.28
"""How strong a band and the raw line behind a smoothed one are; of more than so many lines they are weaker."""

_KEPT = 0.02, 0.98
_AIR = 0.04
"""A clipped axis shows these quantiles of what is drawn, and so much more at both ends."""

_DASH = 1.5
"""Pixels of a unit of a dash: about the width of a line."""


def history_chart(record: wire.ViewRecord) -> alt.LayerChart | alt.ConcatChart | None:
    """Return a chart of each metric in a record, or None where none has a point to draw.

    A line is one row of the data and its points are arrays, so that Altair's limit of 5,000 rows is far.
    """
    drawn = [(history, draw_lines(record, history)) for history in record.histories]
    rows = [(history, lines, _rows(lines, history, record.state)) for history, lines in drawn]
    rows = [(history, lines, found) for history, lines, found in rows if any(_has_points(row) for row in found)]
    looks = line_looks(record, {line.name for _, lines, _ in rows for line in lines})
    charts = [_chart(record, history, lines, found, looks) for history, lines, found in rows]
    if len(charts) <= 1:
        return next(iter(charts), None)
    several: alt.ConcatChart = alt.concat(*charts, columns=2).resolve_scale(x="shared")
    return several


def _chart(
    record: wire.ViewRecord,
    history: wire.History,
    lines: list[DrawnLine],
    rows: list[dict[str, Any]],
    looks: dict[str, Look],
) -> alt.LayerChart:
    state, behind = record.state, _behind(len(lines))
    fields = {field: None for row in rows for field in row if field != "line"}
    tip, changes = tell_deltas(record, column_of(record.table, f"metric:{history.metric}"))
    told = [{DELTA: changes.get(row["line"])} if tip else {} for row in rows]
    rows = [{field: [] for field in fields} | row | change for row, change in zip(rows, told, strict=True)]
    colour, dash = _meaning(record, looks)
    domain = _clipped(lines, log=state.log_y) if state.clip_outliers else alt.Undefined
    scale = alt.Scale(type="log" if state.log_y else "linear", zero=False, domain=domain)
    clip = state.clip_outliers or alt.Undefined
    base = alt.Chart().encode(_x(history, lines, log=state.log_x), colour)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", title=history.metric, scale=scale)

    layers = {
        "low": base.mark_area(opacity=_BAND * behind, clip=clip).encode(y("low"), y2="high:Q"),
        "raw": base.mark_line(opacity=_RAW * behind, clip=clip).encode(y("raw")),
        "value": base.mark_line(clip=clip).encode(y("value"), *dash, tooltip=[alt.Tooltip("line:N"), *tip]),
        "alone": base.mark_circle(clip=clip).encode(y("alone")),
    }
    layered = alt.LayerChart(
        layer=[layer for field, layer in layers.items() if field in fields], data=alt.InlineData(values=rows)
    )
    chart: alt.LayerChart = layered.transform_flatten(list(fields))
    return chart


def _meaning(record: wire.ViewRecord, looks: dict[str, Look]) -> tuple[alt.Color, list[alt.StrokeDash]]:
    """Return what tells lines apart, with one legend: colours and, where they repeat, dashes."""
    group = column_of(record.table, record.state.group_by)
    # The layers share a legend: without these words it would have the symbol and the opacity of the band.
    legend = alt.Legend(symbolType="stroke", symbolOpacity=1, symbolLimit=_LEGEND_LINES, labelLimit=_LEGEND_WIDTH)
    words: dict[str, Any] = {"title": group.name if group else None, "legend": legend}
    colours = [look.colour for look in looks.values()]
    colour = alt.Color("line:N", scale=alt.Scale(domain=list(looks), range=colours), **words)
    if len(looks) > _MOST_DASHES or not any(look.dash for look in looks.values()):
        return colour, []
    dashes = [[_DASH * length for length in look.dash] or [1, 0] for look in looks.values()]
    return colour, [alt.StrokeDash("line:N", scale=alt.Scale(domain=list(looks), range=dashes), **words)]


def _behind(count: int) -> float:
    return min(1.0, _FULL_BANDS / count) if count <= _MOST_BANDS else 0.0


def _rows(lines: list[DrawnLine], history: wire.History, state: wire.ViewState) -> list[dict[str, Any]]:
    """Return a row for each line: its name, and its points as arrays of numbers and, in gaps, None."""
    size, _ = _x_unit(history.x, lines)
    floor = _lowest_positive(lines) if state.log_y else -np.inf
    rows = []
    for line in lines:
        values = _above(line.value, floor)
        row: dict[str, Any] = {"line": line.name, "x": _numbers(line.x / size), "value": _numbers(values)}
        if line.raw is not None and _behind(len(lines)):
            row["raw"] = _numbers(_above(line.raw, floor))
        if line.low is not None and line.high is not None and _behind(len(lines)):
            high = _above(line.high, floor)
            row |= {
                "low": _numbers(np.where(np.isnan(high), np.nan, np.maximum(line.low, floor))),
                "high": _numbers(high),
            }
        padded = np.concatenate([[np.nan], values, [np.nan]])
        is_alone = np.isnan(padded[:-2]) & np.isnan(padded[2:]) & ~np.isnan(values)
        if is_alone.any():
            row["alone"] = _numbers(np.where(is_alone, values, np.nan))
        rows.append(row)
    return rows


def _has_points(row: dict[str, Any]) -> bool:
    return any(value is not None for value in row["value"])


def _above(values: Floats, floor: float) -> Floats:
    """Return values with gaps where a log axis has no place."""
    return np.where(values >= floor, values, np.nan)


def _lowest_positive(lines: list[DrawnLine]) -> float:
    drawn = np.concatenate([part for line in lines for part in (line.value, line.raw, line.high) if part is not None])
    return float(np.min(drawn, where=drawn > 0, initial=np.inf))


def _numbers(values: Floats) -> list[float | None]:
    return [value if math.isfinite(value) else None for value in values.tolist()]


def _x(history: wire.History, lines: list[DrawnLine], *, log: bool) -> alt.X:
    _, title = _x_unit(history.x, lines)
    if history.x == "wall":
        return alt.X("x:T", title=title, scale=alt.Scale(type="utc", nice=False))
    return alt.X("x:Q", title=title, scale=alt.Scale(type="log" if log else "linear", zero=False, nice=False))


def _x_unit(x: wire.XAxis, lines: list[DrawnLine]) -> tuple[float, str]:
    """Return by what x is divided, and the title of its axis."""
    if x == "wall":
        return 1e-3, "time (UTC)"
    if x != "relative":
        return 1.0, x.removeprefix("metric:")
    longest = max((float(line.x[-1]) for line in lines if len(line.x)), default=0.0)
    seconds, unit = next(
        ((size, unit) for size, unit in ((3600, "hours"), (60, "minutes")) if longest >= 2 * size), (1, "seconds")
    )
    return seconds, f"{unit} since the run started"


def _clipped(lines: list[DrawnLine], *, log: bool) -> Any:
    """Return the ends of a y axis that leaves the most extreme values out."""
    values = np.concatenate([line.value for line in lines])
    values = values[(values > 0) if log else np.isfinite(values)]
    low, high = np.quantile(np.log(values) if log else values, _KEPT)
    ends = np.array([low - _AIR * (high - low), high + _AIR * (high - low)])
    return (np.exp(ends) if log else ends).tolist() if high > low else alt.Undefined
