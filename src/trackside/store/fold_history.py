"""Puts into the tables what is kept for good: each time that something was decided is a row of its own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from trackside.model import FORCED_MARK, Decided, Marked, Reviewed, is_run_id
from trackside.store.columns import registered, texts, times
from trackside.store.fold_latest import stamped
from trackside.store.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from trackside.store.batch import Batch
    from trackside.store.fold_latest import Stamp


def fold_baselines(connection: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    """Add what a batch decides about baselines."""
    rows = [
        (stamp, (event.project, event.experiment, event.key, event.value, event.by, event.why))
        for _, stamp, event in stamped(batch, Decided)
        if event.subject == "baseline" and (event.value is None or is_run_id(event.value))
    ]
    _append(connection, "baselines", rows)


def fold_run_decisions(connection: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    """Add what a batch decides about runs."""
    rows = [
        (stamp, (run_id, event.marks["decision"], event.by, event.why))
        for _, stamp, event in stamped(batch, Marked)
        if event.marks.get("decision")
        for run_id in dict.fromkeys(event.run_ids)
        if is_run_id(run_id)
    ]
    _append(connection, "run_decisions", rows)


def fold_forced_checks(connection: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    """Add the checks that judged runs although not comparable."""
    rows = [
        (stamp, (run_id, mark.removeprefix(FORCED_MARK), outcome, event.by, event.why))
        for _, stamp, event in stamped(batch, Marked)
        for mark, outcome in event.marks.items()
        if mark.startswith(FORCED_MARK) and outcome
        for run_id in dict.fromkeys(event.run_ids)
        if is_run_id(run_id)
    ]
    _append(connection, "forced_checks", rows)


def fold_reviews(connection: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    """Add the reviews of a batch, and their runs."""
    said = [(stamp, event) for _, stamp, event in stamped(batch, Reviewed) if is_run_id(event.review_id)]
    reviews = [
        (
            stamp,
            (
                event.review_id,
                *(_spell_time(seconds) for seconds in (event.since, event.until)),
                msgspec.json.encode(event.experiments).decode(),
                str(len(event.run_ids)),
                event.by,
                event.why,
            ),
        )
        for stamp, event in said
    ]
    runs = [
        (stamp, (run_id, event.review_id, event.by))
        for stamp, event in said
        for run_id in dict.fromkeys(event.run_ids)
        if is_run_id(run_id)
    ]
    _append(connection, "reviews", reviews)
    _append(connection, "reviewed_runs", runs)


def _spell_time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _append(
    connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[tuple[Stamp, tuple[str | None, ...]]]
) -> None:
    """Add rows to a table: their values in the order of its columns, the last of which are the stamp."""
    if not rows:
        return
    stamps, said = zip(*rows, strict=True)
    names = list(TABLES[table])
    raw = {name: texts(values) for name, values in zip(names[:-3], zip(*said, strict=True), strict=True)} | {
        "time": times([stamp.time for stamp in stamps]),
        "writer": texts(stamp.writer for stamp in stamps),
        "seq": np.array([stamp.seq for stamp in stamps]),
    }
    selected = ", ".join(f'CAST("{name}" AS {TABLES[table][name]})' for name in names)
    with registered(connection, "raw_rows", raw):
        connection.execute(f"INSERT INTO {table} SELECT {selected} FROM raw_rows")
