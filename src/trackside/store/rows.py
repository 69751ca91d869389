"""Adds rows to a table, each with its values by column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from trackside.store.columns import registered, texts, times
from trackside.store.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import duckdb


def insert_rows(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows; a value of a column that the table has not is left out, one that a row has not is NULL.

    Times are in seconds since the epoch.
    """
    if not rows:
        return
    types = TABLES[table]
    raw = {name: _column(kind, [row.get(name) for row in rows]) for name, kind in types.items()}
    # TRY_CAST: one line that names no run must not cost the store all others
    selected = ", ".join(f'TRY_CAST("{name}" AS {kind}) AS "{name}"' for name, kind in types.items())
    with registered(connection, "raw_rows", raw):
        connection.execute(f"INSERT INTO {table} SELECT {selected} FROM raw_rows")  # noqa: S608 - the schema's names


def _column(kind: str, values: list[Any]) -> Any:
    if kind == "TIMESTAMP":
        return times(values)
    return texts(values) if kind != "BIGINT" else np.array(values, dtype=np.int64)
