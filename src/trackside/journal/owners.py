"""Which runs live in a store folder now, and which processes own them."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from trackside.journal.archive import list_live
from trackside.journal.layout import JournalName, live_folder, live_path, lock_path
from trackside.journal.lines import decode_line
from trackside.locks import host_name, is_held
from trackside.model import Ended, Opened

if TYPE_CHECKING:
    from io import FileIO
    from pathlib import Path

_LAST = (1 << 12, 1 << 18)
"""Bytes at a journal's end, and where the last line has a long traceback in it."""


class Owner(NamedTuple):
    """A journal that a living process of this host writes as its run's owner. Of two, the newer run is the greater."""

    name: JournalName
    process: int


def list_live_owners(store: Path) -> list[Owner]:
    """Return the owners of the runs that live in a store on this host."""
    if not live_folder(store).is_dir():
        return []
    owners = []
    for name in list_live(store):
        opened = _first_line(live_path(store, name))
        if opened and opened.owner and opened.host == host_name() and owns_live_run(store, name):
            owners.append(Owner(name, opened.pid))
    return owners


def owns_live_run(store: Path, name: JournalName) -> bool:
    """Tell whether an owner's process lives and its run goes on.

    The lock alone does not say so: whoever archives the journal of a run that has ended holds it, too.
    """
    return is_held(lock_path(store, name)) and not _has_ended(live_path(store, name))


def _has_ended(journal: Path) -> bool:
    try:
        with journal.open("rb", buffering=0) as file:
            last = _last_line(file)
    except FileNotFoundError:  # it is archived
        return True
    try:
        return isinstance(decode_line(last), Ended)
    except ValueError:  # torn, or being written
        return False


def _last_line(file: FileIO) -> bytes:
    size = file.seek(0, os.SEEK_END)
    for length in _LAST:
        file.seek(max(size - length, 0))
        _, newline, line = file.read().rstrip(b"\n").rpartition(b"\n")
        if newline:
            break
    return line


def _first_line(journal: Path) -> Opened | None:
    with suppress(OSError, ValueError), journal.open("rb") as file:
        event = decode_line(file.readline().rstrip(b"\n"))
        return event if isinstance(event, Opened) else None
    return None
