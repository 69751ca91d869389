"""What a policy needs to know of a run: read from a store, or taken from a run that is live."""

from __future__ import annotations

import hashlib
from datetime import UTC
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from trackside.capture.words.names import is_seed_name
from trackside.capture.words.numbers import spell_number
from trackside.goals import is_system_metric
from trackside.last_values import last_values
from trackside.model import SEED_TAG, JSONValue, Role, Status

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    import duckdb

    from trackside.config import Settings
    from trackside.store.store import Store
    from trackside.tracking import Run

RECORD_VERSION = 1

_OF_DATA = ("name", "kind", "shape", "role", "digest", "sampled")


class RecordedData(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Data that a run used, as `trackside.model.Dataset` has it, and how it was divided and prepared."""

    name: str
    kind: str = ""
    shape: str | None = None
    role: Role | None = None
    digest: str | None = None
    sampled: bool = False
    split: dict[str, JSONValue] = {}
    prepared: str = ""


class RecordedArtifact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An artifact of a run, without its bytes."""

    name: str
    kind: str


class RunRecord(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One run, as far as policy and checks need it.

    Attributes
    ----------
    started_at
        Seconds since the epoch.
    source_digest
        Of the text of its cell, as `digest_source` gives it.
    params
        Values as the journal has them.
    metrics
        Last values; those that are not finite as texts.
    code
        What tells its cell from other code, whatever seeds stand there; None where that is not known.
    definitions
        By what metrics were computed, as `find_definition` gives it, where that is known.
    git_dirty
        Whether its code had changes that are in no commit; None where that is not known.
    is_repeated
        Whether it is a repeated cell's own, whose metrics are the means of those within it.
    cell_run, cell_name
        Of one of a repeated cell's runs that cell's own, and what that is called: rules for names are for that.
    seeds
        With how many seeds its way to train is on record: in the run, in those inside of it, or in those beside it in
        the same run. Of several ways inside of it that of the fewest seeds counts.
    goals, main
        What was decided of its metrics: which are better low and which high, and which says best.
    baselines
        The names under which its experiment holds others against it; the experiment's own baseline has an empty one.
    is_cut
        Whether some of it was left out, for want of room.
    """

    version: int = RECORD_VERSION
    run_id: str
    project: str
    experiment: str
    name: str
    status: Status
    started_at: float
    user: str = ""
    notebook: str | None = None
    cell_id: str | None = None
    source_digest: str | None = None
    code: str | None = None
    params: dict[str, JSONValue] = {}
    metrics: dict[str, float | str] = {}
    definitions: dict[str, str] = {}
    tags: dict[str, str] = {}
    datasets: list[RecordedData] = []
    artifacts: list[RecordedArtifact] = []
    git_commit: str | None = None
    git_dirty: bool | None = None
    parent_id: str | None = None
    is_repeated: bool = False
    cell_run: str | None = None
    cell_name: str | None = None
    seeds: int = 0
    goals: dict[str, Literal["min", "max"]] = {}
    main: str | None = None
    baselines: list[str] = []
    is_cut: bool = False


def read_run_records(store: Store, run_ids: Sequence[str]) -> list[RunRecord]:
    """Return the records of runs, in the order of their ids; of those that the store does not have there are none.

    A repeated cell's run has what its repeats have, as `as_group` says; these go by its name and have its tags, too.
    """
    with store.read() as connection:
        inside = connection.execute(
            """WITH wanted AS (SELECT CAST(unnest(?) AS UUID) AS id)
            SELECT CAST(parent_id AS VARCHAR), CAST(run_id AS VARCHAR), counts FROM repeats
            WHERE parent_id IN (
                SELECT parent_id FROM repeats WHERE run_id IN (FROM wanted) OR parent_id IN (FROM wanted)
            ) ORDER BY run_id""",
            [list(run_ids)],
        ).fetchall()
    whole = [*run_ids, *(run_id for parent, child, _ in inside for run_id in (parent, child))]
    records = {record.run_id: record for record in _read_own(store, list(dict.fromkeys(whole)))}
    for run_id in dict.fromkeys(parent for parent, _, _ in inside):
        counted = [records[child] for parent, child, counts in inside if parent == run_id and counts]
        records[run_id] = as_group(records[run_id], counted)
    records |= {child: as_repeat(records[child], records[parent]) for parent, child, _ in inside}
    return [records[run_id] for run_id in run_ids if run_id in records]


def as_repeat(run: RunRecord, cell: RunRecord) -> RunRecord:
    """Return the record of one of a repeated cell's runs, which has the name, tags and seeds of that cell's own."""
    tags = {**run.tags, **cell.tags}  # what was said of the cell later counts
    return msgspec.structs.replace(run, cell_run=cell.run_id, cell_name=cell.name, tags=tags, seeds=cell.seeds)


def as_group(run: RunRecord, repeats: Sequence[RunRecord]) -> RunRecord:
    """Return the record of a repeated cell's run: what all of its repeats have, it has, and what they have as the last.

    Its metrics are its own, else their means; its seeds are those of the repeats that count, and of no others.
    """
    if not repeats:
        return msgspec.structs.replace(run, seeds=0) if run.is_repeated else run
    *_, last = repeats

    def common(name: str) -> list[Any]:
        return [each for each in getattr(last, name) if all(_names(each, getattr(other, name)) for other in repeats)]

    seeds = {spell_seeds(each.params, find_seeds(each)) for each in repeats} - {""}
    metrics = {key: [float(other.metrics[key]) for other in repeats if key in other.metrics] for key in last.metrics}
    means = {key: spell_number(sum(values) / len(values)) for key, values in metrics.items()}
    return msgspec.structs.replace(
        run,
        params={**{key: last.params[key] for key in common("params")}, **run.params},
        metrics={**means, **run.metrics},
        tags={key: last.tags[key] for key in (SEED_TAG,) if key in last.tags} | run.tags,
        datasets=list({each.name: each for each in (*common("datasets"), *run.datasets)}.values()),
        artifacts=[*run.artifacts, *(each for each in common("artifacts") if each not in run.artifacts)],
        seeds=len(seeds),
    )


def _names(one: Any, others: Iterable[Any]) -> bool:
    """Tell whether something of the name of one, or a key, is among others."""
    return any(getattr(one, "name", one) == getattr(each, "name", each) for each in others)


def _read_own(store: Store, run_ids: list[str]) -> list[RunRecord]:
    with store.read() as connection:
        found = _read_runs(connection, run_ids)
        params = _grouped(connection, "SELECT run_id, key, CAST(value AS VARCHAR) FROM params", run_ids)
        connection.execute("CREATE OR REPLACE TEMP TABLE wanted AS SELECT CAST(unnest(?) AS UUID) AS run_id", [run_ids])
        values = last_values("SELECT run_id FROM wanted")
        metrics = _grouped(connection, f"SELECT run_id, key, last FROM ({values})", run_ids)
        tags = _grouped(connection, "SELECT run_id, key, value FROM current_tags", run_ids)
        datasets = _grouped(
            connection,
            f"SELECT run_id, {', '.join(_OF_DATA[:-1])}, coalesce(sampled, false) FROM datasets",
            run_ids,
        )
        artifacts = _grouped(connection, "SELECT run_id, name, kind FROM artifacts", run_ids)
        families = _read_families(connection, list(run_ids))
    return [
        RunRecord(
            **found[run_id],
            params={key: msgspec.json.decode(value) for key, value in params.get(run_id, ())},
            metrics={key: spell_number(last) for key, last in metrics.get(run_id, ()) if not is_system_metric(key)},
            tags=dict(tags.get(run_id, ())),
            datasets=[RecordedData(**dict(zip(_OF_DATA, row, strict=True))) for row in datasets.get(run_id, ())],
            artifacts=[
                RecordedArtifact(name=name, kind=kind) for name, kind in dict.fromkeys(artifacts.get(run_id, ()))
            ],
            seeds=families.get(run_id, 0),
        )
        for run_id in run_ids
        if run_id in found
    ]


def record_live(
    run: Run, settings: Settings, repeats: Sequence[Run] = (), recorded: Sequence[RunRecord] = ()
) -> RunRecord:
    """Return the record of a run of this process, as far as it is known now.

    Parameters
    ----------
    repeats, recorded
        Of a repeated cell's run those within it that ended well in this process, and the records of all that other
        processes made before them.
    """
    counted = [each for each in recorded if each.status == "finished"]
    return as_group(_record_own(run, settings), [*counted, *(_record_own(each, settings) for each in repeats)])


def _record_own(run: Run, settings: Settings) -> RunRecord:
    params = {key: param.value for key, param in run.params.items()}
    return RunRecord(
        run_id=run.id,
        project=settings.project,
        experiment=run.experiment,
        name=run.name,
        status=run.status,
        started_at=run.started_at,
        user=settings.user,
        params=params,
        metrics={key: value for key, value in run.latest.items() if not is_system_metric(key)},
        tags=dict(run.tags),
        datasets=[RecordedData(**{name: getattr(each, name) for name in _OF_DATA}) for each in run.datasets.values()],
        artifacts=[
            RecordedArtifact(name=name, kind=kind)
            for name, kind in dict.fromkeys((each.name, each.kind) for each in run.artifacts.values())
        ],
        git_commit=run.recording.git_commit,
        git_dirty=run.recording.git_dirty,
        parent_id=run.parent_id,
        is_repeated=run.is_repeated,
        seeds=max(count_seeds([params]).values()),
    )


def digest_source(source: str) -> str:
    """Return the SHA-256 of a cell's text as a run keeps it, in hexadecimal."""
    return hashlib.sha256(source.strip().encode("utf-8", "surrogatepass")).hexdigest()


def count_seeds(runs: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Return with how many seeds each way to train was run, by the params of the runs.

    Examples
    --------
    >>> list(count_seeds([{"lr": 1, "seed": 0}, {"lr": 1, "seed": 1}, {"lr": 2, "seed": 0}, {"lr": 3}]).values())
    [2, 1, 0]
    """
    ways: dict[str, set[str]] = {}
    for params in runs:
        ways.setdefault(spell_way(params), set()).update(filter(None, [spell_seeds(params)]))
    return {way: len(seeds) for way, seeds in ways.items()}


def spell_way(params: Mapping[str, Any]) -> str:
    """Return what tells one way to train from another, as a text: the params of a run that are no seeds."""
    return repr(sorted((key, value) for key, value in params.items() if not is_seed_name(key)))


def find_seeds(run: RunRecord) -> list[str]:
    """Return the params that are seeds, by their names or because the run says so."""
    return [*_pick_seeds(run.params, run.tags.get(SEED_TAG, "").split(","))]


def spell_seeds(params: Mapping[str, Any], said: Collection[str] = ()) -> str:
    """Return the seeds of a run as a text, also those that it says are; an empty one where none is on record."""
    seeds = _pick_seeds(params, said)
    return repr(seeds) if seeds else ""


def _pick_seeds(params: Mapping[str, Any], said: Collection[str]) -> dict[str, Any]:
    return {
        key: value
        for key, value in sorted(params.items())
        if value is not None and (is_seed_name(key) or key in said or key.rpartition(".")[2] in said)
    }


def _read_runs(connection: duckdb.DuckDBPyConnection, run_ids: list[str]) -> dict[str, dict[str, Any]]:
    rows = connection.execute(
        """SELECT CAST(run_id AS VARCHAR) AS run_id, project, experiment, name, status, started_at, "user",
            notebook, cell_id, source, git_commit, git_dirty, CAST(parent_id AS VARCHAR) AS parent_id,
            coalesce(is_repeated, false) AS is_repeated
        FROM named_runs WHERE run_id IN (SELECT CAST(unnest(?) AS UUID))""",
        [run_ids],
    )
    names = [column[0] for column in rows.description or ()]
    found: dict[str, dict[str, Any]] = {}
    for row in rows.fetchall():
        each = dict(zip(names, row, strict=True))
        source = each.pop("source")
        each["source_digest"] = digest_source(source) if source and each["notebook"] else None
        found[each["run_id"]] = each | {"started_at": each["started_at"].replace(tzinfo=UTC).timestamp()}
    return found


def _grouped(
    connection: duckdb.DuckDBPyConnection, select: str, run_ids: Sequence[str], group: str = ""
) -> dict[str, list[Any]]:
    """Return the rows of each run, without its id, ordered by their first column."""
    rows = connection.execute(
        f"SELECT CAST(run_id AS VARCHAR), * EXCLUDE run_id FROM ({select} "
        f"WHERE run_id IN (SELECT CAST(unnest(?) AS UUID)) {group}) ORDER BY 2",
        [list(run_ids)],
    ).fetchall()
    grouped: dict[str, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row[0], []).append(row[1:])
    return grouped


def _read_families(connection: duckdb.DuckDBPyConnection, run_ids: list[str]) -> dict[str, int]:
    """Return how many seeds are on record of each run: of those inside of it, else of those beside it, else its own.

    They count for each way to train; of a run with several inside of it the way with the fewest counts, of those that
    have seeds.
    """
    families = dict(
        connection.execute(
            """SELECT CAST(run_id AS VARCHAR), CAST(CASE WHEN run_id IN (
                SELECT parent_id FROM runs WHERE parent_id IS NOT NULL) THEN run_id ELSE coalesce(parent_id, run_id) END
                AS VARCHAR) FROM runs WHERE run_id IN (SELECT CAST(unnest(?) AS UUID))""",
            [run_ids],
        ).fetchall()
    )
    rows = connection.execute(
        """WITH families AS (SELECT CAST(unnest(?) AS UUID) AS family),
        members AS (
            SELECT family, run_id FROM families JOIN runs ON parent_id = family
            UNION ALL SELECT family, family FROM families
            WHERE family NOT IN (SELECT parent_id FROM runs WHERE parent_id IS NOT NULL))
        SELECT CAST(family AS VARCHAR), CAST(run_id AS VARCHAR), key, CAST(value AS VARCHAR)
        FROM members JOIN params USING (run_id)""",
        [list(dict.fromkeys(families.values()))],
    ).fetchall()
    members: dict[str, dict[str, dict[str, Any]]] = {}
    for family, member, key, value in rows:
        members.setdefault(family, {}).setdefault(member, {})[key] = msgspec.json.decode(value)
    seeds = {family: count_seeds(its.values()) for family, its in members.items()}

    def count(run_id: str, family: str) -> int:
        ways = seeds.get(family, {})
        if run_id == family:
            return min(filter(None, ways.values()), default=0)
        return ways.get(spell_way(members.get(family, {}).get(run_id, {})), 0)

    return {run_id: count(run_id, family) for run_id, family in families.items()}
