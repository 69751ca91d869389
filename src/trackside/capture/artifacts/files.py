"""Files and folders that are to be kept: found without leaving the folder, opened without being held up."""

from __future__ import annotations

import errno
import io
import mimetypes
import os
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from trackside.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_FILES = 1000
"""Files of one folder that are kept; more are better kept as one archive."""

FOLDER_MIME = "application/vnd.trackside.folder.v1+json"
"""Type of a folder's list: ``files`` by their paths within it, each with ``sha256`` and ``bytes``."""

_NOT_FOR_KEEPING = re.compile(
    r"\.git|\.env.*|\.ipynb_checkpoints|__pycache__|id_(?:rsa|dsa|ecdsa(?:_sk)?|ed25519(?:_sk)?)"
)
"""Names of what is in a folder by the way: secrets, and what tools put there."""

_MAY_BE_KEYS = (".pem", ".key")
_LONGEST_KEY = 1 << 16

_MIME_BY_ENDING = {
    ".ipynb": "application/x-ipynb+json",
    ".joblib": "application/x-joblib",
    ".jsonl": "application/x-ndjson",
    ".keras": "application/x-keras",
    ".md": "text/markdown",
    ".npy": "application/x-npy",
    ".parquet": "application/vnd.apache.parquet",
    ".pickle": "application/x-pickle",
    ".pkl": "application/x-pickle",
    ".pt": "application/x-pytorch",
    ".pth": "application/x-pytorch",
    ".safetensors": "application/x-safetensors",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
}

_ENDING_BY_MIME = {
    "application/json": ".json",
    "application/vnd.apache.parquet": ".parquet",
    "application/vnd.plotly.v1+json": ".json",
    "application/vnd.vegalite.v5+json": ".json",
    "application/x-joblib": ".joblib",
    "application/x-keras": ".keras",
    "application/x-npy": ".npy",
    "application/x-pytorch": ".pt",
    "application/x-skops": ".skops",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/svg+xml": ".svg",
    "text/csv": ".csv",
    "text/markdown": ".md",
    "text/plain": ".txt",
}


def ending_of(mime: str) -> str:
    """Return what the name of a file with bytes of a type ends in; nothing where that is not known."""
    return _ENDING_BY_MIME.get(mime, "")


def mime_of(name: str) -> str:
    """Return the type of a file's bytes, as far as its name tells it.

    Examples
    --------
    >>> mime_of("loss.png"), mime_of("last.pt"), mime_of("data")
    ('image/png', 'application/x-pytorch', 'application/octet-stream')
    """
    ending = Path(name).suffix.lower()
    return _MIME_BY_ENDING.get(ending) or mimetypes.guess_type(name)[0] or "application/octet-stream"


def list_files(folder: Path) -> tuple[list[tuple[str, Path]], str]:
    """Return a folder's files by their paths within it, and what is left out.

    A link is followed where it leads to a file within the folder. Left out are links that lead elsewhere, what is no
    file, such as a socket, and what nobody means who names the folder: ``.git``, ``.env*``, ``.ipynb_checkpoints``,
    ``__pycache__``, private keys and stores of Trackside.

    Raises
    ------
    InputError
        There are more than `MAX_FILES`, or one cannot be listed.
    """
    files: list[tuple[str, Path]] = []
    names: dict[str, None] = {}
    links, others = 0, 0
    root = folder.resolve()
    for path in _walk(root, names):
        target = path.resolve()
        if not target.is_relative_to(root):
            links += 1
        elif any(map(_NOT_FOR_KEEPING.fullmatch, (path.name, *target.relative_to(root).parts))) or _is_key(target):
            names[path.name] = None
        elif not path.is_file():
            others += 1
        elif len(files) == MAX_FILES:
            raise InputError(
                f"found more than {MAX_FILES} files in the folder {str(folder)!r}; expected at most that many; "
                "keep a folder within it, or one archive of it (shutil.make_archive)"
            )
        else:
            files.append((path.relative_to(root).as_posix(), path))
    parts = [
        *names,
        f"{links} links out of the folder" if links else "",
        f"{others} that are no files" if others else "",
    ]
    return files, ", ".join(part for part in parts if part)


def _is_key(path: Path) -> bool:
    if path.suffix not in _MAY_BE_KEYS or not path.is_file():
        return False
    with open_file(path) as file:
        return b"PRIVATE KEY-----" in file.read(_LONGEST_KEY)


def open_file(path: Path) -> BinaryIO:
    """Open a file for reading; what is wrong with it is the caller's to hear, and not a fault of the disk's.

    Raises
    ------
    InputError
        It cannot be opened, or is no file: reading a pipe might never end.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise InputError(f"the file {str(path)!r} cannot be read ({error.strerror}); expected one that can") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise InputError(f"found {str(path)!r}, which is no file; expected a file or a folder")
    return io.BufferedReader(_Read(descriptor))


class _Read(io.RawIOBase):
    """Reads a descriptor; an error while reading is an `InputError`."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # what `io` hands over
        try:
            return os.readv(self._descriptor, [buffer])
        except OSError as error:
            raise InputError(
                f"a file could not be read to its end ({os.strerror(error.errno or errno.EIO)})"
            ) from error

    def close(self) -> None:
        if not self.closed:
            os.close(self._descriptor)
        super().close()


def _walk(folder: Path, left_out: dict[str, None]) -> Iterator[Path]:
    """Yield what is in a folder in the order of the names, without following links to folders; note those left out."""
    from trackside.store.layout import is_store

    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        raise InputError(f"the folder {str(folder)!r} cannot be read ({error.strerror})") from error
    for entry in entries:
        path = Path(entry.path)
        if not entry.is_dir(follow_symlinks=False):
            yield path
        elif _NOT_FOR_KEEPING.fullmatch(path.name) or is_store(path):
            left_out[path.name] = None
        else:
            yield from _walk(path, left_out)
