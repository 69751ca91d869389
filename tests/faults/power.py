"""What a disk has after a power cut: the bytes that were synced, under the names that were."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pytest

Tail = Literal["lost", "zeroed", "torn"]
"""What becomes of bytes that were written and not synced: gone, there as zeros, or there in part."""


class WatchedDisk:
    """Follows what this process syncs below a folder, which itself is safe.

    Names and bytes count from the sync of their folder or file on, as POSIX has it: a file system may keep more, and
    in another order, but not less. DuckDB's own syncs are not seen.
    """

    def __init__(self, folder: Path, on_sync: Callable[[], object] | None = None) -> None:
        self._folder = folder
        self._root = folder.stat().st_ino
        self._on_sync = on_sync
        self._names: dict[int, dict[str, os.DirEntry[str]]] = {self._root: {}}
        self._files: dict[int, int] = {}  # a descriptor each: no number of a file is used again
        self._synced: dict[int, int] = {}

    def sync(self, real: Callable[[int], None], descriptor: int) -> None:
        """Sync a file or folder for real, and note what is safe from now on."""
        found = os.fstat(descriptor)
        is_folder = stat.S_ISDIR(found.st_mode)
        names = {entry.name: entry for entry in os.scandir(descriptor)} if is_folder else {}
        real(descriptor)
        if found.st_ino not in self._files:
            self._files[found.st_ino] = os.open(f"/proc/self/fd/{descriptor}", os.O_RDONLY)
        if is_folder:
            self._names[found.st_ino] = names
        else:
            self._synced[found.st_ino] = max(found.st_size, self._synced.get(found.st_ino, 0))
        if self._on_sync:
            self._on_sync()

    def cut_power(self, target: Path, tail: Tail = "lost", *, has_deleted: bool = False) -> Path:
        """Write what is left into the folder ``target``, made for it.

        Parameters
        ----------
        has_deleted
            Whether names are back that were deleted with no sync since.
        """
        target.mkdir()
        self._restore(self._root, self._folder, target, tail, has_deleted=has_deleted)
        return target

    def _restore(self, folder: int, now: Path, target: Path, tail: Tail, *, has_deleted: bool) -> None:
        for name, entry in self._names.get(folder, {}).items():
            if not (has_deleted or (now / name).exists()):
                continue
            if entry.is_dir():
                (target / name).mkdir()
                self._restore(entry.inode(), now / name, target / name, tail, has_deleted=has_deleted)
            else:
                (target / name).write_bytes(self._content(entry.inode(), tail))

    def _content(self, inode: int, tail: Tail) -> bytes:
        synced = self._synced.get(inode, 0)
        if inode not in self._files:
            return b""
        size = os.fstat(self._files[inode]).st_size
        if tail == "zeroed":
            return os.pread(self._files[inode], synced, 0) + bytes(size - synced)
        return os.pread(self._files[inode], synced if tail == "lost" else (synced + size) // 2, 0)

    def close(self) -> None:
        for descriptor in self._files.values():
            os.close(descriptor)


@contextmanager
def watching(
    patch: pytest.MonkeyPatch, folder: Path, on_sync: Callable[[], object] | None = None
) -> Iterator[WatchedDisk]:
    """Follow what is synced below a folder while the block runs."""
    disk = WatchedDisk(folder, on_sync)
    with patch.context() as patched:
        for name in ("fsync", "fdatasync"):
            real = getattr(os, name)
            patched.setattr(os, name, lambda descriptor, real=real: disk.sync(real, descriptor))
        yield disk
    disk.close()
