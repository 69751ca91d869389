"""Makes a run's cells, or its whole notebook, into a notebook again."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import nbformat.v4

from trackside.capture.words.secrets import REDACTED
from trackside.restoration.cell_outputs import make_outputs
from trackside.restoration.head import write_head
from trackside.run_diff.cells import label_cell
from trackside.run_diff.code import own_source
from trackside.team.policy.notebook_file import mark_restored
from trackside.visible_text import code_span

if TYPE_CHECKING:
    from collections.abc import Callable

    from trackside.records import AddedOutputs, Code, CodeCell, NotebookCell
    from trackside.run_details import RunDetails

LOST = "# the source of this cell is lost"
ALONE = "the cells before it are not known: only the source of the run's own cell was kept"
SECRETS = f"likely secrets were not kept: `{REDACTED}` stands for each; put them back before you run it"

_LOADS_TRACKSIDE = re.compile(r"^\s*(import|from|%load_ext|%reload_ext)\s+trackside\b", re.MULTILINE)
_INTO = re.compile(r"(--into[ \t=]+)(\"[^\"]*\"|'[^']*'|\S+)")
_CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_STATES = {"edited": "has been edited since", "deleted": "has been deleted since"}
_MAKERS: dict[str, Callable[[str], Any]] = {
    "code": nbformat.v4.new_code_cell,
    "markdown": nbformat.v4.new_markdown_cell,
    "raw": nbformat.v4.new_raw_cell,
}


@dataclass
class RestoredNotebook:
    """A notebook made from a store's records.

    ``notes`` say, in Markdown, what is not as it was; ``is_runnable`` is false where a cell's source is lost.
    """

    content: nbformat.NotebookNode
    notes: list[str] = field(default_factory=list)
    is_runnable: bool = True


def make_slice(run: RunDetails, *, with_added: bool) -> RestoredNotebook | None:
    """Return the cells that a run depends on and its own, with its outputs; None where its source was not kept.

    ``with_added`` writes those below that added to it later, by ``%%track --into``, too.
    """
    source = own_source(run)
    if source is None:
        return None
    made = RestoredNotebook(_new_notebook())
    earlier = [_slice_cell(run, cell, made) for cell in (run.code.cells[:-1] if run.code else [])]
    if not any(_LOADS_TRACKSIDE.search(cell.source) for cell in earlier):
        earlier.insert(0, _new_code_cell("import trackside as ts  # so that there is %%track"))
    own = _new_code_cell(source, run.execution_count)
    if run.outputs:
        own["outputs"], lost = make_outputs(run.store_folder, run.outputs, run.execution_count)
        made.notes += [f"{lost} of the cell's outputs are lost"] if lost else []
    added = [_added_cell(run, cell, made) for cell in sorted(run.added, key=_order)] if with_added else []
    cells = [*earlier, own, *added]
    made.notes += _say_what_is_unknown(run.code, [cell.source for cell in cells])
    _fill(made, [_new_head(run, made, is_whole=False), *cells])
    return made


def make_whole(run: RunDetails) -> RestoredNotebook | None:
    """Return the notebook as it stood, without outputs; None where it was not kept."""
    if run.notebook is None:
        return None
    made, taken = RestoredNotebook(_new_notebook()), set[str]()
    cells = [_whole_cell(cell, run.sources.get(cell.sha256), taken) for cell in run.notebook.cells]
    if any(cell.sha256 not in run.sources for cell in run.notebook.cells):
        made.is_runnable = False
        made.notes.append("the source of some cells is lost")
    if run.notebook.came_from == "history":
        made.notes.append("the notebook itself could not be seen: these are the cells that had been executed")
    made.notes += [SECRETS] if any(REDACTED in cell.source for cell in cells) else []
    _fill(made, [_new_head(run, made, is_whole=True), *cells])
    return made


def _slice_cell(run: RunDetails, cell: CodeCell, made: RestoredNotebook) -> nbformat.NotebookNode:
    source = run.sources.get(cell.sha256)
    label = code_span(label_cell(source, cell.execution_count), 80)
    if source is None:
        made.is_runnable = False
        made.notes.append(f"{label}: the run needs it")
    elif cell.state in _STATES:
        made.notes.append(f"{label} {_STATES[cell.state]}; here is what ran")
    return _new_code_cell(LOST if source is None else source, cell.execution_count)


def _added_cell(run: RunDetails, cell: AddedOutputs, made: RestoredNotebook) -> nbformat.NotebookNode:
    """Return a cell that added to the run, which is the last one where its cells run again."""
    source = run.sources.get(cell.source)
    label = code_span(label_cell(source, cell.execution_count), 80)
    made.notes.append(f"{label} added to the run later; what it needs beside the cells above is not known")
    first, line_end, rest = (LOST if source is None else source).partition("\n")
    added = _new_code_cell(_INTO.sub(r"\1last", first) + line_end + rest, cell.execution_count)
    added["outputs"], lost = make_outputs(run.store_folder, cell, cell.execution_count)
    made.notes += [f"{lost} of the outputs of {label} are lost"] if lost else []
    return added


def _order(cell: AddedOutputs) -> float:
    return math.inf if cell.execution_count is None else cell.execution_count


def _whole_cell(cell: NotebookCell, source: str | None, taken: set[str]) -> nbformat.NotebookNode:
    """Return a cell of the whole notebook; ``taken`` are the ids of those before it, to which its own is added."""
    made: nbformat.NotebookNode = _MAKERS[cell.kind](LOST if source is None else source)
    if cell.cell_id and _CELL_ID.fullmatch(cell.cell_id) and cell.cell_id not in taken:
        made["id"] = cell.cell_id
        taken.add(cell.cell_id)
    if cell.tags:
        made["metadata"]["tags"] = list(cell.tags)
    if cell.kind == "code":
        made["execution_count"] = cell.execution_count
    return made


def _new_notebook() -> nbformat.NotebookNode:
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    made: nbformat.NotebookNode = nbformat.v4.new_notebook(metadata=metadata)
    return made


def _fill(made: RestoredNotebook, cells: list[nbformat.NotebookNode]) -> None:
    """Put the cells in the notebook, which says that it is a run's: whoever judges notebooks is to know."""
    made.content["cells"] = cells
    made.content["metadata"]["trackside"] = mark_restored(each.source for each in cells if each.cell_type == "code")


def _new_head(run: RunDetails, made: RestoredNotebook, *, is_whole: bool) -> nbformat.NotebookNode:
    head: nbformat.NotebookNode = nbformat.v4.new_markdown_cell(write_head(run, made.notes, is_whole=is_whole))
    return head


def _new_code_cell(source: str, execution_count: int | None = None) -> nbformat.NotebookNode:
    made: nbformat.NotebookNode = nbformat.v4.new_code_cell(source, execution_count=execution_count)
    return made


def _say_what_is_unknown(code: Code | None, sources: list[str]) -> list[str]:
    notes = [code_span(note, 300) for note in code.notes] if code else [ALONE]
    return notes + ([SECRETS] if any(REDACTED in source for source in sources) else [])
