"""Frames, series and indexes of pandas."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from trackside.capture.data.arrays import array_column
from trackside.capture.data.content import OBJECT_SIZE, Column, Content, Values

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd


_WIDE = 500
"""Columns beyond which they are not read one by one, which takes 50 µs each."""

_LARGEST_WIDE = 200_000_000
"""Bytes of a wide frame that may be put together."""


def read_pandas(value: Any) -> Content | None:
    """Return what a frame, series or index of pandas holds, its index among it."""
    pandas = sys.modules.get("pandas")
    if pandas is None or not isinstance(value, (pandas.DataFrame, pandas.Series, pandas.Index)):
        return None
    is_index = isinstance(value, pandas.Index)
    facts: list[str] = []
    columns: list[Column] = []
    if is_index:
        columns += _index_columns(value, facts, is_aside=False)
    else:
        columns += _index_columns(value.index, facts, is_aside=True)
        is_frame = isinstance(value, pandas.DataFrame)
        if is_frame and value.shape[1] > _WIDE:
            return _read_wide(value, columns, facts)
        facts.append(repr((value.columns.names, value.columns.tolist())) if is_frame else f"{value.name!r}")
        series = [value.iloc[:, at] for at in range(value.shape[1])] if is_frame else [value]
        for each in series:
            columns += _columns(str(each.name) if is_frame else "", each, facts)
    return Content(
        kind=type(value).__name__,
        family=f"pandas.{'DataFrame' if hasattr(value, 'columns') else 'Index' if is_index else 'Series'}",
        shape=tuple(value.shape),
        columns=columns,
        memory=_memory(value),
        facts=tuple(facts),
    )


def _read_wide(frame: pd.DataFrame, index: list[Column], facts: list[str]) -> Content:
    """Return what a frame of thousands of columns holds: one array, where they are of one type."""
    import numpy as np

    types = set(frame.dtypes)
    dtype = next(iter(types))
    is_array = len(types) == 1 and isinstance(dtype, np.dtype) and not dtype.hasobject
    names = repr((frame.columns.names, frame.columns.tolist()))
    memory = _memory(frame)
    can_read = is_array and memory <= _LARGEST_WIDE
    return Content(
        kind="DataFrame",
        family="pandas.DataFrame",
        shape=tuple(frame.shape),
        columns=[*index, array_column(f"{frame.shape[1]} columns", frame.to_numpy())] if can_read else None,
        memory=memory,
        facts=(*facts, names),
    )


def _memory(value: Any) -> int:
    """Return the bytes that it takes, without the texts it refers to: looking at each would take too long."""
    used = value.memory_usage(deep=False)
    return int(used.sum() if hasattr(used, "sum") else used)


def _index_columns(index: pd.Index[Any], facts: list[str], *, is_aside: bool) -> Iterator[Column]:
    import pandas as pd

    if isinstance(index, pd.RangeIndex):
        facts.append(f"range {index.start} {index.stop} {index.step} {index.name!r}")
        return
    facts.append(repr(list(index.names)))
    for level in range(index.nlevels):
        values = index.get_level_values(level)
        series = pd.Series(values, copy=False)
        yield from _columns(f"index {level}" if is_aside else "", series, facts, is_aside=is_aside)


def _columns(name: str, series: pd.Series[Any], facts: list[str], *, is_aside: bool = False) -> Iterator[Column]:
    import numpy as np
    import pandas as pd

    dtype = series.dtype
    if isinstance(dtype, np.dtype):
        yield array_column(name, series.to_numpy(copy=False), is_aside=is_aside)
        return
    if isinstance(dtype, pd.CategoricalDtype):
        facts.append(f"{name!r} ordered {dtype.ordered}")
        yield from _columns(f"{name} categories", pd.Series(dtype.categories, copy=False), facts, is_aside=True)
        codes = array_column(name, series.cat.codes.to_numpy(copy=False), is_aside=is_aside)
        yield replace(codes, dtype="category", is_coded=True, read=lambda part: _with_missing_codes(codes.read(part)))
        return
    size = getattr(dtype, "itemsize", 0) if getattr(dtype, "kind", "O") in "biufmM" else OBJECT_SIZE
    yield Column(
        name=name,
        dtype=str(dtype),
        rows=len(series),
        size=len(series) * (size + 1),
        slowness=1 if size == OBJECT_SIZE else 3,
        read=lambda part: _read(series.iloc[part]),
        is_aside=is_aside,
    )


def _with_missing_codes(codes: Values) -> Values:
    import numpy as np

    values = np.asarray(codes.values)
    return Values(values, values == -1)


def _read(series: pd.Series[Any]) -> Values:
    """Return values of a dtype of pandas' own: nullable and Arrow-backed numbers, times with a zone, texts."""
    import numpy as np
    import pandas as pd

    dtype: Any = series.dtype
    if isinstance(dtype, pd.DatetimeTZDtype):
        return Values(series.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy())
    if getattr(dtype, "kind", "O") in "biuf" and isinstance(getattr(dtype, "numpy_dtype", None), np.dtype):
        nulls = series.isna().to_numpy()
        return Values(series.to_numpy(dtype=dtype.numpy_dtype, na_value=dtype.numpy_dtype.type(0)), nulls)
    nulls = series.isna().to_numpy()
    values = series.to_numpy(dtype=object)
    if nulls.any():
        values = values.copy()
        values[nulls] = None
    return Values(values.tolist())
