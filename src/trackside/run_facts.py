"""What a run of a cell began from and came to: what the next one is compared with."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from trackside.model import Dataset
from trackside.records import Environment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trackside.store.store import Store


@dataclass(frozen=True, kw_only=True)
class RunFacts:
    """One run of a cell. ``params`` are values as the journal has them; ``datasets`` and ``packages`` go by name."""

    source: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, float | str] = field(default_factory=dict)
    datasets: Mapping[str, Dataset] = field(default_factory=dict)
    environment: Environment | None = None


def read_last_runs(store: Store, experiment: tuple[str, str], notebook: str) -> dict[str, RunFacts]:
    """Return the last run of each cell of a notebook, by the cell's id, or its digest where it has none.

    The experiment is given as project and name.

    Runs that failed, and those of which nothing is known but that they began, do not count.
    """
    with store.read() as connection:
        connection.execute(
            """CREATE TEMP TABLE newest AS
            SELECT run_id, source, environment_digest, coalesce(cell_id, cell_digest) AS cell FROM runs
            WHERE project = ? AND experiment = ? AND notebook = ? AND origin = 'notebook' AND status = 'finished'
            QUALIFY row_number() OVER (PARTITION BY coalesce(cell_id, cell_digest) ORDER BY started_at DESC) = 1""",
            [*experiment, notebook],
        )

        def per_run(sql: str) -> dict[str, dict[str, Any]]:
            grouped: dict[str, dict[str, Any]] = {}
            for run_id, key, *values in connection.execute(sql).fetchall():
                grouped.setdefault(str(run_id), {})[str(key)] = values if len(values) > 1 else values[0]
            return grouped

        runs = connection.execute("SELECT run_id, source, cell, environment_digest FROM newest").fetchall()
        params = per_run("SELECT run_id, key, CAST(value AS VARCHAR) FROM params JOIN newest USING (run_id)")
        metrics = per_run(
            """SELECT run_id, key, arg_max(last, last_time) FROM summaries JOIN newest USING (run_id)
            WHERE NOT starts_with(key, 'system/') GROUP BY ALL"""
        )
        datasets = per_run("SELECT run_id, name, kind, shape, digest, sampled FROM datasets JOIN newest USING (run_id)")
        environments = dict(
            connection.execute(
                """SELECT digest, CAST(content AS VARCHAR) FROM environments
                WHERE digest IN (SELECT environment_digest FROM newest)"""
            ).fetchall()
        )
    return {
        cell: RunFacts(
            source=source,
            params={key: json.loads(value) for key, value in params.get(str(run_id), {}).items()},
            metrics=metrics.get(str(run_id), {}),
            datasets={
                name: Dataset(name=name, kind=kind, shape=shape, digest=digest, sampled=bool(sampled))
                for name, (kind, shape, digest, sampled) in datasets.get(str(run_id), {}).items()
            },
            environment=_environment(environments.get(digest)),
        )
        for run_id, source, cell, digest in runs
    }


def _environment(content: str | None) -> Environment | None:
    return msgspec.json.decode(content, type=Environment) if content else None
