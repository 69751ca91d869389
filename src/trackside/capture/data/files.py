"""The files that a cell reads, found from its code.

An audit hook on ``open`` would see every file, but cannot be taken away again, costs every audited event of the process
0.1 µs and more, and does not see what libraries open outside of Python; so a path that is only known while the cell
runs is not found.
"""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from trackside.capture.code.elsewhere import definitions_elsewhere
from trackside.capture.data.budget import OutOfTimeError
from trackside.capture.data.digests import name_digest
from trackside.capture.data.paths import opened_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trackside.capture.code.cell import Cell
    from trackside.capture.data.budget import Budget

_PIECE = 1 << 20
_SAMPLE_PIECE = 1 << 14
_SAMPLE_PIECES = 64
_DATABASES = (".db", ".db3", ".sqlite", ".sqlite3", ".duckdb", ".wal")
"""Closing any descriptor of a database's file lets its locks go in the whole process: we never open one."""

_seen: dict[tuple[str, int, int, int, int], FileLook] = {}
_MOST_SEEN = 1000


class FileLook(NamedTuple):
    """What was seen of a file: its digest, whether that is of a sample, and its size in bytes."""

    digest: str | None
    is_sampled: bool
    size: int


def find_paths(cell: Cell, namespace: Mapping[str, Any]) -> list[str]:
    """Return the paths and addresses that a cell reads, functions in other cells that it calls included."""
    calls = [call for part in (cell, *definitions_elsewhere(cell, namespace)) for call in part.callees]
    found = (opened_path(call, namespace) for call in calls)
    return list(dict.fromkeys(path for path in found if path))


def is_data_file(path: str | Path) -> bool:
    """Tell whether there is a file that may be looked at: none in a store, and no database."""
    from trackside.store.layout import is_in_store

    place = Path(path).expanduser()
    return place.suffix not in _DATABASES and place.is_file() and not is_in_store(place)


def look_at_file(path: str | Path, budget: Budget) -> FileLook | None:
    """Return the digest of a file's bytes, the first digits of its SHA-256; None where there is no file to look at.

    A file that was seen before is not read again while its size and its time of change are the same. Nothing in a store
    is opened, nor a database, nor what is no regular file and could make us wait.

    Raises
    ------
    OSError
        It cannot be read.
    """
    place = Path(path).expanduser()
    if not is_data_file(path):
        return None
    descriptor = os.open(place, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode):
            return None
        key = (str(place.absolute()), about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns)
        if key not in _seen:
            if len(_seen) >= _MOST_SEEN:
                _seen.clear()
            _seen[key] = _look(descriptor, about.st_size, budget)
        return _seen[key]
    finally:
        os.close(descriptor)


def _look(descriptor: int, size: int, budget: Budget) -> FileLook:
    if size <= _PIECE or budget.can_pay(size):
        try:
            return FileLook(name_digest(_digest(_pieces(descriptor, size, budget))), is_sampled=False, size=size)
        except OutOfTimeError:
            pass
    return FileLook(name_digest(_digest(_sample(descriptor, size))), is_sampled=True, size=size)


def _digest(pieces: Iterator[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def _pieces(descriptor: int, size: int, budget: Budget) -> Iterator[bytes]:
    at = 0
    while at < size and (piece := os.pread(descriptor, min(_PIECE, size - at), at)):
        if size > _PIECE:
            budget.check_time()
        yield piece
        at += len(piece)


def _sample(descriptor: int, size: int) -> Iterator[bytes]:
    """Yield pieces that are evenly spaced, the first and the last among them."""
    yield f"sample of {size}:".encode()
    for number in range(_SAMPLE_PIECES):
        yield os.pread(descriptor, _SAMPLE_PIECE, (size - _SAMPLE_PIECE) * number // (_SAMPLE_PIECES - 1))
