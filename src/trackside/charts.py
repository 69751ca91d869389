"""The views as Altair charts: for papers and reports, and as the picture a notebook keeps where no browser draws one.

All charts are made from a view's record, so that they show what the live view shows, and have no look of their own: the
theme that is enabled gives it.
"""

from __future__ import annotations

import base64
import json
import math
import re
from typing import TYPE_CHECKING, Any, NamedTuple

import altair as alt
import msgspec

from trackside.chart_themes import trackside
from trackside.history_chart import history_chart
from trackside.incomparable_words import describe_incomparable
from trackside.parallel_chart import parallel_chart
from trackside.param_charts import importance_chart, scatter_chart
from trackside.visible_text import cut

if TYPE_CHECKING:
    from trackside import wire

_SVG_WIDTH = re.compile(r'<svg[^>]* width="([\d.]+)"')
_SCALES = (1.0, 0.7, 0.5, 0.35, 0.25, 0.18)
_WIDTH, _HALF = 720, 320
_HEIGHT = 0.36
"""Of a picture, as a part of its width."""

_SUBTITLE = 120
"""Characters that have room above a chart."""


def draw_chart(record: wire.ViewRecord, panel: wire.Panel) -> alt.LayerChart | alt.ConcatChart | None:
    """Return one panel of a view as a chart; None where there is nothing to draw, or the panel is no chart."""
    chart = _chart_of(record, panel)
    if chart is None or not (told := describe_incomparable(record)):
        return chart
    return chart.properties(title=alt.Title("", subtitle=cut(told, _SUBTITLE), anchor="start"))


def _chart_of(record: wire.ViewRecord, panel: wire.Panel) -> alt.LayerChart | alt.ConcatChart | None:
    if panel == "history":
        return history_chart(record)
    if panel == "parallel":
        return parallel_chart(record)
    if panel == "scatter":
        return scatter_chart(record)
    return importance_chart(record.importances[0]) if panel == "importance" and record.importances else None


class Picture(NamedTuple):
    """A picture as a data URI, and how wide it is to be shown, in pixels."""

    uri: str
    width: int


def draw_picture(record: wire.ViewRecord, panel: wire.Panel, most: int) -> Picture | None:
    """Return a panel's picture, drawn by vl-convert; None where there is nothing to draw.

    It is an SVG. Where that has more than ``most`` characters, lines are drawn without their bands; where it still has,
    it is a PNG, as fine as it can be.
    """
    import vl_convert

    specification = _specify(record, panel)
    if specification is None:
        return None
    picture = _svg(specification)
    if len(picture.uri) > most and (plainer := _specify(_without_bands(record), panel)):
        specification, picture = plainer, _svg(plainer)
    for scale in _SCALES:
        if len(picture.uri) <= most:
            break
        uri = min(picture.uri, _data_uri("png", vl_convert.vegalite_to_png(specification, scale=scale)), key=len)
        picture = picture._replace(uri=uri)
    return picture


def _specify(record: wire.ViewRecord, panel: wire.Panel) -> str | None:
    chart = draw_chart(record, panel)
    if chart is None:
        return None
    with alt.data_transformers.enable("default", max_rows=None), alt.theme.enable("default"):
        specification = chart.to_dict()
    config: dict[str, Any] = trackside()["config"]
    width = _HALF if isinstance(chart, alt.ConcatChart) else _WIDTH
    config["aria"] = False  # the picture has one name, and the table beside it its numbers
    config["view"] |= {"continuousWidth": width, "continuousHeight": _HEIGHT * width}
    specification["config"] = config
    return json.dumps(specification)


def _svg(specification: str) -> Picture:
    import vl_convert

    drawn = _rounded(vl_convert.vegalite_to_svg(specification))
    width = _SVG_WIDTH.search(drawn)
    return Picture(_data_uri("svg+xml", drawn.encode()), math.ceil(float(width[1])) if width else _WIDTH)


def _without_bands(record: wire.ViewRecord) -> wire.ViewRecord:
    histories = [
        msgspec.structs.replace(
            history,
            lines=[msgspec.structs.replace(line, low="", high="", thinned=False) for line in history.lines],
        )
        for history in record.histories
    ]
    return msgspec.structs.replace(record, histories=histories)


def _data_uri(kind: str, content: bytes) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(content).decode('ascii')}"


def _rounded(svg: str) -> str:
    """Return an SVG whose lines have places in tenths of a pixel."""

    def round_places(path: re.Match[str]) -> str:
        return re.sub(r"(\.\d)\d+", r"\1", path[0])

    return re.sub(r'\bd="[^"]*"', round_places, svg)
