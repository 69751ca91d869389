"""The only place that opens the store's database, and what its errors mean.

A file is opened under the store's lock and closed before the lock is let go: DuckDB stays loaded, and takes the file up
for the length of a question. Those who read one file at once share it.
"""

from __future__ import annotations

import itertools
import os
import re
import threading
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from errno import EACCES, EDQUOT, EFBIG, EMFILE, ENOSPC, EROFS
from typing import TYPE_CHECKING

import duckdb

from trackside.errors import StoreBusyError, StoreDamagedError, StoreError, StoreVersionError
from trackside.locks import after_fork_in_child
from trackside.permissions import allow_file
from trackside.store.loaded import LoadedDuckDB

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "storage_compatibility_version": "v1.5.0",  # readable by DuckDB 1.5 and newer, whichever writes
    "threads": "2",  # the machine belongs to the training
    "memory_limit": "1GB",
    "pandas_analyze_sample": "0",  # texts stay texts, however they look
    "autoinstall_known_extensions": "false",  # no network
    "autoload_known_extensions": "false",
    "lock_configuration": "true",  # what one question sets would hold for those after it
}

_DAMAGE = re.compile(
    r"not a valid DuckDB|corrupt|checksum|Failure while replaying WAL|No magic bytes|failed to read|Serialization"
    r"|Could not read|deserialize|invalidated",
    re.IGNORECASE,
)
_UNUSABLE = re.compile("|".join(map(os.strerror, (ENOSPC, EDQUOT, EFBIG, EROFS, EACCES, EMFILE))))
"""What the system says of a file that is whole and cannot be used now."""

_OPEN_HERE = "Unique file handle conflict"
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
    with ExitStack() as stack:
        try:
            connection = stack.enter_context(_files.opened(database, read_only=read_only))
        except duckdb.Error as error:
            raise _explain(error, database) from error
        try:
            yield connection
        except duckdb.Error as error:
            if read_only and not (_is_damage(error) or _is_unusable(error, database)):
                raise  # a question's own mistake
            _files.forget()
            raise _explain(error, database) from error


@dataclass
class _Attached:
    name: str
    read_only: bool
    users: int = 0


class _Files:
    """The files that DuckDB has open, each under a name of its own, while anybody uses them."""

    def __init__(self) -> None:
        self._duckdb = LoadedDuckDB(_CONFIG)
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._attached: dict[Path, _Attached] = {}
        after_fork_in_child(self._renew)

    @contextmanager
    def opened(self, database: Path, *, read_only: bool) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give a connection to a file, which those who only read it share."""
        ours: duckdb.DuckDBPyConnection | None = None
        is_settled = False
        try:
            with self._lock:
                ours = self._duckdb.cursor()
                file = self._attach(ours, database, read_only=read_only)
            try:
                with ours.cursor() as theirs:
                    theirs.execute(f"USE {file.name}")
                    yield theirs
            finally:
                with self._lock:
                    self._detach(ours, database, file)
                is_settled = True
        finally:
            if ours is not None:
                ours.close()
            if not is_settled:  # an error or Ctrl+C came in between: what is open goes with this DuckDB
                self.forget()

    def forget(self) -> None:
        """Open what comes in a DuckDB of its own: an error may have left this one unfit."""
        with self._lock:
            self._forget()

    def _attach(self, ours: duckdb.DuckDBPyConnection, database: Path, *, read_only: bool) -> _Attached:
        file = self._attached.get(database)
        if file is None or not (read_only and file.read_only):
            file = _Attached(f"store{next(self._numbers)}", read_only)
            path, options = str(database).replace("'", "''"), ", READ_ONLY" if read_only else ""
            ours.execute(f"ATTACH '{path}' AS {file.name} (TYPE duckdb{options})")
            self._attached[database] = file
        file.users += 1
        return file

    def _detach(self, ours: duckdb.DuckDBPyConnection, database: Path, file: _Attached) -> None:
        file.users -= 1
        if not file.users:
            if self._attached.get(database) is file:
                del self._attached[database]
            try:
                ours.execute(f"DETACH {file.name}")
            except duckdb.Error:  # its log could not be folded in: it goes with this DuckDB
                self._forget()
        if not file.read_only:
            for path in (database, database.with_name(f"{database.name}.wal")):
                allow_file(path)

    def _forget(self) -> None:
        self._duckdb.forget()
        self._attached = {}

    def _renew(self) -> None:
        self._lock = threading.Lock()
        self._attached = {}


_files = _Files()


def _is_unusable(error: duckdb.Error, database: Path) -> bool:
    return str(database) in str(error) and bool(_UNUSABLE.search(str(error)))


def _is_damage(error: duckdb.Error) -> bool:
    if isinstance(error, duckdb.FatalException | duckdb.InternalException | duckdb.SerializationException):
        return True
    return type(error) in (duckdb.Error, duckdb.IOException) and bool(_DAMAGE.search(str(error)))


def _explain(error: duckdb.Error, database: Path) -> Exception:
    text = str(error).splitlines()[0]
    if _OPEN_HERE in text:
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
