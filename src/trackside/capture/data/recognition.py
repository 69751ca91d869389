"""Which of a kernel's values are data."""

from __future__ import annotations

import math
from numbers import Integral
from typing import TYPE_CHECKING, Any

from trackside.capture.data.arrays import array_column, read_array, read_sparse
from trackside.capture.data.boosting import read_boosting_data
from trackside.capture.data.content import Content
from trackside.capture.data.frames import read_pandas
from trackside.capture.data.lengths import length_of
from trackside.capture.data.roles import role_of
from trackside.capture.data.tables import read_arrow, read_hugging_face, read_polars
from trackside.capture.data.tensors import read_tensor, read_torch_data

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_PARTS = 10
"""Entries of a dictionary of data that are looked at."""

LARGEST_SMALL = 50
"""So many numbers may be of another use than to train or test with, where a cell makes them."""

_ENDINGS = ("Dataset", "DataLoader", "DataFrame", "LazyFrame")
_HAVE_A_LENGTH = ("Dataset", "DataLoader")

_READERS: tuple[Callable[[Any], Content | None], ...] = (
    read_array,
    read_pandas,
    read_tensor,
    read_torch_data,
    read_boosting_data,
    read_polars,
    read_arrow,
    read_sparse,
    read_hugging_face,
)


def recognise(value: Any, *, even_small: bool = False) -> Content | None:
    """Return what a value holds where it is data, or None.

    Nothing is imported for it: data of a library that is not loaded cannot be there. What the object itself says is
    taken with care, since it may be of any library and may raise what it likes.

    Parameters
    ----------
    even_small
        Whether a small array is data, too; a single number is none.

    Examples
    --------
    >>> import numpy as np
    >>> recognise(np.zeros((1797, 64))).shape, recognise("text"), recognise(np.zeros(3))
    ((1797, 64), None, None)
    """
    try:
        if value is None or isinstance(value, (type, str, bytes, int, float, complex, bool)):
            return None
        content = next((found for read in _READERS if (found := read(value)) is not None), None) or _by_looks(value)
    except Exception:  # noqa: BLE001 - an object of any library
        return None
    return None if content is None or (_is_small(content) and (not even_small or content.shape == ())) else content


def _is_small(content: Content) -> bool:
    is_array = content.family.startswith(("numpy", "torch.torch", "pandas.Index")) or content.family.endswith(" array")
    return is_array and math.prod(content.shape or ()) <= LARGEST_SMALL


def expand(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield a name and its value, or those of each part of a dictionary of data: ``loaders["train"]``.

    Examples
    --------
    >>> list(expand("X", 1)), list(expand("loaders", {"train": 2, "note": 3}))
    ([('X', 1)], [('loaders["train"]', 2)])
    """
    kind = type(value)  # isinstance would ask the object itself
    if kind is dict or (issubclass(kind, dict) and kind.__name__ == "DatasetDict"):
        parts = [(key, part) for key, part in value.items() if isinstance(key, str) and role_of(key)]
        yield from ((f'{name}["{key}"]', part) for key, part in parts[:MAX_PARTS])
    else:
        yield name, value


def _by_looks(value: Any) -> Content | None:
    """Return what can be said of data of other libraries: name, shape, and what is in plain sight."""
    kind = type(value).__name__
    if kind == "Bunch" and isinstance(value, dict):
        return _of_bunch(value)
    is_model = kind == "Parameter"  # torch's: what is learned, not what is learned from
    is_array = hasattr(type(value), "dtype") and not is_model
    if not (is_array or kind.endswith(_ENDINGS)):
        return None  # nothing is asked of it: its length may take a query to a database
    shape = _shape(value)
    if not kind.endswith(_ENDINGS) and (shape is None or math.prod(shape) <= LARGEST_SMALL):
        return None
    return Content(kind=kind, family=f"{type(value).__module__}.{type(value).__qualname__}", shape=shape)


def _of_bunch(value: dict[str, Any]) -> Content | None:
    """Return what a bunch of scikit-learn holds: its data and its target."""
    import numpy as np

    parts = {name: value[name] for name in ("data", "target") if isinstance(value.get(name), np.ndarray)}
    frame = recognise(value.get("frame"))
    if frame is not None:
        return Content(kind="Bunch", family="Bunch", shape=frame.shape, columns=frame.columns, memory=frame.memory)
    if not parts:
        return Content(kind="Bunch", family="Bunch", shape=None)
    return Content(
        kind="Bunch",
        family="Bunch",
        shape=next(iter(parts.values())).shape,
        columns=[array_column(name, part) for name, part in parts.items()],
        memory=sum(part.nbytes for part in parts.values()),
    )


def _shape(value: Any) -> tuple[int, ...] | None:
    shape = getattr(value, "shape", None)
    if isinstance(shape, tuple):
        is_known = all(isinstance(size, Integral) for size in shape)  # Dask's would have to be computed
        return tuple(int(size) for size in shape) or None if is_known else None
    length = length_of(value) if type(value).__name__.endswith(_HAVE_A_LENGTH) else None
    return None if length is None else (length,)
