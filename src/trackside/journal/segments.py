"""Points logged in bulk: one ``.npy`` file for each call, vouched for by a line of the journal."""

from __future__ import annotations

import hashlib
import os
from errno import EMFILE, ENFILE, ENOMEM
from io import BytesIO
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from trackside.journal.layout import sync_folder
from trackside.permissions import make_folder, open_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from trackside.model import HistoryLogged

_SHORT_OF_MEANS = {EMFILE, ENFILE, ENOMEM}


def save_segment(
    path: Path,
    steps: np.ndarray[Any, Any],
    times: np.ndarray[Any, Any],
    columns: Mapping[str, np.ndarray[Any, Any]],
) -> str:
    """Write a segment, whole or not at all, and return its SHA-256.

    Raises
    ------
    OSError
        The disk did not take it.
    """
    points = np.empty(len(steps), dtype=_dtype(len(columns)))
    points["step"], points["time"] = steps, times
    for field, column in enumerate(columns.values()):
        points[str(field)] = column
    make_folder(path.parent)
    part = path.with_suffix(".part")
    try:
        digest = _write_array(part, points)
        part.rename(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
    return digest


def open_segment(path: Path, line: HistoryLogged) -> np.ndarray[Any, Any] | str:
    """Return a segment's points (mapped, not read), or why it is not what its line vouches for.

    Raises
    ------
    OSError
        The process, or the machine, has no means to read it now: nothing is known of the segment.
    """
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        if error.errno in _SHORT_OF_MEANS:
            raise
        return f"its segment {path.name} cannot be read ({error.strerror})"
    if digest != line.sha256:
        return f"its segment {path.name} has other bytes than were written"
    points = cast("np.ndarray[Any, Any]", np.load(path, mmap_mode="r", allow_pickle=False))
    if points.shape != (line.rows,) or points.dtype != _dtype(len(line.keys)):
        return f"its segment {path.name} holds {points.shape} of {points.dtype}, not {line.rows} rows"
    return points


def _dtype(columns: int) -> np.dtype[Any]:
    return np.dtype([("step", "<i8"), ("time", "<f8"), *((str(field), "<f8") for field in range(columns))])


def _write_array(path: Path, points: np.ndarray[Any, Any]) -> str:
    """Write an array as ``.npy``, sync it, and return the digest of what was written."""
    header = BytesIO()
    np.lib.format.write_array_header_1_0(header, np.lib.format.header_data_from_array_1_0(points))
    digest = hashlib.sha256()
    descriptor = open_file(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    with open(descriptor, "wb") as file:  # noqa: PTH123  a descriptor has no Path
        for part in (header.getbuffer(), points.data.cast("B")):
            digest.update(part)
            file.write(part)
        file.flush()
        os.fsync(descriptor)
    return digest.hexdigest()
