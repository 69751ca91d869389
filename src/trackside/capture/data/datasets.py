"""The data that a cell reads, by name: frames, arrays, tensors, data sets and loaders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trackside.model import Dataset

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from trackside.capture.code.cell import Cell

_LARGEST_PARAM = 50
"""Smaller rows of numbers are params."""

_ENDINGS = ("Dataset", "DataLoader", "DataFrame", "LazyFrame", "Series", "DMatrix", "Bunch")


def find_datasets(cell: Cell, namespace: Mapping[str, Any]) -> list[Dataset]:
    """Return the data that the cell reads from the kernel, as it is now.

    Examples
    --------
    >>> import numpy as np
    >>> from trackside.capture.code.cell import Cell
    >>> [data] = find_datasets(Cell.parse("model.fit(X)", {}), {"X": np.zeros((1797, 64))})
    >>> data.name, data.kind, data.shape
    ('X', 'ndarray', '1797×64')
    """
    found = (_describe(name, namespace[name]) for name in cell.reads if name in namespace and not name.startswith("_"))
    return [dataset for dataset in found if dataset is not None]


def _describe(name: str, value: Any) -> Dataset | None:
    kind = type(value).__name__
    try:
        shape = _shape(value)
    except Exception:  # noqa: BLE001 - an object of any library, which may raise what it likes
        return None
    is_array = shape is not None and not isinstance(value, type) and _size(shape) > _LARGEST_PARAM
    if not (is_array or (kind.endswith(_ENDINGS) and not isinstance(value, type))):
        return None
    return Dataset(name=name, kind=kind, shape=None if shape is None else "×".join(map(str, shape)))


def _shape(value: Any) -> tuple[int, ...] | None:
    shape = getattr(value, "shape", None)
    if isinstance(shape, tuple):
        sizes: Iterable[Any] = shape
        return tuple(int(size) for size in sizes) or None
    return (len(value),) if type(value).__name__.endswith(_ENDINGS) and hasattr(value, "__len__") else None


def _size(shape: tuple[int, ...]) -> int:
    size = 1
    for length in shape:
        size *= length
    return size
