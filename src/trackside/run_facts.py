"""What a run of a cell began from and came to: what the next one is compared with."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from trackside.errors import StoreDamagedError
from trackside.last_values import last_values
from trackside.locks import host_name
from trackside.model import Dataset
from trackside.records import Code, Environment, Modules
from trackside.store.blobs import read_blob

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

    from trackside.records import Record
    from trackside.store.store import Store


@dataclass(frozen=True, kw_only=True)
class RunFacts:
    """One run of a cell. ``params`` are values as the journal has them; ``datasets`` and ``packages`` go by name.

    ``parts`` are what is known of the code around the cell, as far as it is; of a run that has just ended it may grow.
    """

    source: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, float | str] = field(default_factory=dict)
    datasets: Mapping[str, Dataset] = field(default_factory=dict)
    environment: Environment | None = None
    parts: Mapping[str, Record] = field(default_factory=dict)


def read_last_runs(store: Store, experiment: tuple[str, str], notebook: Path) -> dict[str, RunFacts]:
    """Return the last run of each cell of a notebook, by the cell's id, or its digest where it has none.

    The experiment is given as project and name. Cells that ran on this machine in a notebook that is there no longer
    are those of this one where they have the same ids: it was renamed.

    Runs that failed, those that a cell began by ``ts.run``, and those of which nothing is known but that they began, do
    not count.
    """
    with store.read() as connection:
        former = _find_former(connection, experiment, notebook)
        connection.execute(
            """CREATE TEMP TABLE newest AS
            SELECT run_id, source, environment_digest, coalesce(cell_id, cell_digest) AS cell FROM runs
            WHERE project = ? AND origin = 'notebook' AND status = 'finished' AND cell_digest IS NOT NULL AND (
                (experiment = ? AND notebook = ?)
                OR (cell_id IS NOT NULL AND host = ? AND list_contains(CAST(? AS VARCHAR[][]), [notebook, experiment])))
            QUALIFY row_number() OVER (PARTITION BY coalesce(cell_id, cell_digest) ORDER BY started_at DESC) = 1""",
            [*experiment, str(notebook), host_name(), former],
        )

        def per_run(sql: str) -> dict[str, dict[str, Any]]:
            grouped: dict[str, dict[str, Any]] = {}
            for run_id, key, *values in connection.execute(sql).fetchall():
                grouped.setdefault(str(run_id), {})[str(key)] = values if len(values) > 1 else values[0]
            return grouped

        runs = connection.execute("SELECT run_id, source, cell, environment_digest FROM newest").fetchall()
        params = per_run("SELECT run_id, key, CAST(value AS VARCHAR) FROM params JOIN newest USING (run_id)")
        metrics = per_run(
            f"""SELECT run_id, key, last FROM ({last_values("SELECT run_id FROM newest")})
            WHERE NOT starts_with(key, 'system/')"""  # noqa: S608 - our own SQL
        )
        parts = per_run("SELECT run_id, part, digest FROM parts JOIN newest USING (run_id)")
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
            parts=_read_parts(store, parts.get(str(run_id), {})),
        )
        for run_id, source, cell, digest in runs
    }


def _find_former(connection: duckdb.DuckDBPyConnection, experiment: tuple[str, str], notebook: Path) -> list[list[str]]:
    """Return the notebooks that are gone from this machine, each with the experiment that stands for this one."""
    found = connection.execute(
        """SELECT DISTINCT notebook, experiment FROM runs
        WHERE project = ? AND origin = 'notebook' AND host = ? AND notebook <> ?""",
        [experiment[0], host_name(), str(notebook)],
    ).fetchall()
    is_own = _names_experiment(notebook, experiment[1])
    return [
        [other, its]
        for other, its in found
        if (its == experiment[1] or (is_own and _names_experiment(Path(other), its))) and _is_gone(other)
    ]


def find_former_experiments(store: Store, experiment: tuple[str, str], notebook: Path) -> list[str]:
    """Return the experiments of a notebook's former names, the last one first.

    They are known by the notebook's cells, which have run in a notebook that is gone.
    """
    with store.read() as connection:
        former = [[other, its] for other, its in _find_former(connection, experiment, notebook) if its != experiment[1]]
        cells = _list_cells(notebook) if former else []
        if not cells:
            return []
        found = connection.execute(
            """SELECT experiment FROM runs
            WHERE project = ? AND host = ? AND list_contains(CAST(? AS VARCHAR[][]), [notebook, experiment])
            AND list_contains(CAST(? AS VARCHAR[]), cell_id) GROUP BY experiment ORDER BY max(started_at) DESC""",
            [experiment[0], host_name(), former, cells],
        ).fetchall()
    return [str(name) for (name,) in found]


def _list_cells(notebook: Path) -> list[str]:
    """Return the ids of a notebook's cells, as far as it can be read."""
    try:
        return [str(cell["id"]) for cell in json.loads(notebook.read_bytes())["cells"] if "id" in cell]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _names_experiment(notebook: Path, experiment: str) -> bool:
    """Tell whether an experiment goes by a notebook's own name."""
    return f"/{notebook.with_suffix('').as_posix()}".endswith(f"/{experiment}")


def _is_gone(file: str) -> bool:
    try:
        os.lstat(file)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError):  # in a folder that may not be looked into, or no path at all
        return False
    return False


def _read_parts(store: Store, digests: Mapping[str, str]) -> dict[str, Record]:
    """Return the records of the code around a cell; one that is lost is not compared."""
    found: dict[str, Record] = {}
    for part, kind in (("code", Code), ("modules", Modules)):
        with suppress(StoreDamagedError, msgspec.DecodeError):
            if part in digests:
                found[part] = msgspec.json.decode(read_blob(store.folder, digests[part]), type=kind)
    return found


def _environment(content: str | None) -> Environment | None:
    return msgspec.json.decode(content, type=Environment) if content else None
