"""Puts what is said of models into the tables: the events, and what all of them come to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from trackside.model import Aliased, ModelChanged, Registered
from trackside.store.columns import registered, texts, times
from trackside.store.model_chain import ModelEvent, follow
from trackside.store.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from trackside.store.batch import Batch
    from trackside.store.model_chain import ModelState

_OF_MODELS = ("models", "model_versions", "model_aliases")


def fold_models(connection: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    """Note what a batch says of models, and follow each of these models anew from its beginning."""
    said = [
        ModelEvent(batch.after[journal].name.writer, event)
        for journal, event in batch.events
        if isinstance(event, ModelChanged)
    ]
    if not said:
        return
    _insert(connection, "model_events", [_event_row(each) for each in said])
    for model in sorted({each.event.model for each in said}):
        state = follow(read_said(connection, model))
        for table in _OF_MODELS:
            connection.execute(f"DELETE FROM {table} WHERE model = ?", [model])
        _insert(connection, "models", [_model_row(model, state)])
        _insert(connection, "model_versions", [_version_row(model, number, state) for number in state.versions])
        aliases = [{"model": model, "alias": alias, "version": number} for alias, number in state.aliases.items()]
        _insert(connection, "model_aliases", aliases)
        _note_lost(connection, model, state)


def read_said(connection: duckdb.DuckDBPyConnection, model: str | None = None) -> list[ModelEvent]:
    """Return all events of a model, or of all."""
    rows = connection.execute(
        "SELECT writer, CAST(event AS VARCHAR) FROM model_events WHERE model = coalesce($1, model)", [model]
    ).fetchall()
    return [ModelEvent(writer, msgspec.json.decode(event, type=ModelChanged)) for writer, event in rows]


def _event_row(said: ModelEvent) -> dict[str, Any]:
    event, change = said.event, said.event.change
    if isinstance(change, Registered):
        value = change.run_id
    else:
        value = change.alias if isinstance(change, Aliased) else change.stage
    kind = "unaliased" if isinstance(change, Aliased) and change.is_taken_back else type(change).__name__.lower()
    return {
        **{name: getattr(event, name) for name in ("model", "version", "why", "overridden_by", "time", "seq")},
        "author": event.by,
        "change": kind,
        "value": value,
        "event": msgspec.json.encode(event).decode(),
        "writer": said.writer,
    }


def _model_row(model: str, state: ModelState) -> dict[str, Any]:
    told = [said.event.time for said in state.counted]
    return {
        "model": model,
        "head": state.head,
        "versions": len(state.versions),
        "registered_at": min(told, default=None),
        "changed_at": max(told, default=None),
    }


def _version_row(model: str, number: int, state: ModelState) -> dict[str, Any]:
    version = state.versions[number]
    artifact = version.registered.artifact
    return {
        "model": model,
        "version": number,
        "run_id": version.registered.run_id,
        "stage": version.stage,
        "artifact": msgspec.json.encode(artifact).decode(),
        "sha256": artifact.sha256,
        "registered_at": version.registration.time,
        "author": version.registration.by,
        "why": version.registration.why,
    }


def _note_lost(connection: duckdb.DuckDBPyConnection, model: str, state: ModelState) -> None:
    connection.execute("UPDATE model_events SET lost = NULL WHERE model = ?", [model])
    for said, reason in state.lost:
        connection.execute(
            "UPDATE model_events SET lost = ? WHERE model = ? AND writer = ? AND seq = ?",
            [reason, model, said.writer, said.event.seq],
        )


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        return
    types = TABLES[table]
    raw = {name: _column(kind, [row.get(name) for row in rows]) for name, kind in types.items()}
    # TRY_CAST: one line that names no run must not cost the store all others
    selected = ", ".join(f'TRY_CAST("{name}" AS {kind}) AS "{name}"' for name, kind in types.items())
    with registered(connection, "raw_rows", raw):
        connection.execute(f"INSERT INTO {table} SELECT {selected} FROM raw_rows")


def _column(kind: str, values: list[Any]) -> Any:
    if kind == "TIMESTAMP":
        return times(values)
    return texts(values) if kind != "BIGINT" else np.array(values, dtype=np.int64)
