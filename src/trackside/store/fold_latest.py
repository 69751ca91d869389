"""Puts into the tables what is said again and again: of a key, the latest in the order (time, writer, seq) counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

import msgspec
import numpy as np

from trackside.model import (
    Artifact,
    ArtifactsLogged,
    Dataset,
    DatasetsSeen,
    Decided,
    Marked,
    Param,
    ParamsLogged,
    PartsKept,
    Reviewed,
    TagsSet,
    is_run_id,
)
from trackside.store.columns import numbers, registered, texts, times
from trackside.store.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    from trackside.store.batch import Batch

Value = TypeVar("Value")
_Event = TypeVar("_Event", ParamsLogged, TagsSet, DatasetsSeen, ArtifactsLogged, PartsKept, Marked, Decided, Reviewed)

_KEY_TYPES = {"run_id": "UUID", "step": "BIGINT"}
"""Types of keys that are no texts."""


class Stamp(NamedTuple):
    """When and where something was said."""

    time: float
    writer: str
    seq: int


class _Word(NamedTuple):
    """What somebody said."""

    value: str | None
    author: str | None
    why: str | None


class _Latest(dict[tuple[str | None, ...], tuple[Stamp, Value]], Generic[Value]):
    """The last value of each key."""

    def put(self, key: tuple[str | None, ...], stamp: Stamp, value: Value) -> None:
        known = self.get(key)
        if known is None or known[0] <= stamp:
            self[key] = (stamp, value)

    def values_only(self) -> list[Value]:
        return [value for _, value in self.values()]


def fold_params(connection: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    """Merge a batch's params into the table."""
    latest = _Latest[Param]()
    for run_id, stamp, event in stamped(batch, ParamsLogged):
        for param in event.params:
            latest.put((run_id, param.key), stamp, param)
    params = latest.values_only()
    columns = {
        "value": texts(msgspec.json.encode(param.value).decode() for param in params),
        "number": numbers(_number(param) for param in params),
        "kind": texts(param.kind for param in params),
        "origin": texts(param.origin for param in params),
    }
    selected = """CAST(value AS JSON) AS value,
        CASE WHEN kind IN ('int', 'float') THEN coalesce(number, 'NaN') END AS number, kind, origin"""
    _merge(connection, "params", ("run_id", "key"), latest, columns, selected=selected)


def fold_tags(connection: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    """Merge a batch's tags into the table."""
    latest = _Latest[str]()
    for run_id, stamp, event in stamped(batch, TagsSet):
        for key, value in event.tags.items():
            latest.put((run_id, key), stamp, value)
    _merge(connection, "tags", ("run_id", "key"), latest, {"value": texts(latest.values_only())})


def fold_datasets(connection: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    """Merge the data that a batch's runs read into the table."""
    latest = _Latest[Dataset]()
    for run_id, stamp, event in stamped(batch, DatasetsSeen):
        for dataset in event.datasets:
            latest.put((run_id, dataset.name), stamp, dataset)
    names = [name for name in Dataset.__struct_fields__ if name != "name"]
    columns = {name: texts(getattr(dataset, name) for dataset in latest.values_only()) for name in names}
    types = TABLES["datasets"]
    selected = ", ".join(f"CAST({name} AS {types[name]}) AS {name}" for name in names)
    _merge(connection, "datasets", ("run_id", "name"), latest, columns, selected=selected)


def fold_artifacts(connection: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    """Merge the artifacts of a batch's runs into the table."""
    latest = _Latest[Artifact]()
    for run_id, stamp, event in stamped(batch, ArtifactsLogged):
        for artifact in event.artifacts:
            step = None if artifact.step is None else str(artifact.step)
            latest.put((run_id, artifact.name, step), stamp, artifact)
    found = latest.values_only()
    columns = {
        **{name: texts(getattr(artifact, name) for artifact in found) for name in ("kind", "mime", "sha256")},
        "bytes": np.array([artifact.bytes for artifact in found], dtype=np.int64),
        "about": texts(msgspec.json.encode(artifact.about).decode() for artifact in found),
    }
    selected = "kind, mime, sha256, bytes, CAST(about AS JSON) AS about"
    _merge(connection, "artifacts", ("run_id", "name", "step"), latest, columns, selected=selected)


def fold_parts(connection: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    """Merge the records of parts of a batch's runs into the table."""
    latest = _Latest[str]()
    for run_id, stamp, event in stamped(batch, PartsKept):
        for part, digest in event.parts.items():
            latest.put((run_id, part), stamp, digest)
    _merge(connection, "parts", ("run_id", "part"), latest, {"digest": texts(latest.values_only())})


def fold_marks(connection: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    """Merge what a batch says of runs into the table."""
    latest = _Latest[_Word]()
    for _, stamp, event in stamped(batch, Marked):
        for run_id in filter(is_run_id, event.run_ids):
            for mark, value in event.marks.items():
                latest.put((run_id, mark), stamp, _Word(value, event.by, event.why))
    _merge(connection, "marks", ("run_id", "mark"), latest, _word_columns(latest))


def fold_decisions(connection: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    """Merge what a batch decides for experiments into the table."""
    latest = _Latest[_Word]()
    for _, stamp, event in stamped(batch, Decided):
        key = (event.project, event.experiment, event.subject, event.key)
        latest.put(key, stamp, _Word(event.value, event.by, event.why))
    _merge(connection, "decisions", ("project", "experiment", "subject", "key"), latest, _word_columns(latest))


def _word_columns(latest: _Latest[_Word]) -> dict[str, Any]:
    said = latest.values_only()
    return {name: texts(getattr(word, name) for word in said) for name in _Word._fields}


def stamped(batch: Batch, event_type: type[_Event]) -> Iterator[tuple[str, Stamp, _Event]]:
    """Yield a batch's events of one type: whose journal they are of, when and where they were said, themselves."""
    for journal, event in batch.events:
        if isinstance(event, event_type):
            name = batch.after[journal].name
            yield name.run_id, Stamp(event.time, name.writer, event.seq), event


def _number(param: Param) -> float | None:
    """Return a number as the nearest double; an integer beyond all doubles is infinite."""
    if param.kind not in ("int", "float") or not isinstance(param.value, int | float | str):
        return None
    try:
        return float(param.value)
    except OverflowError:
        return float("inf") if isinstance(param.value, int) and param.value > 0 else float("-inf")


def _merge(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    keys: tuple[str, ...],
    latest: _Latest[Value],
    columns: dict[str, Any],
    *,
    selected: str | None = None,
) -> None:
    """Merge the latest values into a table; ``selected`` says in SQL how columns become its own, where they differ."""
    if not latest:
        return
    stamps = [stamp for stamp, _ in latest.values()]
    raw = columns | {
        **{name: texts(key[place] for key in latest) for place, name in enumerate(keys)},
        "time": times([stamp.time for stamp in stamps]),
        "writer": texts(stamp.writer for stamp in stamps),
        "seq": np.array([stamp.seq for stamp in stamps]),
    }
    names = [*columns, "time", "writer", "seq"]
    typed = ", ".join(f"CAST({key} AS {_KEY_TYPES.get(key, 'VARCHAR')}) AS {key}" for key in keys)
    with registered(connection, "raw_rows", raw):
        connection.execute(
            f"""MERGE INTO {table} AS t USING
            (SELECT {typed}, {selected or ", ".join(columns)}, time, writer, seq FROM raw_rows) AS n
            ON {" AND ".join(f"t.{key} IS NOT DISTINCT FROM n.{key}" for key in keys)}
            WHEN MATCHED AND (n.time, n.writer, n.seq) > (t.time, t.writer, t.seq)
                THEN UPDATE SET {", ".join(f"{name} = n.{name}" for name in names)}
            WHEN NOT MATCHED THEN INSERT ({", ".join((*keys, *names))})
                VALUES ({", ".join(f"n.{name}" for name in (*keys, *names))})"""
        )
