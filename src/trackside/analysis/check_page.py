"""A check as HTML that needs nothing else: a card in the notebook's own colours, light or dark."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from trackside.analysis.check_text import (
    LONGEST,
    MARKS,
    mean_of,
    say_difference,
    say_outcome,
    say_values,
    spell_interval,
)
from trackside.html_styles import BAD, CODE, GOOD, MUTED, TEXT, WARNING
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
_CELL = "padding:1px 12px 1px 0;text-align:left;font-weight:normal"
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
    return (
        f'<div class="trackside-check" style="border-left:3px solid {tone.removeprefix("color:")};padding:2px 8px;'
        f'font-size:13px;line-height:1.5;{TEXT};overflow-wrap:anywhere">{body}{_table(check)}</div>'
    )


def _tone_of(check: Check) -> str:
    return WARNING if check.comparable == "not comparable" else MUTED


def _table(check: Check) -> str:
    if not check.each:
        return ""
    titles = ("candidate", "verdict", cut(check.rule.metric, LONGEST), "difference", "interval")
    head = "".join(f"<th scope='col' style='{_CELL};{MUTED}'>{_text(title)}</th>" for title in titles)
    rows = "".join(map(_row, check.each))
    return f"<table style='color:inherit;font-size:inherit'><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _row(check: Check) -> str:
    effect = "" if check.effect is None else f"{check.effect:+.4g}"
    interval = "" if check.interval is None else spell_interval(check.interval)
    numbers = "".join(
        f"<td style='{_CELL};{CODE}'>{text}</td>" for text in (f"{mean_of(check.candidate):.5g}", effect, interval)
    )
    return (
        f"<tr><th scope='row' style='{_CELL}'>{_text(cut(check.candidate.label, LONGEST))}</th>"
        f"<td style='{_CELL};{_TONES[check.verdict]}'>{say_outcome(check)}</td>{numbers}</tr>"
    )


def _text(text: str) -> str:
    return f"<bdi>{escape(text)}</bdi>" if text else ""
