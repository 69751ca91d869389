"""The words that a diff is told in, as text and as a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from trackside.changes import ABSENT
from trackside.model import short_id
from trackside.visible_text import cut, cut_pair, spell, visible

if TYPE_CHECKING:
    from trackside.run_details import RunDetails
    from trackside.run_diff.sections import Difference, Section, SectionName

NOTHING_DIFFERS = "nothing differs"

_LONGEST_VALUE = 120
_SHOWN = 100
"""Differences of one part that are shown; ``.df`` has all."""

_UNITS: dict[SectionName, tuple[str, str]] = {
    "params": ("param", "params"),
    "metrics": ("metric", "metrics"),
    "code": ("piece of code", "pieces of code"),
    "data": ("dataset", "datasets"),
    "model": ("model", "models"),
    "packages": ("package", "packages"),
    "hardware": ("fact about the machine", "facts about the machine"),
    "notebook": ("notebook cell", "notebook cells"),
    "run": ("fact about the run", "facts about the run"),
}
"""What the parts of a diff are counted in."""


class Values(NamedTuple):
    """What a thing was and is, in words; None where there is nothing."""

    before: str | None
    after: str | None


def describe_run(run: RunDetails) -> str:
    """Return a run's name, id, start and status in words."""
    verdict = run.marks.get("reproduced")
    again = f"; run again: {cut(verdict, 20)}" if verdict else ""
    return f"{cut(run.name, 60)} {short_id(run.run_id)} ({run.started_at:%Y-%m-%d %H:%M} UTC, {run.status}{again})"


def describe_values(difference: Difference) -> Values:
    """Return what a thing was and is, in one short line each in which the difference is seen."""
    before, after = (None if value is ABSENT else _spell(value) for value in (difference.before, difference.after))
    if before is None or after is None:
        return Values(*(None if text is None else cut(text, _LONGEST_VALUE) for text in (before, after)))
    if before == after:  # numbers that look alike when rounded
        before, after = spell(difference.before), spell(difference.after)
    shown = cut_pair(before, after, _LONGEST_VALUE)
    if shown[0] == shown[1]:  # they differ in white space alone
        shown = cut_pair(_spell_space(before), _spell_space(after), _LONGEST_VALUE)
    return Values(*shown)


def _spell_space(text: str) -> str:
    return "".join("␣" if char == " " else visible(repr(char)[1:-1]) if char.isspace() else char for char in text)


def _spell(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else spell(value)


def shown_of(section: Section) -> tuple[list[Difference], int]:
    """Return the differences of a part that are shown, and how many are not."""
    return section.differences[:_SHOWN], max(0, len(section.differences) - _SHOWN)


def count_same(section: Section) -> str:
    """Return in words how many things of a part are the same: ``12 params``."""
    return f"{section.same:,} {_UNITS[section.name][section.same != 1]}"


def describe_same(sections: list[Section]) -> str:
    """Return in one line what is the same in both runs."""
    counted = [count_same(section) for section in sections if section.same]
    return f"the same: {', '.join(counted)}" if counted else ""


def notes_of(before: RunDetails, after: RunDetails, sections: list[Section]) -> list[str]:
    """Return what could not be told: what the parts say that have no difference to show, and what is lost."""
    told = [note for section in sections if not section.differences for note in section.notes]
    both = {"the same run" if before.run_id == after.run_id else "before": before, "after": after}
    if before.run_id == after.run_id:
        both.pop("after")
    return told + [f"{cut(line, 300)} ({which})" for which, run in both.items() for line in run.lost]
