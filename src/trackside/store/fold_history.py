"""Puts into the tables what is kept for good: each time that something was decided is a row of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from trackside.model import FORCED_MARK, Decided, Marked, Reviewed, is_run_id
from trackside.store.fold_latest import stamped
from trackside.store.rows import insert_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    from trackside.model import Statement
    from trackside.store.batch import Batch
    from trackside.store.fold_latest import Stamp


def fold_baselines(connection: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    """Add what a batch decides about baselines."""
    rows = [
        {"project": event.project, "experiment": event.experiment, "name": event.key, "run_id": event.value}
        | _said(stamp, event)
        for _, stamp, event in stamped(batch, Decided)
        if event.subject == "baseline" and (event.value is None or is_run_id(event.value))
    ]
    insert_rows(connection, "baselines", rows)


def fold_run_decisions(connection: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    """Add what a batch decides about runs."""
    rows = [
        {"run_id": run_id, "decision": event.marks["decision"]} | _said(stamp, event)
        for _, stamp, event in stamped(batch, Marked)
        if event.marks.get("decision")
        for run_id in _runs(event)
    ]
    insert_rows(connection, "run_decisions", rows)


def fold_forced_checks(connection: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    """Add the checks that judged runs although not comparable."""
    rows = [
        {"run_id": run_id, "metric": mark.removeprefix(FORCED_MARK), "outcome": outcome} | _said(stamp, event)
        for _, stamp, event in stamped(batch, Marked)
        for mark, outcome in event.marks.items()
        if mark.startswith(FORCED_MARK) and outcome
        for run_id in _runs(event)
    ]
    insert_rows(connection, "forced_checks", rows)


def fold_reviews(connection: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    """Add the reviews of a batch, and their runs."""
    said = [(stamp, event) for _, stamp, event in stamped(batch, Reviewed) if is_run_id(event.review_id)]
    reviews = [
        {
            "review_id": event.review_id,
            "since": event.since,
            "until": event.until,
            "experiments": msgspec.json.encode(event.experiments).decode(),
            "runs": len(event.run_ids),
        }
        | _said(stamp, event)
        for stamp, event in said
    ]
    runs = [
        {"run_id": run_id, "review_id": event.review_id} | _said(stamp, event)
        for stamp, event in said
        for run_id in _runs(event)
    ]
    insert_rows(connection, "reviews", reviews)
    insert_rows(connection, "reviewed_runs", runs)


def _runs(event: Marked | Reviewed) -> Iterator[str]:
    return filter(is_run_id, dict.fromkeys(event.run_ids))


def _said(stamp: Stamp, event: Statement) -> dict[str, Any]:
    """Return who said something, why, when and where."""
    return {"author": event.by, "why": event.why, **stamp._asdict()}
