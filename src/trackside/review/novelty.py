"""What no run had before a time: data by its content, environments by what changed in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from trackside.changes import ABSENT, compare_values, describe_environment
from trackside.records import Environment
from trackside.review.findings import NewData, NewEnvironment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from trackside.changes import Change
    from trackside.store.store import Store


def find_new_data(store: Store, since: datetime, run_ids: Sequence[str]) -> list[NewData]:
    """Return the data of runs whose content no run of the store had before a time, with how many of the runs read it.

    What a run around others read, they read.
    """
    with store.read() as connection:
        rows = connection.execute(
            """SELECT d.name, max(d.role), max(d.shape), d.digest, count(DISTINCT r.run_id)
            FROM datasets d JOIN runs r ON d.run_id = r.run_id OR d.run_id = r.parent_id
            WHERE r.run_id IN (SELECT CAST(unnest($run_ids) AS UUID)) AND d.digest IS NOT NULL
            AND d.digest NOT IN (SELECT digest FROM datasets JOIN runs USING (run_id)
                WHERE started_at < $since AND digest IS NOT NULL)
            GROUP BY d.name, d.digest ORDER BY min(started_at), d.name, d.digest""",
            {"since": since.replace(tzinfo=None), "run_ids": list(run_ids)},
        ).fetchall()
    return [NewData(**dict(zip(NewData.__dataclass_fields__, row, strict=True))) for row in rows]


def find_new_environments(store: Store, since: datetime, run_ids: Sequence[str]) -> list[NewEnvironment]:
    """Return the environments of runs that none of the store had before a time, each with what changed to get there."""
    with store.read() as connection:
        rows = connection.execute(
            """WITH new AS (
                SELECT environment_digest AS digest, count(*) AS runs, min(started_at) AS first_at
                FROM runs WHERE run_id IN (SELECT CAST(unnest($run_ids) AS UUID)) AND environment_digest IS NOT NULL
                AND environment_digest NOT IN (SELECT environment_digest FROM runs
                    WHERE started_at < $since AND environment_digest IS NOT NULL)
                GROUP BY environment_digest)
            SELECT digest, runs,
                (SELECT CAST(content AS VARCHAR) FROM environments e WHERE e.digest = new.digest),
                (SELECT CAST(arg_max(content, started_at) AS VARCHAR) FROM runs r
                    JOIN environments e ON e.digest = r.environment_digest WHERE r.started_at < new.first_at)
            FROM new ORDER BY first_at, digest""",
            {"since": since.replace(tzinfo=None), "run_ids": list(run_ids)},
        ).fetchall()
    return [
        NewEnvironment(digest=digest, runs=count, changes=_tell_changes(now, before))
        for digest, count, now, before in rows
    ]


def _tell_changes(now: str | None, before: str | None) -> list[str]:
    if now is None or before is None:
        return []
    described = (describe_environment(msgspec.json.decode(text, type=Environment)) for text in (before, now))
    return [_tell(change) for change in compare_values(*described)]


def _tell(change: Change) -> str:
    if change.before is ABSENT:
        return f"{change.name} {change.now} is new"
    return (
        f"{change.name} {change.before} is gone"
        if change.now is ABSENT
        else f"{change.name} {change.before} → {change.now}"
    )
