"""Who may see a store's files: this user alone, or the folder's group, whose files and folders say so by their modes.

A store is private (files 0600, folders 0700) or shared with a group (0660, 2770: what is made in such a folder belongs
to the folder's group). Which of them it is stands in the mode of its folder and of those below, so that every process
and every user goes by the same word. The umask has no say.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
SHARED_FILE, SHARED_FOLDER = 0o660, 0o2770


def is_shared(folder: Path) -> bool:
    """Tell whether what is made in a folder is for its group, too."""
    try:
        mode = folder.stat().st_mode
    except OSError:
        return False
    return bool(mode & stat.S_ISGID) and mode & stat.S_IRWXG == stat.S_IRWXG


def make_folder(folder: Path, *, shared: bool | None = None) -> None:
    """Make a folder, and those that lead to it, if it is missing.

    Parameters
    ----------
    shared
        Whether it is for its group, too; None for what the folder around it says.
    """
    try:
        folder.mkdir(mode=PRIVATE_FOLDER)
    except FileNotFoundError:
        make_folder(folder.parent)
        make_folder(folder, shared=shared)
        return
    except FileExistsError:
        if not folder.is_dir():
            raise
        return
    if is_shared(folder.parent) if shared is None else shared:
        folder.chmod(SHARED_FOLDER)


def open_file(path: Path, flags: int) -> int:
    """Open a file and return its descriptor; one that is made is for the eyes that its folder is for."""
    descriptor = os.open(path, flags | os.O_CLOEXEC, PRIVATE_FILE)
    if flags & os.O_CREAT:
        allow_file(path, descriptor)
    return descriptor


def touch(path: Path) -> None:
    """Make an empty file where there is none."""
    os.close(open_file(path, os.O_WRONLY | os.O_CREAT))


def allow_file(path: Path, descriptor: int | None = None) -> None:
    """Give a file that somebody else made, such as DuckDB, the mode that its folder says, where it is ours."""
    wanted = SHARED_FILE if is_shared(path.parent) else PRIVATE_FILE
    target: Path | int = path if descriptor is None else descriptor
    with suppress(FileNotFoundError, PermissionError):  # it is gone, or another user's, who has seen to it
        if stat.S_IMODE(os.stat(target).st_mode) != wanted:  # noqa: PTH116  a descriptor has no Path
            os.chmod(target, wanted)  # noqa: PTH101 - a descriptor, too


def share(folder: Path) -> None:
    """Let the group have what is in a folder, as far as it is ours."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            with suppress(FileNotFoundError, PermissionError):
                path.chmod(SHARED_FOLDER if path.is_dir() else SHARED_FILE)


def umask_of(folder: Path) -> int:
    """Return the umask for a process that makes files in this folder only, and so does DuckDB in it."""
    return 0o007 if is_shared(folder) else 0o077
