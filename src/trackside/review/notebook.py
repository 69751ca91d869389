"""A review as a notebook: its outline as text, and cells that show the runs again and decide about them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import nbformat.v4

from trackside.review.gathering import write_condition
from trackside.review.outline import Bullets, Heading, Paragraph, Runs, Steps, Table, Text, outline
from trackside.visible_text import code_span, cut

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from trackside.review.findings import ExperimentReview, Review
    from trackside.review.outline import Block, Line

_LONGEST = 180


def make_notebook(review: Review, store: Path | None = None) -> nbformat.NotebookNode:
    """Return a review as a notebook that runs from top to bottom.

    Parameters
    ----------
    store
        The store's folder, where the notebook would not find it by itself.
    """
    cells = [nbformat.v4.new_code_cell("import trackside as ts")]
    text: list[str] = []

    def flush(at: int | None = None) -> None:
        if text:
            cells.insert(len(cells) if at is None else at, nbformat.v4.new_markdown_cell("\n\n".join(text)))
            text.clear()

    for place, block in enumerate(outline(review)):
        if isinstance(block, Heading) and place:
            flush(0 if len(cells) == 1 else None)  # the title stands before all code
        if isinstance(block, Steps | Runs):
            flush()
            cells += [nbformat.v4.new_code_cell(source) for source in _code(block, review, store)]
        else:
            text.append(_write(block))
    flush()
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    made: nbformat.NotebookNode = nbformat.v4.new_notebook(cells=cells, metadata=metadata)
    nbformat.validate(made)
    return made


def _code(block: Steps | Runs, review: Review, store: Path | None) -> Iterator[str]:
    if isinstance(block, Steps):
        if block.lines:
            yield "\n".join(
                ["# Take the sign away, and say why:", *(f"# {cut(each, _LONGEST)}" for each in block.lines)]
            )
        return
    yield f"{_choose(block.of, review, store)}\nruns.compare()"
    if block.of.results and not block.of.not_checked:
        yield f"runs.check({block.of.metric!r})"


def _choose(told: ExperimentReview, review: Review, store: Path | None) -> str:
    where = {"project": told.project, "experiment": told.experiment} | ({"store": str(store)} if store else {})
    named = ", ".join(f"{key}={value!r}" for key, value in where.items())
    return f'runs = ts.runs("{write_condition(review.since, review.until)}", {named})'


def _write(block: Block) -> str:
    match block:
        case Heading(level, line):
            return f"{'#' * level} {_line(line)}"
        case Paragraph(line):
            return _line(line)
        case Bullets(lines):
            return "\n".join(f"- {_line(each)}" for each in lines)
        case Table():
            return _table(block)
    raise AssertionError(block)


def _table(table: Table) -> str:
    rule = ["---:" if at in table.numbers else "---" for at in range(len(table.titles))]
    rows: list[Sequence[str]] = [[_line(cell) for cell in row] for row in (table.titles, *table.rows)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (rows[0], rule, *rows[1:]))


def _line(line: Line) -> str:
    return "".join(each if isinstance(each, str) else _text(each) for each in line).strip()


def _text(text: Text) -> str:
    if not text.text:
        return ""
    if text.look == "code":
        return code_span(text.text, _LONGEST).replace("|", "\\|")
    plain = _plain(text.text)
    return f"**{plain}**" if text.look == "strong" else plain


def _plain(text: str) -> str:
    """Return a text in which nothing means anything to Markdown."""
    return re.sub(r"([!#$&*<>\[\\\]^_`{|}~]|(?<=:)/|(?<=www)\.|@|^[-+=]|^\d+(?=\.))", r"\\\1", cut(text, _LONGEST))
