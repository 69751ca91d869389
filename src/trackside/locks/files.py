"""One file that one process holds, or several share."""

from __future__ import annotations

import errno
import fcntl
import os
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Literal, TypeAlias

from trackside.locks.descriptors import after_fork_in_child, close_quietly, open_apart
from trackside.locks.refused import is_refusal, stand_in_folder

if TYPE_CHECKING:
    from pathlib import Path

Mode: TypeAlias = Literal["shared", "exclusive"]

_FLAGS = {"shared": fcntl.LOCK_SH, "exclusive": fcntl.LOCK_EX}
_open: set[FileLock] = set()
_taking: dict[Path, bool] = {}
_registry = threading.RLock()  # a signal handler that logs may come in between


class FileLock:
    """One lock file, opened by this process.

    Parameters
    ----------
    path
        The lock file; made when it is missing and ``create`` is true.
    create
        Whether to make a missing file.

    Attributes
    ----------
    is_elsewhere : bool
        Whether the file system has refused the lock, and another file is locked in its place.

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
        self._path = path
        self.is_elsewhere = False
        with _registry:
            self._descriptor = _open_lock_file(path, create=create)
            _open.add(self)

    def acquire(self, mode: Mode) -> None:
        """Wait, without limit, until the lock is ours."""
        self._apply(_FLAGS[mode])

    def try_acquire(self, mode: Mode) -> bool:
        """Take the lock if it is free now; return whether it is ours."""
        try:
            self._apply(_FLAGS[mode] | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def unlock(self) -> None:
        """Let others have the lock, and stay ready to take it again.

        It unlocks by name, because a child that was forked without Python's knowledge may still hold the file open.
        """
        with suppress(OSError):  # the process has closed all its descriptors, and with them the lock
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def release(self) -> None:
        """Unlock and close; nothing happens when a fork has taken the lock away from this process."""
        with _registry:
            if self in _open:
                _open.remove(self)
                self.unlock()
                close_quietly(self._descriptor)

    def _apply(self, operation: int) -> None:
        try:
            fcntl.flock(self._descriptor, operation)
        except OSError as error:
            if not is_refusal(error):
                raise
            self._move(stand_in_folder(self._path.parent) / self._path.name)
            fcntl.flock(self._descriptor, operation)

    def _move(self, path: Path) -> None:
        """Lock another file from now on."""
        with _registry:
            descriptor = _open_lock_file(path, create=True)
            close_quietly(self._descriptor)
            self._descriptor = descriptor
        self.is_elsewhere = True


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


def takes_locks(folder: Path) -> bool:
    """Return whether the file system of a store's folder takes locks. It does as long as it cannot be asked."""
    if folder not in _taking:
        try:
            probe = FileLock(folder / "gate")
        except OSError:
            return True
        try:
            probe.try_acquire("shared")
            _taking[folder] = not probe.is_elsewhere
        finally:
            probe.release()
    return _taking[folder]


def _open_lock_file(path: Path, *, create: bool) -> int:
    """Open for writing (network disks want it for an exclusive lock), or for reading where the store is read-only."""
    try:
        return open_apart(path, os.O_RDWR | (os.O_CREAT if create else 0))
    except OSError as error:
        if error.errno not in (errno.EROFS, errno.EACCES):
            raise
        with suppress(FileNotFoundError):
            return open_apart(path, os.O_RDONLY)
        raise


def _hold_registry() -> None:
    _registry.acquire()


def _release_registry() -> None:
    _registry.release()


def _forget_inherited() -> None:
    global _registry  # noqa: PLW0603 - the parent's may be held by a thread that this process lacks
    _registry = threading.RLock()
    for lock in _open:
        close_quietly(lock._descriptor)  # noqa: SLF001 - the module's own class
    _open.clear()


os.register_at_fork(before=_hold_registry, after_in_parent=_release_registry)
after_fork_in_child(_forget_inherited)
