"""What stands in a store folder besides its journals."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from typing import TYPE_CHECKING

from trackside.journal.layout import ended_folder, live_folder, segments_folder, sync_folder, write_durably
from trackside.locks import is_stand_in, stand_in_folder, takes_locks
from trackside.permissions import is_shared, make_folder, share, touch

if TYPE_CHECKING:
    from pathlib import Path


def store_key(folder: Path) -> str:
    """Return a name for a store folder that tells nothing of where it is.

    Examples
    --------
    >>> from pathlib import Path
    >>> store_key(Path("/data/.trackside"))
    '9d8ec55d42991403'
    """
    return hashlib.sha256(str(folder).encode()).hexdigest()[:16]


def database_path(folder: Path) -> Path:
    """Return the path of the DuckDB file. Only DuckDB may open it: its own lock falls when anybody closes it."""
    return index_folder(folder) / "trackside.duckdb"


def index_folder(folder: Path) -> Path:
    """Return where the index is, and where its drains talk: in the store, or on this machine's own disk.

    DuckDB opens no file where a file system refuses locks.
    """
    return folder if takes_locks(folder) else stand_in_folder(folder)


def decided_path(folder: Path) -> Path:
    """Return the path of the file that has a byte for each time that something was said of the store's runs."""
    return folder / "decided"


def wal_path(database: Path) -> Path:
    """Return the path of a DuckDB file's write-ahead log."""
    return database.with_name(database.name + ".wal")


def make_folders(folder: Path, *, shared: bool = False) -> None:
    """Make what is missing of a store folder: for this user's eyes only, or, where it is shared, for its group's."""
    folder.parent.mkdir(parents=True, exist_ok=True)  # what leads to the store is the user's
    make_folder(folder, shared=shared)
    if shared and not is_shared(folder):
        share(folder)
    journals = live_folder(folder).parent
    parts = (journals, live_folder(folder), ended_folder(folder), segments_folder(folder), folder / "blobs")
    for part in parts:
        make_folder(part)
    for name in ("gate", "lock"):
        touch(folder / name)
    ignore = folder / ".gitignore"
    if not ignore.exists():  # the store is new: no name that others hang on is to be lost in a power cut
        sync_folder(journals)
        with suppress(PermissionError):  # the folder around it may be closed to us
            sync_folder(folder.parent)
        write_durably(ignore, b"*\n")


def is_in_store(path: Path) -> bool:
    """Tell whether a path leads into a store or is one: nobody but the store itself may open a file there.

    What stands in for a store on this machine's own disk is one, too.

    DuckDB's lock on its file falls when anything else in the process closes the same file.
    """
    for place in (path.absolute(), path.resolve()):
        if place.name.startswith("trackside.duckdb"):
            return True
        if any(is_store(around) for around in (place, *place.parents)):
            return True
    return False


def is_store(folder: Path) -> bool:
    """Tell whether a folder is a store, or where what stands in for stores is."""
    return ((folder / "gate").is_file() and live_folder(folder).is_dir()) or is_stand_in(folder)
