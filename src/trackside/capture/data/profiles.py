"""What data looks like, column by column: missing values, quantiles, how many different ones."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from trackside.capture.data.digests import sample_step
from trackside.records import ColumnProfile, DataProfile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from trackside.capture.data.content import Column, Content

MAX_COLUMNS = 100
"""Columns that are described; of wider data the first ones."""

MAX_VALUES = 200_000
MAX_BYTES = 1 << 21
"""What is looked at in all; of more a sample of rows, evenly spaced."""

_POSITIONS = (0.0, 0.25, 0.5, 0.75, 1.0)
_NAMES_CHARACTERS = 200


def profile_content(content: Content) -> DataProfile:
    """Return what data looks like, as far as a few milliseconds tell."""
    shown = [column for column in content.columns or () if not column.is_aside][:MAX_COLUMNS]
    width = _width(content, shown)
    step = sample_step(content, max(MAX_VALUES // max(width, 1), 1), MAX_BYTES)
    return DataProfile(
        columns=[_profile_column(column, step) for column in shown],
        rows=-(-content.rows // step) if shown else None,
    )


def _width(content: Content, columns: Sequence[Column]) -> int:
    """Return how many values a row of these columns has; those of arrays count by their size."""
    size = math.prod(content.shape or ())
    return max(size // max(content.rows, 1), len(columns))


def _profile_column(column: Column, step: int) -> ColumnProfile:
    import numpy as np

    rows = column.read(slice(0, column.rows, step))
    name, dtype = column.name[:_NAMES_CHARACTERS], _plain_dtype(column.dtype)
    if isinstance(rows.values, list):
        missing = sum(value is None or value != value for value in rows.values if not _is_container(value))  # noqa: PLR0124 - NaN
        return ColumnProfile(name=name, dtype=dtype, nulls=missing, distinct=_count_texts(rows.values, step))
    values = np.asarray(rows.values).reshape(-1)
    nulls = _missing(values) if rows.nulls is None else np.asarray(rows.nulls).reshape(-1)
    present = values if nulls is None or not nulls.any() else values[~nulls]
    ordered = _sorted(present)
    counts = step == 1 and values.dtype.kind in "biumMSU"
    return ColumnProfile(
        name=name,
        dtype=dtype,
        nulls=0 if nulls is None else int(nulls.sum()),
        quantiles=_quantiles(ordered) if values.dtype.kind in "biuf" and not column.is_coded else [],
        distinct=_count_sorted(ordered) if counts and ordered is not None else None,
    )


def _is_container(value: Any) -> bool:
    """Tell whether comparing a value with itself may give many answers, or run code of the user's."""
    return value is not None and not isinstance(value, (str, bytes, int, float, complex))


def _plain_dtype(dtype: str) -> str:
    """Return a dtype by the name people know: ``float64`` for ``<f8``."""
    import numpy as np

    try:
        return str(np.dtype(dtype)) if dtype[:1] in "<>|=" else dtype[:_NAMES_CHARACTERS]
    except TypeError:
        return dtype[:_NAMES_CHARACTERS]


def _missing(values: NDArray[Any]) -> NDArray[Any] | None:
    import numpy as np

    missing: NDArray[Any] | None = None
    if values.dtype.kind in "fc":
        missing = np.isnan(values)
    elif values.dtype.kind in "mM":
        missing = np.isnat(values)
    return missing


def _sorted(values: NDArray[Any]) -> NDArray[Any] | None:
    import numpy as np

    if values.dtype.kind not in "biufmMSU":
        return None
    if values.dtype.kind == "f":
        values = values[np.isfinite(values)]
        values = values.astype(np.float32) if values.dtype.itemsize < 4 else values  # noqa: PLR2004 - sums would overflow
    return np.sort(values)


def _quantiles(ordered: NDArray[Any] | None) -> list[float]:
    """Return the quantiles of sorted numbers, by linear interpolation, as `numpy.quantile` does by default."""
    if ordered is None or not len(ordered):
        return []
    found = []
    for position in _POSITIONS:
        at = position * (len(ordered) - 1)
        low = int(at)
        below, above = float(ordered[low]), float(ordered[min(low + 1, len(ordered) - 1)])
        found.append(below if at == low else below * (low + 1 - at) + above * (at - low))
    return found


def _count_sorted(ordered: NDArray[Any]) -> int:
    return int((ordered[1:] != ordered[:-1]).sum()) + 1 if len(ordered) else 0


def _count_texts(values: list[Any], step: int) -> int | None:
    if step != 1 or not set(map(type, values)) <= {str, type(None)}:
        return None
    return len(set(values) - {None})
