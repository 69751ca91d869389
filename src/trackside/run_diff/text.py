"""The diff of two runs as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackside.quantities import spell_count
from trackside.run_diff.words import (
    NOTHING_DIFFERS,
    count_same,
    describe_run,
    describe_same,
    describe_values,
    notes_of,
    shown_of,
)
from trackside.visible_text import cut, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trackside.line_diff import Line
    from trackside.run_details import RunDetails
    from trackside.run_diff.sections import Difference, Section

SIGNS = {"same": " ", "added": "+", "removed": "-", "skipped": "…"}
"""What a line of code begins with."""

_LINES = 60
"""Lines of one changed text that are shown."""

_WIDTH = 160


def write_text(before: RunDetails, after: RunDetails, sections: list[Section]) -> str:
    """Return a diff as text: what changed, part by part, and in one line what did not."""
    lines = [f"before: {describe_run(before)}", f"after:  {describe_run(after)}"]
    changed = [section for section in sections if section.differences]
    for section in changed:
        lines += ["", *_write_section(section)]
    if not changed:
        lines.append(NOTHING_DIFFERS)
    same = describe_same([section for section in sections if not section.differences])
    return "\n".join(
        [*lines, *([""] if changed else []), *([same] if same else []), *notes_of(before, after, sections)]
    )


def _write_section(section: Section) -> Iterator[str]:
    yield section.name + (f" ({count_same(section)} the same)" if section.same else "")
    yield from (f"  ! {note}" for note in section.notes)
    shown, more = shown_of(section)
    width = max([len(cut(difference.name, 40)) for difference in shown if difference.lines is None], default=0)
    for difference in shown:
        yield from _write_difference(difference, width)
    if more:
        yield f"  … and {more:,} more; .df has all"


def _write_difference(difference: Difference, width: int) -> Iterator[str]:
    if difference.lines is not None:
        yield f"  {cut(difference.name, 100)} ({difference.said})"
        yield from (f"    {line}" for line in _write_lines(difference.lines))
        return
    before, after = describe_values(difference)
    said = f"  ({difference.said})" if difference.said else ""
    values = f"{before} → {after}" if before and after else f"new: {after}" if before is None else f"gone: {before}"
    yield f"  {cut(difference.name, 40):<{width}}  {values}{said}"


def _write_lines(lines: list[Line]) -> Iterator[str]:
    for line in lines[:_LINES]:
        text = spell_count(line.count, "line") if line.kind == "skipped" else visible(line.text)
        yield f"{SIGNS[line.kind]} {text if len(text) <= _WIDTH else text[: _WIDTH - 1] + '…'}".rstrip()
    if len(lines) > _LINES:
        yield f"… and {spell_count(len(lines) - _LINES, 'more line')}"
