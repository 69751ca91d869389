"""Locks between processes, and what a fork does to them.

All of Trackside's ``flock`` and ``fork`` stand here, so that a system without them gets the same promises by
means of its own in this one place.

Two uses:

- `FileLock`: one file, held or not. A writer holds its ``<run>.<writer>.lock`` for as long as it lives, and
  whoever asks `is_held` learns whether the process is still there. It falls with the process.
- `StoreLock`: many readers or one writer. Everybody takes the file ``gate``, then ``lock`` (shared or
  exclusive), then lets the gate go, so that all wait in order and no stream of readers starves a writer. A writer that
  waits long for one reader lets the others pass.

A forked child closes what it inherited and never unlocks it: ``flock`` belongs to the open file, which the
parent still holds.

Where a file system refuses locks, a file on this machine's own disk is locked in its place (`stand_in_folder`).
"""

from trackside.locks.descriptors import after_fork_in_child, close_quietly, host_name, open_apart
from trackside.locks.files import FileLock, is_held, takes_locks
from trackside.locks.line import StoreLock
from trackside.locks.refused import is_stand_in, make_private_folder, stand_in_folder

__all__ = [
    "FileLock",
    "StoreLock",
    "after_fork_in_child",
    "close_quietly",
    "host_name",
    "is_held",
    "is_stand_in",
    "make_private_folder",
    "open_apart",
    "stand_in_folder",
    "takes_locks",
]
