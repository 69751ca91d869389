"""Questions to git about the code's repository, asked in the background: a slow git holds nobody up."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from trackside.capture.code.repository import RepositoryState, capture_repository
from trackside.locks import after_fork_in_child

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FRESH_SECONDS = 1.0
"""A state that git told no longer ago than this is not asked for again: a loop may start a hundred runs in a second."""


class RepositoryProbe:
    """A question to git, being answered in the background; see `start_repository_probe`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._is_answered = threading.Event()
        self._state: RepositoryState | None = None
        self._lock = threading.Lock()
        self._waiting: list[Callable[[], object]] = []
        self._answered_at = 0.0

    @property
    def is_fresh(self) -> bool:
        """Whether git is being asked, or answered not long ago."""
        return not self._is_answered.is_set() or time.monotonic() - self._answered_at < FRESH_SECONDS

    @property
    def last_known(self) -> RepositoryState | None:
        """What git has told; None while it has not."""
        return self._state

    def result(self, timeout: float) -> RepositoryState | None:
        """Return the repository's state, or None where git has not told it in ``timeout`` seconds."""
        self._is_answered.wait(timeout)
        return self._state

    def when_answered(self, do: Callable[[], object]) -> None:
        """Have ``do()`` called once git has answered: now, or in the thread that waits for it."""
        with self._lock:
            if not self._is_answered.is_set():
                self._waiting.append(do)
                return
        do()

    def start(self) -> None:
        """Begin to ask."""
        try:
            threading.Thread(target=self._ask, name="trackside-repository", daemon=True).start()
        except RuntimeError:  # no more threads
            self._answer(None)

    def _ask(self) -> None:
        state = None
        try:
            state = capture_repository(self._folder)
        finally:
            self._answer(state)

    def _answer(self, state: RepositoryState | None) -> None:
        self._state, self._answered_at = state, time.monotonic()
        with self._lock:
            self._is_answered.set()
        for do in self._waiting:
            do()


class _Probes:
    """The last question of this process about each folder, and the last state that git told."""

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Forget everything: a forked child does not have the threads that ask."""
        self._lock = threading.Lock()
        self._probes: dict[Path, RepositoryProbe] = {}
        self._told: dict[Path, RepositoryState] = {}

    def start(self, folder: Path) -> RepositoryProbe:
        with self._lock:
            probe = self._probes.get(folder)
            if probe is None or not probe.is_fresh:
                if probe and probe.last_known:
                    self._told[folder] = probe.last_known
                probe = self._probes[folder] = RepositoryProbe(folder)
                probe.start()
            return probe

    def last_known(self, folder: Path) -> RepositoryState | None:
        with self._lock:
            probe = self._probes.get(folder)
            return (probe and probe.last_known) or self._told.get(folder)


_probes = _Probes()
after_fork_in_child(_probes.renew)


def start_repository_probe(folder: Path) -> RepositoryProbe:
    """Begin to ask git for the state of the repository around ``folder``, without waiting for it.

    Who asks while git is being asked already, or within a second of its answer, gets that answer.
    """
    return _probes.start(folder)


def last_known_repository(folder: Path) -> RepositoryState | None:
    """Return the state of the repository around ``folder`` that git told last in this process, if it told any."""
    return _probes.last_known(folder)
