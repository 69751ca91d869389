"""Journals that have ended, compressed; and any journal as a file to read from."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO, cast

import zstandard

from trackside.errors import JournalError
from trackside.journal.layout import (
    ARCHIVE_SUFFIX,
    SUFFIX,
    JournalName,
    ended_folder,
    live_folder,
    live_path,
    lock_path,
    sync_folder,
)
from trackside.locks import is_held
from trackside.permissions import make_folder, open_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_LEVEL = 3
_IN_MEMORY = 1 << 24
_PIECE = 1 << 20
_FED = 1 << 12
"""Bytes of an archive unpacked at a time: not more, for zeros shrink to a ten-thousandth."""

_DAY = 86_400


def list_live(store: Path) -> dict[JournalName, int]:
    """Return the journals that may still grow, with their sizes in bytes."""
    sizes = {}
    with os.scandir(live_folder(store)) as entries:
        for entry in entries:
            if entry.name.endswith(SUFFIX) and (name := JournalName.parse(entry.name)):
                with suppress(FileNotFoundError):  # somebody else has just archived it
                    sizes[name] = entry.stat().st_size
    return sizes


def list_journals(store: Path, run_id: str = "") -> dict[JournalName, Path]:
    """Return all journals, or one run's, in the order of runs; of one that stands there both ways the uncompressed."""
    found = {name: path for path, name in _archives(store, run_id)}
    found |= {name: live_path(store, name) for name in list_live(store) if name.run_id.startswith(run_id)}
    return dict(sorted(found.items()))


def list_ended(store: Path) -> set[JournalName]:
    """Return the journals that are archived."""
    return {name for _, name in _archives(store)}


def _archives(store: Path, run_id: str = "") -> Iterator[tuple[Path, JournalName]]:
    for path in ended_folder(store).glob(f"*/{run_id}*{ARCHIVE_SUFFIX}"):
        if name := JournalName.parse(path.name):
            yield path, name


def list_strangers(store: Path) -> list[Path]:
    """Return files that stand among the journals and are none by their names, such as copies."""
    found = [*live_folder(store).glob(f"*{SUFFIX}*"), *ended_folder(store).glob(f"*/*{SUFFIX}*")]
    return sorted(path for path in found if not (JournalName.parse(path.name) or path.suffix == ".part"))


def open_journal(path: Path) -> BinaryIO:
    """Open a journal to read and seek in, compressed or not. A damaged archive reads as far as it is whole."""
    if path.suffix != ".zst":
        return path.open("rb", buffering=0)
    with ExitStack() as stack:
        plain = stack.enter_context(tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY))
        try:
            plain.writelines(_unpack(path, _FED))
        except zstandard.ZstdError:  # it takes all of its piece with it: once more, byte by byte
            plain.seek(0)
            plain.truncate()
            with suppress(zstandard.ZstdError):  # behind it is noise, or nothing: each line has a checksum of its own
                plain.writelines(_unpack(path, 1))
        plain.seek(0)
        stack.pop_all()
    return cast("BinaryIO", plain)


def archive_is_whole(path: Path) -> bool:
    """Return whether a compressed journal is as it was written, from beginning to end."""
    try:
        for _ in _unpack(path, _FED):
            pass
    except zstandard.ZstdError:
        return False
    return True


def _unpack(path: Path, size: int) -> Iterator[bytes]:
    """Yield what an archive has in it, read in pieces of ``size`` bytes.

    Raises
    ------
    ZstdError
        It is damaged here, or it lacks its end, or has something behind it.
    """
    unpack = zstandard.ZstdDecompressor().decompressobj()
    with path.open("rb") as packed:
        while piece := packed.read(size):
            yield unpack.decompress(piece)
    if not unpack.eof or unpack.unused_data:
        raise zstandard.ZstdError("the archive does not end where its file does")


class PreparedArchive:
    """A compressed copy of a journal that has ended, on the disk and compared, but not yet in its place."""

    def __init__(self, store: Path, name: JournalName, ended_at: float) -> None:
        self._journal, self._lock = live_path(store, name), lock_path(store, name)
        month = datetime.fromtimestamp(ended_at, UTC).strftime("%Y-%m")
        self.folder = ended_folder(store) / month
        self._target = self.folder / f"{name}{ARCHIVE_SUFFIX}"
        self._part = self._target.with_suffix(".part")

    def prepare(self) -> None:
        """Compress, sync, read back and compare.

        Raises
        ------
        JournalError
            The disk did not take it, or gave back something else.
        """
        try:
            self._write_part()
        except (OSError, zstandard.ZstdError) as error:
            with suppress(OSError):
                self._part.unlink()
            raise JournalError(
                f"The journal {self._journal} could not be compressed ({error}); it stays as it is; "
                "free or repair the disk."
            ) from error

    def _write_part(self) -> None:
        make_folder(self.folder)
        digest = _compress(self._journal, self._part)
        if _digest(self._part) != digest:
            raise OSError(f"{self._part} reads back different from what was written")

    def put_in_place(self) -> None:
        """Give the copy its name. The original still counts."""
        self._part.replace(self._target)

    def remove_original(self) -> None:
        """Remove the original, then its lock: while there is a journal, there is a lock to stand in for its writer."""
        self._journal.unlink()
        self._lock.unlink(missing_ok=True)


def finish_archives(archives: Iterable[PreparedArchive]) -> None:
    """Exchange journals for their archives. The caller holds the store's exclusive lock and the writers' locks."""
    archives = list(archives)
    for archive in archives:
        archive.put_in_place()
    for folder in {folder for archive in archives for folder in (archive.folder, archive.folder.parent)}:
        sync_folder(folder)
    for archive in archives:
        archive.remove_original()


def _compress(journal: Path, target: Path) -> bytes:
    digest = hashlib.sha256()
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    compressor = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True)
    with journal.open("rb") as plain, open(open_file(target, flags), "wb") as file:  # noqa: PTH123  no Path
        stream = compressor.stream_writer(file, size=journal.stat().st_size, closefd=False)
        while piece := plain.read(_PIECE):
            digest.update(piece)
            stream.write(piece)
        stream.flush(zstandard.FLUSH_FRAME)
        file.flush()
        os.fsync(file.fileno())
    return digest.digest()


def _digest(archive: Path) -> bytes:
    digest = hashlib.sha256()
    for piece in _unpack(archive, _FED):
        digest.update(piece)
    return digest.digest()


def remove_leftovers(store: Path) -> None:
    """Remove empty journals of the dead, of which nothing was acknowledged, and locks whose journal is gone.

    A lock is taken before its journal is made: one without a journal is let lie for a day.
    """
    for path in live_folder(store).glob("*.lock"):
        journal = path.with_suffix(SUFFIX)
        is_empty = journal.exists() and journal.stat().st_size == 0
        is_alone = not journal.exists() and time.time() - path.stat().st_mtime > _DAY
        if (is_empty or is_alone) and not is_held(path):
            journal.unlink(missing_ok=True)
            path.unlink()
