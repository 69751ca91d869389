"""Puts points and their summaries into the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from trackside.store.columns import registered, times
from trackside.store.summaries import summarise

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb
    from numpy.typing import NDArray

    from trackside.store.batch import Batch, Points

_NAMES = "list_extract($runs::UUID[], journal + 1), list_extract($writers::VARCHAR[], journal + 1)"
_KEY = "list_extract($keys::VARCHAR[], key + 1)"


def fold_points(connection: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    """Insert a batch's points and fold their summaries. Runs, writers and keys travel as numbers."""
    blocks = [points for points in batch.points if points.values.size]
    if not blocks:
        return
    keys = sorted({key for points in blocks for key in points.keys})
    key_numbers = {key: number for number, key in enumerate(keys)}
    names = {
        "runs": [state.name.run_id for state in batch.after],
        "writers": [state.name.writer for state in batch.after],
        "keys": keys,
    }
    with registered(connection, "raw_points", _point_columns(blocks, key_numbers)):
        connection.execute(
            f"""INSERT INTO metrics
            SELECT {_NAMES}, seq, line_row, {_KEY}, step, time, coalesce(value, 'NaN') FROM raw_points""",
            names,
        )
    with registered(connection, "raw_summaries", _summary_columns(blocks, key_numbers)):
        connection.execute(_MERGE_SUMMARIES, names)


def _point_columns(blocks: Sequence[Points], key_numbers: dict[str, int]) -> dict[str, NDArray[Any]]:
    """One row for each point, key after key: so they compress best, and a question for one key reads least."""

    def repeated(name: str) -> NDArray[Any]:
        return np.concatenate([np.tile(getattr(points, name), len(points.keys)) for points in blocks])

    return {
        "journal": np.concatenate([np.full(points.values.size, points.journal, dtype=np.int32) for points in blocks]),
        "key": np.concatenate(
            [
                np.repeat(np.array([key_numbers[key] for key in points.keys], dtype=np.int32), len(points.seq))
                for points in blocks
            ]
        ),
        "seq": repeated("seq"),
        "line_row": repeated("line_row"),
        "step": repeated("step"),
        "time": times(repeated("time")),
        "value": np.concatenate([points.values.ravel(order="F") for points in blocks]),
    }


def _summary_columns(blocks: Sequence[Points], key_numbers: dict[str, int]) -> dict[str, NDArray[Any]]:
    columns = summarise(blocks, key_numbers)
    return columns | {name: times(columns[name]) for name in ("first_time", "last_time")}


_MERGE_SUMMARIES = f"""
MERGE INTO summaries AS s USING (
    SELECT * REPLACE ({_KEY} AS key, coalesce("first", 'NaN') AS "first", coalesce("last", 'NaN') AS "last",
        coalesce("sum", 'NaN') AS "sum"),
        list_extract($runs::UUID[], journal + 1) AS run_id, list_extract($writers::VARCHAR[], journal + 1) AS writer
    FROM raw_summaries
) AS n ON s.run_id = n.run_id AND s.writer = n.writer AND s.key = n.key
WHEN MATCHED THEN UPDATE SET
    "last" = n."last", last_step = n.last_step, last_time = n.last_time,
    "min" = CASE WHEN s."min" IS NULL OR n."min" < s."min" THEN n."min" ELSE s."min" END,
    min_step = CASE WHEN s."min" IS NULL OR n."min" < s."min" THEN n.min_step ELSE s.min_step END,
    "max" = CASE WHEN s."max" IS NULL OR n."max" > s."max" THEN n."max" ELSE s."max" END,
    max_step = CASE WHEN s."max" IS NULL OR n."max" > s."max" THEN n.max_step ELSE s.max_step END,
    "sum" = s."sum" + n."sum", "count" = s."count" + n."count", non_finite = s.non_finite + n.non_finite
WHEN NOT MATCHED THEN INSERT
    (run_id, writer, key, "first", first_step, first_time, "last", last_step, last_time,
     "min", min_step, "max", max_step, "sum", "count", non_finite)
    VALUES (n.run_id, n.writer, n.key, n."first", n.first_step, n.first_time, n."last", n.last_step, n.last_time,
     n."min", n.min_step, n."max", n.max_step, n."sum", n."count", n.non_finite)
"""
