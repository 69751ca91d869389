"""A notebook as the policy looks at it: its code cells, and the runs that their cards record."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from trackside.errors import InputError
from trackside.team.policy.record_file import read_plain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from trackside.team.policy.run_record import RunRecord


class CodeCell(NamedTuple):
    """One code cell.

    Attributes
    ----------
    label
        What people know it by: ``[3]``, or which cell it is where it has not been executed.
    run_id, record
        The run whose card is among its outputs, and what the card records of it.
    """

    label: str
    cell_id: str | None
    source: str
    run_id: str | None
    record: RunRecord | None


def read_notebook(file: Path) -> list[CodeCell]:
    """Return the code cells of a notebook.

    Raises
    ------
    InputError
        It cannot be read, or is no notebook.
    """
    try:
        cells = json.loads(file.read_bytes())["cells"]
        return [_read_cell(place, cell, file) for place, cell in enumerate(cells, 1) if cell["cell_type"] == "code"]
    except OSError as error:
        raise InputError(f"{file} cannot be read ({error.strerror}); expected a notebook") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(f"{file} is no notebook; expected one in Jupyter's format 4, .ipynb") from error


def _read_cell(place: int, cell: dict[str, Any], file: Path) -> CodeCell:
    count, cell_id, run_id, record = cell.get("execution_count"), cell.get("id"), None, None
    for about in _cards(cell):
        run_id, record = about.get("run_id") or run_id, read_plain(about.get("run"), str(file)) or record
    return CodeCell(
        label=f"cell [{count}]" if isinstance(count, int) else f"cell {place} of the notebook",
        cell_id=cell_id if isinstance(cell_id, str) else None,
        source=_text(cell["source"]),
        run_id=record.run_id if record else run_id if isinstance(run_id, str) else None,
        record=record,
    )


def _cards(cell: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what the cards among a cell's outputs say of themselves."""
    for output in cell.get("outputs") or ():
        about = (output.get("metadata") or {}).get("trackside")
        if isinstance(about, dict) and about.get("kind") == "card":
            yield about


def _text(source: Any) -> str:
    return "".join(source) if isinstance(source, list) else str(source)
