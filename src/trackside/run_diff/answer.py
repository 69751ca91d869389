"""The diff of two runs as a browser reads it: in words, bounded, with nothing in it that hides or reorders text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackside import wire
from trackside.run_diff.words import count_same, describe_values, notes_of, shown_of
from trackside.visible_text import cut, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trackside.line_diff import Line, Piece
    from trackside.run_diff.report import RunDiff
    from trackside.run_diff.sections import Difference, Section

MOST_LINES = 400
"""Lines of one changed text that are shown."""

_ALL_LINES = 2000
"""Lines of all changed texts of a diff."""

_WIDTH = 500
"""Characters of a line that are shown."""

_LONGEST_NOTE = 300


def write_answer(diff: RunDiff) -> wire.Diff:
    """Return what a browser is told of a diff."""
    room = _ALL_LINES
    sections = []
    for section in diff.sections:
        sections.append(_section(section, room))
        room -= sum(len(each.text.lines) for each in sections[-1].differences if each.text)
    return wire.Diff(
        before=diff.before.run_id,
        after=diff.after.run_id,
        sections=sections,
        notes=[cut(note, _LONGEST_NOTE) for note in notes_of(diff.before, diff.after, diff.sections)],
    )


def write_lines(lines: Sequence[Line], most: int = MOST_LINES) -> wire.DiffText:
    """Return what a browser is told of how one text became another."""
    return wire.DiffText(lines=[_line(line) for line in lines[:most]], more=max(0, len(lines) - most))


def _section(section: Section, room: int) -> wire.DiffSection:
    shown, more = shown_of(section)
    differences = []
    for difference in shown:
        differences.append(_difference(difference, min(room, MOST_LINES)))
        room -= len(difference.lines or ())
        room = max(0, room)
    return wire.DiffSection(
        name=section.name,
        differences=differences,
        same=count_same(section) if section.same else "",
        more=more,
        notes=[cut(note, _LONGEST_NOTE) for note in section.notes] if differences else [],
    )


def _difference(difference: Difference, room: int) -> wire.Difference:
    name = cut(difference.name, 120)
    if difference.lines is not None:
        text = write_lines(difference.lines, room)
        return wire.Difference(name=name, said=difference.said, text=text)
    before, after = describe_values(difference)
    return wire.Difference(name=name, before=before, after=after, said=difference.said, tone=difference.tone)


def _line(line: Line) -> wire.DiffLine:
    pieces = [wire.DiffPiece(text=visible(text), changed=changed) for text, changed in _shortened(line.pieces)]
    return wire.DiffLine(kind=line.kind, pieces=pieces, count=line.count)


def _shortened(pieces: Sequence[Piece]) -> Iterator[tuple[str, bool]]:
    room = _WIDTH
    for piece in pieces:
        if room <= 0:
            return
        yield (piece.text[:room] + "…" if len(piece.text) > room else piece.text), piece.has_changed
        room -= len(piece.text)
