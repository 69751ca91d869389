"""The digest of data's content: the same for the same content, in every process; another order of rows is another one.

The scheme ``v1`` takes the SHA-256 of what the data is (library, type, shape, names and types of its columns, the
labels of its rows) and of what it holds, in blocks of rows, each block column by column. Where it lies in the memory,
how it is chunked and the seed of Python's hashes do not matter. Its first 32 hexadecimal digits are kept.

Data that is too large for the time there is gets the digest of a *sample*: some thousands of rows, evenly spaced, the
same ones every time. It tells other data apart only where these rows, or the number of rows, differ.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from trackside.capture.data.spelling import UnspeakableError, spell_objects

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from trackside.capture.data.content import Column, Content, Values

SCHEME = "v1"
DIGITS = 32
BLOCK_ROWS = 1 << 16
SAMPLE_BYTES = 1 << 20
SAMPLE_ROWS = 10_000
SPARING_ROWS = 500
"""Rows of a sample where each may cost a look at a disk."""

_BUFFER = 1 << 16  # numbers that are brought into order at a time


def digest_content(content: Content, *, step: int = 1, check_time: Callable[[], None] | None = None) -> str | None:
    """Return the digest of data, ``"v1:9f86…"``; None where its content has no spelling that lasts.

    Parameters
    ----------
    step
        Every how manieth row is looked at; see `sample_step`.
    check_time
        Called between blocks; may raise to give up.
    """
    if content.columns is None:
        return None
    digest = hashlib.sha256(_head(content, step))
    try:
        for piece in _pieces(content.columns, step, check_time):
            digest.update(piece)
    except UnspeakableError:
        return None
    return name_digest(digest.hexdigest())


def name_digest(sha256: str) -> str:
    """Return the digest under which content with this SHA-256 is known."""
    return f"{SCHEME}:{sha256[:DIGITS]}"


def sample_step(content: Content, rows: int = SAMPLE_ROWS, size: int = SAMPLE_BYTES) -> int:
    """Return every how manieth row a sample takes: 1 where it takes them all."""
    most = min(rows, SPARING_ROWS) if content.is_sparing else rows
    per_row = content.size / max(content.rows, 1)
    most = max(min(most, int(size / per_row) if per_row else most), 1)
    return max(-(-content.rows // most), 1)


def _head(content: Content, step: int) -> bytes:
    """Return what the data is, as bytes."""
    columns = [[column.name, column.dtype, column.rows] for column in content.columns or ()]
    said = [SCHEME, content.family, content.shape, columns, content.facts, step]
    return json.dumps(said, ensure_ascii=True).encode()


def _pieces(columns: list[Column], step: int, check_time: Callable[[], None] | None) -> Iterator[Any]:
    block = BLOCK_ROWS * step
    for start in range(0, max((column.rows for column in columns), default=0), block):
        for at, column in enumerate(columns):
            if start < column.rows:
                yield f"|{at}:".encode()
                yield from value_pieces(column.read(slice(start, min(start + block, column.rows), step)), check_time)


def value_pieces(rows: Values, check_time: Callable[[], None] | None = None) -> Iterator[Any]:
    """Yield buffers that together say what values these are."""
    if check_time:
        check_time()
    if isinstance(rows.values, list):
        yield from spell_objects(rows.values)
        return
    if rows.nulls is not None:
        yield from _buffers(rows.nulls, None)
    yield from _buffers(rows.values, check_time)


def _buffers(array: Any, check_time: Callable[[], None] | None) -> Iterator[Any]:
    """Yield an array's numbers in the order of its rows, the lowest byte first, never a copy of all of them."""
    import numpy as np

    dtype = array.dtype.newbyteorder("<")
    if array.flags.c_contiguous and array.dtype == dtype:
        flat = array.reshape(-1).view(np.uint8) if array.dtype.itemsize else np.empty(0, np.uint8)
        for start in range(0, flat.size, _BUFFER * 128):
            if check_time:
                check_time()
            yield flat[start : start + _BUFFER * 128]
        return
    flags: list[Any] = ["external_loop", "buffered", "zerosize_ok"]
    in_order = np.nditer(array, flags, op_dtypes=dtype, order="C", casting="equiv", buffersize=_BUFFER)
    for chunk in in_order:
        if check_time:
            check_time()
        yield np.ascontiguousarray(chunk).view(np.uint8)
