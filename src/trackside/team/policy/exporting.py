"""Runs of a store as a record that can be committed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from trackside.team.policy.evaluated import read_decided, read_evaluated, with_decided
from trackside.team.policy.record_file import write_record

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
    runs = read_evaluated(store, run_ids)
    decided = {key: read_decided(store, key[0], [key[1]]) for key in {(run.project, run.experiment) for run in runs}}
    return write_record(_placed(with_decided(run, decided[run.project, run.experiment]), folder) for run in runs)


def _placed(run: RunRecord, folder: Path) -> RunRecord:
    notebook = name_notebook(Path(run.notebook), folder) if run.notebook else None
    return msgspec.structs.replace(run, notebook=notebook)


def name_notebook(notebook: Path, folder: Path) -> str:
    """Return how a record in a folder names a notebook: from there where it is inside, else by its name alone."""
    try:
        return notebook.resolve().relative_to(folder.resolve()).as_posix()
    except ValueError:
        return notebook.name
