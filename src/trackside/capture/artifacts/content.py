"""The content of an artifact: its bytes, or how to have them, and what is known of them."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias, cast

from trackside.capture.artifacts.files import open_file
from trackside.capture.words.secrets import REDACTED

if TYPE_CHECKING:
    from collections.abc import Iterator

IN_MEMORY = 16 << 20
"""Bytes of a value that are held in memory while they are written; more of them wait in a nameless file."""

_TEXTS = ("text", "json", "figure")
"""Kinds whose bytes are redacted."""

Write: TypeAlias = Callable[[BinaryIO], object]
"""Writes a value to a stream."""

Source: TypeAlias = bytes | Path | Write


@dataclass(frozen=True, kw_only=True)
class Content:
    """What is to be kept of one value.

    Attributes
    ----------
    kind, mime
        What it is, and the type of its bytes.
    name
        What it is called where nobody says it.
    source
        Its bytes, the file that holds them, or what writes them.
    data
        The numbers that a figure shows, as JSON, where they are not among its bytes.
    about
        What else is known of it, as short texts.
    is_named
        Whether the name is its own, such as a file's: another one of this name is a newer version of it.
    """

    kind: str
    mime: str
    name: str
    source: Source
    data: bytes | None = None
    about: dict[str, str] = field(default_factory=dict)
    is_named: bool = False

    @property
    def redacted(self) -> int:
        """How many likely secrets were left out of it; files, tables, arrays and models are kept as they are."""
        is_text = self.kind in _TEXTS and isinstance(self.source, bytes)
        texts = (self.source if is_text else b"", self.data or b"")
        return sum(text.count(REDACTED.encode()) for text in texts if isinstance(text, bytes))


@dataclass(frozen=True, kw_only=True)
class FolderContent:
    """The files of a folder, each by its path from the folder; ``left_out`` says what of it is not kept."""

    name: str
    files: list[tuple[str, Path]]
    left_out: str = ""


@contextmanager
def opened(source: Source, folder: Path | None = None) -> Iterator[BinaryIO]:
    """Open a content for reading.

    Parameters
    ----------
    folder
        Where there is room for what does not fit in memory.

    Raises
    ------
    InputError
        The file cannot be read.
    """
    if isinstance(source, bytes):
        yield io.BytesIO(source)
    elif isinstance(source, Path):
        with open_file(source) as file:
            yield file
    else:
        with tempfile.SpooledTemporaryFile(IN_MEMORY, dir=None if folder is None else str(folder)) as spool:
            file = cast("BinaryIO", spool)
            source(file)
            file.seek(0)
            yield file


def short(value: Any) -> str:
    """Return a text for `Content.about`, on one line and not long."""
    text = " ".join(str(value).split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


_LONGEST = 500
