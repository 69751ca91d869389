"""What people say of runs afterwards: stars, shelves, notes, names, tags, and what becomes of them."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, get_args

from trackside.capture.words.secrets import redact, redact_named
from trackside.errors import InputError, suggest
from trackside.journal.excerpts import read_excerpts
from trackside.model import STORE_ID, TAG_MARK, Disposition, Marked
from trackside.tracking.deciding_alone import CATCH_UP_SECONDS, deciding_alone
from trackside.tracking.retention import refuse_baselines, refuse_registered, refuse_reviewed
from trackside.tracking.statements import LONGEST_TEXT, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trackside.model import ReproductionVerdict
    from trackside.store.store import Store

_MOST_BYTES = 1 << 26  # of one journal of what is said: what is said of all runs at once is one line

DISPOSITIONS: tuple[Disposition, ...] = get_args(Disposition)
"""What may be decided about a run."""


def mark_runs(
    store: Store,
    run_ids: Sequence[str],
    marks: Mapping[str, str | None],
    *,
    by: str | None = None,
    why: str | None = None,
) -> None:
    """Say something of runs; None takes it back.

    Parameters
    ----------
    marks
        What is said: see `trackside.model.Marked`.
    by, why
        Who says it, by default the author of this code's runs, and the reason.

    Raises
    ------
    InputError
        A baseline, a registered or a reviewed run is to be dropped, a name is empty or too long, no text could name a
        tag, or the reason is too long.
    JournalError
        The store's folder cannot be written.
    StoreBusyError
        Runs are to be dropped, and the store was locked for too long.
    """
    if (name := marks.get("name")) is not None:
        marks = {**marks, "name": _clean_name(name)}
    for mark, value in marks.items():
        if value is not None and mark.startswith(TAG_MARK):
            _check_tag(mark.removeprefix(TAG_MARK))
    if not (run_ids and marks):
        return
    is_drop = marks.get("shelf") == "dropped"
    with deciding_alone(store.folder) if is_drop else nullcontext():
        if is_drop:
            store.bring_up_to_date(CATCH_UP_SECONDS, "whether a run may be dropped")
            refuse_baselines(store, run_ids, "drop")
            refuse_registered(store, run_ids, "dropped")
            if "decision" not in marks:
                refuse_reviewed(store, run_ids, "dropped")
        say(store, "marked", by, why, run_ids=list(run_ids), marks=dict(map(_redacted, marks.items())))


def decide_on_runs(store: Store, run_ids: Sequence[str], decision: str, why: str, *, by: str | None = None) -> None:
    """Decide what becomes of runs: each decision is kept, with its author, its time and its reason.

    A run that is to be dropped is put where purge takes it from, one that is kept is brought back.

    Raises
    ------
    InputError
        There is no such decision, no reason, or a baseline, a registered or a reviewed run is to be dropped.
    JournalError
        The store's folder cannot be written.
    """
    if decision not in DISPOSITIONS:
        raise InputError(
            f"found {decision!r} as the decision; expected {', '.join(DISPOSITIONS)}."
            f"{suggest(decision, list(DISPOSITIONS))}"
        )
    if not why.strip():
        raise InputError(f"no reason is given to {decision} it; expected one, such as 'beats the baseline on new data'")
    shelf = {"drop": "dropped", "keep": "kept"}
    marks = {"decision": decision} | ({"shelf": shelf[decision]} if decision in shelf else {})
    mark_runs(store, run_ids, marks, by=by, why=why)


def mark_reproduced(store: Store, run_id: str, verdict: ReproductionVerdict, details: str) -> None:
    """Say of a run whether running it again gave the same; ``details`` tells in JSON what was compared.

    Raises
    ------
    JournalError
        The store's folder cannot be written.
    """
    say(store, "marked", run_ids=[run_id], marks={"reproduced": verdict, "reproduction": details})


def list_said(store: Store, run_id: str, mark: str) -> list[str | None]:
    """Return what was said of a run by one mark, in its order: also what the tables, which know the last, do not."""
    said = read_excerpts(store.folder, STORE_ID, _MOST_BYTES)
    marked = (event for event in said if isinstance(event, Marked) and run_id in event.run_ids)
    return [event.marks[mark] for event in marked if mark in event.marks]


def _clean_name(name: str) -> str:
    """Return a run's name without the blanks around it."""
    clean = name.strip()
    if not clean:
        raise InputError(f"the name is {name!r}; expected some letters, or None for the run's first name")
    if len(clean) > LONGEST_TEXT:
        raise InputError(f"the name has {len(clean):,} characters; expected at most {LONGEST_TEXT:,}")
    return clean


def _check_tag(name: str) -> None:
    if not name.strip() or "=" in name:
        raise InputError(f"found {name!r} as a tag's name; expected some letters, without =, such as stage")


def _redacted(mark: tuple[str, str | None]) -> tuple[str, str | None]:
    name, value = mark
    key = name.removeprefix(TAG_MARK)
    if key == name:
        return name, value and redact(value)
    return TAG_MARK + redact(key), value and redact_named(key, value)
