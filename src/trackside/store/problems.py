"""What is wrong in a store: damaged lines, lost segments and blobs, an index that cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackside.errors import StoreDamagedError, StoreError
from trackside.journal import Damage, JournalReader
from trackside.journal.archive import archive_is_whole, list_journals, open_journal
from trackside.journal.layout import segments_folder
from trackside.journal.segments import open_segment
from trackside.model import EnvironmentSeen, HistoryLogged
from trackside.store import helper
from trackside.store.access import reading
from trackside.store.blobs import read_blob
from trackside.store.collect import read_lines
from trackside.store.layout import database_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PIECE = 1 << 22


def list_problems(folder: Path) -> list[Damage]:
    """Read every journal of a store from beginning to end and return what is wrong, each with its place."""
    problems = [problem for path in list_journals(folder).values() for problem in _journal_problems(folder, path)]
    return problems + list(_index_problems(folder))


def _journal_problems(folder: Path, path: Path) -> Iterator[Damage]:
    name = str(path.relative_to(folder))
    reader = JournalReader(name)
    with open_journal(path) as file:
        while data := read_lines(file, reader.offset, _PIECE):
            for event in reader.read_lines(data):
                if isinstance(event, Damage):
                    yield event
                elif isinstance(event, HistoryLogged):
                    segment = open_segment(segments_folder(folder) / event.file, event)
                    if isinstance(segment, str):
                        yield Damage(name, reader.start, segment)
                elif isinstance(event, EnvironmentSeen):
                    yield from _blob_problems(folder, name, reader.start, event.digest)
    if path.suffix == ".zst" and not archive_is_whole(path):
        yield Damage(name, reader.offset, "the archive is damaged from here on")


def _blob_problems(folder: Path, name: str, offset: int, digest: str) -> Iterator[Damage]:
    try:
        read_blob(folder, digest)
    except StoreDamagedError as error:
        yield Damage(name, offset, str(error))


def _index_problems(folder: Path) -> Iterator[Damage]:
    failed = helper.last_error(folder)
    if failed:
        yield Damage("drain.error", 0, f"the last helper failed: {failed}")
    try:
        with reading(folder, timeout=None) as connection:
            connection.execute("SELECT count(*), sum(value), max(seq) FROM metrics").fetchall()
    except StoreError as error:
        yield Damage(database_path(folder).name, 0, str(error))
