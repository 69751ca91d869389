"""Bytes kept by their SHA-256: the same environment, notebook or file is kept once."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from trackside.errors import StoreDamagedError
from trackside.journal.layout import sync_folder, write_durably

if TYPE_CHECKING:
    from pathlib import Path


def save_blob(folder: Path, data: bytes) -> str:
    """Keep ``data`` in the store ``folder`` and return its digest (hexadecimal SHA-256).

    Raises
    ------
    OSError
        The disk did not take it.
    """
    digest = hashlib.sha256(data).hexdigest()
    path = _blob_path(folder, digest)
    if not _has_size(path, len(data)):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_durably(path, data)
        sync_folder(path.parent.parent)
    return digest


def read_blob(folder: Path, digest: str) -> bytes:
    """Return the bytes kept under ``digest``.

    Raises
    ------
    StoreDamagedError
        They are missing or no longer what was kept.
    """
    path = _blob_path(folder, digest)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise StoreDamagedError(
            f"The blob {path} cannot be read ({error.strerror}); expected what a run kept; restore it from a backup."
        ) from error
    if hashlib.sha256(data).hexdigest() != digest:
        raise StoreDamagedError(
            f"The blob {path} has other bytes than were kept; expected its SHA-256 as its name; "
            "restore it from a backup."
        )
    return data


def _has_size(path: Path, size: int) -> bool:
    """Tell whether a blob is there, as far as can be told without reading it."""
    try:
        return path.stat().st_size == size
    except FileNotFoundError:
        return False


def _blob_path(folder: Path, digest: str) -> Path:
    return folder / "blobs" / digest[:2] / digest
