"""NumPy arrays, what NumPy can see as one, and SciPy's sparse matrices."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from trackside.capture.data.content import OBJECT_SIZE, Column, Content, Values

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SEEN_AS_ARRAYS = frozenset({"jax", "jaxlib", "tensorflow"})
"""Libraries whose tensors give NumPy a view or a cheap copy of themselves."""

LARGEST_ROW = 1 << 18
"""Bytes of a row beyond which a sample takes single numbers."""

_SCATTERED = 3
"""How much longer an array takes that does not lie in the memory in order of its rows."""


def read_array(value: Any) -> Content | None:
    """Return what a NumPy array holds, or a tensor of another library that NumPy can see."""
    numpy = sys.modules.get("numpy")
    if numpy is None:
        return None
    if isinstance(value, numpy.ndarray):
        is_masked = isinstance(value, numpy.ma.MaskedArray)
        columns = [array_column("", numpy.ma.getdata(value) if is_masked else value)]
        if is_masked:
            columns.append(array_column("mask", numpy.ma.getmaskarray(value)))
        return Content(
            kind=type(value).__name__,
            family="numpy.ma" if is_masked else "numpy.ndarray",
            shape=tuple(value.shape),
            columns=columns,
            memory=value.nbytes,
            is_sparing=isinstance(value, numpy.memmap),
        )
    if type(value).__module__.partition(".")[0] in _SEEN_AS_ARRAYS and isinstance(getattr(value, "shape", None), tuple):
        array = numpy.asarray(value)
        return Content(
            kind=type(value).__name__,
            family=f"{type(value).__module__.partition('.')[0]} array",
            shape=tuple(array.shape),
            columns=[array_column("", array)],
            memory=array.nbytes,
        )
    return None


def array_column(name: str, array: NDArray[Any], *, is_aside: bool = False) -> Column:
    """Return a whole array as one column, whose rows are along its first axis, or its numbers where rows are huge."""
    import numpy as np

    array = np.asarray(array)
    rows: Any = array if array.ndim else array.reshape(1)
    if rows.dtype.hasobject:
        return Column(
            name=name,
            dtype=str(rows.dtype),
            rows=len(rows),
            size=rows.size * OBJECT_SIZE,
            read=lambda part: Values(rows[part].ravel().tolist()),
            is_aside=is_aside,
        )
    is_contiguous = rows.flags.c_contiguous
    if len(rows) and rows.nbytes // len(rows) > LARGEST_ROW:
        rows = rows.reshape(-1) if is_contiguous else rows.flat
    return Column(
        name=name,
        dtype=_spell_dtype(array.dtype),
        rows=len(rows),
        size=array.nbytes,
        slowness=1 if is_contiguous else _SCATTERED,
        read=lambda part: Values(rows[part]),
        is_aside=is_aside,
    )


def _spell_dtype(dtype: np.dtype[Any]) -> str:
    """Return a dtype as a text that does not depend on the order of bytes in the memory."""
    ordered = dtype.newbyteorder("<")
    return ordered.str if ordered.names is None else str(ordered.descr)


def read_sparse(value: Any) -> Content | None:
    """Return what a SciPy sparse matrix holds: its stored entries, in order, duplicates added up."""
    sparse = sys.modules.get("scipy.sparse")
    if sparse is None or not sparse.issparse(value):
        return None
    shape = tuple(int(size) for size in value.shape)
    parts = _sparse_parts(value)
    return Content(
        kind=type(value).__name__,
        family=f"scipy.sparse.{value.format}",
        shape=shape,
        columns=[array_column(name, part) for name, part in parts.items()] if parts else None,
        memory=sum(part.nbytes for part in parts.values()) if parts else None,
    )


_LARGEST_SORTED = 5_000_000
"""Entries that are put in order for a digest, in a copy; it takes 0.1 s."""


def _sparse_parts(value: Any) -> dict[str, NDArray[Any]] | None:
    if value.format in ("csr", "csc"):
        if not value.has_canonical_format:
            if value.nnz > _LARGEST_SORTED:
                return None
            value = value.copy()
            value.sum_duplicates()
        return {"data": value.data, "indices": value.indices, "indptr": value.indptr}
    if value.nnz > _LARGEST_SORTED:
        return None
    return _sparse_parts(value.tocsr())
