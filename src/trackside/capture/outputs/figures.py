"""The figures among a cell's outputs, as artifacts."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from trackside.capture.artifacts.figure_data import read_figure, title_of
from trackside.capture.artifacts.figures import (
    PLOTLY_MIME,
    drawn_content,
    is_altair,
    is_plotly,
    plotly_spec,
    shown_figure,
    vega_content,
)
from trackside.capture.outputs.log import Shown
from trackside.capture.outputs.record import binary
from trackside.capture.words.classes import class_name, is_instance_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from trackside.capture.artifacts.content import Content

MAX_FIGURES = 50
"""Figures of one cell that are kept."""

_VEGA = ("application/vnd.vegalite.v5+json", "application/vnd.vegalite.v6+json", "application/vnd.vegalite.v4+json")
_PICTURES = ("image/png", "image/svg+xml", "image/jpeg")
_DEEPEST = 4


class Drawn(NamedTuple):
    """A matplotlib figure as it was when it was shown."""

    title: str
    data: dict[str, Any]


class Live(NamedTuple):
    """Figures that may change after they were shown, as widgets do: how they are at the cell's end counts."""

    figures: tuple[Any, ...]


def look_at(value: Any) -> Drawn | Live | None:
    """Return what is to be remembered of a value that is being displayed, if it is a figure; else None."""
    if is_instance_of(value, "matplotlib.Figure"):
        return Drawn(title_of(value), read_figure(value))
    figures = tuple(_live(value, _DEEPEST))
    return Live(figures) if figures else None


def _live(value: Any, depth: int) -> Iterator[Any]:
    """Yield charts, the figures of widgets, and those of widgets within boxes."""
    if is_altair(value) or is_plotly(value) or is_instance_of(value, "ipympl.Canvas"):
        yield value
    elif is_instance_of(value, "altair.JupyterChart"):
        yield from _live(value.chart, depth)
    elif depth and is_instance_of(value, "ipywidgets.Box"):
        for child in value.children:
            yield from _live(child, depth - 1)


def take_down_charts(items: Iterable[Any], known: set[int]) -> list[str]:
    """Write down, in the items themselves, what may change of figures; return what could not be, and why.

    Not of more than are kept: the caller waits for it. ``known`` are the ids of those that are written down already:
    what they were before is not known any more.
    """
    notes, room = list[str](), MAX_FIGURES
    for item in items:
        if isinstance(item, Shown) and isinstance(item.drawn, Live) and _spec(item.data) is None:
            new = {id(each): each for each in item.drawn.figures if id(each) not in known}
            known.update(new)
            taken = (_taken(each, notes) for each in islice(new.values(), room))
            item.drawn = [content for content in taken if content is not None]
            room -= len(item.drawn)
    return notes


def _taken(figure: Any, notes: list[str]) -> Content | None:
    try:
        return drawn_content(figure)
    except Exception as error:  # noqa: BLE001 - a figure of any library, which the cell may have left half-made
        reason = " ".join(str(error).split())[:200]
        notes.append(f"a figure ({class_name(figure)}) could not be kept: {type(error).__name__}: {reason}")
        return None


def count_figures(item: Any) -> int:
    """Return how many figures an output is that `figures_of` finds."""
    if not isinstance(item, Shown):
        return 0
    if isinstance(item.drawn, Drawn):
        return int(any(mime in item.data for mime in _PICTURES))
    if _spec(item.data) is not None:
        return 1
    return len(item.drawn.figures if isinstance(item.drawn, Live) else item.drawn or ())


def figures_of(items: Iterable[Any]) -> Iterator[Content]:
    """Yield the figures that were shown, in order, after `take_down_charts`."""
    for item in items:
        if count_figures(item):
            yield from _figures(item.data, item.drawn)


def _figures(data: Mapping[str, Any], drawn: Drawn | list[Content] | None) -> Iterator[Content]:
    spec = _spec(data)
    if isinstance(drawn, Drawn):
        mime = next(mime for mime in _PICTURES if mime in data)
        yield shown_figure(_picture(mime, data[mime]), mime, drawn.title, drawn.data)
    elif spec is not None:
        yield (plotly_spec if spec == PLOTLY_MIME else vega_content)(data[spec])
    else:
        yield from drawn or ()


def _spec(data: Mapping[str, Any]) -> str | None:
    """Return the type under which a chart's specification is shown, if there is one."""
    return next((mime for mime in (*_VEGA, PLOTLY_MIME) if isinstance(data.get(mime), dict)), None)


def _picture(mime: str, value: Any) -> bytes:
    return value.encode() if mime == "image/svg+xml" and isinstance(value, str) else binary(value)
