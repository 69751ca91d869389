"""What a review says, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackside.quantities import spell_count

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from trackside.review.findings import Result, Review


def say_period(review: Review) -> str:
    """Return the time that a review is of."""
    return f"What ran from {spell_time(review.since)} to {spell_time(review.until)} UTC."


def spell_time(time: datetime) -> str:
    """Return a time to the minute."""
    return f"{time:%Y-%m-%d %H:%M}"


def say_counts(counts: Mapping[str, int]) -> str:
    """Return how many runs there are, by status.

    Examples
    --------
    >>> say_counts({"finished": 3, "failed": 1})
    '4 runs: 3 finished, 1 failed'
    """
    return f"{spell_count(sum(counts.values()), 'run')}: {_list(counts)}"


def say_left_over(left_over: Mapping[str, int], *, has_table: bool) -> str:
    """Return how many runs stand in no table of results, and why.

    Examples
    --------
    >>> say_left_over({"failed": 2, "dropped": 1}, has_table=True)
    'Not in this table: 2 failed, 1 dropped.'
    """
    return f"{'Not in this table' if has_table else 'No results'}: {_list(left_over)}."


def say_people(people: Mapping[str, int]) -> str:
    """Return who ran how many."""
    return ", ".join(f"{name} ({count})" for name, count in people.items()) if len(people) > 1 else next(iter(people))


def say_summary(review: Review) -> str:
    """Return the whole in one line."""
    better = sum(len(each.better) for each in review.experiments)
    put_away = sum(len(each.put_away) for each in review.experiments)
    away = f" {put_away} of them {'was' if put_away == 1 else 'were'} put away." if put_away else ""
    questions = sum(len(each.questions) for each in review.experiments)
    return (
        f"{say_counts(review.counts)}, in {spell_count(len(review.experiments), 'experiment')}.{away} "
        f"{better or 'None'} better than the baseline; {spell_count(len(review.decisions), 'decision')}, "
        f"{spell_count(questions, 'open question')}."
    )


def spell_value(value: float) -> str:
    """Return a metric's value to five digits."""
    return f"{value:.5g}"


def say_difference(result: Result) -> str:
    """Return how far runs are from the baseline, with the interval where there is one."""
    if result.effect is None:
        return ""
    effect = f"{result.effect:+.3g}"
    return f"{effect} ({' … '.join(f'{bound:+.2g}' for bound in result.interval)})" if result.interval else effect


def _list(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {what}" for what, number in counts.items())
