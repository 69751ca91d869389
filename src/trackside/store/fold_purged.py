"""Leaves nothing in the tables of runs that are to be gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackside.model import Marked, Purged, Reviewed, is_run_id

if TYPE_CHECKING:
    import duckdb

    from trackside.store.batch import Batch

OF_RUNS = (
    "runs",
    "params",
    "tags",
    "datasets",
    "artifacts",
    "parts",
    "marks",
    "run_decisions",
    "forced_checks",
    "reviewed_runs",
    "metrics",
    "summaries",
)
"""The tables that have rows of a run."""


def fold_purged(connection: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    """Note which runs are to be gone, and take out what this or any batch put in of them."""
    said = [event.run_ids for _, event in batch.events if isinstance(event, Purged)]
    purged = sorted({run_id for run_ids in said for run_id in run_ids if is_run_id(run_id)})
    if purged:
        connection.execute(
            """INSERT INTO purged SELECT u.run_id FROM (SELECT CAST(unnest($1) AS UUID) AS run_id) u
            WHERE NOT EXISTS (SELECT 1 FROM purged p WHERE p.run_id = u.run_id)""",
            [purged],
        )
    told_of = {run_id for _, event in batch.events if isinstance(event, Marked | Reviewed) for run_id in event.run_ids}
    touched = sorted({state.name.run_id for state in batch.after} | set(purged) | set(filter(is_run_id, told_of)))
    gone = connection.execute(
        "SELECT run_id FROM purged WHERE run_id IN (SELECT CAST(unnest($1) AS UUID))", [touched]
    ).fetchall()
    for table in OF_RUNS if gone else ():
        connection.execute(f"DELETE FROM {table} WHERE run_id IN (SELECT unnest($1))", [[row[0] for row in gone]])
