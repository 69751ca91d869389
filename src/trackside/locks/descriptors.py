"""Open files of this process: kept out of other code's way, and given up by its forked children."""

from __future__ import annotations

import fcntl
import os
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

from trackside.permissions import open_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_HIGH_NUMBER = 500


def open_apart(path: Path, flags: int) -> int:
    """Open a file under a high number.

    Whoever in this process closes descriptors by number closes ours too. The numbers that files get next are low: so
    ours is not soon that of somebody else's file, and using it says that it was closed.
    """
    descriptor = open_file(path, flags)
    try:
        apart = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, _HIGH_NUMBER)
    except OSError:  # the process may not have so many
        return descriptor
    os.close(descriptor)
    return apart


def close_quietly(descriptor: int) -> None:
    """Close a descriptor that may have been closed already."""
    with suppress(OSError):
        os.close(descriptor)


def after_fork_in_child(renew: Callable[[], None]) -> None:
    """Have ``renew`` called in every forked child, after the child has closed the locks it inherited."""
    os.register_at_fork(after_in_child=renew)


def host_name() -> str:
    """Return this machine's name: locks tell who lives only among the processes of one host."""
    return socket.gethostname()
