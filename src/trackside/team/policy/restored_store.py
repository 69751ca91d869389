"""A store made of records, for where there is no other: what asks for runs finds them there as in any store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackside.errors import StoreBusyError
from trackside.journal import JournalWriter
from trackside.model import Artifact, Dataset, Param
from trackside.records import DataProfile, Environment, encode
from trackside.store.blobs import save_blob
from trackside.store.store import Store
from trackside.tracking.experiments import decide

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from trackside.model import JSONValue, Kind
    from trackside.team.policy.run_record import RecordedData, RunRecord

_WAIT = 60.0
_UNKNOWN = Environment(
    python="",
    implementation="",
    executable="",
    os="",
    machine="",
    host="",
    cpu="",
    cores=0,
    memory=0,
    packages={},
)


def make_store(runs: Sequence[RunRecord], folder: Path) -> Store:
    """Return a new store with the recorded runs in an empty folder, the oldest first; each counts once.

    Raises
    ------
    StoreBusyError
        They do not get into its tables in time.
    """
    store = Store.create(folder)
    environment = save_blob(store.folder, encode(_UNKNOWN))
    kept = {run.run_id: run for run in runs}
    for run in sorted(kept.values(), key=lambda run: (run.started_at, run.run_id)):
        _write(store, run, environment)
    for run in kept.values():
        experiment = run.project, run.experiment
        for metric, goal in run.goals.items():
            decide(store, experiment, "goal", metric, goal)
        if run.main:
            decide(store, experiment, "main", "", run.main)
        for name in run.baselines:
            decide(store, experiment, "baseline", name, run.run_id)
    if not store.refresh(_WAIT):
        raise StoreBusyError(f"The recorded runs were not read within {_WAIT:g} s; try again.")
    return store


def _write(store: Store, run: RunRecord, environment: str) -> None:
    journal = JournalWriter(store.folder, run.run_id, owner=True)
    try:
        journal.append(
            "started",
            project=run.project,
            experiment=run.experiment,
            name=run.name,
            user=run.user,
            origin="notebook" if run.notebook or run.cell_id else "script",
            notebook=run.notebook,
            cell_id=run.cell_id,
            source=_spell_code(run),
            parent_id=run.parent_id,
            is_repeated=run.is_repeated,
        )
        journal.append("environment", digest=environment, git_commit=run.git_commit, git_dirty=run.git_dirty)
        params = [Param(key=key, value=value, kind=_kind(value), origin="given") for key, value in run.params.items()]
        journal.append("params", params=params)
        if run.metrics:
            journal.append("metrics", step=0, values=run.metrics)
        journal.append("tags", tags=run.tags)
        datasets = [
            Dataset(
                name=d.name,
                kind=d.kind,
                shape=d.shape,
                role=d.role,
                digest=d.digest,
                sampled=d.sampled,
                profile=_save_profile(store, d) if d.split or d.prepared else None,
            )
            for d in run.datasets
        ]
        journal.append("datasets", datasets=datasets)
        artifacts = [Artifact(name=a.name, kind=a.kind, mime="", bytes=0, sha256="") for a in run.artifacts]
        journal.append("artifacts", artifacts=artifacts)
        if run.status != "running":
            journal.append("ended", status=run.status)
    finally:
        journal.close()


def _save_profile(store: Store, data: RecordedData) -> str:
    return save_blob(store.folder, encode(DataProfile(split=data.split, pipeline=data.prepared or None)))


def _spell_code(run: RunRecord) -> str | None:
    """Return code that differs from other code as the cell did, and in which its metrics' definitions are found."""
    definitions = [f"{{{metric!r}: {text}}}" for metric, text in run.definitions.items()]
    return "\n".join([*([repr(run.code)] if run.code else []), *definitions]) or None


def _kind(value: JSONValue) -> Kind:
    if value is None:
        return "none"
    kinds: dict[type, Kind] = {bool: "bool", int: "int", float: "float", str: "str"}
    return kinds.get(type(value), "json")
