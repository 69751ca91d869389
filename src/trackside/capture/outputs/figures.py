"""The figures among a cell's outputs, as artifacts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from trackside.capture.artifacts.figure_data import read_figure, title_of
from trackside.capture.artifacts.figures import (
    PLOTLY_MIME,
    altair_content,
    is_altair,
    plotly_spec,
    shown_figure,
    vega_content,
)
from trackside.capture.outputs.log import Shown
from trackside.capture.outputs.record import binary
from trackside.capture.words.classes import is_instance_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from trackside.capture.artifacts.content import Content

MAX_FIGURES = 50
"""Figures of one cell that are kept."""

_VEGA = ("application/vnd.vegalite.v5+json", "application/vnd.vegalite.v6+json", "application/vnd.vegalite.v4+json")
_PICTURES = ("image/png", "image/svg+xml", "image/jpeg")


class Drawn(NamedTuple):
    """A matplotlib figure as it was when it was shown."""

    title: str
    data: dict[str, Any]


def look_at(value: Any) -> Any:
    """Return what is to be remembered of a value that is being displayed, if it is a figure; else None."""
    if is_instance_of(value, "matplotlib.Figure"):
        return Drawn(title_of(value), read_figure(value))
    return value if is_altair(value) else None


def figures_of(items: Iterable[Any]) -> Iterator[Content]:
    """Yield the figures that were shown, in order."""
    for item in items:
        if isinstance(item, Shown):
            content = _figure(item.data, item.drawn)
            if content is not None:
                yield content


def _figure(data: Mapping[str, Any], drawn: Any) -> Content | None:
    if isinstance(drawn, Drawn):
        mime = next((mime for mime in _PICTURES if mime in data), None)
        return None if mime is None else shown_figure(_picture(mime, data[mime]), mime, drawn.title, drawn.data)
    for mime in _VEGA:
        if isinstance(data.get(mime), dict):
            return vega_content(data[mime])
    if isinstance(data.get(PLOTLY_MIME), dict):
        return plotly_spec(data[PLOTLY_MIME])
    return None if drawn is None else altair_content(drawn)


def _picture(mime: str, value: Any) -> bytes:
    return value.encode() if mime == "image/svg+xml" and isinstance(value, str) else binary(value)
