"""What is known of the runs of a notebook's cells: from the store, the notebook itself, or a committed record."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trackside.team.policy.compliance import judge_run
from trackside.team.policy.exporting import name_notebook
from trackside.team.policy.notebook_file import read_notebook
from trackside.team.policy.record_file import newest_of, read_record
from trackside.team.policy.run_record import digest_source, read_run_records
from trackside.team.policy.untracked import find_untracked, is_tracked

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from trackside.store.store import Store
    from trackside.team.policy.compliance import Finding
    from trackside.team.policy.notebook_file import CodeCell
    from trackside.team.policy.rules import Policy
    from trackside.team.policy.run_record import RunRecord


@dataclass(frozen=True, kw_only=True)
class CellVerdict:
    """What the policy says of a cell.

    Attributes
    ----------
    run, findings
        The cell's run and what it keeps; None and nothing where no run of it is known.
    trains
        The call that trains, in a cell that is not tracked.
    """

    label: str
    run: RunRecord | None = None
    findings: Sequence[Finding] = ()
    trains: str | None = None

    @property
    def is_broken(self) -> bool:
        """Whether a rule is broken, or the cell trains and is not tracked."""
        return self.trains is not None or any(each.state == "broken" for each in self.findings)

    @property
    def has_evidence(self) -> bool:
        """Whether there is something to judge by."""
        return self.trains is not None or self.run is not None


@dataclass(frozen=True)
class Evidence:
    """Where runs are looked for: a store, if there is one, and committed records, by the folders they stand in."""

    store: Store | None = None
    records: dict[Path, list[RunRecord]] = field(default_factory=dict)

    def find(self, notebook: Path, cell: CodeCell) -> RunRecord | None:
        """Return the run of a notebook's cell: that of its card, else the newest one of the cell."""
        return self._in_store(notebook, cell) or cell.record or self._in_records(notebook, cell)

    def _in_store(self, notebook: Path, cell: CodeCell) -> RunRecord | None:
        if self.store is None:
            return None
        with self.store.read() as connection:
            rows = connection.execute(
                """SELECT CAST(run_id AS VARCHAR) FROM runs
                WHERE CAST(run_id AS VARCHAR) = ? OR (? IS NULL AND notebook = ? AND status <> 'running')""",
                [cell.run_id, cell.run_id, str(notebook)],
            ).fetchall()
        runs = read_run_records(self.store, [str(run_id) for (run_id,) in rows])
        if cell.run_id is not None:
            return next(iter(runs), None)
        return newest_of(runs, str(notebook), cell.cell_id, digest_source(cell.source))

    def _in_records(self, notebook: Path, cell: CodeCell) -> RunRecord | None:
        for folder, runs in self.records.items():
            if named := next((run for run in runs if run.run_id == cell.run_id), None):
                return named
            name = name_notebook(notebook, folder)
            if found := newest_of(runs, name, cell.cell_id, digest_source(cell.source)):
                return found
        return None


def gather_evidence(store: Store | None, files: Sequence[Path]) -> Evidence:
    """Return where runs are looked for.

    Raises
    ------
    InputError
        A record cannot be read.
    """
    return Evidence(store, {file.parent.resolve(): read_record(file) for file in files})


def judge_notebook(file: Path, policy: Policy, evidence: Evidence) -> list[CellVerdict]:
    """Return what the policy says of the cells of a notebook that are tracked, or train.

    Raises
    ------
    InputError
        The notebook cannot be read.
    """
    cells = read_notebook(file)
    untracked = find_untracked([cell.source for cell in cells])
    verdicts = []
    for place, cell in enumerate(cells):
        if place in untracked:
            verdicts.append(CellVerdict(label=cell.label, trains=untracked[place]))
        elif is_tracked(cell.source):
            run = evidence.find(file.resolve(), cell)
            findings = judge_run(policy, run) if run else []
            verdicts.append(CellVerdict(label=cell.label, run=run, findings=findings))
    return verdicts
