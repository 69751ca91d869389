"""Takes away for good what is no longer wanted: the files of purged runs, blobs that nobody refers to."""

from __future__ import annotations

import math
import time
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from trackside.errors import InputError
from trackside.journal.archive import list_journals
from trackside.journal.layout import lock_path, segments_folder
from trackside.locks import StoreLock, is_held
from trackside.store.access import reading, writing
from trackside.store.claims import claimed_blobs
from trackside.store.layout import index_folder
from trackside.store.rebuild import compact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_UNCLAIMED_SECONDS = 3600.0
"""A blob is kept before the line that refers to it is in the tables: a young one may still be wanted."""

_LOCK_SECONDS = 30.0
"""Who holds the store for longer than this hangs."""


class Freed(NamedTuple):
    """What was taken away."""

    files: int
    bytes: int


def refuse_live(folder: Path, run_ids: Iterable[str]) -> None:
    """Refuse to purge a run that somebody still writes to.

    Raises
    ------
    InputError
        One of the runs has a living writer in this folder.
    """
    wanted = set(run_ids)
    for name in list_journals(folder):
        if name.run_id in wanted and is_held(lock_path(folder, name)):
            raise InputError(f"The run {name.run_id} is still being written; expected an ended one; end it first.")


def remove_purged(folder: Path) -> Freed:
    """Remove the files of all runs that are to be gone, and their places in the tables.

    What was said of them, such as a note, stays in the journals of what is said of runs: nobody reads it any more.

    Raises
    ------
    StoreBusyError
        Somebody held the store's lock for half a minute.
    """
    with reading(folder, _LOCK_SECONDS) as connection:
        rows = connection.execute("SELECT CAST(run_id AS VARCHAR) FROM purged").fetchall()
    purged = {str(row[0]) for row in rows}
    with writing(folder, _LOCK_SECONDS) as connection:
        removed = _remove(_files_of(folder, purged))
        connection.execute(
            "DELETE FROM journal_offsets WHERE run_id IN (SELECT CAST(unnest($1) AS UUID))", [sorted(purged)]
        )
    return _freed(removed)


def collect_garbage(folder: Path) -> Freed:
    """Remove what nobody refers to, and make the tables as small as they can be.

    The caller has brought everything that stands in the journals into the tables. Any number may be at it.

    Raises
    ------
    StoreBusyError
        Somebody held the store's lock for half a minute.
    StoreDamagedError
        A journal cannot be read whole, so that what is wanted is not known: no blob was removed.
    """
    purged = remove_purged(folder)
    claimed = claimed_blobs(folder)
    before = _size_of_tables(folder)
    with writing(folder, _LOCK_SECONDS) as connection:  # nobody brings in an environment meanwhile
        removed = _remove(_unclaimed_blobs(folder, claimed))
        names = [path.name for path in removed]
        connection.execute("DELETE FROM environments WHERE digest IN (SELECT unnest($1))", [names])
    unclaimed = _freed(removed)
    with StoreLock(folder).hold("exclusive", _LOCK_SECONDS):
        compact(folder)
    return Freed(
        purged.files + unclaimed.files, purged.bytes + unclaimed.bytes + max(before - _size_of_tables(folder), 0)
    )


def _files_of(folder: Path, run_ids: set[str]) -> Iterator[Path]:
    for name, path in list_journals(folder).items():
        if name.run_id in run_ids and not is_held(lock_path(folder, name)):
            yield path
            yield lock_path(folder, name)
    for path in segments_folder(folder).glob("*.npy"):
        if path.name.partition(".")[0] in run_ids:
            yield path


def _unclaimed_blobs(folder: Path, claimed: set[str]) -> Iterator[Path]:
    newest = time.time() - _UNCLAIMED_SECONDS
    for path in (folder / "blobs").glob("**/*"):
        if path.name not in claimed and path.is_file() and _time_of(path) < newest:
            yield path


def _time_of(path: Path) -> float:
    """Return when a file was last wanted; one that is gone is not to be removed."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return math.inf


def _remove(paths: Iterable[Path]) -> dict[Path, int]:
    """Remove files, each as soon as it is named, and return their sizes.

    What somebody wants meanwhile is not named any more.
    """
    removed: dict[Path, int] = {}
    for path in paths:
        with suppress(FileNotFoundError):  # another one is at it, too
            size = path.stat().st_size
            path.unlink()
            removed[path] = size
    return removed


def _freed(removed: dict[Path, int]) -> Freed:
    return Freed(len(removed), sum(removed.values()))


def _size_of_tables(folder: Path) -> int:
    size = 0
    for path in index_folder(folder).glob("trackside.duckdb*"):
        with suppress(FileNotFoundError):  # DuckDB has taken its log in
            size += path.stat().st_size
    return size
