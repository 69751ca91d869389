"""Where a store folder keeps its journals, and what they are called.

::

    journals/live/<run>.<writer>.ndjson             while its writer lives, and until it is drained
    journals/live/<run>.<writer>.lock               held by the writer
    journals/ended/<yyyy-mm>/<run>.<writer>.ndjson.zst
    journals/segments/<run>.<writer>.<seq>.npy      points logged in bulk
"""

from __future__ import annotations

import errno
import os
import re
import threading
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

SUFFIX = ".ndjson"
ARCHIVE_SUFFIX = ".ndjson.zst"


_FILE_NAME = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([0-9a-f]{12})\.ndjson(?:\.zst)?")


class JournalName(NamedTuple):
    """Whose journal it is."""

    run_id: str
    writer: str

    def __str__(self) -> str:
        return f"{self.run_id}.{self.writer}"

    @classmethod
    def parse(cls, file_name: str) -> JournalName | None:
        """Return whose journal a file is by its name; None if it is nobody's, such as a copy of one."""
        match = _FILE_NAME.fullmatch(file_name)
        return cls(*match.groups()) if match else None


def live_folder(store: Path) -> Path:
    """Return the folder of journals that may still grow."""
    return store / "journals" / "live"


def ended_folder(store: Path) -> Path:
    """Return the folder of compressed journals, by month."""
    return store / "journals" / "ended"


def segments_folder(store: Path) -> Path:
    """Return the folder of points logged in bulk."""
    return store / "journals" / "segments"


def live_path(store: Path, name: JournalName) -> Path:
    """Return the path of a journal that may still grow."""
    return live_folder(store) / f"{name}{SUFFIX}"


def lock_path(store: Path, name: JournalName) -> Path:
    """Return the path of the lock that a journal's writer holds while it lives."""
    return live_folder(store) / f"{name}.lock"


def sync_folder(folder: Path) -> None:
    """Make new names in a folder survive a power cut, as far as the file system can be asked to."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.EOPNOTSUPP):  # network disks sync no folders
            raise
    finally:
        os.close(descriptor)


def write_durably(path: Path, data: bytes) -> None:
    """Write a whole file or none: a new name appears only once its bytes are on the disk."""
    part = path.with_name(path.name + f".{os.getpid()}-{threading.get_ident()}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123  a descriptor has no Path
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
