"""Runs of a store as a record that can be committed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from trackside.analysis.metric_definitions import find_definition
from trackside.query import list_decided
from trackside.run_data import read_sources
from trackside.team.policy.record_file import write_record
from trackside.team.policy.run_record import read_run_records

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trackside.store.store import Store
    from trackside.team.policy.run_record import RunRecord


def export_runs(store: Store, run_ids: Sequence[str], folder: Path) -> bytes:
    """Return runs as the content of a record, with what was decided of their experiments.

    Parameters
    ----------
    folder
        Where the record will be: notebooks are named from there, and none by where this machine has it.
    """
    runs = read_run_records(store, run_ids)
    sources = read_sources(store, run_ids)
    decided = {key: _read_decisions(store, *key) for key in {(run.project, run.experiment) for run in runs}}
    return write_record(
        _complete(run, decided[run.project, run.experiment], sources.get(run.run_id), folder) for run in runs
    )


def _read_decisions(store: Store, project: str, experiment: str) -> dict[str, dict[str, str]]:
    return {subject: list_decided(store, subject, project, [experiment]) for subject in ("goal", "main", "baseline")}


def _complete(run: RunRecord, decided: dict[str, dict[str, str]], source: str | None, folder: Path) -> RunRecord:
    definitions = {metric: find_definition(source, metric) for metric in run.metrics}
    said: dict[str, Any] = {
        "definitions": {metric: text for metric, text in definitions.items() if text},
        "goals": {metric: goal for metric, goal in decided["goal"].items() if metric in run.metrics},
        "main": decided["main"].get(""),
        "baselines": sorted(name for name, run_id in decided["baseline"].items() if run_id == run.run_id),
        "notebook": name_notebook(Path(run.notebook), folder) if run.notebook else None,
    }
    return msgspec.structs.replace(run, **said)


def name_notebook(notebook: Path, folder: Path) -> str:
    """Return how a record in a folder names a notebook: from there where it is inside, else by its name alone."""
    try:
        return notebook.resolve().relative_to(folder.resolve()).as_posix()
    except ValueError:
        return notebook.name
