"""Makes the system fail as environment variables tell. Python imports this first, where its folder is on the path.

``REFUSED_LOCKS``: an error's number and a folder; no file in the folder can be locked.
``CLOCK``: a file; by so many seconds as it says the clock is wrong.
"""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_flock = fcntl.flock
_clock = time.time


def refusing_flock(number: int, folder: str) -> Callable[[Any, int], None]:
    """Return a ``flock`` of a file system that has no locks in this folder."""

    def flock(descriptor: Any, operation: int) -> None:
        if str(Path(f"/proc/self/fd/{descriptor}").readlink()).startswith(folder):
            raise OSError(number, os.strerror(number))
        _flock(descriptor, operation)

    return flock


def wrong_clock(said_in: Path) -> Callable[[], float]:
    """Return a clock that is wrong by what a file says now."""
    return lambda: _clock() + float(said_in.read_text())


def set_clock(clock: Callable[[], float], patch: Callable[[Any, str, Any], None] = setattr) -> None:
    patch(time, "time", clock)
    patch(time, "time_ns", lambda: int(clock() * 1e9))


if "REFUSED_LOCKS" in os.environ:
    number, _, folder = os.environ["REFUSED_LOCKS"].partition(" ")
    fcntl.flock = refusing_flock(int(number), folder)
if "CLOCK" in os.environ:
    set_clock(wrong_clock(Path(os.environ["CLOCK"])))
