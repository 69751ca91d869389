"""The figures among a cell's outputs, as artifacts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from trackside.capture.artifacts.content import Content
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


def take_down_charts(items: Iterable[Any]) -> None:
    """Write down the charts of which only the object itself is known, which may change: in the items themselves."""
    for item in items:
        if isinstance(item, Shown) and is_altair(item.drawn) and _spec(item.data) is None:
            item.drawn = altair_content(item.drawn)


def is_figure(item: Any) -> bool:
    """Tell whether an output is a figure that `figures_of` finds."""
    if not isinstance(item, Shown):
        return False
    if isinstance(item.drawn, Drawn):
        return any(mime in item.data for mime in _PICTURES)
    return item.drawn is not None or _spec(item.data) is not None


def figures_of(items: Iterable[Any]) -> Iterator[Content]:
    """Yield the figures that were shown, in order."""
    return (_figure(item.data, item.drawn) for item in items if is_figure(item))


def _figure(data: Mapping[str, Any], drawn: Any) -> Content:
    if isinstance(drawn, Drawn):
        mime = next(mime for mime in _PICTURES if mime in data)
        return shown_figure(_picture(mime, data[mime]), mime, drawn.title, drawn.data)
    if isinstance(drawn, Content):
        return drawn
    spec = _spec(data)
    if spec is None:
        return altair_content(drawn)
    return (plotly_spec if spec == PLOTLY_MIME else vega_content)(data[spec])


def _spec(data: Mapping[str, Any]) -> str | None:
    """Return the type under which a chart's specification is shown, if there is one."""
    return next((mime for mime in (*_VEGA, PLOTLY_MIME) if isinstance(data.get(mime), dict)), None)


def _picture(mime: str, value: Any) -> bytes:
    return value.encode() if mime == "image/svg+xml" and isinstance(value, str) else binary(value)
