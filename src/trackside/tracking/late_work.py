"""Work on a run's record beside the caller, which may go on when the run has ended."""

from __future__ import annotations

import threading
import time
import weakref
from typing import TYPE_CHECKING

from trackside.locks import after_fork_in_child

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from trackside.tracking.journals import Journal

PROCESS_SECONDS = 10.0
"""How long a process's end waits for what is still being made."""

_late: set[threading.Thread] = set()
"""Threads that still work on runs that have ended."""

_all: weakref.WeakSet[LateWork] = weakref.WeakSet()


class LateWork:
    """The threads that work on one run's record.

    What they write after the run's end goes to a journal of its own, which the last of them closes.

    Parameters
    ----------
    reopen
        Opens that journal; None where there is none to be had.
    wake
        Has the store take in what the last of them has written.
    note
        Is told what could not be done, and why.
    """

    def __init__(
        self,
        reopen: Callable[[], Journal] | None,
        wake: Callable[[], object] | None,
        note: Callable[[str, str], object],
    ) -> None:
        self._reopen = reopen
        self._wake = wake
        self._note = note
        self._lock = threading.RLock()
        self._working: set[threading.Thread] = set()
        self._has_ended = False
        self._journal: Journal | None = None
        self._when_done: list[Callable[[], object]] = []
        _all.add(self)

    def begin(self, what: str, work: Callable[[], object]) -> None:
        """Do work in a thread; a note says where it fails."""

        def do() -> None:
            try:
                work()
            except Exception as error:  # noqa: BLE001 - nobody else would hear of it
                self._note(what, " ".join(str(error).split()) or type(error).__name__)
            finally:
                self._leave(threading.current_thread())

        thread = threading.Thread(target=do, name=f"trackside: {what}", daemon=True)
        with self._lock:
            self._working.add(thread)
        try:
            thread.start()
        except RuntimeError as error:  # no more threads
            self._note(what, str(error))
            self._leave(thread)

    def wait(self, seconds: float) -> None:
        """Wait for all of it, or so long."""
        _join(list(self._working), seconds)

    def end(self) -> None:
        """Take note that the run is about to end: what is still being made is late."""
        with self._lock:
            self._has_ended = True
            _late.update(self._working)

    def when_done(self, do: Callable[[], object]) -> None:
        """Have ``do()`` called when the last of what is late has been made: at once, where nothing is late any more."""
        with self._lock:
            is_late = bool(self._working)
            if is_late:
                self._when_done.append(do)
        if not is_late:
            do()

    def journal(self) -> Journal | None:
        """Return where a thread of this run's may still write; None for all others."""
        with self._lock:
            if threading.current_thread() not in self._working or self._reopen is None:
                return None
            if self._journal is None:
                self._journal = self._reopen()
            return self._journal

    def renew_lock(self) -> None:
        """Take a new lock in a forked child, which has none of the threads."""
        self._lock, self._working = threading.RLock(), set()

    def _leave(self, thread: threading.Thread) -> None:
        with self._lock:
            self._working.discard(thread)
            is_last = self._has_ended and not self._working
        if is_last:
            if self._journal is not None:
                self._journal.close()
                if self._wake is not None:
                    self._wake()
            for do in self._when_done:
                do()
        _late.discard(thread)


def wait_for_late_work() -> None:
    """Let what is made beside runs that have ended come to its end, before the process does."""
    _join(list(_late), PROCESS_SECONDS)


def _join(threads: Iterable[threading.Thread], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(deadline - time.monotonic(), 0))


def _forget_parents() -> None:
    _late.clear()
    for work in list(_all):
        work.renew_lock()


after_fork_in_child(_forget_parents)
