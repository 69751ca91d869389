"""A check as HTML that needs nothing else: a card in the notebook's own colours, light or dark."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from trackside.analysis.check_text import (
    LONGEST,
    MARKS,
    numbers_of,
    say_difference,
    say_outcome,
    say_values,
    titles_of,
)
from trackside.html_styles import BAD, CELL, GOOD, MUTED, NUMBER, TABLE, WARNING, card
from trackside.visible_text import cut

if TYPE_CHECKING:
    from trackside.analysis.check import Check
    from trackside.analysis.verdicts import Verdict

_TONES: dict[Verdict, str] = {
    "better": GOOD,
    "worse": BAD,
    "no difference": MUTED,
    "not enough data": WARNING,
    "not comparable": WARNING,
}
_NUMBERS = (2, 3)
"""The columns in which numbers stand."""

_SHOWN = 200


def write_page(check: Check) -> str:
    """Return a check as HTML: verdict, values, difference, reasons, and of several candidates a table of them."""
    tone = _TONES[check.verdict]
    lines = [
        f"<b style='{tone}'>{MARKS[check.verdict]} {say_outcome(check)}</b> {_text(say_values(check))}",
        *([_text(say_difference(check))] if check.interval else []),
        *(f"<span style='{_tone_of(check)}'>{_text(reason)}</span>" for reason in check.reasons),
    ]
    if check.first_difference:
        lines.append(f"first difference: <b>{_text(cut(check.first_difference, _SHOWN))}</b>")
    body = "".join(f"<div>{line}</div>" for line in lines)
    return card("check", body + _table(check), edge=tone.removeprefix("color:"))


def _tone_of(check: Check) -> str:
    return WARNING if check.comparable == "not comparable" else MUTED


def _table(check: Check) -> str:
    if not check.each:
        return ""
    head = "".join(
        f"<th scope='col' style='{CELL};{MUTED};{NUMBER if at in _NUMBERS else ''}'>{_text(title)}</th>"
        for at, title in enumerate(titles_of(check))
    )
    rows = "".join(map(_row, check.each))
    return f"<table style='{TABLE}'><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _row(check: Check) -> str:
    *numbers, interval = numbers_of(check)
    told = "".join(f"<td style='{CELL};{NUMBER}'>{text}</td>" for text in numbers)
    return (
        f"<tr><th scope='row' style='{CELL}'>{_text(cut(check.candidate.label, LONGEST))}</th>"
        f"<td style='{CELL};{_TONES[check.verdict]}'>{say_outcome(check)}</td>{told}"
        f"<td style='{CELL}'>{interval}</td></tr>"
    )


def _text(text: str) -> str:
    return f"<bdi>{escape(text)}</bdi>" if text else ""
