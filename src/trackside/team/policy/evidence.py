"""What is known of the runs of a notebook's cells: from the store, the notebook itself, or a committed record."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trackside.capture.words.secrets import redact_source
from trackside.model import short_id
from trackside.team.policy.compliance import judge_run
from trackside.team.policy.exporting import name_notebook
from trackside.team.policy.notebook_file import read_notebook
from trackside.team.policy.record_file import newest_of, read_record
from trackside.team.policy.run_record import digest_source, read_run_records
from trackside.team.policy.untracked import find_training, is_tracked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
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
    is_edited
        Whether the cell is no longer what its run ran: then that says nothing of it.
    """

    label: str
    run: RunRecord | None = None
    findings: Sequence[Finding] = ()
    trains: str | None = None
    is_edited: bool = False

    @property
    def is_broken(self) -> bool:
        """Whether a rule is broken, or the cell trains and is not tracked."""
        return self.trains is not None or any(each.state == "broken" for each in self.findings)

    @property
    def has_evidence(self) -> bool:
        """Whether there is something to judge by."""
        return self.trains is not None or (self.run is not None and not self.is_edited)


@dataclass(frozen=True)
class Evidence:
    """Where the runs of a notebook are looked for.

    Attributes
    ----------
    notebook
        The notebook's file.
    kept
        Those that a store has of it.
    records
        Those of committed records, by the folders these stand in.
    """

    notebook: Path
    kept: list[RunRecord] = field(default_factory=list)
    records: dict[Path, list[RunRecord]] = field(default_factory=dict)

    def find(self, cell: CodeCell) -> RunRecord | None:
        """Return the run of a cell: that of its card, else the newest one of the cell."""
        return (
            _find(cell, self.kept, str(self.notebook))
            or cell.record
            or next(filter(None, (_find(cell, *each) for each in self._recorded())), None)
        )

    def is_edited(self, cell: CodeCell, run: RunRecord) -> bool:
        """Tell whether a cell is not what its run ran, as far as that is known.

        A repeat has options of its own: there the run around it ran the cell as it is.
        """
        around = next((each for each in self.kept if each.run_id == run.parent_id), None)
        digests = {each.source_digest for each in (run, cell.record, around) if each is not None} - {None}
        is_known = run.parent_id is None or around is not None or (cell.record and cell.record.source_digest)
        return bool(digests and is_known) and digest_source(redact_source(cell.source)) not in digests

    def _recorded(self) -> Iterator[tuple[list[RunRecord], str]]:
        for folder, runs in self.records.items():
            yield runs, name_notebook(self.notebook, folder)


def _find(cell: CodeCell, runs: list[RunRecord], notebook: str) -> RunRecord | None:
    if cell.run_id is not None:
        return next((run for run in runs if run.run_id == cell.run_id), None)
    return newest_of(runs, notebook, cell.cell_id, digest_source(redact_source(cell.source)))


def _gather_evidence(notebook: Path, cells: Sequence[CodeCell], store: Store | None, files: Sequence[Path]) -> Evidence:
    """Return where the runs of a notebook's cells are looked for.

    Raises
    ------
    InputError
        A record cannot be read.
    """
    notebook = notebook.resolve()
    kept: list[RunRecord] = []
    if store is not None:
        with store.read() as connection:
            rows = connection.execute(
                """SELECT CAST(run_id AS VARCHAR) FROM runs
                WHERE list_contains(?, CAST(run_id AS VARCHAR)) OR (notebook = ? AND status <> 'running')""",
                [[cell.run_id for cell in cells if cell.run_id], str(notebook)],
            ).fetchall()
        kept = read_run_records(store, [str(run_id) for (run_id,) in rows])
    return Evidence(notebook, kept, {file.parent.resolve(): read_record(file) for file in files})


def judge_notebook(file: Path, policy: Policy, store: Store | None, records: Sequence[Path]) -> list[CellVerdict]:
    """Return what the policy says of the cells of a notebook that are tracked, or train.

    Parameters
    ----------
    store, records
        Where its runs are looked for, beside the notebook itself: the store first, committed records last.

    Raises
    ------
    InputError
        The notebook or a record cannot be read.
    """
    cells = read_notebook(file)
    evidence = _gather_evidence(file, cells, store, records)
    training = find_training([cell.source for cell in cells])
    verdicts = []
    for place, cell in enumerate(cells):
        if place in training and not training[place].begins_run:
            verdicts.append(CellVerdict(label=cell.label, trains=training[place].call))
        elif place in training or is_tracked(cell.source):
            run = evidence.find(cell)
            is_edited = run is not None and evidence.is_edited(cell, run)
            findings = judge_run(policy, run, handle=short_id(run.run_id)) if run and not is_edited else []
            verdicts.append(CellVerdict(label=cell.label, run=run, findings=findings, is_edited=is_edited))
    return verdicts
