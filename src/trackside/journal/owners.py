"""Which runs live in a store folder now, and which processes own them."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from trackside.journal.archive import list_live
from trackside.journal.layout import JournalName, live_folder, live_path, lock_path
from trackside.journal.lines import decode_line
from trackside.locks import host_name, is_held
from trackside.model import Opened

if TYPE_CHECKING:
    from pathlib import Path


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
        if opened and opened.owner and opened.host == host_name() and is_held(lock_path(store, name)):
            owners.append(Owner(name, opened.pid))
    return owners


def _first_line(journal: Path) -> Opened | None:
    with suppress(OSError, ValueError), journal.open("rb") as file:
        event = decode_line(file.readline().rstrip(b"\n"))
        return event if isinstance(event, Opened) else None
    return None
