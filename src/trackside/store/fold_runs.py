"""Puts what events say about runs into the table of runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trackside.model import STORE_ID, Ended, EnvironmentSeen, Event, Opened, Started
from trackside.store.columns import numbers, registered, texts, times
from trackside.store.schema import TABLES

if TYPE_CHECKING:
    import duckdb

    from trackside.store.batch import Batch

_COLUMNS = TABLES["runs"]
_FACTS = tuple(name for name in Started.__struct_fields__ if name in _COLUMNS)
_FALLBACK = {"project": "''", "experiment": "''", "name": "''", "status": "'interrupted'", "started_at": "n.last_at"}
"""What stands for a run of which only a worker's journal is known."""

_STATUS = ("status", "status_order", "ended_at", "active", "error")
"""What is said together, and last by the latest owner."""

_LINES_PER_OWNER = 2**40


def fold_runs(connection: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    """Add new runs and change known ones. What a batch does not say stays as it was."""
    changes = _changes(batch)
    if not changes:
        return
    raw = {name: _column(kind, [change.get(name) for change in changes.values()]) for name, kind in _COLUMNS.items()}
    # TRY_CAST: one line that names no run as its parent must not cost the store all others
    selected = ", ".join(f'TRY_CAST("{name}" AS {kind}) AS "{name}"' for name, kind in _COLUMNS.items())
    kept = ", ".join(f'"{name}" = {_merged(name)}' for name in _COLUMNS)
    new = ", ".join(
        f'coalesce(n."{name}", {_FALLBACK[name]})' if name in _FALLBACK else f'n."{name}"' for name in _COLUMNS
    )
    with registered(connection, "raw_runs", raw):
        connection.execute(
            f"""MERGE INTO runs AS r USING (SELECT {selected} FROM raw_runs) AS n ON r.run_id = n.run_id
            WHEN MATCHED THEN UPDATE SET {kept}
            WHEN NOT MATCHED THEN INSERT ({", ".join(f'"{name}"' for name in _COLUMNS)}) VALUES ({new})"""
        )


def _merged(name: str) -> str:
    if name == "last_at":
        return "greatest(n.last_at, r.last_at)"
    if name in _STATUS:
        return f'CASE WHEN n.status_order > coalesce(r.status_order, -1) THEN n."{name}" ELSE r."{name}" END'
    return f'coalesce(n."{name}", r."{name}")'


def _changes(batch: Batch) -> dict[str, dict[str, Any]]:
    """Return what a batch says of each run, later lines over earlier ones."""
    changes: dict[str, dict[str, Any]] = {}
    for journal, latest in batch.latest.items():
        run_id = batch.after[journal].name.run_id
        if run_id != STORE_ID:
            change = changes.setdefault(run_id, {"run_id": run_id})
            change["last_at"] = max(latest, change.get("last_at", latest))
    for journal, event in batch.events:
        state = batch.after[journal]
        if state.owner or isinstance(event, EnvironmentSeen):  # which may become known after the owner's end
            change = changes[state.name.run_id]
            change |= _facts(event)
        if state.owner:
            _note_status(change, event, state.generation * _LINES_PER_OWNER + event.seq)
    return changes


def _facts(event: Event) -> dict[str, Any]:
    if isinstance(event, Opened):
        return {"host": event.host} | ({} if event.generation else {"started_at": event.time})
    if isinstance(event, Started):
        return {"started_at": event.time} | {name: getattr(event, name) for name in _FACTS}
    if isinstance(event, EnvironmentSeen):
        found = {"environment_digest": event.digest, "git_commit": event.git_commit, "git_dirty": event.git_dirty}
        return {name: value for name, value in found.items() if value is not None}
    return {}


def _note_status(change: dict[str, Any], event: Event, order: int) -> None:
    if order < change.get("status_order", 0):
        return
    if isinstance(event, Opened):
        said: tuple[Any, ...] = ("running", order, None, None, None)
    elif isinstance(event, Ended):
        said = (event.status, order, event.time, event.active, event.error)
    else:
        return
    change |= dict(zip(_STATUS, said, strict=True))


def _column(kind: str, values: list[Any]) -> Any:
    if kind == "TIMESTAMP":
        return times(values)
    return numbers(values) if kind == "DOUBLE" else texts(values)
