"""What stands near the beginning and the end of a run's journals, whichever processes wrote them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from trackside.journal.archive import list_journals, open_journal
from trackside.journal.lines import decode_line
from trackside.locks import host_name
from trackside.model import Opened

if TYPE_CHECKING:
    from pathlib import Path

    from trackside.model import AnyEvent

_BYTES = 1 << 16


def read_excerpts(store: Path, run_id: str, most: int = _BYTES) -> list[AnyEvent]:
    """Return what a run's journals say near their beginning and their end, in the order of time.

    What a long journal of this process begins with is left out: what came after it is known here.

    Parameters
    ----------
    most
        How many bytes at each end are near.
    """
    events: list[AnyEvent] = []
    for path in list_journals(store, run_id).values():
        first, last = map(_decode, _read_ends(path, most))
        events += last if _is_own(first) else first + last
    return sorted(events, key=lambda event: event.time)


def _read_ends(path: Path, most: int) -> tuple[bytes, bytes]:
    try:
        with open_journal(path) as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(0)
            if size <= 2 * most:
                return b"", file.read()
            first = file.read(most)
            file.seek(size - most)
            return first, file.read()
    except FileNotFoundError:
        return b"", b""  # it is being archived


def _decode(text: bytes) -> list[AnyEvent]:
    events = []
    for line in text.split(b"\n"):
        try:
            events.append(decode_line(line))
        except ValueError:
            continue  # torn, cut off here, or being written
    return events


def _is_own(events: list[AnyEvent]) -> bool:
    opened = events[0] if events else None
    return isinstance(opened, Opened) and (opened.pid, opened.host) == (os.getpid(), host_name())
