"""Whether a journal's writer lives, and what is written for one that died."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from trackside.journal.layout import JournalName, live_path, lock_path
from trackside.journal.lines import encode_line
from trackside.locks import FileLock, host_name, is_held
from trackside.model import Ended

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SILENCE = 60.0
"""Seconds without a sign of life after which a writer on another host counts as dead."""


def is_alive(store: Path, name: JournalName, host: str) -> bool:
    """Return whether a journal's writer lives: by its lock here, by its heartbeat where locks do not reach."""
    if host and host != host_name():
        return time.time() - live_path(store, name).stat().st_mtime < SILENCE
    return is_held(lock_path(store, name))


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

    A journal shorter than it was known to be is filled up with blank lines.

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
        if interrupted_at is not None:  # the torn line may turn out to be whole: its number is taken
            added += encode_line(Ended(seq=seq + bool(tail), time=interrupted_at, status="interrupted"))
        os.write(descriptor, added)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return bool(added)
