"""Puts what is said of models into the tables: the events, and what all of them come to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from trackside.model import Aliased, ModelChanged, Registered
from trackside.store.model_chain import ModelEvent, follow
from trackside.store.rows import insert_rows

if TYPE_CHECKING:
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
    insert_rows(connection, "model_events", [_event_row(each) for each in said])
    for model in sorted({each.event.model for each in said}):
        state = follow(read_said(connection, model))
        for table in _OF_MODELS:
            connection.execute(f"DELETE FROM {table} WHERE model = ?", [model])
        insert_rows(connection, "models", [_model_row(model, state)])
        insert_rows(connection, "model_versions", [_version_row(model, number, state) for number in state.versions])
        aliases = [{"model": model, "alias": alias, "version": number} for alias, number in state.aliases.items()]
        insert_rows(connection, "model_aliases", aliases)
        _note_outcome(connection, model, state)


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


def _note_outcome(connection: duckdb.DuckDBPyConnection, model: str, state: ModelState) -> None:
    """Note which events are lost, and which version those of another store are about here."""
    connection.execute(
        "UPDATE model_events SET lost = NULL, version = CAST(event ->> '$.version' AS BIGINT) WHERE model = ?", [model]
    )
    outcomes: list[tuple[ModelEvent, str | None]] = [*state.lost]
    outcomes += [(said, None) for said in state.counted if said.event.version in state.renumbered]
    for said, lost in outcomes:
        connection.execute(
            "UPDATE model_events SET lost = ?, version = ? WHERE model = ? AND writer = ? AND seq = ?",
            [lost, said.event.version, model, said.writer, said.event.seq],
        )
