"""What a diff of two runs is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from trackside.changes import compare_values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trackside.line_diff import Line

SectionName: TypeAlias = Literal[
    "run", "params", "metrics", "code", "data", "model", "packages", "hardware", "notebook"
]


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One thing in which the runs differ.

    Attributes
    ----------
    before, after
        What it was and what it is; `ABSENT` where there is nothing.
    said
        What else there is to say, such as how far a number went: ``"+0.02, better"``.
    tone
        Whether that is good or bad, where it is known.
    lines
        For a text, how one became the other.
    """

    name: str
    before: Any
    after: Any
    said: str = ""
    tone: Literal["good", "bad"] | None = None
    lines: list[Line] | None = None


@dataclass(frozen=True, kw_only=True)
class Section:
    """One part of the runs: in what they differ, how many things are the same, and what could not be told."""

    name: SectionName
    differences: list[Difference] = field(default_factory=list)
    same: int = 0
    notes: list[str] = field(default_factory=list)


def value_section(
    name: SectionName, before: Mapping[str, Any], after: Mapping[str, Any], notes: list[str] | None = None
) -> Section:
    """Return in which of their named values two runs differ."""
    changes = compare_values(before, after)
    return Section(
        name=name,
        differences=[Difference(name=change.name, before=change.before, after=change.now) for change in changes],
        same=len({*before, *after}) - len(changes),
        notes=notes or [],
    )
