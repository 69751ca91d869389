"""What no run had before a time: data by its content, environments by what changed in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from trackside.changes import ABSENT, compare_values, describe_environment
from trackside.records import Environment
from trackside.review.findings import NewData, NewEnvironment

if TYPE_CHECKING:
    from datetime import datetime

    from trackside.changes import Change
    from trackside.store.store import Store

_IN_PERIOD = "started_at >= $since AND started_at < $until AND ($experiment IS NULL OR experiment = $experiment)"


def find_new_data(store: Store, since: datetime, until: datetime, experiment: str | None) -> list[NewData]:
    """Return the data whose content no run of the store had before."""
    with store.read() as connection:
        rows = connection.execute(
            f"""SELECT d.name, max(d.role), max(d.shape), d.digest, count(DISTINCT d.run_id)
            FROM datasets d JOIN runs USING (run_id) WHERE {_IN_PERIOD} AND d.digest IS NOT NULL
            AND d.digest NOT IN (SELECT digest FROM datasets JOIN runs USING (run_id)
                WHERE started_at < $since AND digest IS NOT NULL)
            GROUP BY d.name, d.digest ORDER BY min(started_at), d.name, d.digest""",  # noqa: S608 - a constant
            _asked(since, until, experiment),
        ).fetchall()
    return [NewData(**dict(zip(NewData.__dataclass_fields__, row, strict=True))) for row in rows]


def find_new_environments(
    store: Store, since: datetime, until: datetime, experiment: str | None
) -> list[NewEnvironment]:
    """Return the environments that no run of the store had before, each with what changed since the one before it."""
    with store.read() as connection:
        rows = connection.execute(
            f"""WITH new AS (
                SELECT environment_digest AS digest, count(*) AS runs, min(started_at) AS first_at
                FROM runs WHERE {_IN_PERIOD} AND environment_digest IS NOT NULL
                AND environment_digest NOT IN (SELECT environment_digest FROM runs
                    WHERE started_at < $since AND environment_digest IS NOT NULL)
                GROUP BY environment_digest)
            SELECT digest, runs,
                (SELECT CAST(content AS VARCHAR) FROM environments e WHERE e.digest = new.digest),
                (SELECT CAST(arg_max(content, started_at) AS VARCHAR) FROM runs r
                    JOIN environments e ON e.digest = r.environment_digest WHERE r.started_at < new.first_at)
            FROM new ORDER BY first_at, digest""",  # noqa: S608 - a constant
            _asked(since, until, experiment),
        ).fetchall()
    return [
        NewEnvironment(digest=digest, runs=count, changes=_tell_changes(now, before))
        for digest, count, now, before in rows
    ]


def _asked(since: datetime, until: datetime, experiment: str | None) -> dict[str, object]:
    return {"since": since.replace(tzinfo=None), "until": until.replace(tzinfo=None), "experiment": experiment}


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
