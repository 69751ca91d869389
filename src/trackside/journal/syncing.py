"""A thread that once a second hands this process's journals to the disk, and shows that their writers live.

A line is safe from ``kill -9`` when its call returns; against a power cut this thread bounds the loss to a second.
"""

from __future__ import annotations

import atexit
import os
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from trackside.journal.layout import sync_folder
from trackside.locks import after_fork_in_child, close_quietly

if TYPE_CHECKING:
    from pathlib import Path

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
_ended: list[tuple[int, Path]] = []
_mutex = threading.RLock()  # a signal handler that logs may come in between
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


def close_synced(descriptor: int, folder: Path) -> None:
    """Hand the last lines of an ended journal, and its name in ``folder``, to the disk within a second, and close it.

    The end of a run waits for no disk; the end of the process does.
    """
    with _mutex:
        _ended.append((descriptor, folder))
        are_waiting = _start_thread() and len(_ended) <= _MOST_ENDED
    if not are_waiting:
        _close_ended()


def _start_thread() -> bool:
    """Have the thread that syncs running; tell whether it is. A run goes on without it, and tries again at its end."""
    global _thread  # noqa: PLW0603  one thread serves the whole process
    if _thread is None or not _thread.is_alive():
        _thread = threading.Thread(target=_sync_all, name="trackside-sync", daemon=True)
        try:
            _thread.start()
        except RuntimeError:  # no more threads, or the program ends
            _thread = None
    return _thread is not None


def _close_ended() -> None:
    with _mutex:
        ended = _ended.copy()
        _ended.clear()
    for descriptor, _ in ended:
        with suppress(OSError):  # its run is over: nobody is left who could log the lines again
            os.fdatasync(descriptor)
        close_quietly(descriptor)
    for folder in {folder for _, folder in ended}:
        with suppress(OSError):
            sync_folder(folder)


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
    _mutex = threading.RLock()
    _thread = None
    _journals.clear()
    for descriptor, _ in _ended:
        close_quietly(descriptor)
    _ended.clear()


after_fork_in_child(_start_anew)
atexit.register(_close_ended)
