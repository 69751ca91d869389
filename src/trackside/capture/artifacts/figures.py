"""Figures as artifacts: matplotlib's as a picture and its numbers, Altair's and Plotly's as their JSON."""

from __future__ import annotations

import io
import json
from typing import Any

from trackside.capture.artifacts.content import Content, short
from trackside.capture.artifacts.figure_data import encode_figure, read_figure, title_of
from trackside.capture.artifacts.labels import clean_label
from trackside.capture.artifacts.texts import json_bytes
from trackside.capture.words.classes import is_instance_of

FIGURE_NAME = "figure 1"
PLOTLY_MIME = "application/vnd.plotly.v1+json"
VEGA_MIME = "application/vnd.vegalite.v5+json"
"""The type that JupyterLab draws; what the specification is written in stands in its ``$schema``."""

_HAVE_A_FIGURE = (
    "matplotlib.Axes",
    "matplotlib.FigureCanvasBase",
    "seaborn.Grid",
    "seaborn.FacetGrid",
    "seaborn.PairGrid",
)


def find_figure(value: Any) -> Any:
    """Return a value's matplotlib figure: itself, or that of its axes, grid or canvas; None where it has none."""
    if is_instance_of(value, "matplotlib.Figure"):
        return value
    if is_instance_of(value, *_HAVE_A_FIGURE):
        figure = getattr(value, "figure", None)
        return figure if is_instance_of(figure, "matplotlib.Figure") else None
    return None


def is_altair(value: Any) -> bool:
    """Tell whether a value is a chart of Altair."""
    return is_instance_of(value, "altair.TopLevelMixin")


def is_plotly(value: Any) -> bool:
    """Tell whether a value is a figure of Plotly, or of a library whose figures are the same."""
    return is_instance_of(value, "plotly.BaseFigure")


def drawn_content(value: Any) -> Content | None:
    """Return what is to be kept of a figure of any of these libraries; None where the value is none."""
    figure = find_figure(value)
    if figure is not None:
        return matplotlib_content(figure)
    if is_altair(value):
        return altair_content(value)
    return plotly_content(value) if is_plotly(value) else None


def matplotlib_content(figure: Any) -> Content:
    """Return a matplotlib figure as a PNG, with its numbers."""
    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    return shown_figure(picture.getvalue(), "image/png", title_of(figure), read_figure(figure))


def shown_figure(picture: bytes, mime: str, title: str, data: dict[str, Any] | None) -> Content:
    """Return a figure of which there is a picture already."""
    return Content(
        kind="figure",
        mime=mime,
        name=clean_label(title) or FIGURE_NAME,
        source=picture,
        data=encode_figure(data) if data else None,
        about={"library": "matplotlib"} | ({"left out": data["left_out"]} if data and "left_out" in data else {}),
    )


def altair_content(chart: Any) -> Content:
    """Return a chart of Altair as its Vega-Lite specification, with all its data in it."""
    import altair as alt

    with alt.data_transformers.enable("default", max_rows=None):
        return vega_content(chart.to_dict())


def vega_content(spec: dict[str, Any]) -> Content:
    """Return a Vega-Lite specification as a figure."""
    about = {"library": "altair", "schema": short(spec.get("$schema", ""))}
    return Content(kind="figure", mime=VEGA_MIME, name=_title(spec.get("title")), source=json_bytes(spec), about=about)


def plotly_content(figure: Any) -> Content:
    """Return a figure of Plotly as its JSON, with all its data in it."""
    return plotly_spec(json.loads(figure.to_json()))


def plotly_spec(spec: dict[str, Any]) -> Content:
    """Return the JSON of a Plotly figure as a figure."""
    layout = spec.get("layout")
    title = _title(layout.get("title") if isinstance(layout, dict) else None)
    return Content(kind="figure", mime=PLOTLY_MIME, name=title, source=json_bytes(spec), about={"library": "plotly"})


def _title(title: Any) -> str:
    text = title.get("text") if isinstance(title, dict) else title
    return clean_label(" ".join(text) if isinstance(text, list) else str(text or "")) or FIGURE_NAME
