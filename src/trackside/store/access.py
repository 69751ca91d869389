"""The store's database under the store's lock. A missing or outdated one is rebuilt from the journals first."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from trackside.errors import StoreError
from trackside.journal.archive import list_ended
from trackside.journal.layout import JournalName, live_folder
from trackside.locks import StoreLock
from trackside.store.connection import connect
from trackside.store.layout import database_path, index_folder
from trackside.store.rebuild import rebuild
from trackside.store.schema import is_outdated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb


@contextmanager
def reading(folder: Path, timeout: float | None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a read-only connection under the shared lock.

    Raises
    ------
    StoreBusyError
        The lock was not free within ``timeout`` seconds.
    """
    _require_store(folder)
    database, lock = database_path(folder), StoreLock(folder)
    with lock.hold("shared", timeout):
        if database.exists():
            with connect(database, read_only=True) as connection:
                if _is_usable(connection, folder):
                    yield connection
                    return
    with writing(folder, timeout):
        pass
    with lock.hold("shared", timeout), connect(database, read_only=True) as connection:
        yield connection


@contextmanager
def writing(folder: Path, timeout: float | None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection under the exclusive lock.

    Raises
    ------
    StoreBusyError
        The lock was not free within ``timeout`` seconds.
    """
    _require_store(folder)
    database = database_path(folder)
    with StoreLock(folder).hold("exclusive", timeout):
        if not database.exists():
            rebuild(folder)
        with connect(database) as connection:
            is_usable = _is_usable(connection, folder)
            if is_usable:
                yield connection
        if not is_usable:
            rebuild(folder)
            with connect(database) as connection:
                yield connection


def _is_usable(connection: duckdb.DuckDBPyConnection, folder: Path) -> bool:
    return not is_outdated(connection) and (index_folder(folder) == folder or _has_archives(connection, folder))


def _has_archives(connection: duckdb.DuckDBPyConnection, folder: Path) -> bool:
    """Tell whether an index apart from its store has all that others have archived."""
    known = connection.execute("SELECT CAST(run_id AS VARCHAR), writer FROM journal_offsets").fetchall()
    return list_ended(folder) <= {JournalName(*row) for row in known}


def _require_store(folder: Path) -> None:
    if not live_folder(folder).is_dir():
        raise StoreError(
            f"There is no store at {folder}; expected a folder made by a tracked run; track one, or name another store."
        )
