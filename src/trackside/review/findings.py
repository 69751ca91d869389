"""What a review finds: plain records, from which its notebook and its page are written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trackside.model import short_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from trackside.analysis.evidence import Interval
    from trackside.collection import Runs


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Runs that differ in nothing but their seed, held against the baseline.

    Attributes
    ----------
    verdict
        As a check gives it; ``"not checked"`` where none could be made.
    value, effect, interval
        The mean of the main metric, how far it is from the baseline's, and the interval of that.
    is_ahead
        Whether the value is on the better side of the baseline's.
    reason
        Why it cannot be compared, or what the verdict rests on.
    decision
        What was decided about any of the runs; None where nothing was.
    """

    label: str
    run_ids: Sequence[str]
    verdict: str
    value: float
    effect: float
    interval: Interval | None
    is_ahead: bool
    reason: str
    decision: str | None

    @property
    def handle(self) -> str:
        """The letters that name the first of the runs."""
        return short_id(self.run_ids[0])


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Runs that failed in one way: the first line of the error."""

    error: str
    run_ids: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Broken:
    """A rule of the policy that runs break, and what to do about it."""

    rule: str
    advice: str
    run_ids: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is open, in words, and what would settle it: a line of code, or nothing."""

    text: str
    code: str = ""


@dataclass(frozen=True, kw_only=True)
class ExperimentReview:
    """What ran in one experiment.

    Attributes
    ----------
    runs
        Those that are worth a look, newest first; hidden ones only count.
    counts, people
        How many runs there are by status, and by who ran them.
    baseline, metric
        What the run that others are held against is called, and by which metric; None where that is not known.
    candidates
        Those ahead of the baseline or proven better, the best first.
    not_checked
        Why no check could be made; empty where one was.
    """

    project: str
    experiment: str
    runs: Runs
    counts: Mapping[str, int]
    people: Mapping[str, int]
    baseline: str | None = None
    metric: str | None = None
    candidates: Sequence[Candidate] = ()
    not_checked: str = ""
    failures: Sequence[Failure] = ()
    broken: Sequence[Broken] = ()
    questions: Sequence[Question] = ()

    @property
    def better(self) -> list[Candidate]:
        """Those that the checks call better."""
        return [each for each in self.candidates if each.verdict == "better"]


@dataclass(frozen=True, kw_only=True)
class NewData:
    """Data of which no run before had the content."""

    name: str
    role: str | None
    shape: str | None
    digest: str
    runs: int


@dataclass(frozen=True, kw_only=True)
class NewEnvironment:
    """An environment that no run before had, and what changed in it since that of the last run before, in words."""

    digest: str
    runs: int
    changes: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Review:
    """What ran from one time until another, both in UTC."""

    author: str
    since: datetime
    until: datetime
    experiments: Sequence[ExperimentReview]
    data: Sequence[NewData] = ()
    environments: Sequence[NewEnvironment] = ()
    policy: str | None = None
    run_ids: Sequence[str] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many runs there are, by status."""
        counts: dict[str, int] = {}
        for each in self.experiments:
            for status, number in each.counts.items():
                counts[status] = counts.get(status, 0) + number
        return counts
