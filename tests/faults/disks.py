"""A small disk of a test's own: full, out of inodes or read-only when the test wants it to be."""

from __future__ import annotations

import functools
import os
import subprocess
from contextlib import suppress
from itertools import count
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_PAGE = 4096


class Disk:
    """A file system in memory, mounted at ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"
        self._mounted: list[Path] = []

    def mount(self, *, megabytes: int = 64, inodes: int = 2_000) -> None:
        self.folder.mkdir()
        options = f"size={megabytes}m,nr_inodes={inodes}"
        _run("mount", "-t", "tmpfs", "-o", options, "tmpfs", str(self.folder))
        self._mounted.append(self.folder)

    def unmount(self) -> None:
        """Take the disk and its views away, also from a helper process that still looks at it."""
        for folder in reversed(self._mounted):
            _run("umount", "--lazy", str(folder))

    def fill(self, *, leave: int = 0) -> None:
        """Leave so many bytes (rounded down to pages), and no more."""
        with self._ballast.open("wb") as file:
            while (rest := self._free_bytes() - leave // _PAGE * _PAGE) > 0:
                with suppress(OSError):  # somebody took a page meanwhile
                    os.posix_fallocate(file.fileno(), file.seek(0, os.SEEK_END), rest)

    def use_up_inodes(self, *, leave: int = 0) -> None:
        """Leave so many files to be made, and no more."""
        self._ballast.mkdir()
        for number in count():
            if os.statvfs(self.folder).f_ffree <= leave:
                return
            (self._ballast / str(number)).touch()

    def free(self) -> None:
        """Give back what was taken."""
        if self._ballast.is_dir():
            for path in self._ballast.iterdir():
                path.unlink()
            self._ballast.rmdir()
        else:
            self._ballast.unlink()

    def _free_bytes(self) -> int:
        system = os.statvfs(self.folder)
        return system.f_bavail * system.f_bsize

    def show_read_only(self, view: Path) -> None:
        """Show what is on the disk at ``view`` too, where nothing can be changed."""
        view.mkdir()
        _run("mount", "--bind", str(self.folder), str(view))
        self._mounted.append(view)
        _run("mount", "-o", "remount,bind,ro", str(view))


@functools.cache
def can_mount() -> bool:
    """Tell whether this process may mount a disk."""
    with TemporaryDirectory() as folder:
        tried = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder], capture_output=True, check=False)
        if tried.returncode == 0:
            _run("umount", folder)
    return tried.returncode == 0


def _run(*command: str) -> None:
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, f"{' '.join(command)}: {ended.stderr.strip()}"
