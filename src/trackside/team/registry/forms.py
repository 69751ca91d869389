"""A version and its model in the forms that other programs read: JSON and Markdown."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from trackside.capture.words.numbers import spell_number
from trackside.team.registry.card_text import NAME, TEXT, say_change, say_head, say_override, say_registration, say_what
from trackside.team.registry.facts import load_command
from trackside.team.registry.history import say_event
from trackside.visible_text import code_span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trackside.model import ModelChanged
    from trackside.team.registry.facts import VersionFacts

VERSION = 1


def write_json(versions: Iterable[VersionFacts]) -> str:
    """Return versions as JSON; numbers that are not finite are texts, such as ``"NaN"``."""
    return json.dumps({"version": VERSION, "versions": list(map(_plain, versions))}, ensure_ascii=False, indent=2)


def write_markdown(facts: VersionFacts) -> str:
    """Return a version as Markdown, fit for a comment: where it stands, its metrics, what it was held to."""
    lines = [
        f"**{code_span(say_head(facts))}**",
        "",
        code_span(say_what(facts)),
        code_span(say_registration(facts), TEXT),
    ]
    lines += [f"- {code_span(say_override(event), 2 * TEXT)}" for event in facts.overridden]
    if facts.metrics:
        lines += ["", "| metric | value | change |", "| --- | ---: | --- |"]
        lines += [
            f"| {' | '.join(_cell(text) for text in (row.name, f'{row.value:.6g}', say_change(row)))} |"
            for row in facts.metrics
        ]
    gates = [gate for event, _ in facts.events for gate in event.gates]
    lines += [
        "",
        *(f"- {'✓' if gate.passed else '✗'} {code_span(f'{gate.name}: {gate.text}', TEXT)}" for gate in gates),
    ]
    return "\n".join(lines).rstrip()


def _cell(text: str) -> str:
    return code_span(text, NAME).replace("|", "¦") if text else ""


def _plain(facts: VersionFacts) -> dict[str, Any]:
    kept = facts.artifact
    return {
        "model": facts.model,
        "version": facts.version,
        "stage": facts.stage,
        "aliases": facts.aliases,
        "run": facts.run_id,
        "artifact": {
            "name": kept.name,
            "kind": kept.kind,
            "mime": kept.mime,
            "bytes": kept.bytes,
            "sha256": kept.sha256,
        },
        "load": load_command(facts),
        "metrics": {row.name: spell_number(row.value) for row in facts.metrics},
        "data": [
            {"name": each.name, "role": each.role, "shape": each.shape, "digest": each.digest, "sampled": each.sampled}
            for each in facts.data
        ],
        "inputs": dict(facts.inputs) or None,
        "outputs": dict(facts.outputs) or None,
        "history": [_plain_event(event, lost) for event, lost in facts.events],
    }


def _plain_event(event: ModelChanged, lost: str) -> dict[str, Any]:
    return {
        "time": datetime.fromtimestamp(event.time, tz=UTC).isoformat(),
        "event": say_event(event),
        "author": event.by,
        "why": event.why,
        "gates": [{"name": gate.name, "passed": gate.passed, "text": gate.text} for gate in event.gates],
        "overridden_by": event.overridden_by,
        "lost": lost or None,
    }
