"""The notebook as it stood: from the page that shows it, else the saved file, else the cells that ran."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from trackside.capture.code.executed import Executed

Kind = Literal["code", "markdown", "raw"]

MOST_BYTES = 200_000_000
"""How large a saved notebook may be to be read for its cells."""


class SnapshotCell(NamedTuple):
    """One cell, without its outputs."""

    source: str
    kind: Kind = "code"
    cell_id: str | None = None
    execution_count: int | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """A notebook's cells; see `trackside.records.Notebook`."""

    came_from: Literal["front end", "file", "history"]
    cells: Sequence[SnapshotCell] = field(default_factory=tuple)
    is_unsaved: bool = False
    language: str = "python"


def from_page(answer: dict[str, Any]) -> Snapshot:
    """Return the notebook that a page of ours sent.

    Raises
    ------
    KeyError, TypeError, ValueError
        It is no notebook.
    """
    return Snapshot(
        came_from="front end",
        cells=[_cell(cell) for cell in answer["cells"]],
        is_unsaved=bool(answer.get("dirty")),
        language=str(answer.get("language") or "python"),
    )


def from_file(path: Path, executed: Sequence[Executed]) -> Snapshot:
    """Return a saved notebook, with what was executed since: those cells are newer than the file.

    Raises
    ------
    OSError, ValueError, KeyError, TypeError, AttributeError
        It cannot be read, or is no notebook of format 4.
    """
    stat = path.stat()
    if stat.st_size > MOST_BYTES:
        raise ValueError(f"{path} has {stat.st_size} bytes; expected at most {MOST_BYTES}")
    notebook = msgspec.json.decode(path.read_bytes())  # importing nbformat takes longer than a short cell
    cells = [_cell(cell) for cell in notebook["cells"]]
    newer = {cell.cell_id: cell for cell in executed if cell.cell_id and cell.time > stat.st_mtime}
    is_unsaved = False
    for at, cell in enumerate(cells):
        execution = newer.pop(cell.cell_id, None) if cell.cell_id else None
        if execution is not None and execution.source.strip() != cell.source.strip():
            cells[at] = cell._replace(source=execution.source, execution_count=execution.count)
            is_unsaved = True
    cells += [_executed(cell) for cell in newer.values()]
    metadata = notebook.get("metadata", {})
    language = metadata.get("kernelspec", {}).get("language") or metadata.get("language_info", {}).get("name")
    return Snapshot(
        came_from="file", cells=cells, is_unsaved=is_unsaved or bool(newer), language=str(language or "python")
    )


def from_history(executed: Sequence[Executed]) -> Snapshot:
    """Return the cells that ran, in the order of their last execution: more is not known."""
    last = {cell.cell_id or cell.source: cell for cell in executed}
    return Snapshot(
        came_from="history", cells=[_executed(cell) for cell in executed if last[cell.cell_id or cell.source] is cell]
    )


def _executed(cell: Executed) -> SnapshotCell:
    return SnapshotCell(source=cell.source, cell_id=cell.cell_id, execution_count=cell.count)


def _cell(cell: Any) -> SnapshotCell:
    source = cell["source"]
    tags = cell.get("metadata", {}).get("tags", ())
    kind: Kind = cell["cell_type"] if cell["cell_type"] in {"code", "markdown"} else "raw"
    return SnapshotCell(
        source=source if isinstance(source, str) else "".join(source),
        kind=kind,
        cell_id=cell.get("id"),
        execution_count=cell.get("execution_count"),
        tags=tuple(str(tag) for tag in tags),
    )
