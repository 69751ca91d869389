"""Columns of a batch on their way into a table: NumPy arrays that a statement can select from.

DuckDB reads NaN in a registered array as NULL. Where NaN can be meant, the statement says ``coalesce(x, 'NaN')``.
Texts travel as objects and are all VARCHAR; the statement casts them.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import duckdb
    from numpy.typing import NDArray


def texts(values: Iterable[object]) -> NDArray[np.object_]:
    """Return a column of texts; None stays NULL, booleans and numbers become what SQL casts back."""
    listed = [None if value is None else str(value) for value in values]
    column = np.empty(len(listed), dtype=object)
    column[:] = listed
    return column


def numbers(values: Iterable[float | None]) -> NDArray[np.float64]:
    """Return a column of floats; None is NULL."""
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def times(seconds: Sequence[float | None] | NDArray[np.float64]) -> NDArray[np.datetime64]:
    """Return a column of timestamps (UTC, to the microsecond) from seconds since the epoch; None is NULL."""
    micros = np.rint(np.asarray(seconds, dtype=np.float64) * 1e6)
    return np.where(np.isnan(micros), np.iinfo(np.int64).min, np.nan_to_num(micros)).astype(np.int64).view("M8[us]")


@contextmanager
def registered(connection: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, NDArray[Any]]) -> Iterator[None]:
    """Let statements in the block select from ``columns`` under a name."""
    connection.register(name, dict(columns))
    yield
    connection.unregister(name)  # after an error the connection takes no more statements, and is closed
