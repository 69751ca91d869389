"""Bytes kept by their SHA-256: the same environment, notebook or file is kept once.

Large ones are streamed both ways: a file of 5 GB needs no 5 GB of memory.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from trackside.errors import StoreDamagedError
from trackside.journal.layout import sync_folder, write_durably
from trackside.permissions import make_folder, open_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PIECE = 1 << 20
"""Bytes that are read, digested and written at a time."""


class Blob(NamedTuple):
    """Bytes that are kept: their digest (hexadecimal SHA-256) and how many there are."""

    sha256: str
    bytes: int


def save_blob(folder: Path, data: bytes) -> str:
    """Keep ``data`` in the store ``folder`` and return its digest (hexadecimal SHA-256).

    Raises
    ------
    OSError
        The disk did not take it.
    """
    digest = hashlib.sha256(data).hexdigest()
    path = blob_path(folder, digest)
    if not (_has_size(path, len(data)) and _renew(path)):
        make_folder(path.parent)
        write_durably(path, data)
        sync_folder(path.parent.parent)
    return digest


def save_stream(folder: Path, source: BinaryIO) -> Blob:
    """Keep what can be read from ``source``, however much it is.

    Raises
    ------
    OSError
        It cannot be read, or the disk did not take it.
    """
    blobs = folder / "blobs"
    part = blobs / f"{secrets.token_hex(8)}.part"
    digest, size = hashlib.sha256(), 0
    try:
        descriptor = open_file(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        with open(descriptor, "wb") as file:  # noqa: PTH123  a descriptor has no Path
            while piece := source.read(PIECE):
                digest.update(piece)
                size += file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        path = blob_path(folder, digest.hexdigest())
        make_folder(path.parent)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
    sync_folder(blobs)
    return Blob(digest.hexdigest(), size)


def digest_stream(source: BinaryIO) -> Blob:
    """Return what `save_stream` would, and keep nothing."""
    digest, size = hashlib.sha256(), 0
    while piece := source.read(PIECE):
        digest.update(piece)
        size += len(piece)
    return Blob(digest.hexdigest(), size)


def read_blob(folder: Path, digest: str) -> bytes:
    """Return the bytes kept under ``digest``.

    Raises
    ------
    StoreDamagedError
        They are missing or no longer what was kept.
    """
    return b"".join(read_pieces(folder, digest))


def read_pieces(folder: Path, digest: str) -> Iterator[bytes]:
    """Yield the bytes kept under ``digest``, a piece at a time; whether they are right is known after the last.

    Raises
    ------
    StoreDamagedError
        They are missing or no longer what was kept.
    """
    path = blob_path(folder, digest)
    found = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                found.update(piece)
                yield piece
    except OSError as error:
        raise StoreDamagedError(
            f"The blob {path} cannot be read ({error.strerror}); expected what a run kept; restore it from a backup."
        ) from error
    if found.hexdigest() != digest:
        raise StoreDamagedError(
            f"The blob {path} has other bytes than were kept; expected its SHA-256 as its name; "
            "restore it from a backup."
        )


def copy_blob(folder: Path, digest: str, target: Path) -> None:
    """Write the bytes kept under ``digest`` to a file: all of them, checked, or none.

    Raises
    ------
    StoreDamagedError
        They are missing or no longer what was kept.
    OSError
        The file cannot be written.
    """
    part = target.with_name(f"{target.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open("xb") as file:
            for piece in read_pieces(folder, digest):
                file.write(piece)
        part.replace(target)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


def _has_size(path: Path, size: int) -> bool:
    """Tell whether a blob is there, as far as can be told without reading it."""
    try:
        return path.stat().st_size == size
    except FileNotFoundError:
        return False


def _renew(path: Path) -> bool:
    """Make a blob young again, for `trackside gc` to let it be until the line that refers to it is read.

    Tells whether it is there still.
    """
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    except PermissionError:  # another user's: their runs refer to it
        return True
    return True


def blob_path(folder: Path, digest: str) -> Path:
    """Return the file of the bytes kept under ``digest``, whether it is there or not."""
    return folder / "blobs" / digest[:2] / digest
