"""A review as an outline of headings, texts, lists and tables, which its page and its notebook write in their ways."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from trackside.model import short_id
from trackside.quantities import spell_count
from trackside.review.words import (
    say_counts,
    say_difference,
    say_left_over,
    say_people,
    say_period,
    say_summary,
    spell_time,
    spell_value,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trackside.analysis.evidence import Interval
    from trackside.review.findings import ExperimentReview, PutAway, Result, Review

Look: TypeAlias = Literal["plain", "strong", "code", "quiet", "good", "bad", "warn"]

_SHOWN = 30
_NAMED = 5
_DIFFERENCE = 3
"""The column of the differences in the table of results."""
_TONES: dict[str, Look] = {"better": "good", "worse": "bad", "not comparable": "warn", "not enough data": "warn"}


class Text(NamedTuple):
    """Somebody's words, in which nothing means anything, or some that look otherwise than those around them."""

    text: str
    look: Look = "plain"


Line: TypeAlias = "tuple[str | Text, ...]"
"""Words one after another: Trackside's own as they are, and others'."""


@dataclass(frozen=True)
class Heading:
    """What stands above a part of the review; the review's own title has level 1."""

    level: int
    line: Line


@dataclass(frozen=True)
class Paragraph:
    """Some sentences."""

    line: Line


@dataclass(frozen=True)
class Bullets:
    """A list."""

    lines: Sequence[Line]


@dataclass(frozen=True)
class Bar:
    """How far a result is from the baseline, to be drawn: from ``low`` to ``high``, where there is an interval."""

    effect: float
    interval: Interval | None


@dataclass(frozen=True)
class Table:
    """A table; numbers stand in the columns ``numbers``, and each row may have a bar, drawn behind the column."""

    titles: Sequence[Line]
    rows: Sequence[Sequence[Line]]
    numbers: Sequence[int] = ()
    bars: Sequence[Bar | None] = ()
    bar_column: int = -1


@dataclass(frozen=True)
class Steps:
    """Lines of code that would settle what is open, for a notebook to offer."""

    lines: Sequence[str]


@dataclass(frozen=True)
class Runs:
    """Where the runs of an experiment are to be shown themselves."""

    of: ExperimentReview


Block: TypeAlias = Heading | Paragraph | Bullets | Table | Steps | Runs


def outline(review: Review) -> Iterator[Block]:
    """Yield the parts of a review, in their order."""
    yield Heading(1, ("Review",))
    yield Paragraph((say_period(review),))
    yield Paragraph((say_summary(review), " Written by ", Text(review.author), "."))
    yield from _questions(review)
    yield from _decisions(review)
    for each in review.experiments:
        yield from _experiment(review, each)
    yield from _novelty(review)


def _questions(review: Review) -> Iterator[Block]:
    asked = [(each, question) for each in review.experiments for question in each.questions]
    if not asked:
        return
    is_one = len(review.experiments) == 1
    yield Heading(2, ("To decide",))
    yield Bullets(
        [
            (
                *(() if is_one else (Text(each.experiment, "strong"), ": ")),
                Text(question.text),
                *((": ", Text(question.code, "code")) if question.code else ()),
            )
            for each, question in asked
        ]
    )
    yield Steps([question.code for _, question in asked if question.code])


def _decisions(review: Review) -> Iterator[Block]:
    yield Heading(2, ("Decided",))
    if not review.decisions:
        yield Paragraph(("Nothing was decided in this time.",))
        return
    rows: list[list[Line]] = [
        [
            (spell_time(each.time),),
            (Text(each.experiment),),
            (Text(each.about or "—"), *(_ids(each.run_ids, " ") if each.run_ids else ())),
            (Text(each.what),),
            (Text(each.author or ""),),
            (Text(each.why),) if each.why else (Text("no reason given", "quiet"),),
        ]
        for each in review.decisions[:_SHOWN]
    ]
    yield _table(("when (UTC)", "experiment", "about", "decision", "author", "why"), rows)
    yield from _more(len(review.decisions))


def _experiment(review: Review, told: ExperimentReview) -> Iterator[Block]:
    yield Heading(2, (Text(told.experiment), " ", Text(told.project, "quiet")))
    baseline = (" The baseline is ", Text(told.baseline, "strong"), ".") if told.baseline else ()
    yield Paragraph((say_counts(told.counts), ", by ", Text(say_people(told.people)), ".", *baseline))
    yield Runs(told)
    yield from _results(told)
    if told.failures:
        rows: list[list[Line]] = [
            [(Text(each.error, "code"),), (f"{len(each.run_ids):,}",), _ids(each.run_ids)] for each in told.failures
        ]
        yield Heading(3, ("Failed",))
        yield _table(("error", "runs", "which"), rows, numbers=(1,))
    if told.put_away:
        yield from _put_away(review, told)
    if review.policy is not None and len(told.runs):
        yield from _broken(told)


def _results(told: ExperimentReview) -> Iterator[Block]:
    yield Heading(3, ("Results",))
    if told.not_checked:
        yield Paragraph((Text("Not checked:", "warn"), " ", Text(told.not_checked), "."))
    if told.results:
        shown = [*told.results[:_SHOWN], *(each for each in told.results[_SHOWN:] if each.verdict == "baseline")]
        columns: list[Line] = [("result",), ("runs",), (Text(told.metric or ""),)]
        is_held = any(each.effect is not None for each in told.results)
        columns += [("difference",), ("verdict",)] if is_held else []
        columns += [("decided",)]
        yield Table(
            columns,
            [_result(each, is_held=is_held) for each in shown],
            numbers=(1, 2, *((_DIFFERENCE,) if is_held else ())),
            bars=[Bar(each.effect, each.interval) if each.effect is not None else None for each in shown],
            bar_column=_DIFFERENCE if is_held else -1,
        )
        yield from _more(len(told.results))
        if (held := sum(each.interval is not None for each in told.results)) > 1:
            why = f"Verdicts and intervals are corrected for {held} results held against one baseline (Holm's method)."
            yield Paragraph((Text(why, "quiet"),))
    if told.left_over:
        yield Paragraph((Text(say_left_over(told.left_over, has_table=bool(told.results)), "quiet"),))


def _result(each: Result, *, is_held: bool) -> list[Line]:
    verdict: Line = (Text(each.verdict, _TONES.get(each.verdict, "quiet")),) if each.verdict else ("",)
    if each.verdict == "not comparable":
        verdict = (*verdict, ": ", Text(each.reason, "quiet"))
    undecided = Text("" if each.verdict == "baseline" else "not yet", "quiet")
    return [
        (Text(each.label), " ", Text(each.handle, "code")),
        (f"{len(each.run_ids):,}",),
        (spell_value(each.value) + ("" if each.deviation is None else f" ± {each.deviation:.2g}"),),
        *([(say_difference(each),), verdict] if is_held else []),
        (Text(each.decision) if each.decision else undecided,),
    ]


def _put_away(review: Review, told: ExperimentReview) -> Iterator[Block]:
    when = {run_id: each for each in reversed(review.decisions) for run_id in each.run_ids}

    def row(each: PutAway) -> list[Line]:
        said = when.get(each.run_id)
        value = "—" if isnan(each.value) else spell_value(each.value)
        return [
            (Text(each.label), " ", Text(each.handle, "code")),
            (value,),
            (each.shelf,),
            (Text((said and said.author) or ""),),
            (Text((said and said.why) or "no reason given", "plain" if said and said.why else "quiet"),),
        ]

    yield Heading(3, ("Put away",))
    titles: list[Line] = [("run",), (Text(told.metric or ""),), ("put away",), ("author",), ("why",)]
    yield Table(titles, [row(each) for each in told.put_away[:_SHOWN]], numbers=(1,))
    yield from _more(len(told.put_away))


def _broken(told: ExperimentReview) -> Iterator[Block]:
    yield Heading(3, ("Policy",))
    if not told.broken:
        yield Paragraph(("Every run keeps it.",))
        return
    yield Paragraph((f"{len(told.breaking):,} of {spell_count(len(told.runs), 'run')} break it.",))
    rows: list[list[Line]] = [
        [(Text(each.rule),), (f"{len(each.run_ids):,}",), (Text(each.advice),), _ids(each.run_ids)]
        for each in told.broken
    ]
    yield _table(("rule", "runs", "what to do", "which"), rows, numbers=(1,))


def _novelty(review: Review) -> Iterator[Block]:
    if review.data:
        rows: list[list[Line]] = [
            [
                (Text(each.name),),
                (Text(each.role or ""),),
                (Text(each.shape or ""),),
                (f"{each.runs:,}",),
                (Text(each.digest[:16], "code"),),
            ]
            for each in review.data[:_SHOWN]
        ]
        yield Heading(2, ("New data",))
        yield _table(("name", "role", "shape", "runs", "digest"), rows, numbers=(3,))
        yield from _more(len(review.data))
    if review.environments:
        yield Heading(2, ("New environments",))
        yield Bullets(
            [
                (Text(each.digest[:12], "code"), f", {spell_count(each.runs, 'run')}: ", Text(_changes(each.changes)))
                for each in review.environments[:_SHOWN]
            ]
        )
        yield from _more(len(review.environments))


def _changes(changes: Sequence[str]) -> str:
    more = f" and {len(changes) - _NAMED} more" if len(changes) > _NAMED else ""
    return ", ".join(changes[:_NAMED]) + more or "nothing to compare it with"


def _ids(run_ids: Sequence[str], before: str = "") -> Line:
    more = f" and {len(run_ids) - _NAMED} more" if len(run_ids) > _NAMED else ""
    return before, Text(", ".join(map(short_id, run_ids[:_NAMED])), "code"), more


def _table(titles: Sequence[str], rows: Sequence[Sequence[Line]], numbers: Sequence[int] = ()) -> Table:
    return Table([(title,) for title in titles], rows, numbers)


def _more(count: int) -> Iterator[Paragraph]:
    if count > _SHOWN:
        yield Paragraph((f"… and {count - _SHOWN:,} more",))
