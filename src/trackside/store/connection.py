"""The only place that opens the store's database, and what its errors mean.

A connection is opened under the store's lock and closed before the lock is let go.
"""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from errno import EACCES, EDQUOT, EFBIG, EMFILE, ENOSPC, EROFS
from typing import TYPE_CHECKING

import duckdb

from trackside.errors import StoreBusyError, StoreDamagedError, StoreError, StoreVersionError
from trackside.permissions import allow_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "storage_compatibility_version": "v1.5.0",  # readable by DuckDB 1.5 and newer, whichever writes
    "threads": "2",  # the machine belongs to the training
    "memory_limit": "1GB",
    "autoinstall_known_extensions": "false",  # no network
    "autoload_known_extensions": "false",
}

_DAMAGE = re.compile(
    r"not a valid DuckDB|corrupt|checksum|Failure while replaying WAL|No magic bytes|failed to read|Serialization"
    r"|Could not read|deserialize|invalidated",
    re.IGNORECASE,
)
_UNUSABLE = re.compile("|".join(map(os.strerror, (ENOSPC, EDQUOT, EFBIG, EROFS, EACCES, EMFILE))))
"""What the system says of a file that is whole and cannot be used now."""

_NEWER = re.compile(r"newer version of DuckDB|version number \d+|storage version", re.IGNORECASE)


@contextmanager
def connect(database: Path, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the database for the length of the block.

    Raises
    ------
    StoreBusyError
        Somebody opened the file without Trackside.
    StoreVersionError
        The file was written by a DuckDB too new for this one.
    StoreDamagedError
        The file cannot be read.
    StoreError
        The file cannot be used now: a full disk, a lack of permissions or of descriptors; or it does not take what is
        written to it.
    """
    try:
        connection = duckdb.connect(str(database), read_only=read_only, config=_CONFIG)
    except duckdb.Error as error:
        raise _explain(error, database) from error
    try:
        with _explaining(database, read_only=read_only):
            yield connection
    finally:
        connection.close()
        if not read_only:
            for file in (database, database.with_name(f"{database.name}.wal")):
                allow_file(file)


@contextmanager
def connect_again(connection: duckdb.DuckDBPyConnection, database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give another connection to the database that one is open to for reading: that costs nothing. See `connect`."""
    with connection.cursor() as another, _explaining(database, read_only=True):
        yield another


@contextmanager
def _explaining(database: Path, *, read_only: bool) -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        if read_only and not (_is_damage(error) or _is_unusable(error, database)):
            raise  # a question's own mistake
        raise _explain(error, database) from error


def _is_unusable(error: duckdb.Error, database: Path) -> bool:
    return str(database) in str(error) and bool(_UNUSABLE.search(str(error)))


def _is_damage(error: duckdb.Error) -> bool:
    if isinstance(error, duckdb.FatalException | duckdb.InternalException | duckdb.SerializationException):
        return True
    return type(error) in (duckdb.Error, duckdb.IOException) and bool(_DAMAGE.search(str(error)))


def _explain(error: duckdb.Error, database: Path) -> Exception:
    text = str(error).splitlines()[0]
    if isinstance(error, duckdb.ConnectionException):
        return StoreBusyError(
            f"This process has {database} open by a duckdb.connect of its own; expected it open by Trackside alone; "
            "close that connection (trackside.Store(...).read() gives one)."
        )
    if "Could not set lock" in text:
        return StoreBusyError(
            f"Another program has {database} open ({text}); expected it open by Trackside alone; "
            "close it there, or read a copy."
        )
    if _NEWER.search(text):
        return StoreVersionError(
            f"{database} is no file for DuckDB {duckdb.__version__} ({text}); expected storage of v1.5; upgrade DuckDB."
        )
    if _is_damage(error) and not _is_unusable(error, database):
        return StoreDamagedError(
            f"The index {database} is damaged ({text}); the journals have everything; run `trackside doctor --rebuild`."
        )
    if isinstance(error, duckdb.DataError | duckdb.IntegrityError | duckdb.ProgrammingError | duckdb.NotSupportedError):
        return StoreError(
            f"DuckDB did not take the journals' lines into {database} ({text}); expected lines that Trackside wrote; "
            "the journals have everything; see `trackside doctor`."
        )
    return StoreError(
        f"DuckDB could not use {database} ({text}); the journals have everything; "
        "free the disk, close files or check the folder's permissions, then ask again."
    )
