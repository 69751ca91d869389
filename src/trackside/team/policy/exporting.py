"""Runs of a store as a record that can be committed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from trackside.analysis.samples import without_dropped
from trackside.query import Scope, select_runs
from trackside.team.policy.evaluated import Decided, read_decided, read_evaluated, with_decided
from trackside.team.policy.record_file import write_record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trackside.store.store import Store
    from trackside.team.policy.run_record import RunRecord


def export_runs(store: Store, run_ids: Sequence[str], folder: Path) -> bytes:
    """Return runs as the content of a record, with those inside of them and their experiments' baselines.

    Parameters
    ----------
    folder
        Where the record will be: notebooks are named from there, and none by where this machine has it.
    """
    runs = {run.run_id: run for run in read_evaluated(store, [*run_ids, *_list_inside(store, run_ids)])}
    experiments = {(run.project, run.experiment) for run in runs.values()}
    decided = {key: read_decided(store, key[0], [key[1]], with_runs=True) for key in experiments}
    runs |= {run.run_id: run for each in decided.values() for run in each.runs}
    own = ((run, decided.get((run.project, run.experiment), Decided())) for run in runs.values())
    return write_record(_placed(with_decided(run, its), folder) for run, its in own)


def _list_inside(store: Store, run_ids: Sequence[str]) -> list[str]:
    """Return the runs inside of others, but for those that were dropped."""
    with store.read() as connection:
        rows = connection.execute(
            """WITH RECURSIVE inside AS (
                SELECT CAST(unnest(?) AS UUID) AS run_id
                UNION SELECT runs.run_id FROM runs JOIN inside ON parent_id = inside.run_id)
            SELECT CAST(run_id AS VARCHAR) FROM inside""",
            [list(run_ids)],
        ).fetchall()
    inside = {str(run_id) for (run_id,) in rows}.difference(run_ids)
    return without_dropped(select_runs(store, Scope(run_ids=sorted(inside)))).run_ids if inside else []


def _placed(run: RunRecord, folder: Path) -> RunRecord:
    notebook = name_notebook(Path(run.notebook), folder) if run.notebook else None
    return msgspec.structs.replace(run, notebook=notebook)


def name_notebook(notebook: Path, folder: Path) -> str:
    """Return how a record in a folder names a notebook: from there where it is inside, else by its name alone."""
    try:
        return notebook.resolve().relative_to(folder.resolve()).as_posix()
    except ValueError:
        return notebook.name
