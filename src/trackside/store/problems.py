"""What is wrong in a store: damaged lines, lost segments and blobs, an index that cannot be read or lacks something."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from trackside.errors import StoreDamagedError, StoreError
from trackside.journal import Damage, JournalReader
from trackside.journal.archive import archive_is_whole, list_journals, list_strangers, open_journal
from trackside.journal.layout import JournalName, segments_folder
from trackside.journal.segments import open_segment
from trackside.model import ArtifactsLogged, DatasetsSeen, EnvironmentSeen, HistoryLogged, PartsKept
from trackside.store import helper
from trackside.store.access import reading
from trackside.store.blobs import read_pieces
from trackside.store.intake import read_lines
from trackside.store.layout import database_path
from trackside.store.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from trackside.model import AnyEvent

Places: TypeAlias = "Mapping[JournalName, int]"
"""Up to which byte each journal is in the index."""

_PIECE = 1 << 22
_LOCK_SECONDS = 30.0
_STRANGER = "its name is not a journal's, so nobody reads it; give it back its own, or take it away"


@dataclass
class _Journal:
    """A journal that was read: up to which byte it can be, and what is wrong with it."""

    file: str
    end: int = 0
    is_archive: bool = False
    is_whole: bool = True
    problems: list[Damage] = field(default_factory=list)


def list_problems(folder: Path) -> list[Damage]:
    """Read everything in a store from beginning to end and return what is wrong, each with its place."""
    problems = [Damage(str(path.relative_to(folder)), 0, _STRANGER) for path in list_strangers(folder)]
    try:
        before = _read_index(folder)
    except (StoreError, OSError) as error:
        problems.append(Damage(database_path(folder).name, 0, str(error)))
        before = None
    journals = {name: _check_wherever(folder, name, path) for name, path in list_journals(folder).items()}
    problems += [problem for journal in journals.values() for problem in journal.problems]
    if before is not None:
        problems += _compare(journals, before, _read_places(folder))
    failed = helper.last_error(folder)
    return [*problems, *([Damage("drain.error", 0, f"the last helper failed: {failed}")] if failed else [])]


def _check_wherever(folder: Path, name: JournalName, path: Path) -> _Journal:
    """Return what is wrong in a journal, also if it is archived or purged while we look."""
    try:
        return _check(folder, path)
    except FileNotFoundError:
        moved = list_journals(folder).get(name, path)
        return _Journal(str(path)) if moved == path else _check(folder, moved)


def _check(folder: Path, path: Path) -> _Journal:
    journal = _Journal(str(path.relative_to(folder)), is_archive=path.suffix == ".zst")
    reader = JournalReader(journal.file)
    try:
        with open_journal(path) as file:
            while data := read_lines(file, reader.offset, _PIECE):
                for event in reader.read_lines(data):
                    journal.problems += _event_problems(folder, reader, event)
        journal.is_whole = not journal.is_archive or archive_is_whole(path)
    except FileNotFoundError:
        raise
    except OSError as error:
        journal.is_whole = False
        journal.problems.append(Damage(journal.file, reader.offset, f"it cannot be read ({error.strerror})"))
    else:
        if not journal.is_whole:
            journal.problems.append(Damage(journal.file, reader.offset, "the archive is damaged from here on"))
    journal.end = reader.offset
    return journal


def _event_problems(folder: Path, reader: JournalReader, event: AnyEvent | Damage) -> Iterator[Damage]:
    if isinstance(event, Damage):
        yield event
    elif isinstance(event, HistoryLogged):
        segment = open_segment(segments_folder(folder) / event.file, event)
        if isinstance(segment, str):
            yield Damage(reader.file, reader.start, segment)
    for digest in _blobs_of(event):
        try:
            for _ in read_pieces(folder, digest):
                pass
        except StoreDamagedError as error:
            yield Damage(reader.file, reader.start, str(error))


def _blobs_of(event: AnyEvent | Damage) -> list[str]:
    """Return the blobs that an event refers to."""
    match event:
        case EnvironmentSeen():
            return [event.digest]
        case DatasetsSeen():
            return [dataset.profile for dataset in event.datasets if dataset.profile]
        case ArtifactsLogged():
            data = [artifact.about["data"] for artifact in event.artifacts if "data" in artifact.about]
            return [*(artifact.sha256 for artifact in event.artifacts), *data]
        case PartsKept():
            return list(event.parts.values())
        case _:
            return []


def _read_index(folder: Path) -> Places:
    """Read all there is in the index, for DuckDB to find what is damaged, and return how far it is."""
    with reading(folder, _LOCK_SECONDS) as connection:
        for table in TABLES:
            connection.execute(f"SELECT bit_xor(hash(COLUMNS(*))) FROM {table}").fetchall()  # noqa: S608  a constant
    return _read_places(folder)


def _read_places(folder: Path) -> Places:
    with reading(folder, _LOCK_SECONDS) as connection:
        rows = connection.execute("SELECT CAST(run_id AS VARCHAR), writer, bytes FROM journal_offsets").fetchall()
    return {JournalName(run_id, writer): place for run_id, writer, place in rows}


def _compare(journals: Mapping[JournalName, _Journal], before: Places, after: Places) -> Iterator[Damage]:
    """Hold the journals against the index as it was before they were read, and after: others may be at work."""
    for name, journal in journals.items():
        indexed = after.get(name, 0)
        if journal.is_archive and indexed < journal.end:
            yield Damage(journal.file, indexed, "the index lacks it from here on; run `trackside doctor --rebuild`")
        lost = before.get(name, 0) - journal.end
        if journal.is_whole and lost > 0:
            yield Damage(journal.file, journal.end, f"{lost} bytes are gone here that the index has; restore a backup")
    for name in sorted((before.keys() & after.keys()) - journals.keys()):
        yield Damage(f"{name}.ndjson", 0, "it is gone, and the index still has what it said; restore a backup")
