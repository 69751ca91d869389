"""Puts what events say about runs into the table of runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trackside.model import Ended, EnvironmentSeen, Event, Opened, Started
from trackside.store.columns import numbers, registered, texts, times
from trackside.store.schema import TABLES

if TYPE_CHECKING:
    import duckdb

    from trackside.store.batch import Batch

_COLUMNS = TABLES["runs"]
_FACTS = tuple(name for name in Started.__struct_fields__ if name in _COLUMNS)
_FALLBACK = {"project": "''", "experiment": "''", "name": "''", "status": "'interrupted'", "started_at": "n.last_at"}
"""What stands for a run of which only a worker's journal is known."""


def fold_runs(connection: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    """Add new runs and change known ones. What a batch does not say stays as it was."""
    changes = _changes(batch)
    if not changes:
        return
    raw = {name: _column(kind, [change.get(name) for change in changes.values()]) for name, kind in _COLUMNS.items()}
    selected = ", ".join(f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind in _COLUMNS.items())
    kept = ", ".join(f'"{name}" = coalesce(n."{name}", r."{name}")' for name in _COLUMNS if name != "last_at")
    new = ", ".join(
        f'coalesce(n."{name}", {_FALLBACK[name]})' if name in _FALLBACK else f'n."{name}"' for name in _COLUMNS
    )
    with registered(connection, "raw_runs", raw):
        connection.execute(
            f"""MERGE INTO runs AS r USING (SELECT {selected} FROM raw_runs) AS n ON r.run_id = n.run_id
            WHEN MATCHED THEN UPDATE SET {kept}, last_at = greatest(n.last_at, r.last_at)
            WHEN NOT MATCHED THEN INSERT ({", ".join(f'"{name}"' for name in _COLUMNS)}) VALUES ({new})"""
        )


def _changes(batch: Batch) -> dict[str, dict[str, Any]]:
    """Return what a batch says of each run, later lines over earlier ones."""
    changes: dict[str, dict[str, Any]] = {}
    for journal, latest in batch.latest.items():
        run_id = batch.after[journal].name.run_id
        change = changes.setdefault(run_id, {"run_id": run_id})
        change["last_at"] = max(latest, change.get("last_at", latest))
    for journal, event in batch.events:
        state = batch.after[journal]
        if state.owner:
            changes[state.name.run_id] |= _facts(event)
    return changes


def _facts(event: Event) -> dict[str, Any]:
    if isinstance(event, Opened):
        return {"status": "running", "started_at": event.time, "host": event.host}
    if isinstance(event, Started):
        return {"status": "running", "started_at": event.time} | {name: getattr(event, name) for name in _FACTS}
    if isinstance(event, EnvironmentSeen):
        found = {"environment_digest": event.digest, "git_commit": event.git_commit, "git_dirty": event.git_dirty}
        return {name: value for name, value in found.items() if value is not None}
    if isinstance(event, Ended):
        return {"status": event.status, "ended_at": event.time, "active": event.active, "error": event.error}
    return {}


def _column(kind: str, values: list[Any]) -> Any:
    if kind == "TIMESTAMP":
        return times(values)
    return numbers(values) if kind == "DOUBLE" else texts(values)
