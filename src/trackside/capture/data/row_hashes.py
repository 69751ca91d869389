"""A 64-bit hash of each row of data, all its columns together, computed a block of rows at a time.

Two different rows have the same hash once in 10^19 pairs: among a million rows to train on and twenty thousand to test
on, once in a billion comparisons.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from trackside.capture.data.content import Column, Content

_BLOCK_BYTES = 1 << 22
_GOLDEN = 0x9E3779B97F4A7C15
_ODD = 0xBF58476D1CE4E5B9
_MISSING = 0x94D049BB133111EB


def row_columns(content: Content) -> list[Column]:
    """Return the columns that make a row: not what only names it."""
    return [column for column in content.columns or () if not column.is_aside]


def hash_rows(content: Content, rows: NDArray[Any] | None = None, few: int | None = None) -> NDArray[Any]:
    """Return a hash of each row.

    Parameters
    ----------
    rows
        The numbers of the rows that are meant, in ascending order; all of them if None.
    few
        How many values of each row, evenly spaced, are hashed; all of them if None.
    """
    import numpy as np

    columns = row_columns(content)
    if few is not None:
        columns = columns[:: -(-len(columns) // few)]
    if rows is not None:
        columns = [column.take(rows) for column in columns]
    length = columns[0].rows if columns else 0
    per_row = max(sum(column.size for column in columns) // max(length, 1), 1)
    block = max(_BLOCK_BYTES // per_row, 1)
    hashes = np.zeros(length, np.uint64)
    for start in range(0, length, block):
        part = slice(start, min(start + block, length))
        for column in columns:
            hashes[part] = _mix(hashes[part] * np.uint64(_GOLDEN) + _hash_values(column, part, few))
    return hashes


def _hash_values(column: Column, part: slice, few: int | None) -> NDArray[Any]:
    import numpy as np

    values, nulls = column.read(part)
    hashes = _hash_objects(values) if isinstance(values, list) else _hash_numbers(np.asarray(values), few)
    return hashes if nulls is None else np.where(nulls, np.uint64(_MISSING), hashes)


def _hash_objects(values: list[Any]) -> NDArray[Any]:
    """Return hashes of texts and other objects; pandas' own: they need not tell ``1`` from ``"1"``, unlike a digest."""
    import numpy as np
    import pandas as pd

    objects = np.empty(len(values), object)
    objects[:] = values
    hashes: NDArray[Any] = pd.util.hash_array(objects, categorize=False)
    return hashes


def _hash_numbers(values: NDArray[Any], few: int | None) -> NDArray[Any]:
    import numpy as np

    table = values.reshape(len(values), -1)
    if few is not None:
        table = table[:, :: max(-(-table.shape[1] // few), 1)]
    size = table.shape[1] * table.dtype.itemsize
    octets = np.zeros((len(table), -(-size // 8) * 8), np.uint8)
    octets[:, :size] = np.ascontiguousarray(table).view(np.uint8).reshape(len(table), size)
    words = octets.view(np.uint64)
    words = _mix(words)
    words *= (np.arange(1, words.shape[1] + 1, dtype=np.uint64) * np.uint64(_GOLDEN)) | np.uint64(1)
    hashes: NDArray[Any] = words.sum(axis=1, dtype=np.uint64)
    return hashes


def _mix(words: NDArray[Any]) -> NDArray[Any]:
    """Spread each bit of a word over all of it; a float's information lies in its upper bits alone."""
    import numpy as np

    mixed: NDArray[Any] = words ^ (words >> np.uint64(32))
    mixed *= np.uint64(_ODD)
    mixed ^= mixed >> np.uint64(29)
    return mixed
