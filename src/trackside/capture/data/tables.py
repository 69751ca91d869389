"""Tables, arrays and series of pyarrow and polars, and datasets that are like Hugging Face's."""

from __future__ import annotations

import sys
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from trackside.capture.data.content import OBJECT_SIZE, Column, Content, Values
from trackside.capture.data.lengths import length_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_ARROW_NUMBERS = "biuf"


def read_arrow(value: Any) -> Content | None:
    """Return what a table, batch or array of pyarrow holds, however it is chunked."""
    arrow = sys.modules.get("pyarrow")
    if arrow is None:
        return None
    if isinstance(value, (arrow.Table, arrow.RecordBatch)):
        columns = [_arrow_column(name, value.column(at)) for at, name in enumerate(value.schema.names)]
        shape: tuple[int, ...] = (value.num_rows, value.num_columns)
    elif isinstance(value, (arrow.Array, arrow.ChunkedArray)):
        columns, shape = [_arrow_column("", value)], (len(value),)
    else:
        return None
    return Content(
        kind=type(value).__name__,
        family="pyarrow",
        shape=shape,
        columns=columns,
        memory=int(value.get_total_buffer_size()),
    )


def _arrow_column(name: str, array: Any) -> Column:
    pa = sys.modules["pyarrow"]

    types = pa.types
    is_number = types.is_integer(array.type) or types.is_floating(array.type)
    is_plain = is_number or (types.is_temporal(array.type) and not types.is_interval(array.type))
    return Column(
        name=name,
        dtype=str(array.type),
        rows=len(array),
        size=len(array) * (8 if is_plain else OBJECT_SIZE),
        slowness=2 if is_plain else 1,
        is_coded=is_plain and not is_number,
        read=partial(_read_arrow, array, is_plain=is_plain),
    )


def _read_arrow(array: Any, part: slice, *, is_plain: bool) -> Values:
    pa, pc = sys.modules["pyarrow"], import_module("pyarrow.compute")

    start, stop, step = part.indices(len(array))
    rows = array.slice(start, max(stop - start, 0)) if step == 1 else array.take(pa.array(range(start, stop, step)))
    if isinstance(rows, pa.ChunkedArray):
        rows = rows.combine_chunks()
        rows = pa.concat_arrays(rows.chunks) if isinstance(rows, pa.ChunkedArray) else rows
    if not is_plain:
        return Values(rows.to_pylist())
    if pa.types.is_temporal(rows.type):
        rows = rows.cast(pa.int64() if rows.type.bit_width > 32 else pa.int32())  # noqa: PLR2004 - bits
    nulls = rows.is_null().to_numpy(zero_copy_only=False)
    if rows.null_count:
        rows = pc.fill_null(rows, pa.scalar(0).cast(rows.type))
    return Values(rows.to_numpy(zero_copy_only=False), nulls)


def read_polars(value: Any) -> Content | None:
    """Return what a frame or series of polars holds; a lazy frame is not made to compute anything."""
    polars = sys.modules.get("polars")
    if polars is None or not isinstance(value, (polars.DataFrame, polars.LazyFrame, polars.Series)):
        return None
    if isinstance(value, polars.LazyFrame):
        return Content(kind="LazyFrame", family="polars.LazyFrame", shape=None)
    is_frame = isinstance(value, polars.DataFrame)
    series = value.get_columns() if is_frame else [value]
    return Content(
        kind=type(value).__name__,
        family="polars.DataFrame" if is_frame else "polars.Series",
        shape=tuple(value.shape),
        columns=[_polars_column(each.name if is_frame else "", each) for each in series],
        memory=int(value.estimated_size()),
        facts=() if is_frame else (value.name,),
    )


def _polars_column(name: str, series: Any) -> Column:
    dtype = series.dtype
    is_plain = dtype.is_numeric() and not dtype.is_decimal()
    is_plain = is_plain or (dtype.is_temporal() and not dtype.is_nested())
    return Column(
        name=name,
        dtype=str(dtype),
        rows=len(series),
        size=len(series) * (8 if is_plain else OBJECT_SIZE),
        slowness=2 if is_plain else 1,
        is_coded=dtype.is_temporal(),
        read=partial(_read_polars, series, is_plain=is_plain),
    )


def _read_polars(series: Any, part: slice, *, is_plain: bool) -> Values:
    rows = series[part]
    if not is_plain:
        return Values(rows.to_list())
    nulls = rows.is_null().to_numpy()
    return Values(rows.to_physical().fill_null(0).to_numpy(), nulls)


def read_hugging_face(value: Any) -> Content | None:
    """Return what a dataset holds that has ``features`` and ``column_names`` and is read by slices.

    Values are taken as they are stored, images and sounds undecoded, where the dataset can give them so.
    """
    kind = type(value)
    if not all(hasattr(kind, name) for name in ("features", "column_names", "__getitem__", "__len__")):
        return None
    names = value.column_names
    if not isinstance(names, (list, tuple)) or not all(isinstance(name, str) for name in names):
        return None
    rows = length_of(value)
    if rows is None:
        return None
    stored = value.with_format("arrow") if hasattr(kind, "with_format") and "pyarrow" in sys.modules else value
    features: Any = value.features
    types: Mapping[str, Any] = features if isinstance(features, dict) else {}
    memory = getattr(getattr(value, "data", None), "nbytes", None)
    size = memory // max(rows * len(names), 1) if isinstance(memory, int) else 0
    return Content(
        kind=kind.__name__,
        family="Hugging Face dataset",
        shape=(rows, len(names)),
        columns=[
            Column(
                name=name,
                dtype=" ".join(str(types.get(name, "")).split()),
                rows=rows,
                size=rows * max(OBJECT_SIZE, size),
                slowness=3,
                read=partial(_read_hugging_face, stored, name),
            )
            for name in names
        ],
        memory=memory if isinstance(memory, int) else None,
        is_sparing=True,
    )


def _read_hugging_face(stored: Any, name: str, part: slice) -> Values:
    if hasattr(stored, "select_columns"):
        stored = stored.select_columns([name])
    column = stored[part][name]
    return Values(column.to_pylist() if hasattr(column, "to_pylist") else list(column))
