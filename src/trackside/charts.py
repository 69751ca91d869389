"""The views as Altair charts: for papers and reports, and as the picture a notebook keeps where no browser draws one.

Both charts are made from a view's record, so that they show what the live view shows.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np
import pandas as pd

from trackside.browser_api import decode_floats
from trackside.goals import is_system_metric
from trackside.param_charts import importance_chart, scatter_chart

if TYPE_CHECKING:
    from trackside import wire

_PALETTE = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#7f7f7f", "#b59f00"]
"""Okabe and Ito's colours, told apart by colour-blind readers too (jfly.uni-koeln.de/color)."""

_X_TITLES = {"relative": "seconds since the run started", "wall": "time (UTC)"}
_LEGEND_LINES = 24
_MOST_AXES = 10
_SCALES = (1.0, 0.7, 0.5, 0.35)
_LARGEST_PICTURE = 60_000
"""Characters of a picture; a larger one is drawn smaller: a notebook is kept in git."""

_WIDTH = 720


def history_chart(history: wire.History, labels: dict[str, str], width: int = _WIDTH) -> alt.LayerChart:
    """Return one metric's lines over several runs, with a band from minimum to maximum where a line is thinned.

    Parameters
    ----------
    history
        The lines, as the browser gets them.
    labels
        The name of each run, by run id.
    width
        Of the plot, in pixels.
    """
    frame = pd.concat(
        [
            pd.DataFrame(
                {
                    "run": labels.get(line.run_id, line.run_id),
                    "x": decode_floats(line.x),
                    "low": decode_floats(line.low or line.mean),
                    "high": decode_floats(line.high or line.mean),
                    "mean": decode_floats(line.mean),
                }
            )
            for line in _lines(history)
        ]
    )
    if history.x == "wall":
        frame["x"] = pd.to_datetime(frame["x"], unit="s")
    legend = alt.Legend(title=None, labelLimit=260, symbolLimit=_LEGEND_LINES)
    title = _X_TITLES.get(history.x, history.x.removeprefix("metric:"))
    base = alt.Chart(frame).encode(
        x=alt.X("x:T" if history.x == "wall" else "x:Q", title=title),
        color=alt.Color("run:N", legend=legend, scale=alt.Scale(range=_PALETTE), sort=None),
    )
    y = alt.Y("mean:Q", title=history.metric, scale=alt.Scale(zero=False))
    layers = [base.mark_line(strokeWidth=1.5).encode(y=y)]
    if any(line.thinned for line in history.lines):
        layers.insert(0, base.mark_area(opacity=0.15).encode(y=alt.Y("low:Q", title=history.metric), y2="high:Q"))
    chart: alt.LayerChart = alt.LayerChart(layer=layers, width=width, height=260 * width // _WIDTH)
    return chart


def _lines(history: wire.History) -> list[wire.Line]:
    """Return the lines to draw: while some have more, none with one point only."""
    return [line for line in history.lines if line.points > 1] or history.lines


def parallel_chart(table: wire.RunTable) -> alt.LayerChart | None:
    """Return parallel coordinates over what differs between runs, or None where nothing does.

    Each axis runs from its lowest to its highest value; text has a place for each word. A run's line has a gap where a
    value is missing. Lines are coloured by the main metric.
    """
    axes = _axes(table)
    if len(axes) < 2:  # noqa: PLR2004 - one axis has nothing to be parallel to
        return None
    main = next((column for column in axes if column.key == table.main), axes[-1])
    colours = _places(main)[0]
    rows: list[dict[str, Any]] = []
    ends: list[dict[str, Any]] = []
    for column in axes:
        places, low, high = _places(column)
        rows += [
            {"run": run, "axis": column.name, "place": place, "colour": colour}
            for run, place, colour in zip(table.run_ids, places, colours, strict=True)
        ]
        ends += [{"axis": column.name, "place": 0, "text": low}, {"axis": column.name, "place": 1, "text": high}]
    x = alt.X("axis:N", sort=None, title=None, axis=alt.Axis(labelAngle=0, labelLimit=110, domain=False))
    y = alt.Y("place:Q", axis=None, scale=alt.Scale(domain=[-0.08, 1.08]))
    lines = (
        alt.Chart(pd.DataFrame(rows))
        .mark_line(strokeWidth=1.2, opacity=0.7)
        .encode(
            x=x, y=y, detail="run:N", color=alt.Color("colour:Q", title=main.name, scale=alt.Scale(scheme="viridis"))
        )
    )
    marks = alt.Chart(pd.DataFrame(ends)).encode(x=x, y=y)
    rules = alt.Chart(pd.DataFrame(ends)).mark_line(color="#888", strokeWidth=1).encode(x=x, y=y, detail="axis:N")
    texts = marks.mark_text(fontSize=10, dy=alt.expr("datum.place > 0.5 ? -8 : 10")).encode(text="text:N")
    chart: alt.LayerChart = (lines + rules + texts).properties(width=_WIDTH, height=240)
    return chart


def draw_picture(record: wire.ViewRecord, panel: wire.Panel) -> str | None:
    """Return a panel's picture as a data URI, drawn by vl-convert; None where there is nothing to draw.

    It is an SVG, or a PNG where that would be too large.
    """
    chart = _chart(record, panel)
    if chart is None:
        return None
    import vl_convert

    with alt.data_transformers.enable("default", max_rows=None):  # a record is bounded already
        specification = chart.to_json()
    picture = _data_uri("svg+xml", _rounded(vl_convert.vegalite_to_svg(specification)).encode())
    for scale in _SCALES:
        if len(picture) <= _LARGEST_PICTURE:
            break
        picture = min(picture, _data_uri("png", vl_convert.vegalite_to_png(specification, scale=scale)), key=len)
    return picture


def _data_uri(kind: str, content: bytes) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(content).decode('ascii')}"


def _rounded(svg: str) -> str:
    """Return an SVG whose lines have places in tenths of a pixel."""

    def round_places(path: re.Match[str]) -> str:
        return re.sub(r"(\.\d)\d+", r"\1", path[0])

    return re.sub(r'\bd="[^"]*"', round_places, svg)


def _chart(record: wire.ViewRecord, panel: wire.Panel) -> alt.TopLevelMixin | None:
    if panel == "scatter":
        return scatter_chart(record.table, record.state)
    if panel == "importance":
        return importance_chart(record.importances[0]) if record.importances else None
    if panel == "parallel":
        return parallel_chart(record.table)
    histories = [history for history in record.histories if history.lines] if panel == "history" else []
    if not histories:
        return None
    labels = _labels(record.table)
    if len(histories) > 1:
        half = [history_chart(history, labels, _WIDTH // 2 - 40) for history in histories]
        charts: alt.ConcatChart = alt.concat(*half, columns=2)
        return charts
    return history_chart(histories[0], labels)


def _labels(table: wire.RunTable) -> dict[str, str]:
    names = next(column for column in table.columns if column.key == "run:name")
    return dict(zip(table.run_ids, map(str, names.values), strict=True))


def _axes(table: wire.RunTable) -> list[wire.Column]:
    """Params that differ, then metrics, the main one last; none that few of the runs have, if there are others."""
    differing = [column for column in table.columns if len(set(map(str, column.values))) > 1]
    common = [column for column in differing if column.values.count(None) * 3 <= 2 * len(column.values)]
    differing = common if len(common) > 1 else differing
    params = [column for column in differing if column.group == "param"]
    metrics = [column for column in differing if column.group == "metric" and column.key != table.main]
    metrics = [column for column in metrics if not is_system_metric(column.name)]
    main = [column for column in differing if column.key == table.main]
    return (params + metrics)[: _MOST_AXES - len(main)] + main


def _places(column: wire.Column) -> tuple[list[float | None], str, str]:
    """Return each value's place on its axis, 0 to 1, and the texts at the axis's two ends."""
    if column.kind in {"number", "time"}:
        values = np.array([_number(value) for value in column.values])
        finite = values[np.isfinite(values)]
        low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
        places = (values - low) / ((high - low) or 1.0)
        return [float(place) if np.isfinite(place) else None for place in places], f"{low:.4g}", f"{high:.4g}"
    words = sorted({str(value) for value in column.values if value is not None})
    spots = {word: index / max(1, len(words) - 1) for index, word in enumerate(words)}
    return [None if value is None else spots[str(value)] for value in column.values], words[0], words[-1]


def _number(value: wire.Cell) -> float:
    return float("nan") if value is None else float(value)
