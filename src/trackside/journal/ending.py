"""Whether a journal's writer lives, and what is written for one that died."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from trackside.journal.layout import JournalName, live_folder, live_path, lock_path
from trackside.journal.lines import encode_line
from trackside.journal.reader import Damage, JournalReader
from trackside.locks import FileLock, host_name, is_held, takes_locks
from trackside.model import Ended

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SILENCE = 60.0
"""Seconds without a sign of life after which a writer whose lock we cannot see counts as dead."""


def is_alive(store: Path, name: JournalName, host: str) -> bool:
    """Return whether a journal's writer lives: by its lock here, by its heartbeat where locks do not reach."""
    if is_held(lock_path(store, name)):
        return True
    is_elsewhere = bool(host) and host != host_name()
    return (is_elsewhere or not takes_locks(store)) and _seconds_silent(store, live_path(store, name)) < SILENCE


def _seconds_silent(store: Path, journal: Path) -> float:
    """Return how long ago a journal was written or its writer gave a sign of life.

    Both times are those of the disk's clock: ours may have been set, or be another host's.
    """
    try:
        os.utime(live_folder(store))
        now = live_folder(store).stat().st_mtime
    except PermissionError:
        now = time.time()
    return now - journal.stat().st_mtime


@contextmanager
def hold_as_writer(store: Path, name: JournalName) -> Iterator[bool]:
    """Stand in for a dead writer while the block runs.

    Gives False where the writer lives, another stands in for it, or the journal is gone.
    """
    path = lock_path(store, name)
    lock = FileLock(path)
    try:
        is_ours = lock.try_acquire("exclusive")
        if is_ours and not live_path(store, name).exists():
            path.unlink(missing_ok=True)  # archived meanwhile: looking at its lock made that anew
            is_ours = False
        yield is_ours
    finally:
        lock.release()


def end_for_dead_writer(path: Path, offset: int, seq: int, interrupted_at: float | None) -> bool:
    """Close the last line of a dead writer's journal, and say that its run was interrupted.

    Where that line only lacked its newline, it may say how the run ended, and is to be read first. A journal shorter
    than it was known to be is filled up with blank lines.

    Parameters
    ----------
    path
        The journal; the caller stands in for its writer.
    offset
        Byte after the last whole line that is known.
    seq
        Number of the line after it.
    interrupted_at
        Time of the last line (seconds since the epoch), if an ``Ended`` line is missing.

    Returns
    -------
    bool
        Whether the journal grew. It does not where there are more lines than known.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
    try:
        size = os.fstat(descriptor).st_size
        tail = os.pread(descriptor, max(size - offset, 0), offset)
        if b"\n" in tail:
            return False
        added = b"\n" * max(offset - size, bool(tail))  # after a power cut the tables may know more than the file
        if interrupted_at is not None and not _has_line(tail):  # a torn line has its number
            added += encode_line(Ended(seq=seq + bool(tail), time=interrupted_at, status="interrupted"))
        os.write(descriptor, added)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return bool(added)


def _has_line(tail: bytes) -> bool:
    return any(not isinstance(found, Damage) for found in JournalReader("").read_lines(tail + b"\n"))
