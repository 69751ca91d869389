"""A thread that once a second hands this process's journals to the disk, and shows that their writers live.

A line is safe from ``kill -9`` when its call returns; against a power cut this thread bounds the loss to a second.
"""

from __future__ import annotations

import atexit
import os
import threading
import time
from contextlib import suppress
from typing import Protocol

from trackside.locks import after_fork_in_child

INTERVAL = 1.0
"""Seconds between two syncs."""

HEARTBEAT = 10.0
"""Seconds between two signs of life, for hosts that cannot see this host's locks."""

_MOST_ENDED = 50
"""A process may hold few files open: beyond so many ended journals, the end of a run waits for the disk after all."""


class Journal(Protocol):
    """What can be kept synced."""

    def sync(self) -> None:
        """Hand what was written to the disk."""

    def beat(self) -> None:
        """Renew the file's time."""


_journals: set[Journal] = set()
_ended: list[int] = []
_mutex = threading.Lock()
_thread: threading.Thread | None = None


def keep_synced(journal: Journal) -> None:
    """Sync this journal once a second until `stop_syncing`."""
    with _mutex:
        _journals.add(journal)
        _start_thread()


def stop_syncing(journal: Journal) -> None:
    """Leave this journal alone from now on."""
    with _mutex:
        _journals.discard(journal)


def close_synced(descriptor: int) -> None:
    """Hand the last lines of an ended journal to the disk within a second, then close its descriptor.

    The end of a run waits for no disk; the end of the process does.
    """
    with _mutex:
        _ended.append(descriptor)
        _start_thread()
        are_many = len(_ended) > _MOST_ENDED
    if are_many:
        _close_ended()


def _start_thread() -> None:
    global _thread  # noqa: PLW0603  one thread serves the whole process
    if _thread is None:
        _thread = threading.Thread(target=_sync_all, name="trackside-sync", daemon=True)
        _thread.start()


def _close_ended() -> None:
    with _mutex:
        descriptors = _ended.copy()
        _ended.clear()
    for descriptor in descriptors:
        with suppress(OSError):  # its run is over: nobody is left who could log the lines again
            os.fdatasync(descriptor)
        os.close(descriptor)


def _sync_all() -> None:
    global _thread  # noqa: PLW0603  see keep_synced
    last_beat = time.monotonic()
    while True:
        time.sleep(INTERVAL)
        _close_ended()
        with _mutex:
            if not _journals and not _ended:
                _thread = None
                return
            journals = list(_journals)
        beats = time.monotonic() - last_beat >= HEARTBEAT
        if beats:
            last_beat = time.monotonic()
        for journal in journals:
            journal.sync()
            if beats:
                journal.beat()


def _start_anew() -> None:
    global _mutex, _thread  # noqa: PLW0603  a forked child has neither the thread nor who held the lock
    _mutex = threading.Lock()
    _thread = None
    _journals.clear()
    for descriptor in _ended:
        os.close(descriptor)
    _ended.clear()


after_fork_in_child(_start_anew)
atexit.register(_close_ended)
