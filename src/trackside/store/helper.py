"""The helper process that drains for processes with a live run: how it is started, asked and answers.

Two files carry the talk. Whoever wants the journals drained renews the time of ``drain.wanted``; the helper sets that
of ``drain.served`` to the moment up to which everything is in the tables. It holds ``drain.lock`` while it lives.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from trackside.errors import StoreError
from trackside.locks import FileLock, is_held
from trackside.permissions import open_file, touch
from trackside.store.layout import index_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

IDLE_SECONDS = 5.0
"""The helper ends when nobody has asked for so long."""

_LOOK_AGAIN = 0.02
_START_SECONDS = 1.0
_NO_WORD = "the helper that drains failed and could not write down why; free the disk, then ask again"
_IN_BACKGROUND = '"$0" "$@" &'
"""The shell ends at once and leaves the helper to the system: no thread need wait for it, which may be one too many."""

_started: dict[Path, float] = {}


def ask(folder: Path) -> int:
    """Ask for what is in the journals now; return the moment it was asked (nanoseconds since the epoch).

    It is later than all before, though the clock may have been put back.
    """
    moment = max(time.time_ns(), _time(_wanted(folder)) + 1, _time(_served(folder)) + 1)
    _set_time(_wanted(folder), moment)
    return moment


def start_if_needed(folder: Path) -> None:
    """Start a helper unless the store has one. It outlives this process and is nobody's zombie."""
    is_starting = time.monotonic() - _started.get(folder, -_START_SECONDS) < _START_SECONDS
    if is_starting or is_held(_lock(folder)):
        return
    _started[folder] = time.monotonic()
    _start(folder)


def _start(folder: Path) -> None:
    subprocess.run(  # noqa: S603  our own module, by our own interpreter
        ["/bin/sh", "-c", _IN_BACKGROUND, sys.executable, "-P", "-m", "trackside.store.drain", str(folder)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        check=False,
    )


def wait_until_served(folder: Path, asked: int, wait: float) -> bool:
    """Wait until everything written before ``asked`` is in the tables; return whether it is.

    Raises
    ------
    StoreError
        The helper failed; the message is its own.
    """
    deadline = time.monotonic() + wait
    while _time(_served(folder)) < asked:
        if time.monotonic() >= deadline:
            return False
        if _time(_error(folder)) >= asked:
            raise StoreError(last_error(folder) or _NO_WORD)
        start_if_needed(folder)
        time.sleep(_LOOK_AGAIN)
    return True


def serve_alone(folder: Path, serve: Callable[[Path], None]) -> None:
    """Run ``serve`` as the store's only helper, again if somebody asked at the last moment.

    What goes wrong is left in ``drain.error`` for those who wait, and raised.
    """
    served = -1
    while asked_at(folder) > served:
        lock = FileLock(_lock(folder))
        try:
            if not lock.try_acquire("exclusive"):
                return
            serve(folder)
            forget_error(folder)
        except Exception as error:
            _leave_error(folder, error)
            raise
        finally:
            lock.release()
        served = _time(_served(folder))


def asked_at(folder: Path) -> int:
    """Return the moment of the last request (nanoseconds since the epoch)."""
    return _time(_wanted(folder))


def is_wanted(folder: Path, last_asked: float) -> bool:
    """Return whether to stay for more: the store is there, and ``last_asked`` (monotonic seconds) a short while ago."""
    return time.monotonic() - last_asked < IDLE_SECONDS and _wanted(folder).exists()


def note_served(folder: Path, moment: int) -> None:
    """Tell those who wait that everything written before ``moment`` is in the tables."""
    _set_time(_served(folder), moment)


def last_error(folder: Path) -> str | None:
    """Return what the last helper failed of, if it did."""
    path = _error(folder)
    return (path.read_text() or _NO_WORD) if path.exists() else None


def forget_error(folder: Path) -> None:
    """Take away what the last helper failed of: the tables have been made anew."""
    _error(folder).unlink(missing_ok=True)


def _leave_error(folder: Path, error: Exception) -> None:
    descriptor = open_file(_error(folder), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    with suppress(OSError), open(descriptor, "w") as file:  # noqa: PTH123  a descriptor has no Path
        file.write(f"{type(error).__name__}: {error}")  # on a full disk it stays empty: see _NO_WORD
    _set_time(_error(folder), max(asked_at(folder), 0))


def _wanted(folder: Path) -> Path:
    return index_folder(folder) / "drain.wanted"


def _served(folder: Path) -> Path:
    return index_folder(folder) / "drain.served"


def _error(folder: Path) -> Path:
    return index_folder(folder) / "drain.error"


def _lock(folder: Path) -> Path:
    return index_folder(folder) / "drain.lock"


def _time(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return -1


def _set_time(path: Path, moment: int) -> None:
    touch(path)
    try:
        os.utime(path, ns=(moment, moment))
    except PermissionError:  # another user's file; the folder is ours to write, though
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        touch(part)
        os.utime(part, ns=(moment, moment))
        part.replace(path)
