"""All that is known of a run, as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackside.model import short_id
from trackside.quantities import spell_count
from trackside.run_page import describe_run
from trackside.visible_text import cut

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trackside.goals import Goals
    from trackside.run_details import RunDetails
    from trackside.wire import Fact, RunSection

_APART = frozenset(("packages",))
_BY_FACTS = frozenset(("code",))
"""Sections, and those whose texts, would fill the screen."""


def summarize(run: RunDetails, goals: Goals, decided: Sequence[Fact] = (), versions: Sequence[Fact] = ()) -> str:
    """Return what is known of a run, part by part.

    Parameters
    ----------
    goals
        Which metrics are better low and which high: it decides which of a metric's values is its best.
    decided
        What was decided about the run; see `trackside.team.standing`.
    versions
        The versions of models that are made of it; see `trackside.team.registry.of_run`.
    """
    own, *sections = describe_run(run, goals, decided=decided, versions=versions).sections
    lines = [f"{cut(run.name, 60)} {short_id(run.run_id)}", *_rows(own)]
    for section in sections:
        if section.name not in _APART:
            lines += ["", section.name, *_rows(section)]
    return "\n".join(lines)


def _rows(section: RunSection) -> Iterator[str]:
    width = max((len(fact.name) for fact in section.facts), default=0)
    for fact in section.facts:
        yield f"  {fact.name:<{width}}  {fact.text}" + (f" ({fact.note})" if fact.note else "")
    if section.more and section.name not in _BY_FACTS:
        yield f"  … and {section.more:,} more"
    for text in () if section.name in _BY_FACTS else section.texts:
        yield from (f"  {line}" for line in text.text.splitlines())
        if text.more:
            yield f"  … and {spell_count(text.more, 'more line')}"
