"""The writing end of a journal: every call is one ``write(2)`` of one line, done when the call returns."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from zlib import crc32

from trackside.errors import InputError, JournalError, RunFinishedError
from trackside.journal.layout import JournalName, live_path, lock_path, segments_folder
from trackside.journal.lines import EVENT_TYPES, encode, encode_line
from trackside.journal.syncing import close_synced, keep_synced, stop_syncing
from trackside.locks import FileLock, after_fork_in_child, host_name
from trackside.model import FORMAT_VERSION, MetricsLogged, new_writer_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

_open: set[JournalWriter] = set()

_NO_DESCRIPTOR = -1

# looked up once: these are most of what a call of append_metrics does
_now = time.time
_write = os.write


class JournalWriter:
    """The journal of one run, written by this process; safe to share between threads.

    A forked child that writes gets a journal of its own, with ``owner`` false.

    Parameters
    ----------
    folder
        The store's folder.
    run_id
        The run.
    owner
        Whether the run's status hangs on this process (true for the one that started the run).
    durability
        ``"second"``: the disk has every line within about a second; ``"sync"``: when the call returns.
    generation
        How many processes owned the run before this one, where it is resumed.

    Attributes
    ----------
    writer : str
        Name of this journal among those of the run.
    path : Path
        The journal's file.

    Raises
    ------
    JournalError
        The journal could not be made.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     journal = JournalWriter(Path(folder), "run", owner=True)
    ...     journal.append_metrics(0, {"loss": 0.5})
    ...     journal.close()
    """

    writer: str
    path: Path
    _name: JournalName
    _alive: FileLock

    def __init__(
        self,
        folder: Path,
        run_id: str,
        *,
        owner: bool,
        durability: Literal["second", "sync"] = "second",
        generation: int = 0,
    ) -> None:
        self.folder = Path(os.path.realpath(folder))
        self.run_id = run_id
        self._sync_each = durability == "sync"
        self._closed = False
        self._lock = threading.Lock()
        self._sync_lock = threading.Lock()
        self._descriptor = _NO_DESCRIPTOR
        self._seq = self._segments = 0
        self._torn = self._unsynced = False
        self._disk_error: OSError | None = None
        self._create(owner=owner, generation=generation)

    def append(self, event_type: str, /, **fields: Any) -> None:
        """Write one event; its number and time are filled in.

        Parameters
        ----------
        event_type
            The event's tag in `trackside.model`: ``"started"``, ``"params"``, ``"tags"``, …
        **fields
            The event's other fields.

        Raises
        ------
        JournalError
            The line could not be written in full: it does not count.
        RunFinishedError
            The journal is closed.
        """
        with self._lock:
            if self._descriptor == _NO_DESCRIPTOR:
                self._begin_anew()
            self._write_event(event_type, fields)

    def append_metrics(self, step: int, values: Mapping[str, float | str], /) -> None:
        """Write one point of each metric, all at the same step and now.

        Parameters
        ----------
        step
            The points' step.
        values
            Finite numbers, or ``"NaN"``, ``"Infinity"``, ``"-Infinity"``; the caller has checked them.

        Raises
        ------
        JournalError
            The line could not be written in full: it does not count.
        RunFinishedError
            The journal is closed.
        """
        with self._lock:
            if self._descriptor == _NO_DESCRIPTOR:
                self._begin_anew()
            body = encode(MetricsLogged(seq=self._seq, time=_now(), step=step, values=values))[:-1]  # type: ignore[arg-type]  # a copy would cost time
            self._write_line(b'%b,"crc":"%08x"}\n' % (body, crc32(body)))

    def append_history(
        self,
        steps: np.ndarray[Any, Any],
        times: np.ndarray[Any, Any],
        columns: Mapping[str, np.ndarray[Any, Any]],
        /,
    ) -> None:
        """Write many points of each metric: one binary file, and one line that vouches for it.

        Parameters
        ----------
        steps, times
            Shape (n,): integers; seconds since the epoch (UTC).
        columns
            For each metric an array of shape (n,); any float is allowed, NaN and infinities too.

        Raises
        ------
        InputError
            The arrays differ in length.
        JournalError
            The points could not be written in full: none of them counts.
        RunFinishedError
            The journal is closed.
        """
        from trackside.journal.segments import save_segment

        if any(len(column) != len(steps) for column in (times, *columns.values())):
            found = {"steps": len(steps), "times": len(times)} | {key: len(column) for key, column in columns.items()}
            raise InputError(f"The columns have different lengths: {found}; expected one value a step in each.")
        with self._lock:
            if self._descriptor == _NO_DESCRIPTOR:
                self._begin_anew()
            self._segments += 1
            file = f"{self._name}.{self._segments}.npy"
        try:
            sha256 = save_segment(segments_folder(self.folder) / file, steps, times, columns)
        except OSError as error:
            raise self._failure(error, "the points of a history") from error
        self.append("history", file=file, sha256=sha256, rows=len(steps), keys=list(columns))

    def close(self) -> None:
        """End the journal: nothing can be written any more, and the writer no longer counts as alive."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            _open.discard(self)
            if self._descriptor == _NO_DESCRIPTOR:
                return  # a forked child that never wrote
            stop_syncing(self)
            with self._sync_lock:
                close_synced(self._descriptor)
                self._descriptor = _NO_DESCRIPTOR
            self._alive.release()

    def sync(self) -> None:
        """Hand what was written to the disk; what fails is raised by the next call that writes."""
        with self._sync_lock:
            if self._unsynced and self._descriptor != _NO_DESCRIPTOR:
                self._unsynced = False
                try:
                    os.fdatasync(self._descriptor)
                except OSError as error:
                    self._disk_error = error

    def beat(self) -> None:
        """Renew the file's time, for hosts that cannot see our lock."""
        with self._sync_lock:
            if self._descriptor != _NO_DESCRIPTOR:
                os.utime(self._descriptor)

    def _create(self, *, owner: bool, generation: int = 0) -> None:
        """Take the lock, then make the file: whoever finds a journal finds its writer alive."""
        self.writer = new_writer_id()
        self._name = JournalName(self.run_id, self.writer)
        self.path = live_path(self.folder, self._name)
        self._seq = self._segments = 0
        self._torn = self._unsynced = False
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._alive = FileLock(lock_path(self.folder, self._name))
        except OSError as error:
            raise self._failure(error, "a new journal") from error
        try:
            self._alive.acquire("exclusive")
            self._open_file({"owner": owner, "generation": generation})
        except BaseException:
            self._alive.release()
            raise
        _open.add(self)
        keep_synced(self)

    def _open_file(self, role: dict[str, int]) -> None:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        try:
            self._descriptor = os.open(self.path, flags, 0o600)
        except OSError as error:
            raise self._failure(error, "a new journal") from error
        identity = {"version": FORMAT_VERSION, "run_id": self.run_id, "writer": self.writer, **role}
        try:
            self._write_event("opened", identity | {"host": host_name(), "pid": os.getpid()})
        except BaseException:
            os.close(self._descriptor)
            self._descriptor = _NO_DESCRIPTOR
            raise

    def _begin_anew(self) -> None:
        """In a forked child, begin a journal of its own: the parent's is not ours to write."""
        if self._closed:
            raise RunFinishedError(
                f"The run {self.run_id} has ended; expected a live run to log to; start one, or log before it ends."
            )
        self._create(owner=False)

    def _write_event(self, event_type: str, fields: dict[str, Any]) -> None:
        self._write_line(encode_line(EVENT_TYPES[event_type](seq=self._seq, time=_now(), **fields)))

    def _write_line(self, line: bytes) -> None:
        """Write one line at once. After a torn one, begin with a newline: it must not take this one with it."""
        if self._disk_error:
            self._raise_disk_error()
        if self._torn:
            line = b"\n" + line
        try:
            written = _write(self._descriptor, line)
        except OSError as error:
            raise self._failure(error, "a line") from error
        self._seq += 1
        self._unsynced = True
        self._torn = written != len(line)
        if self._torn:
            raise self._failure(OSError(0, f"only {written} of {len(line)} bytes fitted"), "a line")
        if self._sync_each:
            self.sync()
            self._raise_disk_error()

    def _raise_disk_error(self) -> None:
        error, self._disk_error = self._disk_error, None
        if error:
            raise self._failure(error, "the last lines") from error

    def _failure(self, error: OSError, what: str) -> JournalError:
        return JournalError(
            f"Writing {what} to {self.path} failed: {error.strerror}; it is not recorded; "
            "free or repair the disk, then log it again."
        )

    def _forget_parent(self) -> None:
        """In a forked child: give up what belongs to the parent. The first write makes a journal of its own."""
        self._lock = threading.Lock()
        self._sync_lock = threading.Lock()
        if self._descriptor != _NO_DESCRIPTOR:
            os.close(self._descriptor)
            self._descriptor = _NO_DESCRIPTOR


def has_open_writers(folder: Path) -> bool:
    """Return whether this process has a live journal in the store ``folder``."""
    folder = Path(os.path.realpath(folder))
    return any(writer.folder == folder for writer in _open.copy())


def _forget_parents_writers() -> None:
    for writer in _open:
        writer._forget_parent()  # noqa: SLF001  same module
    _open.clear()


after_fork_in_child(_forget_parents_writers)
