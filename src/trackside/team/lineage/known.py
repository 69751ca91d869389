"""What a store knows of how runs hang together: their data, what of it other runs made, what was registered of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from trackside.capture.data.digests import DIGITS, SCHEME
from trackside.model import Dataset
from trackside.records import Code
from trackside.run_details import read_kept
from trackside.run_diff.cells import label_cell

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    import duckdb

    from trackside.store.store import Store

_MOST_CODE = 60
_MOST_CELLS = 20

MAX_GENERATIONS = 20
"""How far runs that loaded what others made are followed."""


@dataclass(frozen=True, kw_only=True)
class KnownRun:
    """One run, as far as lineage tells of it."""

    run_id: str
    name: str
    status: str
    started_at: datetime
    experiment: str
    notebook: str | None
    cell_digest: str | None
    execution_count: int | None
    source: str | None
    parent_id: str | None
    cells: tuple[str, ...] = ()
    """The cells that its own depends on, in words, those that ran last first; of runs beyond the first few none."""


@dataclass(frozen=True, kw_only=True)
class KnownVersion:
    """One version of a model."""

    model: str
    version: int
    run_id: str
    stage: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """Data of a run that is an artifact of another: the bytes are the same."""

    by: str
    name: str
    of: str
    artifact: str


@dataclass
class Known:
    """All that is known of some runs; runs in the order of their beginning, newest first."""

    runs: dict[str, KnownRun] = field(default_factory=dict)
    datasets: dict[str, list[Dataset]] = field(default_factory=dict)
    versions: dict[str, list[KnownVersion]] = field(default_factory=dict)
    loaded: list[Loaded] = field(default_factory=list)


def read_known(store: Store, run_ids: Iterable[str]) -> Known:
    """Return what is known of runs."""
    wanted = [sorted(set(run_ids))]
    with store.read() as connection:
        return Known(
            runs=_runs(store, connection, wanted),
            datasets=_datasets(connection, wanted),
            versions=_versions(connection, wanted),
            loaded=_loaded(connection, wanted),
        )


def related_runs(store: Store, run_ids: Collection[str]) -> list[str]:
    """Return runs with those whose artifacts they loaded, those that loaded theirs, and so on, and the runs around."""
    with store.read() as connection:
        links = _links(connection)
        above, below = _followed(run_ids, links), _followed(run_ids, [(of, by) for by, of in links])
        found = list(dict.fromkeys([*run_ids, *above, *below]))
        parents = connection.execute(
            """SELECT DISTINCT CAST(parent_id AS VARCHAR) FROM runs
            WHERE parent_id IS NOT NULL AND run_id IN (SELECT CAST(unnest(?) AS UUID))""",
            [found],
        ).fetchall()
    return list(dict.fromkeys([*found, *(str(parent) for (parent,) in parents)]))


def runs_below(store: Store, run_ids: Collection[str]) -> dict[str, str]:
    """Return the runs that loaded what runs made, and what was made of that; each with the one it loaded it from."""
    with store.read() as connection:
        links = _links(connection)
    found: dict[str, str] = {}
    reached = set(run_ids)
    for _ in range(MAX_GENERATIONS):
        new = {by: of for by, of in links if of in reached and by not in reached}
        if not new:
            break
        found |= new
        reached |= new.keys()
    return found


def _followed(run_ids: Collection[str], links: Iterable[tuple[str, str]]) -> list[str]:
    targets: dict[str, list[str]] = defaultdict(list)
    for start, end in links:
        targets[start].append(end)
    reached = dict.fromkeys(run_ids)
    edge = list(reached)
    for _ in range(MAX_GENERATIONS):
        edge = [end for start in edge for end in targets[start] if end not in reached]
        reached |= dict.fromkeys(edge)
    return list(reached)


_LOADED = f"""
    SELECT DISTINCT CAST(d.run_id AS VARCHAR), d.name, CAST(a.run_id AS VARCHAR), a.name
    FROM datasets d JOIN artifacts a
        ON d.digest = '{SCHEME}:' || left(a.sha256, {DIGITS}) AND NOT coalesce(d.sampled, false)
        AND a.run_id <> d.run_id AND a.time <= d.time
"""  # noqa: S608 - made of constants
"""Data that is what an artifact is, byte by byte, and was so before."""


def _links(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return [(by, of) for by, _, of, _ in connection.execute(_LOADED).fetchall()]


def _loaded(connection: duckdb.DuckDBPyConnection, wanted: list[Any]) -> list[Loaded]:
    rows = connection.execute(
        f"{_LOADED} WHERE d.run_id IN (SELECT CAST(unnest($1) AS UUID))"
        " AND a.run_id IN (SELECT CAST(unnest($1) AS UUID)) ORDER BY ALL",
        wanted,
    ).fetchall()
    return [Loaded(by=by, name=name, of=of, artifact=artifact) for by, name, of, artifact in rows]


def _runs(store: Store, connection: duckdb.DuckDBPyConnection, wanted: list[Any]) -> dict[str, KnownRun]:
    rows = connection.execute(
        """SELECT CAST(r.run_id AS VARCHAR), name, status, started_at, experiment, notebook, cell_digest,
            execution_count, source, CAST(parent_id AS VARCHAR), p.digest
        FROM named_runs r LEFT JOIN parts p ON p.run_id = r.run_id AND p.part = 'code'
        WHERE r.run_id IN (SELECT CAST(unnest(?) AS UUID)) ORDER BY started_at DESC, r.run_id DESC""",
        wanted,
    ).fetchall()
    found: dict[str, KnownRun] = {}
    for row in rows:
        cells = _cells_before(store, row[-1]) if len(found) < _MOST_CODE and row[-1] else ()
        found[row[0]] = KnownRun(**dict(zip(KnownRun.__dataclass_fields__, (*row[:-1], cells), strict=True)))
    return found


def _cells_before(store: Store, digest: str) -> tuple[str, ...]:
    """Return the cells that a run's own depends on, in words; none where its record is lost."""
    record = read_kept(store.folder, digest)
    try:
        code = msgspec.json.decode(record or b"{}", type=Code)
    except msgspec.DecodeError:
        return ()
    shown = code.cells[:-1][::-1][:_MOST_CELLS]
    texts = [read_kept(store.folder, cell.sha256) for cell in shown]
    return tuple(
        label_cell(None if text is None else text.decode("utf-8", "replace"), cell.execution_count)
        for cell, text in zip(shown, texts, strict=True)
    )


def _datasets(connection: duckdb.DuckDBPyConnection, wanted: list[Any]) -> dict[str, list[Dataset]]:
    names = list(Dataset.__struct_fields__)
    rows = connection.execute(
        f"SELECT CAST(run_id AS VARCHAR), {', '.join(names)} FROM datasets"  # noqa: S608 - names of columns
        " WHERE run_id IN (SELECT CAST(unnest(?) AS UUID)) ORDER BY name",
        wanted,
    ).fetchall()
    found: dict[str, list[Dataset]] = defaultdict(list)
    for run_id, *values in rows:
        fields = dict(zip(names, values, strict=True))
        found[run_id].append(Dataset(**fields | {"sampled": bool(fields["sampled"])}))
    return found


def _versions(connection: duckdb.DuckDBPyConnection, wanted: list[Any]) -> dict[str, list[KnownVersion]]:
    rows = connection.execute(
        """SELECT v.model, v.version, CAST(v.run_id AS VARCHAR), stage, list(alias ORDER BY alias)
            FILTER (alias IS NOT NULL)
        FROM model_versions v LEFT JOIN model_aliases a ON a.model = v.model AND a.version = v.version
        WHERE v.run_id IN (SELECT CAST(unnest(?) AS UUID)) GROUP BY ALL ORDER BY v.model, v.version""",
        wanted,
    ).fetchall()
    found: dict[str, list[KnownVersion]] = defaultdict(list)
    for model, version, run_id, stage, aliases in rows:
        found[run_id].append(
            KnownVersion(model=model, version=version, run_id=run_id, stage=stage, aliases=tuple(aliases or ()))
        )
    return found
