"""Locks between processes, and what a fork does to them.

All of Trackside's ``flock`` and ``fork`` stand here, so that a system without them gets the same promises by
means of its own in this one place.

Two uses:

- `FileLock`: one file, held or not. A writer holds its ``<run>.<writer>.lock`` for as long as it lives, and
  whoever asks `is_held` learns whether the process is still there. It falls with the process.
- `StoreLock`: many readers or one writer. Everybody takes the file ``gate``, then ``lock`` (shared or
  exclusive), then lets the gate go, so that all wait in order and no stream of readers starves a writer.

A forked child closes what it inherited and never unlocks it: ``flock`` belongs to the open file, which the
parent still holds.
"""

from __future__ import annotations

import fcntl
import os
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal, TypeAlias

from trackside.errors import StoreBusyError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

Mode: TypeAlias = Literal["shared", "exclusive"]

_FLAGS = {"shared": fcntl.LOCK_SH, "exclusive": fcntl.LOCK_EX}
_open: set[FileLock] = set()
_registry = threading.Lock()


class FileLock:
    """One lock file, opened by this process.

    Parameters
    ----------
    path
        The lock file; made (mode 0600) when it is missing and ``create`` is true.
    create
        Whether to make a missing file.

    Raises
    ------
    FileNotFoundError
        The file is missing and ``create`` is false.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     lock = FileLock(Path(folder) / "drain.lock")
    ...     lock.try_acquire("exclusive")
    ...     lock.release()
    True
    """

    def __init__(self, path: Path, *, create: bool = True) -> None:
        with _registry:
            self._descriptor = _open_lock_file(path, create=create)
            _open.add(self)

    def acquire(self, mode: Mode) -> None:
        """Wait, without limit, until the lock is ours."""
        fcntl.flock(self._descriptor, _FLAGS[mode])

    def try_acquire(self, mode: Mode) -> bool:
        """Take the lock if it is free now; return whether it is ours."""
        try:
            fcntl.flock(self._descriptor, _FLAGS[mode] | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        """Unlock and close; nothing happens when a fork has taken the lock away from this process.

        It unlocks by name, because a child that was forked without Python's knowledge may still hold the file open.
        """
        with _registry:
            if self in _open:
                _open.remove(self)
                fcntl.flock(self._descriptor, fcntl.LOCK_UN)
                os.close(self._descriptor)


def is_held(path: Path) -> bool:
    """Return whether some process holds the lock file at ``path`` exclusively.

    The question is asked with a shared lock: two that ask at once do not take each other for the holder.
    """
    try:
        probe = FileLock(path, create=False)
    except FileNotFoundError:
        return False
    try:
        return not probe.try_acquire("shared")
    finally:
        probe.release()


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
        gate, lock = FileLock(self._folder / "gate"), FileLock(self._folder / "lock")
        if not _Passage(gate, lock, mode).in_time(timeout):
            raise StoreBusyError(
                f"The store {self._folder} stayed locked by another process; waited {timeout:g} s for it; "
                "try again, or end the process that holds it."
            )
        try:
            yield
        finally:
            lock.release()


class _Passage:
    """The way through the gate to the lock: at once where it is free, else in line."""

    def __init__(self, gate: FileLock, lock: FileLock, mode: Mode) -> None:
        self._gate, self._lock, self._mode = gate, lock, mode
        self._arrived = threading.Event()
        self._decision = threading.Lock()
        self._given_up = False

    def in_time(self, timeout: float | None) -> bool:
        """Return whether the lock is ours; if not, both files are given back, now or once they come."""
        if self._gate.try_acquire("exclusive") and self._lock.try_acquire(self._mode):
            self._gate.release()
            return True
        if timeout is None:
            self._go()
            return True
        threading.Thread(target=self._go, name="trackside-lock", daemon=True).start()
        try:
            self._arrived.wait(timeout)
        except BaseException:  # Ctrl-C: a lock that came at the same moment must not stay with us
            if not self._give_up():
                self._lock.release()
            raise
        return self._arrived.is_set() or not self._give_up()

    def _go(self) -> None:
        try:
            self._gate.acquire("exclusive")
            self._lock.acquire(self._mode)
        except BaseException:
            self._lock.release()
            raise
        finally:
            self._gate.release()
        with self._decision:
            self._arrived.set()
            if self._given_up:
                self._lock.release()

    def _give_up(self) -> bool:
        """Return whether the wait is over with nothing; a lock that came at the last moment is ours."""
        with self._decision:
            self._given_up = True
            return not self._arrived.is_set()


def host_name() -> str:
    """Return this machine's name: locks tell who lives only among the processes of one host."""
    return socket.gethostname()


def after_fork_in_child(renew: Callable[[], None]) -> None:
    """Have ``renew`` called in every forked child, after the child has closed the locks it inherited."""
    os.register_at_fork(after_in_child=renew)


def _open_lock_file(path: Path, *, create: bool) -> int:
    """Open for writing (network disks want it for an exclusive lock), or for reading where the store is read-only."""
    try:
        return os.open(path, os.O_RDWR | os.O_CLOEXEC | (os.O_CREAT if create else 0), 0o600)
    except OSError as error:
        if isinstance(error, FileNotFoundError):
            raise
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)


def _forget_inherited() -> None:
    global _registry  # noqa: PLW0603 - the parent's may be held by a thread that this process lacks
    _registry = threading.Lock()
    for lock in _open:
        os.close(lock._descriptor)  # noqa: SLF001 - the module's own class
    _open.clear()


def _hold_registry() -> None:
    _registry.acquire()


def _release_registry() -> None:
    _registry.release()


os.register_at_fork(before=_hold_registry, after_in_parent=_release_registry, after_in_child=_forget_inherited)
