"""The diff of two runs as HTML that needs nothing else: readable without scripts, and where styles are taken away."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from trackside.html_styles import BAD, CODE, GOOD, MUTED, TEXT, WARNING
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
    from collections.abc import Iterable

    from trackside.line_diff import Line, Piece
    from trackside.run_details import RunDetails
    from trackside.run_diff.sections import Difference, Section

_TONES = {None: MUTED, "good": GOOD, "bad": BAD}
_CELL = "padding:1px 12px 1px 0;text-align:left;vertical-align:top"
_LINE_STYLES = {
    "added": "background:rgba(46,160,67,.15)",
    "removed": "background:rgba(248,81,73,.15)",
    "same": "",
    "skipped": MUTED,
}
_LINE_SIGNS = {"added": "+ ", "removed": "− ", "same": "  ", "skipped": "  "}
_WORD_TAGS = {"added": "ins", "removed": "del"}
_WORD_STYLES = {
    "added": "background:rgba(46,160,67,.4);text-decoration:none",
    "removed": "background:rgba(248,81,73,.4);text-decoration:none",
}
_LINES = 400
"""Lines of one changed text that are shown."""

_OPEN_LINES = 40
"""A longer change is folded until somebody opens it."""

_WIDTH = 500
"""Characters of a line that are shown."""


def write_page(before: RunDetails, after: RunDetails, sections: list[Section]) -> str:
    """Return a diff as HTML: what changed, part by part, and in one line what did not."""
    changed = [section for section in sections if section.differences]
    body = "".join(map(_section, changed)) or f"<p><strong>{NOTHING_DIFFERS}</strong></p>"
    same = describe_same([section for section in sections if not section.differences])
    return (
        f'<div class="trackside-diff" style="font-size:13px;line-height:1.5;{TEXT};overflow-wrap:anywhere">'
        f"<div>{_text(describe_run(before))} <strong>→</strong> {_text(describe_run(after))}"
        f"</div>{body}{_paragraph(same, MUTED)}{_notes(notes_of(before, after, sections))}</div>"
    )


def _section(section: Section) -> str:
    shown, more = shown_of(section)
    tables = [difference for difference in shown if difference.lines is None]
    texts = [difference for difference in shown if difference.lines is not None]
    count = len(section.differences)
    same = f" · {count_same(section)} the same" if section.same else ""
    rest = _paragraph(f"… and {more:,} more; .df has all", MUTED) if more else ""
    return (
        f"<details open><summary><strong>{section.name}</strong> "
        f"<span style='{MUTED}'>{count:,} changed{same}</span></summary>"
        f"{_notes(section.notes)}{_table(tables)}{''.join(map(_changed_text, texts))}{rest}</details>"
    )


def _table(differences: list[Difference]) -> str:
    if not differences:
        return ""
    head = "<td></td>" + "".join(f"<th scope='col' style='{_CELL};{MUTED}'>{name}</th>" for name in ("before", "after"))
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(map(_row, differences))}</tbody></table>"


def _row(difference: Difference) -> str:
    values = describe_values(difference)
    cells = [f"<td style='{_CELL};{CODE}'>{_value(text)}</td>" for text in values]
    said = f"<td style='{_CELL};{_TONES[difference.tone]}'>{_text(difference.said)}</td>"
    name = f"<th scope='row' style='{_CELL};font-weight:normal'>{_text(cut(difference.name, 80))}</th>"
    return f"<tr>{name}{''.join(cells)}{said}</tr>"


def _value(text: str | None) -> str:
    return f"<span style='{MUTED}'>—</span>" if text is None else _text(text)


def _changed_text(difference: Difference) -> str:
    lines = difference.lines or []
    is_open = " open" if len(lines) <= _OPEN_LINES else ""
    drawn = "\n".join(map(_line, lines[:_LINES]))
    rest = f"\n… and {spell_count(len(lines) - _LINES, 'more line')}" if len(lines) > _LINES else ""
    return (
        f"<details{is_open}><summary>{_text(cut(difference.name, 120))} "
        f"<span style='{MUTED}'>{_text(difference.said)}</span></summary>"
        f"<pre style='{CODE};margin:2px 0 6px;white-space:pre-wrap;tab-size:4'>{drawn}{rest}</pre></details>"
    )


def _line(line: Line) -> str:
    sign = _LINE_SIGNS[line.kind]
    if line.kind == "skipped":
        return f"<span style='{_LINE_STYLES['skipped']}'>{sign}… {spell_count(line.count, 'line')}</span>"
    text = "".join(_piece(piece, line.kind) for piece in _shortened(line.pieces))
    style = _LINE_STYLES[line.kind]
    return f"<span style='{style}'>{sign}{text}</span>" if style else f"{sign}{text}"


def _piece(piece: Piece, kind: str) -> str:
    text = escape(visible(piece.text))
    if not piece.has_changed or kind not in _WORD_TAGS:
        return text
    tag = _WORD_TAGS[kind]
    return f"<{tag} style='{_WORD_STYLES[kind]}'>{text}</{tag}>"


def _shortened(pieces: Iterable[Piece]) -> Iterable[Piece]:
    room = _WIDTH
    for piece in pieces:
        if room <= 0:
            return
        is_cut = len(piece.text) > room
        yield piece._replace(text=piece.text[:room] + "…") if is_cut else piece
        room -= len(piece.text)


def _notes(notes: Iterable[str]) -> str:
    return "".join(_paragraph(note, WARNING) for note in notes)


def _paragraph(text: str, style: str) -> str:
    return f"<div style='{style}'>{_text(text)}</div>" if text else ""


def _text(text: str) -> str:
    return f"<bdi>{escape(visible(text))}</bdi>" if text else ""
