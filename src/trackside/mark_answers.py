"""What a browser says of runs: what of it may be said, and how that is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackside.errors import InputError
from trackside.model import TAG_MARK
from trackside.team.policy import refuse_unless_compliant
from trackside.tracking.marks import DISPOSITIONS, decide_on_runs, mark_runs
from trackside.tracking.statements import LONGEST_TEXT

if TYPE_CHECKING:
    from trackside import wire
    from trackside.config import Settings
    from trackside.store.store import Store

_MARKS: dict[str, tuple[str | None, ...]] = {
    "starred": ("yes", None),
    "shelf": ("kept", "archived", "dropped", None),
    "decision": (*DISPOSITIONS, None),
}


def keep_mark(store: Store, question: wire.MarkQuestion, settings: Settings | None) -> None:
    """Keep what is said of runs, by the user of the settings where these are known.

    Raises
    ------
    InputError
        It cannot be said; a decision has no reason; or the policy, or what relies on the runs, stands against it.
    """
    _check_mark(question)
    author = settings.user if settings else None
    if question.mark == "decision" and question.value is not None:
        if question.value == "promote":
            refuse_unless_compliant(store, question.run_ids, "promote", settings=settings)
        decide_on_runs(store, question.run_ids, question.value, question.why or "", by=author)
    else:
        mark_runs(store, question.run_ids, {question.mark: question.value}, by=author)


def _check_mark(question: wire.MarkQuestion) -> None:
    mark, value = question.mark, question.value
    allowed = _MARKS.get(mark)
    if allowed is not None:
        if value not in allowed:
            raise InputError(f"{mark} = {value!r} was asked for; expected one of {allowed}")
        return
    if mark == "name":
        if len(question.run_ids) != 1:
            raise InputError(
                f"{len(question.run_ids)} runs were to get one name; expected one run; tag several instead"
            )
        return
    is_tag = mark.startswith(TAG_MARK)
    _check_length("mark", mark, 1)
    _check_length(TAG_MARK if is_tag else mark, value, 0 if is_tag else 1)


def _check_length(what: str, text: str | None, least: int) -> None:
    if text is not None and not least <= len(text) <= LONGEST_TEXT:
        raise InputError(f"{what} of {len(text)} characters was asked for; expected {least} to {LONGEST_TEXT}, or null")
