"""A notebook as the policy looks at it: its code cells, and the runs that their cards record."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from trackside.errors import InputError
from trackside.team.policy.record_file import read_plain
from trackside.team.policy.run_record import RunRecord, digest_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path


_RESTORED = "restored"


class CodeCell(NamedTuple):
    """One code cell.

    Attributes
    ----------
    label
        What people know it by: ``[3]``, or which cell it is where it has not been executed.
    run_id, record
        The run whose card is among its outputs, and what the card records of it.
    beside, baselines
        What the card records of other runs: those that count with it in a check, those of baselines, and which these
        are; None where that was not known.
    """

    label: str
    cell_id: str | None
    source: str
    run_id: str | None
    record: RunRecord | None
    beside: Sequence[RunRecord] = ()
    baselines: Mapping[str, str] | None = None


def read_notebook(file: Path) -> list[CodeCell]:
    """Return the code cells of a notebook.

    Raises
    ------
    InputError
        It cannot be read, or is no notebook.
    """
    return _read(file)[0]


def _read(file: Path) -> tuple[list[CodeCell], Any]:
    """Return the code cells of a notebook, and what its metadata says of Trackside."""
    try:
        book = json.loads(file.read_bytes())
        cells = enumerate(book["cells"], 1)
        about = (book.get("metadata") or {}).get("trackside")
        return [_read_cell(place, cell, file) for place, cell in cells if cell["cell_type"] == "code"], about
    except OSError as error:
        raise InputError(f"{file} cannot be read ({error.strerror}); expected a notebook") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(f"{file} is no notebook; expected one in Jupyter's format 4, .ipynb") from error


def mark_restored(sources: Iterable[str]) -> dict[str, str]:
    """Return what the metadata of a notebook says that was made of a run's cells: which code that is."""
    return {"kind": _RESTORED, "code": digest_source("\n\0".join(sources))}


def is_as_restored(file: Path) -> bool:
    """Tell whether a notebook was made of a run's cells and is as it was then: neither edited nor executed.

    Raises
    ------
    InputError
        As `read_notebook`.
    """
    cells, about = _read(file)
    return about == mark_restored(cell.source for cell in cells) and not any(cell.run_id for cell in cells)


def list_recorded(cells: Iterable[CodeCell]) -> list[RunRecord]:
    """Return the runs that cards record, each once; which of them are baselines, the newest card that knows says."""
    carded = [(cell.record, cell) for cell in cells if cell.record is not None]
    runs: dict[str, RunRecord] = {}
    baselines: dict[tuple[str, str], Mapping[str, str]] = {}
    for record, cell in sorted(carded, key=lambda each: each[0].started_at):
        for each in (*cell.beside, record):
            runs[each.run_id] = _merge(runs.get(each.run_id, each), each)
        if cell.baselines is not None:
            baselines[record.project, record.experiment] = cell.baselines
    named: dict[str, set[str]] = {}
    for name, run_id in (each for its in baselines.values() for each in its.items()):
        named.setdefault(run_id, set()).add(name)
    return [msgspec.structs.replace(run, baselines=sorted(named.get(run.run_id, ()))) for run in runs.values()]


def _merge(run: RunRecord, later: RunRecord) -> RunRecord:
    """Return what two cards record of one run: beside each other run the metrics stand that this one has."""
    said: dict[str, Any] = {
        "metrics": run.metrics | later.metrics,
        "definitions": run.definitions | later.definitions,
        "goals": run.goals | later.goals,
        "main": later.main or run.main,
    }
    return msgspec.structs.replace(run if run.artifacts or run.cell_id else later, **said)


def _read_cell(place: int, cell: dict[str, Any], file: Path) -> CodeCell:
    count, cell_id, run_id, record = cell.get("execution_count"), cell.get("id"), None, None
    beside, baselines = list[RunRecord](), None
    for about in _cards(cell):
        run_id, record = about.get("run_id") or run_id, read_plain(about.get("run"), str(file)) or record
        listed, named = about.get("beside"), about.get("baselines")
        beside += filter(None, (read_plain(each, str(file)) for each in (listed if isinstance(listed, list) else ())))
        baselines = {key: str(value) for key, value in named.items()} if isinstance(named, dict) else baselines
    return CodeCell(
        label=f"cell [{count}]" if isinstance(count, int) else f"cell {place} of the notebook",
        cell_id=cell_id if isinstance(cell_id, str) else None,
        source=_text(cell["source"]),
        run_id=record.run_id if record else run_id if isinstance(run_id, str) else None,
        record=record,
        beside=beside,
        baselines=baselines,
    )


def _cards(cell: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what the cards among a cell's outputs say of themselves."""
    for output in cell.get("outputs") or ():
        about = (output.get("metadata") or {}).get("trackside")
        if isinstance(about, dict) and about.get("kind") == "card":
            yield about


def _text(source: Any) -> str:
    return "".join(source) if isinstance(source, list) else str(source)
