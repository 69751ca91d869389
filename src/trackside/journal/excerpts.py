"""What stands near the beginning and the end of a run's journals, whichever processes wrote them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from trackside.journal.archive import list_journals, open_journal
from trackside.journal.lines import decode_line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from trackside.model import AnyEvent

_BYTES = 1 << 16


def read_excerpts(store: Path, run_id: str) -> list[AnyEvent]:
    """Return what a run's journals say first and last, in the order of time."""
    events = [event for path in list_journals(store, run_id).values() for event in _decode(_read_ends(path))]
    return sorted(events, key=lambda event: event.time)


def _read_ends(path: Path) -> list[bytes]:
    try:
        with open_journal(path) as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(0)
            first = file.read(_BYTES).split(b"\n")
            if size <= _BYTES:
                return first
            file.seek(max(size - _BYTES, _BYTES))
            return first + file.read().split(b"\n")
    except FileNotFoundError:
        return []  # it is being archived


def _decode(lines: Iterable[bytes]) -> list[AnyEvent]:
    events = []
    for line in lines:
        try:
            events.append(decode_line(line))
        except ValueError:
            continue  # torn, cut off here, or being written
    return events
