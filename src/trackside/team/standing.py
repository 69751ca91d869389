"""What was decided about one run, as its page tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackside.analysis.forced import list_forced
from trackside.team.baselines import list_choices_of, spell_handle
from trackside.team.decisions import list_decisions
from trackside.visible_text import cut
from trackside.wire import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from trackside.store.store import Store
    from trackside.team.baselines import Choice

_LONGEST = 120


def tell_standing(store: Store, run_id: str) -> list[Fact]:
    """Return what was decided about a run, which baselines it is or was, and its reviews: when, by whom and why.

    So are the checks that judged it although it was not comparable. Of each the newest comes first.
    """
    decided = [
        _fact(str(each.decision), f"{spell_time(each.time)} UTC", each.author, each.why)
        for each in list_decisions(store, [run_id])
    ]
    forced = [
        _fact("judged", f"{spell_time(each.time)} UTC", each.author, f"although not comparable: {each.outcome}")
        for each in list_forced(store, [run_id])
    ]
    return [*decided, *forced, *_tell_choices(list_choices_of(store, run_id)), *_tell_reviews(store, run_id)]


def _tell_choices(choices: list[Choice]) -> Iterator[Fact]:
    for choice in choices:
        when = f"since {spell_time(choice.time)}"
        if choice.until is not None:
            when = f"from {spell_time(choice.time)} to {spell_time(choice.until)}"
        yield _fact(spell_handle(choice.name), f"{when} UTC", choice.author, choice.why)


def _tell_reviews(store: Store, run_id: str) -> Iterator[Fact]:
    with store.read() as connection:
        rows = connection.execute(
            """SELECT r.time, r.author, r.since, r.until FROM reviewed_runs JOIN reviews r USING (review_id)
            WHERE run_id = CAST(? AS UUID) ORDER BY r.time DESC, review_id""",
            [run_id],
        ).fetchall()
    for time, author, since, until in rows:
        period = f"what ran from {spell_time(since)} to {spell_time(until)} UTC"
        yield _fact("reviewed", f"on {spell_time(time)} UTC", author, period)


def spell_time(time: datetime) -> str:
    """Return a time to the minute."""
    return f"{time:%Y-%m-%d %H:%M}"


def _fact(name: str, text: str, author: str | None, why: str | None) -> Fact:
    by = f", by {author}" if author else ""
    return Fact(name=name, text=cut(f"{text}{by}", _LONGEST), note=cut(why or "no reason given", _LONGEST))
