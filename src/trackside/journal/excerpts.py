"""What stands near the beginning and the end of a run's journals, whichever processes wrote them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from trackside.journal.archive import list_journals, open_journal
from trackside.journal.lines import decode_line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from trackside.model import AnyEvent

_BYTES = 1 << 16


class Excerpts(NamedTuple):
    """Events in the order of time: the ``first`` of journals too long to be read whole, and the ``last`` of all."""

    first: list[AnyEvent]
    last: list[AnyEvent]


def read_excerpts(store: Path, run_id: str) -> Excerpts:
    """Return what a run's journals say first and last; all that short ones say is among the last."""
    ends = [_read_ends(path) for path in list_journals(store, run_id).values()]
    return Excerpts(_decode(first for first, _ in ends), _decode(last for _, last in ends))


def _read_ends(path: Path) -> tuple[bytes, bytes]:
    try:
        with open_journal(path) as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(0)
            if size <= 2 * _BYTES:
                return b"", file.read()
            first = file.read(_BYTES)
            file.seek(size - _BYTES)
            return first, file.read()
    except FileNotFoundError:
        return b"", b""  # it is being archived


def _decode(texts: Iterable[bytes]) -> list[AnyEvent]:
    events = []
    for line in (line for text in texts for line in text.split(b"\n")):
        try:
            events.append(decode_line(line))
        except ValueError:
            continue  # torn, cut off here, or being written
    return sorted(events, key=lambda event: event.time)
