"""Puts a batch into the tables, in one transaction: all of it, once, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from trackside.errors import StoreDamagedError
from trackside.model import EnvironmentSeen
from trackside.store.blobs import read_blob
from trackside.store.columns import registered, texts, times
from trackside.store.fold_history import fold_baselines, fold_forced_checks, fold_reviews, fold_run_decisions
from trackside.store.fold_latest import (
    fold_artifacts,
    fold_datasets,
    fold_decisions,
    fold_marks,
    fold_params,
    fold_parts,
    fold_tags,
)
from trackside.store.fold_models import fold_models
from trackside.store.fold_points import fold_points
from trackside.store.fold_purged import fold_purged
from trackside.store.fold_runs import fold_runs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import duckdb

    from trackside.store.batch import Batch, JournalState

_STATE = ("owner", "generation", "host", "bytes", "rows", "seq", "unread", "damaged", "ended", "last_at")
_STATE_SQL = ", ".join(_STATE)


def fold_batch(connection: duckdb.DuckDBPyConnection, batch: Batch, folder: Path) -> bool:
    """Put a batch into the tables; return whether it fitted.

    It does not where a journal is no longer where the batch began: another drain has been there. Then nothing is
    changed. The caller holds the store's exclusive lock, and closes the connection if this raises: nothing is changed
    then, either.
    """
    _add_offsets(connection, batch.before)
    connection.execute("BEGIN")
    fitted = _move_offsets(connection, batch)
    if fitted:
        _fold_events(connection, batch)
        _add_environments(connection, batch, folder)
        fold_points(connection, batch)
        fold_purged(connection, batch)
    connection.execute("COMMIT" if fitted else "ROLLBACK")
    return fitted


def _fold_events(connection: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    fold_runs(connection, batch)
    fold_params(connection, batch)
    fold_tags(connection, batch)
    fold_datasets(connection, batch)
    fold_artifacts(connection, batch)
    fold_parts(connection, batch)
    fold_marks(connection, batch)
    fold_decisions(connection, batch)
    fold_baselines(connection, batch)
    fold_run_decisions(connection, batch)
    fold_forced_checks(connection, batch)
    fold_reviews(connection, batch)
    fold_models(connection, batch)


def _add_offsets(connection: duckdb.DuckDBPyConnection, states: Sequence[JournalState]) -> None:
    """Give each new journal its row, before and apart from what moves it: two drains cannot both make its first."""
    new = [state for state in states if state.bytes == state.rows == 0]
    if new:
        with registered(connection, "new_journals", _state_columns(new)):
            connection.execute(
                f"""INSERT INTO journal_offsets SELECT CAST(run_id AS UUID), writer, {_STATE_SQL} FROM new_journals n
                WHERE NOT EXISTS (SELECT 1 FROM journal_offsets o
                                  WHERE o.run_id = CAST(n.run_id AS UUID) AND o.writer = n.writer)"""
            )


def _move_offsets(connection: duckdb.DuckDBPyConnection, batch: Batch) -> bool:
    columns = _state_columns(batch.after)
    columns["old_bytes"] = np.array([state.bytes for state in batch.before])
    columns["old_rows"] = np.array([state.rows for state in batch.before])
    assignments = ", ".join(f"{name} = m.{name}" for name in _STATE)
    with registered(connection, "raw_moves", columns):
        moved = connection.execute(
            f"""WITH m AS (SELECT CAST(run_id AS UUID) AS run_id, writer, {_STATE_SQL}, old_bytes, old_rows
                           FROM raw_moves)
            UPDATE journal_offsets AS o SET {assignments} FROM m
            WHERE o.run_id = m.run_id AND o.writer = m.writer AND o.bytes = m.old_bytes AND o.rows = m.old_rows"""
        ).fetchone()
    return moved is not None and moved[0] == len(batch.after)


def _state_columns(states: Sequence[JournalState]) -> dict[str, Any]:
    return {
        "run_id": texts(state.name.run_id for state in states),
        "writer": texts(state.name.writer for state in states),
        "host": texts(state.host for state in states),
        "last_at": times([state.last_at for state in states]),
        **{
            name: np.array([getattr(state, name) for state in states])
            for name in ("owner", "generation", "bytes", "rows", "seq", "unread", "damaged", "ended")
        },
    }


def _add_environments(connection: duckdb.DuckDBPyConnection, batch: Batch, folder: Path) -> None:
    digests = {event.digest for _, event in batch.events if isinstance(event, EnvironmentSeen)}
    for digest in sorted(digests):
        connection.execute(
            """INSERT INTO environments SELECT $1, CAST($2 AS JSON)
            WHERE NOT EXISTS (SELECT 1 FROM environments WHERE digest = $1)""",
            [digest, _read_environment(folder, digest)],
        )


def _read_environment(folder: Path, digest: str) -> str | None:
    """Return the environment as JSON; None where its blob is lost, which `Store.problems` tells."""
    try:
        return read_blob(folder, digest).decode()
    except StoreDamagedError:
        return None
