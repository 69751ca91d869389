"""What a review finds: plain records, of which its outline is made."""

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
class Result:
    """Runs that differ in nothing but their seed: what they came to, and how they stand to the baseline.

    Attributes
    ----------
    value, deviation
        The mean of the main metric and its standard deviation; None where there is one value.
    verdict
        As a check gives it; ``"baseline"`` of the baseline itself, empty where nothing was checked.
    effect, interval
        How far the value is from the baseline's, and the interval of that.
    is_ahead
        Whether the value is on the better side of the baseline's.
    reason
        Why it cannot be compared, or what the verdict rests on.
    decision
        What was decided last about any of the runs; None where nothing was.
    handle
        The letters by which to name it in a decision.
    """

    label: str
    run_ids: Sequence[str]
    value: float
    deviation: float | None
    verdict: str
    effect: float | None
    interval: Interval | None
    is_ahead: bool
    reason: str
    decision: str | None
    handle: str


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Runs that failed in one way: the first line of the error."""

    error: str
    run_ids: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Broken:
    """A rule of the policy that runs break, and what to do about the first of them."""

    rule: str
    advice: str
    run_ids: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is open, in words, and what would settle it: a line of code, or nothing."""

    text: str
    code: str = ""


@dataclass(frozen=True, kw_only=True)
class PutAway:
    """A run that was dropped or archived; ``value`` is that of the main metric, NaN where it has none."""

    label: str
    run_id: str
    shelf: str
    value: float

    @property
    def handle(self) -> str:
        """The letters that name the run."""
        return short_id(self.run_id)


@dataclass(frozen=True, kw_only=True)
class ExperimentReview:
    """What ran in one experiment. A repeated cell counts through its repeats.

    Attributes
    ----------
    runs
        Those that were not put away: what is told of them is told of all of these.
    counts, people
        How many runs there are, with those that were put away, by status, and by who ran them.
    baseline, metric
        What the run that others are held against is called, and by which metric; None where that is not known.
    results
        All that came out, the best first.
    left_over
        How many runs are in no result, by why.
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
    results: Sequence[Result] = ()
    left_over: Mapping[str, int] = field(default_factory=dict)
    not_checked: str = ""
    put_away: Sequence[PutAway] = ()
    failures: Sequence[Failure] = ()
    broken: Sequence[Broken] = ()
    questions: Sequence[Question] = ()

    @property
    def better(self) -> list[Result]:
        """Those that the checks call better."""
        return [each for each in self.results if each.verdict == "better"]

    @property
    def breaking(self) -> set[str]:
        """The runs that break any rule of the policy."""
        return {run_id for each in self.broken for run_id in each.run_ids}


@dataclass(frozen=True, kw_only=True)
class LoggedDecision:
    """Something that was decided in the time: what about which runs or models, by whom and why; ``time`` is in UTC."""

    time: datetime
    experiment: str
    what: str
    about: str
    run_ids: Sequence[str]
    author: str | None
    why: str | None


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
    """What ran from one time until another, both in UTC, and what was decided meanwhile, the newest first."""

    author: str
    since: datetime
    until: datetime
    experiments: Sequence[ExperimentReview]
    decisions: Sequence[LoggedDecision] = ()
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
