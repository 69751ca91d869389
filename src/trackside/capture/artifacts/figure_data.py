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

_BAR = 4

MAX_VALUES = 100_000
"""Numbers of a figure that are kept in all: large artists share what small ones leave; a larger image is its shape."""


class _Room:
    """What of a figure is kept: so many artists, and so many numbers of each."""

    def __init__(self, figure: Any) -> None:
        artists = [artist for axes in figure.axes for group in _groups(axes) for artist in group]
        self.artists = MAX_ARTISTS
        self.values = _fair_share([_size(artist) for artist in artists[:MAX_ARTISTS]])
        self.left_out = max(len(artists) - MAX_ARTISTS, 0)
        self.thinned = 0


def read_figure(figure: Any) -> dict[str, Any]:
    """Return what a figure's axes show: lines, points, bars and images, by their labels.

    Axes, ``lines`` with ``x`` and ``y``, ``collections`` with ``offsets`` and ``values`` (what their colours mean),
    ``bars`` with ``x``, ``y``, ``width`` and ``height``, ``images`` with ``shape`` and ``values``. Where not all of it
    is kept, ``left_out`` says so.
    """
    room = _Room(figure)
    data = {"title": _title(figure), "axes": [_axes(axes, room) for axes in figure.axes]}
    parts = [
        f"points of {room.thinned} of its lines and collections" if room.thinned else "",
        f"{room.left_out} of its lines, collections, bars and images" if room.left_out else "",
    ]
    left_out = ", ".join(part for part in parts if part)
    left_out += f" (at most {MAX_VALUES:,} numbers are kept, {MAX_POINTS:,} points of a line)" if left_out else ""
    return data | ({"left_out": left_out} if left_out else {})


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


def _axes(axes: Any, room: _Room) -> dict[str, Any]:
    lines, collections, bars, images = _groups(axes)
    found = {
        "title": axes.get_title(),
        "xlabel": axes.get_xlabel(),
        "ylabel": axes.get_ylabel(),
        "xscale": axes.get_xscale(),
        "yscale": axes.get_yscale(),
        "lines": _each(lines, _line, room),
        "collections": _each(collections, _collection, room),
        "bars": _each(bars, _bar, room),
        "images": _each(images, _image, room),
    }
    return {name: value for name, value in found.items() if value}


def _groups(axes: Any) -> tuple[list[Any], list[Any], list[Any], list[Any]]:
    """Return an axes' lines, collections, bars and images."""
    bars = [patch for patch in axes.patches if type(patch).__name__ == "Rectangle"]
    return list(axes.lines), list(axes.collections), bars, list(axes.images)


def _size(artist: Any) -> int:
    """Return how many numbers an artist shows."""
    if hasattr(artist, "get_xdata"):
        return 2 * min(len(artist.get_xdata(orig=False)), MAX_POINTS)
    if hasattr(artist, "get_offsets"):
        values = artist.get_array()
        return 2 * min(len(artist.get_offsets()), MAX_POINTS) + (0 if values is None else values.size)
    return int(artist.get_array().size) if hasattr(artist, "get_array") else _BAR


def _fair_share(sizes: list[int]) -> int:
    """Return how many numbers each artist may have, so that they all stay within `MAX_VALUES`.

    Examples
    --------
    >>> _fair_share([20_000, 4, 4]), _fair_share([100_000] * 4), _fair_share([10_000, 100_000, 100_000])
    (100000, 25000, 45000)
    """
    room = MAX_VALUES
    for at, size in enumerate(sorted(sizes)):
        still = len(sizes) - at
        if size * still > room:
            return room // still
        room -= size
    return MAX_VALUES


def _each(
    artists: Sequence[Any], read: Callable[[Any, _Room], dict[str, Any] | None], room: _Room
) -> list[dict[str, Any]]:
    taken = list(artists)[: room.artists]
    room.artists -= len(taken)
    return [found for artist in taken if (found := read(artist, room)) is not None]


def _line(line: Any, room: _Room) -> dict[str, Any]:
    x, y = line.get_xdata(orig=False), line.get_ydata(orig=False)
    most = min(MAX_POINTS, room.values // 2)
    room.thinned += len(x) > most
    return _labelled(line) | {"x": _row(x, most), "y": _row(y, most)}


def _collection(collection: Any, room: _Room) -> dict[str, Any]:
    """Return a collection's points; the values of a mesh, which are not one for each point, where all have room."""
    offsets, values = collection.get_offsets(), collection.get_array()
    is_each = values is not None and values.ndim == 1 and len(values) == len(offsets)
    most = min(MAX_POINTS, room.values // (3 if is_each else 2))
    room.thinned += len(offsets) > most
    found = _labelled(collection) | {"offsets": _row(offsets, most)}
    if is_each:
        return found | {"values": _row(values, most)}
    if values is not None and values.size > room.values:
        room.left_out += 1
        return found
    return found if values is None else found | {"values": _filled(values).tolist()}


def _bar(bar: Any, _room: _Room) -> dict[str, Any]:
    x, y = bar.get_xy()
    return _labelled(bar) | {"x": _plain(x), "y": _plain(y), "width": bar.get_width(), "height": bar.get_height()}


def _image(image: Any, room: _Room) -> dict[str, Any]:
    array = image.get_array()
    found = _labelled(image) | {"shape": list(array.shape)}
    if array.size > room.values:
        room.left_out += 1
        return found
    return found | {"values": _filled(array).tolist()}


def _labelled(artist: Any) -> dict[str, Any]:
    label = str(artist.get_label())
    return {} if label.startswith("_") else {"label": label}


def _row(values: Any, most: int) -> list[Any]:
    """Return points as a list; of very many, evenly chosen ones."""
    import numpy as np

    array = np.asanyarray(values)
    if len(array) > most:
        array = array[np.linspace(0, len(array) - 1, most).astype(int)]
    found: list[Any] = _filled(array).tolist()
    return found


def _filled(array: Any) -> Any:
    """Return an array with NaN where a masked one has nothing."""
    import numpy as np

    return np.ma.filled(array.astype(float), np.nan) if np.ma.isMaskedArray(array) else np.asarray(array)


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value
