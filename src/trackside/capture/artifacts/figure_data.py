"""The numbers that a matplotlib figure shows, copied in a bounded time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trackside.capture.artifacts.texts import json_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MAX_POINTS = 10_000
"""Points of one line or collection that are kept; of more, evenly many are left out."""

MAX_ARTISTS = 200
"""Lines, collections, images and bars of one figure that are kept."""

MAX_PIXELS = 100_000
"""Values of one image that are kept; of a larger one its shape is."""


def read_figure(figure: Any) -> dict[str, Any]:
    """Return what a figure's axes show: lines, points, bars and images, by their labels.

    Axes, ``lines`` with ``x`` and ``y``, ``collections`` with ``offsets`` and ``values`` (what their colours mean),
    ``bars`` with ``x``, ``y``, ``width`` and ``height``, ``images`` with ``shape`` and ``values``.
    """
    room = [MAX_ARTISTS]
    return {"title": _title(figure), "axes": [_axes(axes, room) for axes in figure.axes]}


def encode_figure(data: dict[str, Any]) -> bytes:
    """Return what `read_figure` found as JSON."""
    return json_bytes(data)


def title_of(figure: Any) -> str:
    """Return what a figure calls itself: its title, its label, or the title of its first axes that has one."""
    titles = (axes.get_title(loc=side) for axes in figure.axes for side in ("center", "left", "right"))
    return str(_title(figure) or figure.get_label() or next((title for title in titles if title), ""))


def _title(figure: Any) -> str:
    suptitle = getattr(figure, "_suptitle", None)
    return str(suptitle.get_text()) if suptitle is not None else ""


def _axes(axes: Any, room: list[int]) -> dict[str, Any]:
    found = {
        "title": axes.get_title(),
        "xlabel": axes.get_xlabel(),
        "ylabel": axes.get_ylabel(),
        "xscale": axes.get_xscale(),
        "yscale": axes.get_yscale(),
        "lines": _each(axes.lines, _line, room),
        "collections": _each(axes.collections, _collection, room),
        "bars": _each([p for p in axes.patches if type(p).__name__ == "Rectangle"], _bar, room),
        "images": _each(axes.images, _image, room),
    }
    return {name: value for name, value in found.items() if value}


def _each(
    artists: Sequence[Any], read: Callable[[Any], dict[str, Any] | None], room: list[int]
) -> list[dict[str, Any]]:
    taken = list(artists)[: room[0]]
    room[0] -= len(taken)
    return [found for artist in taken if (found := read(artist)) is not None]


def _line(line: Any) -> dict[str, Any]:
    return _labelled(line) | {"x": _row(line.get_xdata(orig=False)), "y": _row(line.get_ydata(orig=False))}


def _collection(collection: Any) -> dict[str, Any] | None:
    values = collection.get_array()
    found = _labelled(collection) | {"offsets": _row(collection.get_offsets())}
    return found if values is None else found | {"values": _row(values)}


def _bar(bar: Any) -> dict[str, Any]:
    x, y = bar.get_xy()
    return _labelled(bar) | {"x": _plain(x), "y": _plain(y), "width": bar.get_width(), "height": bar.get_height()}


def _image(image: Any) -> dict[str, Any]:
    array = image.get_array()
    found = _labelled(image) | {"shape": list(array.shape)}
    return found if array.size > MAX_PIXELS else found | {"values": _filled(array).tolist()}


def _labelled(artist: Any) -> dict[str, Any]:
    label = str(artist.get_label())
    return {} if label.startswith("_") else {"label": label}


def _row(values: Any) -> list[Any]:
    """Return points as a list; of very many, evenly chosen ones."""
    import numpy as np

    array = np.asanyarray(values)
    if len(array) > MAX_POINTS:
        array = array[np.linspace(0, len(array) - 1, MAX_POINTS).astype(int)]
    found: list[Any] = _filled(array).tolist()
    return found


def _filled(array: Any) -> Any:
    """Return an array with NaN where a masked one has nothing."""
    import numpy as np

    return np.ma.filled(array.astype(float), np.nan) if np.ma.isMaskedArray(array) else np.asarray(array)


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value
