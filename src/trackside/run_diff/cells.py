"""Which cell of one run is which cell of the other."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from trackside.changes import ABSENT
from trackside.line_diff import compare_lines, count_changed_lines
from trackside.run_diff.sections import Difference
from trackside.visible_text import cut

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SIMILAR = 0.5
"""Cells with less in common are not the same cell, edited."""

_COMPARED = 20_000
"""Characters of two cells within which what they have in common is looked for."""

_SHORT = 400
"""Characters of two cells that are compared one by one."""


@dataclass(frozen=True)
class CellText:
    """A cell as one run had it: what people call it, its source (None where that is lost), its id and digest."""

    label: str
    text: str | None
    digest: str
    cell_id: str | None = None


def compare_cells(before: Sequence[CellText], after: Sequence[CellText]) -> tuple[list[Difference], int]:
    """Return the cells that were added, removed or edited, in their order, and how many are the same."""
    differences, same = list[Difference](), 0
    for old, new in _pair(before, after):
        if old is not None and new is not None and old.digest == new.digest:
            same += 1
        else:
            differences.append(difference_of(old, new))
    return differences, same


def difference_of(old: CellText | None, new: CellText | None) -> Difference:
    """Return how one cell became another; None stands for no cell."""
    shown = new or old
    before, after = (ABSENT if cell is None else cell.text for cell in (old, new))
    is_lost = None in (before, after)
    texts = ["" if cell is None else cell.text or "" for cell in (old, new)]
    added, removed = count_changed_lines(*texts)
    verb = "added" if old is None else "removed" if new is None else "edited"
    return Difference(
        name=shown.label if shown else "",
        before=before,
        after=after,
        said=f"{verb}; its source is lost" if is_lost else f"{verb}, +{added} −{removed} lines",
        lines=None if is_lost else compare_lines(*texts),
    )


def label_cell(text: str | None, execution_count: int | None) -> str:
    r"""Return what people call a cell: its number and the first line of its code that says something.

    Examples
    --------
    >>> label_cell("# load\nX = load()", 3)
    '[3] X = load()'
    """
    lines = [line.strip() for line in (text or "").splitlines() if line.strip()]
    telling = next((line for line in lines if not line.startswith(("#", "%%"))), next(iter(lines), "an empty cell"))
    number = f"[{execution_count}] " if execution_count is not None else ""
    return number + cut("a cell whose source is lost" if text is None else telling, 60)


def _pair(before: Sequence[CellText], after: Sequence[CellText]) -> Iterable[tuple[CellText | None, CellText | None]]:
    """Yield each cell of the later run with its former self, those that are gone where they stood."""
    partners = _partners(before, after)
    taken = set(partners.values())
    pending = [place for place in range(len(before)) if place not in taken]
    for place, cell in enumerate(after):
        old = partners.get(place)
        while pending and old is not None and pending[0] < old:
            yield before[pending.pop(0)], None
        yield None if old is None else before[old], cell
    yield from ((before[place], None) for place in pending)


def _partners(before: Sequence[CellText], after: Sequence[CellText]) -> dict[int, int]:
    """Return for places in ``after`` those in ``before``: by the cells' ids, else by what they say and where."""
    places = {cell.cell_id: place for place, cell in enumerate(before) if cell.cell_id is not None}
    partners = {place: places.pop(cell.cell_id) for place, cell in enumerate(after) if cell.cell_id in places}
    taken = set(partners.values())
    old = [place for place in range(len(before)) if place not in taken]
    new = [place for place in range(len(after)) if place not in partners]
    digests = [before[place].digest for place in old], [after[place].digest for place in new]
    matcher = SequenceMatcher(None, digests[0], digests[1], autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            partners |= dict(zip(new[new_start:new_end], old[start:end], strict=True))
        elif tag == "replace":
            partners |= _similar(before, after, old[start:end], new[new_start:new_end])
    return partners


def _similar(
    before: Sequence[CellText], after: Sequence[CellText], old: Sequence[int], new: Sequence[int]
) -> dict[int, int]:
    """Pair cells that were edited: in order, each with the next one that has enough in common with it."""
    partners: dict[int, int] = {}
    left = list(old)
    for place in new:
        found = next((other for other in left if _is_similar(before[other], after[place])), None)
        if found is not None:
            partners[place] = found
            left = left[left.index(found) + 1 :]
    return partners


def _is_similar(old: CellText, new: CellText) -> bool:
    left, right = ((cell.text or "")[:_COMPARED] for cell in (old, new))
    if SequenceMatcher(None, left.splitlines(), right.splitlines(), autojunk=False).quick_ratio() >= _SIMILAR:
        return True
    letters = SequenceMatcher(None, left[:_SHORT], right[:_SHORT], autojunk=False)
    return bool(letters.quick_ratio() >= _SIMILAR) and bool(letters.ratio() >= _SIMILAR)
