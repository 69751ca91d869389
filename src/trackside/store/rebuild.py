"""Makes the database anew, from the journals or from itself, and puts it in the old one's place."""

from __future__ import annotations

from contextlib import contextmanager
from io import SEEK_END
from typing import TYPE_CHECKING

from trackside.journal.archive import list_journals, open_journal
from trackside.journal.layout import sync_folder
from trackside.permissions import allow_file
from trackside.store.batch import Batch, JournalState
from trackside.store.connection import connect
from trackside.store.fold import fold_batch
from trackside.store.intake import Collector
from trackside.store.layout import database_path, wal_path
from trackside.store.schema import create_tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb

_NEW = "fresh.duckdb.new"
_POINTS = 6 * 122_880
"""Points to a transaction: whole row groups, and bounded memory."""


def rebuild(folder: Path) -> None:
    """Rebuild the database from the journals. The caller holds the store's exclusive lock.

    Whenever it is cut off, either the old database is still there, or none, and then the next one who needs it begins
    again.
    """
    with _replacing(folder) as connection:
        create_tables(connection)
        for batch in _batches(folder):
            fold_batch(connection, batch, folder)


def compact(folder: Path) -> None:
    """Copy the database into a file without holes. The caller holds the store's exclusive lock."""
    with _replacing(folder) as fresh, connect(database_path(folder), read_only=True) as old:
        fresh.execute(f"COPY FROM DATABASE {_name_of(old)} TO {_name_of(fresh)}")


def _name_of(connection: duckdb.DuckDBPyConnection) -> str:
    return str(connection.execute("SELECT current_database()").fetchall()[0][0])


@contextmanager
def _replacing(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection to an empty database, which takes the old one's place at the end of the block."""
    database = database_path(folder)
    fresh = database.with_name(_NEW)
    _remove(fresh)
    try:
        with connect(fresh) as connection:
            yield connection
            connection.execute("CHECKPOINT")
    except BaseException:
        _remove(fresh)  # a full disk needs the room
        raise
    allow_file(fresh)
    _remove(database)  # a log that outlives its database would be read into the new one
    fresh.replace(database)
    sync_folder(database.parent)


def _batches(folder: Path) -> Iterator[Batch]:
    collector = Collector(folder)
    batch = Batch()
    for name, path in list_journals(folder).items():
        state = JournalState(name=name)
        with open_journal(path) as file:
            size = file.seek(0, SEEK_END)
            while (after := collector.collect(batch, state, file, _POINTS)) != state:
                state = after
                if state.bytes < size or batch.count >= _POINTS:
                    yield batch
                    batch = Batch()
    if batch.before:
        yield batch


def _remove(database: Path) -> None:
    database.unlink(missing_ok=True)
    wal_path(database).unlink(missing_ok=True)
