"""One at a time decides what hangs on how a store stands: which version is next, whether a run may be gone."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from trackside.errors import JournalError, StoreBusyError
from trackside.locks import FileLock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CATCH_UP_SECONDS = 30.0
"""How long to wait for everything that stands in the journals, before and after what hangs on it, such as a purge."""

_LOCK = "models.lock"
_LOCK_SECONDS = 30.0
_LOOK_AGAIN = 0.02


@contextmanager
def deciding_alone(folder: Path) -> Iterator[None]:
    """Let no other process decide while the block runs which runs of a store are relied on, and which may be gone.

    Raises
    ------
    StoreBusyError
        Somebody else was at it for too long.
    JournalError
        The store cannot be written.
    """
    try:
        lock = FileLock(folder / _LOCK)
    except OSError as error:
        raise JournalError(
            f"The store {folder} cannot be written ({error.strerror}); nothing is changed; "
            "check the folder and its permissions."
        ) from error
    deadline = time.monotonic() + _LOCK_SECONDS
    try:
        while not lock.try_acquire("exclusive"):
            if time.monotonic() > deadline:
                raise StoreBusyError(
                    f"Somebody else has been deciding about runs or models in {folder} for {_LOCK_SECONDS:g} s; "
                    "expected a moment; end the process that does, or try again."
                )
            time.sleep(_LOOK_AGAIN)
        yield
    finally:
        lock.release()
