"""Puts params and tags into the tables: of a run's key, the latest in the order (time, writer, seq) counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

import msgspec
import numpy as np

from trackside.model import Param, ParamsLogged, TagsSet
from trackside.store.columns import numbers, registered, texts, times

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    from trackside.store.batch import Batch

Value = TypeVar("Value")
_Event = TypeVar("_Event", ParamsLogged, TagsSet)


class _Stamp(NamedTuple):
    """When and where something was said."""

    time: float
    writer: str
    seq: int


class _Latest(dict[tuple[str, str], tuple[_Stamp, Value]], Generic[Value]):
    """The last value of each (run, key)."""

    def put(self, run_key: tuple[str, str], stamp: _Stamp, value: Value) -> None:
        known = self.get(run_key)
        if known is None or known[0] <= stamp:
            self[run_key] = (stamp, value)


def fold_params(connection: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    """Merge a batch's params into the table."""
    latest = _Latest[Param]()
    for run_id, stamp, event in _stamped(batch, ParamsLogged):
        for param in event.params:
            latest.put((run_id, param.key), stamp, param)
    params = [param for _, param in latest.values()]
    columns = {
        "value": texts(msgspec.json.encode(param.value).decode() for param in params),
        "number": numbers(_number(param) for param in params),
        "kind": texts(param.kind for param in params),
        "origin": texts(param.origin for param in params),
    }
    selected = """CAST(value AS JSON) AS value,
        CASE WHEN kind IN ('int', 'float') THEN coalesce(number, 'NaN') END AS number, kind, origin"""
    _merge(connection, "params", latest, columns, selected)


def fold_tags(connection: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    """Merge a batch's tags into the table."""
    latest = _Latest[str]()
    for run_id, stamp, event in _stamped(batch, TagsSet):
        for key, value in event.tags.items():
            latest.put((run_id, key), stamp, value)
    _merge(connection, "tags", latest, {"value": texts(value for _, value in latest.values())}, "value")


def _stamped(batch: Batch, event_type: type[_Event]) -> Iterator[tuple[str, _Stamp, _Event]]:
    for journal, event in batch.events:
        if isinstance(event, event_type):
            name = batch.after[journal].name
            yield name.run_id, _Stamp(event.time, name.writer, event.seq), event


def _number(param: Param) -> float | None:
    """Return a number as the nearest double; an integer beyond all doubles is infinite."""
    if param.kind not in ("int", "float") or not isinstance(param.value, int | float | str):
        return None
    try:
        return float(param.value)
    except OverflowError:
        return float("inf") if isinstance(param.value, int) and param.value > 0 else float("-inf")


def _merge(
    connection: duckdb.DuckDBPyConnection, table: str, latest: _Latest[Value], columns: dict[str, Any], selected: str
) -> None:
    if not latest:
        return
    stamps = [stamp for stamp, _ in latest.values()]
    raw = columns | {
        "run_id": texts(run_id for run_id, _ in latest),
        "key": texts(key for _, key in latest),
        "time": times([stamp.time for stamp in stamps]),
        "writer": texts(stamp.writer for stamp in stamps),
        "seq": np.array([stamp.seq for stamp in stamps]),
    }
    names = [*columns, "time", "writer", "seq"]
    with registered(connection, "raw_rows", raw):
        connection.execute(
            f"""MERGE INTO {table} AS t USING
            (SELECT CAST(run_id AS UUID) AS run_id, key, {selected}, time, writer, seq FROM raw_rows) AS n
            ON t.run_id = n.run_id AND t.key = n.key
            WHEN MATCHED AND (n.time, n.writer, n.seq) > (t.time, t.writer, t.seq)
                THEN UPDATE SET {", ".join(f"{name} = n.{name}" for name in names)}
            WHEN NOT MATCHED THEN INSERT (run_id, key, {", ".join(names)})
                VALUES (n.run_id, n.key, {", ".join(f"n.{name}" for name in names)})"""
        )
