"""The line before a store: many readers or one writer, in the order in which they come."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from trackside.errors import StoreBusyError
from trackside.locks.descriptors import after_fork_in_child
from trackside.locks.files import FileLock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from trackside.locks.files import Mode

PATIENCE = 0.5
"""Seconds that a writer who is next in line keeps the others out; then those behind go first, and it begins anew."""

_STEP_BACK = 0.05
"""Seconds that it then stays away from the gate: those behind must wake up first."""

_LOOK_AGAIN = 0.002

_in_line: dict[Path, threading.Thread] = {}
"""For each store, the thread that stands in line for those of this process who will not wait for ever."""


class StoreLock:
    """The lock of one store folder: shared to read, exclusive to write."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def hold(self, mode: Mode, timeout: float | None = None) -> Iterator[None]:
        """Hold the lock while the block runs.

        Parameters
        ----------
        mode
            ``"shared"`` or ``"exclusive"``.
        timeout
            Seconds to wait in line; None waits as long as it takes.

        Raises
        ------
        StoreBusyError
            The lock was not ours in time.
        """
        passage = _Passage(self._folder, mode)
        try:
            if not passage.in_time(timeout):
                raise StoreBusyError(
                    f"The store {self._folder} stayed locked by another process; waited {timeout:g} s for it; "
                    "try again, or end the process that holds it."
                )
            yield
        finally:
            passage.leave()


class _Passage:
    """The way through the gate to the lock: at once where it is free, else in line.

    A wait at the gate cannot be called off. So a thread waits for those who will not wait for ever, and gives back what
    comes too late. While one does, no other is sent: a holder that hangs does not gather threads here.
    """

    def __init__(self, folder: Path, mode: Mode) -> None:
        self._gate, self._lock = FileLock(folder / "gate"), FileLock(folder / "lock")
        self._folder, self._mode = folder, mode
        self._arrived = threading.Event()
        self._decision = threading.Lock()
        self._is_sent = self._is_over = False

    def in_time(self, timeout: float | None) -> bool:
        """Return whether the lock is ours."""
        if self._at_once():
            return True
        if timeout is None:
            self._go()
            return True
        deadline = time.monotonic() + timeout
        return self._can_send(timeout) and self._sent_comes_back(deadline)

    def leave(self) -> None:
        """Give both files back: now, or, where a thread is still in line, once it comes to them."""
        with self._decision:
            self._is_over = True
            is_ours = self._arrived.is_set() or not self._is_sent
        if is_ours:
            self._release()

    def _release(self) -> None:
        self._gate.release()
        self._lock.release()

    def _at_once(self) -> bool:
        if not self._gate.try_acquire("exclusive"):
            return False
        is_ours = self._lock.try_acquire(self._mode)
        self._gate.unlock()
        return is_ours

    def _go(self) -> None:
        """Stand in line until the lock is ours, or nobody waits for it any more."""
        while not self._try_in_turn() and not self._is_over:
            time.sleep(_STEP_BACK)

    def _try_in_turn(self) -> bool:
        """Hold the gate until we are in; a writer not for ever: a reader that is inside may be stopped or slow."""
        self._gate.acquire("exclusive")
        if self._mode == "shared":
            self._lock.acquire(self._mode)
        deadline = time.monotonic() + PATIENCE
        while not (is_ours := self._lock.try_acquire(self._mode)):
            if self._is_over or time.monotonic() > deadline:
                break
            time.sleep(_LOOK_AGAIN)
        self._gate.unlock()
        return is_ours

    def _can_send(self, timeout: float) -> bool:
        ahead = _in_line.get(self._folder)
        if ahead:
            ahead.join(max(timeout, 0.0))
        return not (ahead and ahead.is_alive())

    def _sent_comes_back(self, deadline: float) -> bool:
        thread = threading.Thread(target=self._go_for_another, name="trackside-lock", daemon=True)
        self._is_sent = True
        try:
            thread.start()
        except RuntimeError:  # the process may have no more of them
            self._is_sent = False
            raise
        _in_line[self._folder] = thread
        self._arrived.wait(deadline - time.monotonic())
        return self._arrived.is_set()

    def _go_for_another(self) -> None:
        try:
            self._go()
        except BaseException:
            self._release()
            raise
        with self._decision:
            self._arrived.set()
            is_late = self._is_over
        if is_late:
            self._release()


after_fork_in_child(_in_line.clear)  # the child has no such thread
