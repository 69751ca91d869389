"""What people say of runs, experiments and models: events that belong to no run's journal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trackside.capture.words.secrets import redact
from trackside.errors import InputError
from trackside.journal import JournalWriter
from trackside.model import STORE_ID
from trackside.tracking.news import tell
from trackside.whereabouts import find_own_settings

if TYPE_CHECKING:
    from trackside.store.store import Store

LONGEST_TEXT = 1000
"""So many characters a name or a reason has at most, and what a browser says of runs."""


def say(store: Store, event: str, by: str | None = None, why: str | None = None, **fields: Any) -> None:
    """Write one event that belongs to no run, and have it brought into the tables; see `mark_runs`.

    Raises
    ------
    InputError
        The reason is too long.
    JournalError
        The store's folder cannot be written.
    """
    fields |= {"by": by or find_own_settings().user, "why": _clean_reason(why)}
    journal = JournalWriter(store.folder, STORE_ID, owner=False)
    try:
        journal.append(event, **fields)
    finally:
        journal.close()
        store.note_decided()
        store.wake_drain()
        tell(store.folder)


def _clean_reason(why: str | None) -> str | None:
    """Return a reason without likely secrets and the blanks around it; an empty one is none."""
    clean = redact((why or "").strip())
    if len(clean) > LONGEST_TEXT:
        raise InputError(f"the reason has {len(clean):,} characters; expected at most {LONGEST_TEXT:,}")
    return clean or None
