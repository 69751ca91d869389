"""The checklist of a run: how it keeps the policy, in one line and rule by rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from trackside.visible_text import cut
from trackside.wire import FoldedLine, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trackside.team.policy.compliance import Finding, State

MARKS: dict[State, str] = {"kept": "✓", "broken": "✗", "unknown": "…"}
_TONES: dict[State, Literal["good", "bad", "muted"]] = {"kept": "good", "broken": "bad", "unknown": "muted"}
_ABSENT = "none"
_NAMED = 4
_MOST = 30
_SHOWN = 60
_LINE = 240


def draw_checklist(findings: Sequence[Finding]) -> FoldedLine | None:
    """Return the line of a card that says what is broken or still to come, with a line for each rule behind it."""
    if not findings:
        return None
    worst: State = next((state for state in _WORST_FIRST if any(each.state == state for each in findings)), "kept")
    head, *told = say_findings(findings)
    line = [Span(text=head, tone="good" if worst == "kept" else "plain")]
    line += [Span(text=f", {each}", tone=_TONES[worst]) for each in told]
    details = [[Span(text=say_finding(each), tone=_TONES[each.state])] for each in worst_first(findings)[:_MOST]]
    more = len(findings) - _MOST
    return FoldedLine(
        line=line, details=[*details, *([[Span(text=f"+{more} more", tone="muted")]] if more > 0 else [])]
    )


def write_line(findings: Sequence[Finding]) -> str:
    """Return a checklist in one line.

    Examples
    --------
    >>> from trackside.team.policy.compliance import Finding
    >>> one = Finding("tag stage", "broken", "none", "a tag stage", "tag it")
    >>> write_line([one, Finding("param lr", "kept", "it", "one", "")])
    'policy: 1 of 2 ✓, missing: tag stage'
    """
    return ", ".join(say_findings(findings))


def say_findings(findings: Sequence[Finding]) -> list[str]:
    """Return how many rules are kept, and which are missing, broken or still to come, as far as there are such."""
    kept = sum(each.state == "kept" for each in findings)
    broken = [each for each in findings if each.state == "broken"]
    groups = {
        "missing": [each for each in broken if each.found == _ABSENT],
        "broken": [each for each in broken if each.found != _ABSENT],
        "to come": [each for each in findings if each.state == "unknown"],
    }
    told = [f"{word}: {_name(group)}" for word, group in groups.items() if group]
    return [f"policy: {kept} of {len(findings)} ✓", *told]


def say_finding(finding: Finding) -> str:
    """Return one rule, whether it is kept, and if not, what was found and what to do."""
    return f"{MARKS[finding.state]} {cut(finding.rule, _SHOWN)}: {say_state(finding)}"


def say_state(finding: Finding) -> str:
    """Return whether a rule is kept, and if not, what was found and what to do."""
    if finding.state == "kept":
        return f"kept: {cut(finding.found, _SHOWN)}" if finding.found != "it" else "kept"
    state = "broken" if finding.state == "broken" else "to come"
    return cut(f"{state}: found {finding.found}; expected {finding.expected}; {finding.advice}", _LINE)


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings, those that are broken first, then those to come."""
    return sorted(findings, key=lambda each: _WORST_FIRST.index(each.state))


_WORST_FIRST: tuple[State, ...] = ("broken", "unknown", "kept")


def _name(findings: Sequence[Finding]) -> str:
    more = len(findings) - _NAMED
    return ", ".join([*(cut(each.rule, _SHOWN) for each in findings[:_NAMED]), *([f"{more} more"] if more > 0 else [])])
