"""Takes away for good what is no longer wanted: the files of purged runs, blobs that nobody refers to."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from trackside.errors import InputError, StoreDamagedError
from trackside.journal.archive import list_journals
from trackside.journal.layout import lock_path, segments_folder
from trackside.locks import StoreLock, is_held
from trackside.store.access import reading, writing
from trackside.store.blobs import read_blob
from trackside.store.layout import index_folder
from trackside.store.rebuild import compact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_UNCLAIMED_SECONDS = 3600.0
"""A blob is kept before the line that refers to it is in the tables: a young one may still be wanted."""


_DIGEST = re.compile(rb"\b[0-9a-f]{64}\b")


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
    """Remove the files of all runs that are to be gone, and their places in the tables."""
    with reading(folder, timeout=None) as connection:
        rows = connection.execute("SELECT CAST(run_id AS VARCHAR) FROM purged").fetchall()
    purged = {str(row[0]) for row in rows}
    with writing(folder, timeout=None) as connection:
        freed = _remove(list(_files_of(folder, purged)))
        connection.execute(
            "DELETE FROM journal_offsets WHERE run_id IN (SELECT CAST(unnest($1) AS UUID))", [sorted(purged)]
        )
    return freed


def collect_garbage(folder: Path) -> Freed:
    """Remove what nobody refers to, and make the tables as small as they can be.

    The caller has brought everything that stands in the journals into the tables.
    """
    purged = remove_purged(folder)
    unclaimed = _remove(list(_unclaimed_blobs(folder, _claimed_blobs(folder))))
    before = _size_of_tables(folder)
    with StoreLock(folder).hold("exclusive"):
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


def _claimed_blobs(folder: Path) -> set[str]:
    """Return the digests of all blobs that runs refer to, directly or in their records."""
    with reading(folder, timeout=None) as connection:
        rows = connection.execute(
            """SELECT environment_digest FROM runs UNION SELECT profile FROM datasets
            UNION SELECT sha256 FROM artifacts"""
        ).fetchall()
        records = connection.execute("SELECT DISTINCT digest FROM parts").fetchall()
        about = connection.execute("SELECT DISTINCT CAST(about AS VARCHAR) FROM artifacts").fetchall()
    claimed = {str(row[0]) for row in rows}
    claimed.update(found.decode() for (text,) in about for found in _DIGEST.findall((text or "").encode()))
    for (digest,) in records:
        claimed.add(digest)
        with suppress(StoreDamagedError):  # `trackside doctor` tells of it
            claimed.update(found.decode() for found in _DIGEST.findall(read_blob(folder, digest)))
    return claimed


def _unclaimed_blobs(folder: Path, claimed: set[str]) -> Iterator[Path]:
    newest = time.time() - _UNCLAIMED_SECONDS
    for path in (folder / "blobs").glob("**/*"):
        if path.is_file() and path.name not in claimed and path.stat().st_mtime < newest:
            yield path


def _remove(paths: list[Path]) -> Freed:
    present = [path for path in paths if path.exists()]
    size = sum(path.stat().st_size for path in present)
    for path in present:
        path.unlink()
    return Freed(len(present), size)


def _size_of_tables(folder: Path) -> int:
    return sum(path.stat().st_size for path in index_folder(folder).glob("trackside.duckdb*"))
