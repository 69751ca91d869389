"""A version's card as HTML that needs nothing else: in the notebook's own colours, with no script."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from trackside.html_styles import BAD, BRAND, CELL, CODE, GOOD, MUTED, NUMBER, TABLE, WARNING, card
from trackside.labels import format_value
from trackside.team.registry import card_text as words
from trackside.team.registry.facts import load_command
from trackside.visible_text import cut

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trackside.model import ModelChanged
    from trackside.team.registry.facts import MetricRow, VersionFacts

_TONES = {"good": GOOD, "bad": BAD, "": MUTED}
STAGE_TONES = {"none": MUTED, "staging": WARNING, "production": GOOD, "archived": MUTED}
_SHOWN = 8
_MOST = 200
_LONGEST = 300


def write_page(facts: VersionFacts, lineage: str) -> str:
    """Return a version's card: what it is and where it stands at once, the rest behind what opens.

    ``lineage`` is the picture of where it comes from, as HTML.
    """
    body = "".join(
        [
            _head(facts),
            *(f"<div style='{WARNING}'>{_text(words.say_override(event))}</div>" for event in facts.overridden),
            _left_behind(facts),
            _metrics(facts),
            _fold("data", len(facts.data), _pairs((each.name, words.say_data(each)) for each in facts.data)),
            _signature(facts),
            _row("environment", words.say_environment(facts)),
            _command(facts),
            f"<details><summary>lineage</summary>{lineage}</details>",
            _fold("history", len(facts.events), "".join(_step(event, lost) for event, lost in facts.events)),
        ]
    )
    return card("model", body)


def stage_badge(stage: str) -> str:
    """Return a stage as a small label."""
    tone = STAGE_TONES.get(stage, MUTED)
    return (
        f"<span style='{tone};border:1px solid currentColor;border-radius:9px;padding:0 7px;font-size:11px'>"
        f"{escape(stage)}</span>"
    )


def alias_badge(alias: str) -> str:
    """Return an alias as a small label."""
    return (
        f"<span style='color:{BRAND};border:1px solid currentColor;border-radius:9px;padding:0 7px;font-size:11px'>"
        f"{_text(cut(alias, words.NAME))}</span>"
    )


def _head(facts: VersionFacts) -> str:
    badges = " ".join([stage_badge(facts.stage), *map(alias_badge, facts.aliases)])
    name = _text(cut(facts.model, words.NAME))
    return (
        f"<div><b style='font-size:15px'>{name} {facts.version}</b> {badges}</div>"
        f"<div style='{MUTED}'>{_text(words.say_what(facts))}</div>"
        f"<div style='{MUTED}'>{_text(words.say_registration(facts))}</div>"
    )


def _left_behind(facts: VersionFacts) -> str:
    told = words.say_left_behind(facts.model, facts.left_behind)
    return f"<div style='{WARNING}'>{_text(told)}</div>" if told else ""


def _metrics(facts: VersionFacts) -> str:
    if not facts.metrics:
        return _row("metrics", words.NOT_ON_RECORD)
    before = f"version {facts.former}" if facts.former else ""
    titles = ("metric", "value", *((before, "change") if before else ()))
    numeric = ("value", before)
    head = "".join(
        f"<th scope='col' style='{CELL};{NUMBER if title in numeric else ''};{MUTED}'>{escape(title)}</th>"
        for title in titles
    )
    shown = "".join(_metric(row, with_former=bool(before)) for row in facts.metrics[:_SHOWN])
    more = facts.metrics[_SHOWN:_MOST]
    table = f"<table style='{TABLE}'><thead><tr>{head}</tr></thead><tbody>{shown}</tbody></table>"
    rest = _pairs((row.name, format_value(row.value)) for row in more)
    return table + (_fold("more metrics", len(more), rest) if more else "")


def _metric(row: MetricRow, *, with_former: bool) -> str:
    cells = f"<td style='{CELL};{NUMBER}'>{escape(format_value(row.value))}</td>"
    if with_former:
        before = "" if row.before is None else format_value(row.before)
        tone = WARNING if row.before is not None and row.change is None else _TONES[row.tone]
        change = _text(words.say_change(row))
        cells += f"<td style='{CELL};{NUMBER};{MUTED}'>{escape(before)}</td><td style='{CELL};{tone}'>{change}</td>"
    return f"<tr><th scope='row' style='{CELL}'>{_text(cut(row.name, words.NAME))}</th>{cells}</tr>"


def _signature(facts: VersionFacts) -> str:
    inputs = f"inputs (columns of {cut(facts.inputs_of, words.NAME)})" if facts.inputs_of else "inputs"
    outputs = "outputs (of the predictions kept)" if facts.outputs else "outputs"
    return "".join(_columns(title, columns) for title, columns in ((inputs, facts.inputs), (outputs, facts.outputs)))


def _columns(title: str, columns: Sequence[tuple[str, str]]) -> str:
    if len(columns) <= _SHOWN:
        return _row(title, words.say_columns(list(columns)))
    return _fold(title, len(columns), _pairs(columns[:_MOST]))


def _command(facts: VersionFacts) -> str:
    command = _text(cut(load_command(facts), _LONGEST))
    return f"<div><span style='{MUTED}'>load it</span> <code style='{CODE}'>{command}</code></div>"


def _step(event: ModelChanged, lost: str) -> str:
    tone = WARNING if lost or event.overridden_by else ""
    gates = "".join(
        f"<div style='padding-left:16px;{GOOD if gate.passed else BAD}'>{_text(words.say_gate(gate))}</div>"
        for gate in event.gates
    )
    return f"<div style='{tone}'>{_text(words.say_step(event, lost))}</div>{gates}"


def _row(title: str, text: str) -> str:
    return f"<div><span style='{MUTED}'>{_text(title)}</span> {_text(text)}</div>"


def _fold(title: str, count: int, body: str) -> str:
    if not count:
        return _row(title, words.NOT_ON_RECORD)
    return f"<details><summary>{_text(title)} <span style='{MUTED}'>{count}</span></summary>{body}</details>"


def _pairs(pairs: Iterable[tuple[str, str]]) -> str:
    rows = "".join(
        f"<tr><th scope='row' style='{CELL}'>{_text(cut(name, words.NAME))}</th>"
        f"<td style='{CELL};{MUTED}'>{_text(cut(text, words.TEXT))}</td></tr>"
        for name, text in pairs
    )
    return f"<table style='{TABLE}'><tbody>{rows}</tbody></table>"


def _text(text: str) -> str:
    return f"<bdi>{escape(text)}</bdi>" if text else ""
