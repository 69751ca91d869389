"""Columns of points for ``log_history``, checked before anything is written."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from trackside.errors import InputError, MetricTypeError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray


MAX_STEP = 2**53
"""Steps beyond it could not be told apart in a browser."""


class Columns(NamedTuple):
    """Steps (int64), times (seconds since the epoch) and one array of 64-bit floats for each metric."""

    steps: NDArray[np.int64]
    times: NDArray[np.float64]
    columns: dict[str, NDArray[np.float64]]


def read_columns(steps: Any, columns: Mapping[str, Any], first: int) -> Columns:
    """Return the columns as arrays of equal length; steps count from ``first`` where none are given.

    Raises
    ------
    MetricTypeError
        A column does not hold numbers only.
    InputError
        Lengths differ, or steps are not whole numbers.
    """
    import numpy as np

    arrays = {key: _read_column(key, values) for key, values in columns.items()}
    length = len(next(iter(arrays.values()), ()))
    numbers = np.arange(first, first + length, dtype=np.int64) if steps is None else _read_steps(steps)
    for key, array in arrays.items():
        if len(array) != len(numbers):
            raise InputError(f"found {len(array)} values for {key!r} and {len(numbers)} steps; expected as many")
    return Columns(numbers, np.full(len(numbers), time.time()), arrays)


def _read_column(key: str, values: Any) -> NDArray[np.float64]:
    import numpy as np

    array = _as_array(values)
    if array.ndim != 1 or array.dtype.kind not in "biuf":
        raise MetricTypeError(
            f"found {type(values).__name__} of {array.dtype} and shape {array.shape} for {key!r}; "
            "expected one row of numbers"
        )
    return array.astype(np.float64)


def _read_steps(steps: Any) -> NDArray[np.int64]:
    import numpy as np

    array = _as_array(steps)
    is_row = array.ndim == 1 and array.dtype.kind in "iuf"
    if not is_row or not bool(((array == np.floor(array)) & (array > -MAX_STEP) & (array < MAX_STEP)).all()):
        raise InputError(
            f"found {type(steps).__name__} of {array.dtype} as steps; expected one row of whole numbers below 2^53"
        )
    return array.astype(np.int64)


def _as_array(values: Any) -> NDArray[Any]:
    """Return values as an array; a tensor is taken from its device, a generator is read out."""
    import numpy as np

    if hasattr(values, "detach"):
        values = values.detach().cpu().numpy()
    elif isinstance(values, Iterator):
        values = list(values)
    try:
        return np.asarray(values)
    except ValueError as error:  # rows of different length
        raise MetricTypeError(f"found {type(values).__name__} of uneven rows; expected one row of numbers") from error
