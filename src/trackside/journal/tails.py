"""The last points of a run, whichever processes logged them, read from its journals."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from trackside.journal.archive import list_journals, open_journal
from trackside.journal.lines import decode_line
from trackside.model import MetricsLogged

if TYPE_CHECKING:
    from pathlib import Path

    from trackside.model import AnyEvent

_TAIL_BYTES = 1 << 16


def read_last_values(store: Path, run_id: str) -> dict[str, float | str]:
    """Return the last value of each metric of a run, as far as it stands near the end of a journal."""
    points: list[MetricsLogged] = []
    for name, path in list_journals(store).items():
        if name.run_id == run_id:
            points += [event for event in _read_tail(path) if isinstance(event, MetricsLogged)]
    points.sort(key=lambda event: event.time)
    return {key: value for event in points for key, value in event.values.items()}


def _read_tail(path: Path) -> list[AnyEvent]:
    try:
        with open_journal(path) as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(size - _TAIL_BYTES, 0))
            lines = file.read().split(b"\n")[1 if size > _TAIL_BYTES else 0 :]
    except FileNotFoundError:
        return []  # it is being archived
    events = []
    for line in lines:
        try:
            events.append(decode_line(line))
        except ValueError:
            continue  # torn, or being written
    return events
