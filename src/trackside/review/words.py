"""What a review says, in the words that its notebook and its page share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackside.analysis.check_text import spell_interval
from trackside.quantities import spell_count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trackside.review.findings import Candidate, Review


def say_period(review: Review) -> str:
    """Return the time that a review is of."""
    return f"{review.since:%Y-%m-%d %H:%M} to {review.until:%Y-%m-%d %H:%M} UTC"


def say_counts(counts: Mapping[str, int]) -> str:
    """Return how many runs there are, by status.

    Examples
    --------
    >>> say_counts({"finished": 3, "failed": 1})
    '4 runs: 3 finished, 1 failed'
    """
    parts = ", ".join(f"{number} {status}" for status, number in counts.items())
    return f"{spell_count(sum(counts.values()), 'run')}: {parts}"


def say_summary(review: Review) -> str:
    """Return the whole in one line."""
    better = sum(len(each.better) for each in review.experiments)
    questions = sum(len(each.questions) for each in review.experiments)
    return (
        f"{say_counts(review.counts)}, in {spell_count(len(review.experiments), 'experiment')}. "
        f"{better or 'None'} better than the baseline; {spell_count(questions, 'open question')}."
    )


def spell_value(value: float) -> str:
    """Return a metric's value to five digits."""
    return f"{value:.5g}"


def say_difference(candidate: Candidate) -> str:
    """Return how far runs are from the baseline, with the interval where there is one."""
    effect = f"{candidate.effect:+.4g}"
    return f"{effect} ({spell_interval(candidate.interval)})" if candidate.interval else effect
