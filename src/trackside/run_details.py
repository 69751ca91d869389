"""All that a store knows of one run: what was said of it, its data and its environment, the records of its parts."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import msgspec

from trackside.errors import InputError, StoreDamagedError
from trackside.last_values import last_values
from trackside.model import Artifact, Dataset, Origin, short_id
from trackside.records import (
    ADDED_OUTPUTS,
    PARTS,
    AddedOutputs,
    Code,
    DataProfile,
    Environment,
    Kernel,
    Models,
    Modules,
    Notebook,
    Outputs,
    PartName,
    Record,
)
from trackside.store.blobs import read_blob

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    import duckdb

    from trackside.store.store import Store

_DIGEST = re.compile(r"[0-9a-f]{64}")
_Decoded = TypeVar("_Decoded", bound=msgspec.Struct)


class MetricFacts(NamedTuple):
    """How a metric came out: its last value, the least and the greatest of its finite ones, how many points it has.

    ``first_at`` is when its first point was logged, in UTC. Of a repeated cell's run the values are the mean of its
    repeats, ``runs`` is their number, and ``deviation`` their standard deviation, where it is known.
    """

    last: float
    low: float | None
    high: float | None
    points: int
    first_at: datetime
    deviation: float | None = None
    runs: int | None = None


@dataclass(frozen=True, kw_only=True)
class RunDetails:
    """One run as it was kept.

    Attributes
    ----------
    store_folder
        The store it is in, whose blobs its records refer to.
    first_name
        What the run called itself, whatever it is called now.
    params, origins
        Values as the journal has them, and where each was found.
    marks
        What was said of it afterwards, by mark.
    profiles
        What is known of its datasets beyond their identity, by their names.
    parts
        The records of its parts, of those that it has and that can be read.
    added
        What other cells put out that were added to it later, by ``%%track --into``.
    sources
        The text of the cells that its records name, by digest.
    lost
        One line about each thing that was kept and can no longer be read.
    """

    store_folder: Path
    run_id: str
    name: str
    first_name: str
    project: str
    experiment: str
    status: str
    started_at: datetime
    ended_at: datetime | None
    duration: float | None
    user: str
    host: str
    origin: str
    notebook_path: str | None
    cell_id: str | None
    cell_digest: str | None
    execution_count: int | None
    git_commit: str | None
    git_dirty: bool | None
    parent_id: str | None
    group: str | None
    source: str | None
    error: str | None
    params: Mapping[str, Any] = field(default_factory=dict)
    origins: Mapping[str, Origin] = field(default_factory=dict)
    metrics: Mapping[str, MetricFacts] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict)
    datasets: Mapping[str, Dataset] = field(default_factory=dict)
    profiles: Mapping[str, DataProfile] = field(default_factory=dict)
    artifacts: list[Artifact] = field(default_factory=list)
    environment: Environment | None = None
    parts: Mapping[PartName, Record] = field(default_factory=dict)
    added: list[AddedOutputs] = field(default_factory=list)
    sources: Mapping[str, str] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)

    @property
    def code(self) -> Code | None:
        """The code that it depends on."""
        return self._part("code", Code)

    @property
    def modules(self) -> Modules | None:
        """The modules of the user's own that it imported."""
        return self._part("modules", Modules)

    @property
    def notebook(self) -> Notebook | None:
        """The notebook as it stood."""
        return self._part("notebook", Notebook)

    @property
    def models(self) -> Models | None:
        """What it trained."""
        return self._part("model", Models)

    @property
    def kernel(self) -> Kernel | None:
        """The kernel's names at its end."""
        return self._part("kernel", Kernel)

    @property
    def outputs(self) -> Outputs | None:
        """What its cell put out."""
        return self._part("outputs", Outputs)

    def _part(self, part: PartName, kind: type[_Decoded]) -> _Decoded | None:
        record = self.parts.get(part)
        return record if isinstance(record, kind) else None


def read_details(store: Store, run_id: str) -> RunDetails:
    """Return all that is known of a run. What of it is lost is named, and costs only itself.

    Raises
    ------
    InputError
        There is no such run.
    """
    with store.read() as connection:
        tables = _read_tables(connection, store.folder, run_id)
    blobs = _Blobs(store.folder)
    digests: dict[str, str] = tables.pop("digests")
    parts = {
        part: record
        for part, kind in PARTS.items()
        if part in digests and (record := blobs.decode(digests[part], f"{part} record", kind))
    }
    added = [
        record
        for part, digest in digests.items()
        if part.startswith(ADDED_OUTPUTS) and (record := blobs.decode(digest, "record of added outputs", AddedOutputs))
    ]
    profiles = {
        name: profile
        for name, dataset in tables["datasets"].items()
        if dataset.profile and (profile := blobs.decode(dataset.profile, f"profile of {name}", DataProfile))
    }
    sources = {
        digest: text
        for digest in dict.fromkeys([*_cells_of(parts), *(each.source for each in added)])
        if (text := blobs.text(digest, "source of a cell")) is not None
    }
    return RunDetails(**tables, profiles=profiles, parts=parts, added=added, sources=sources, lost=blobs.lost)


class _Blobs:
    """A store's blobs, as far as they can be read; ``lost`` says what could not."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.lost: list[str] = []

    def decode(self, digest: str, what: str, kind: type[_Decoded]) -> _Decoded | None:
        content = self._read(digest, what)
        if content is None:
            return None
        try:
            return msgspec.json.decode(content, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            self.lost.append(f"the {what} ({digest[:12]}…) is no such record: {error}")
            return None

    def text(self, digest: str, what: str) -> str | None:
        content = self._read(digest, what)
        return None if content is None else content.decode("utf-8", "replace")

    def _read(self, digest: str, what: str) -> bytes | None:
        content = read_kept(self._folder, digest)
        if content is None:
            self.lost.append(f"the {what} ({digest[:12]}…) is missing from the store or damaged")
        return content


def read_kept(folder: Path, digest: str) -> bytes | None:
    """Return the bytes that a record refers to; None where they are lost, or what it says is no digest."""
    if not _DIGEST.fullmatch(digest):
        return None
    try:
        return read_blob(folder, digest)
    except StoreDamagedError:
        return None


def _cells_of(parts: Mapping[PartName, Record]) -> Iterator[str]:
    """Yield the digests of the cells that records name, each once."""
    named = [cell.sha256 for part in parts.values() if isinstance(part, (Code, Notebook)) for cell in part.cells]
    yield from dict.fromkeys(named)


def _read_tables(connection: duckdb.DuckDBPyConnection, folder: Path, run_id: str) -> dict[str, Any]:
    own = _rows(
        connection,
        """SELECT CAST(run_id AS VARCHAR) AS run_id, name, first_name, project, experiment, status,
            started_at, ended_at, coalesce(active, epoch(last_at) - epoch(started_at)) AS duration, "user", host,
            origin, notebook AS notebook_path, cell_id, cell_digest, execution_count, git_commit, git_dirty,
            CAST(parent_id AS VARCHAR) AS parent_id, "group", source, error, environment_digest
        FROM named_runs WHERE run_id = ?""",
        run_id,
    )
    if not own:
        raise InputError(f"No run {short_id(run_id)} in {folder}; expected one of `ts.runs()`; name another.")
    digest = own[0].pop("environment_digest")
    params = _rows(
        connection,
        "SELECT key, CAST(value AS VARCHAR) AS value, origin FROM params WHERE run_id = ? ORDER BY key",
        run_id,
    )
    return own[0] | {
        "store_folder": folder,
        "params": {row["key"]: json.loads(row["value"]) for row in params},
        "origins": {row["key"]: row["origin"] for row in params},
        "metrics": _metrics(connection, run_id),
        "tags": _pairs(connection, "SELECT key, value FROM current_tags WHERE run_id = ? ORDER BY key", run_id),
        "marks": _pairs(
            connection, "SELECT mark, value FROM marks WHERE run_id = ? AND value IS NOT NULL ORDER BY mark", run_id
        ),
        "datasets": _datasets(connection, run_id),
        "artifacts": _artifacts(connection, run_id),
        "digests": _pairs(connection, "SELECT part, digest FROM parts WHERE run_id = ? ORDER BY part", run_id),
        "environment": _environment(connection, digest),
    }


def _metrics(connection: duckdb.DuckDBPyConnection, run_id: str) -> dict[str, MetricFacts]:
    rows = connection.execute(
        f"""SELECT key, last, low, high, points, first_time, deviation, runs
        FROM ({last_values("SELECT CAST(? AS UUID) AS run_id")}) ORDER BY key""",  # noqa: S608 - our own SQL
        [run_id],
    ).fetchall()
    return {key: MetricFacts(*facts) for key, *facts in rows}


def _datasets(connection: duckdb.DuckDBPyConnection, run_id: str) -> dict[str, Dataset]:
    rows = _rows(
        connection,
        """SELECT name, kind, shape, role, digest, coalesce(sampled, false) AS sampled, memory, source, version, profile
        FROM datasets WHERE run_id = ? ORDER BY name""",
        run_id,
    )
    return {row["name"]: Dataset(**row) for row in rows}


def _artifacts(connection: duckdb.DuckDBPyConnection, run_id: str) -> list[Artifact]:
    rows = _rows(
        connection,
        """SELECT name, kind, mime, bytes, sha256, step, CAST(about AS VARCHAR) AS about
        FROM artifacts WHERE run_id = ? ORDER BY name, step NULLS FIRST""",
        run_id,
    )
    return [Artifact(**(row | {"about": json.loads(row["about"] or "{}")})) for row in rows]


def _environment(connection: duckdb.DuckDBPyConnection, digest: str | None) -> Environment | None:
    row = connection.execute("SELECT CAST(content AS VARCHAR) FROM environments WHERE digest = ?", [digest]).fetchone()
    return msgspec.json.decode(row[0], type=Environment) if row else None


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, run_id: str) -> list[dict[str, Any]]:
    found = connection.execute(sql, [run_id])
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _pairs(connection: duckdb.DuckDBPyConnection, sql: str, run_id: str) -> dict[Any, Any]:
    return dict(connection.execute(sql, [run_id]).fetchall())
