"""The writing end of a journal: every call is one ``write(2)`` of one line, done when the call returns."""

from __future__ import annotations

import errno
import os
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from zlib import crc32

from trackside.errors import InputError, JournalError, RunFinishedError
from trackside.journal.layout import JournalName, live_path, lock_path, segments_folder, sync_folder
from trackside.journal.lines import EVENT_TYPES, encode, encode_line
from trackside.journal.syncing import close_synced, keep_synced, stop_syncing
from trackside.locks import FileLock, after_fork_in_child, close_quietly, host_name, open_apart
from trackside.model import FORMAT_VERSION, MetricsLogged, new_writer_id
from trackside.permissions import make_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

_open: set[JournalWriter] = set()

_NO_DESCRIPTOR = -1

# looked up once: these are most of what a call of append_metrics does
_now = time.time
_write = os.write


class JournalWriter:
    """The journal of one run, written by this process; safe to share between threads, and with signal handlers.

    A forked child that writes gets a journal of its own, with ``owner`` false. A process that has closed all its
    descriptors goes on in a new journal.

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
        self._owner, self._generation = owner, generation
        self._closed = False
        self._lock = threading.RLock()
        self._sync_lock = threading.RLock()
        self._descriptor = _NO_DESCRIPTOR
        self._seq = self._segments = 0
        self._torn = self._unsynced = self._is_named = False
        self._disk_error: OSError | None = None
        self._create()

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
            is_written = False
            while not is_written:
                if self._descriptor == _NO_DESCRIPTOR:
                    self._begin_anew()
                seq = self._seq
                body = encode(MetricsLogged(seq=seq, time=_now(), step=step, values=values))[:-1]  # type: ignore[arg-type]  # a copy would cost time
                is_written = self._write_line(seq, b'%b,"crc":"%08x"}\n' % (body, crc32(body)))

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
            number = self._segments = self._segments + 1  # a signal handler may take the next one
            file = f"{self._name}.{number}.npy"
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
                close_synced(self._descriptor, self.path.parent)
                self._descriptor = _NO_DESCRIPTOR
            self._alive.release()

    def sync(self) -> None:
        """Hand what was written to the disk; what fails is raised by the next call that writes."""
        with self._sync_lock:
            if self._unsynced and self._descriptor != _NO_DESCRIPTOR:
                self._unsynced = False
                try:
                    self._hand_over()
                except OSError as error:
                    if error.errno != errno.EBADF:  # the next line will find out, and begin anew
                        self._disk_error = error

    def _hand_over(self) -> None:
        os.fdatasync(self._descriptor)
        if not os.fstat(self._descriptor).st_nlink:
            raise FileNotFoundError(errno.ENOENT, "it was deleted")
        if not self._is_named:
            with suppress(FileNotFoundError):  # the store was moved: its files go on elsewhere
                sync_folder(self.path.parent)
            self._is_named = True

    def beat(self) -> None:
        """Renew the file's time, for hosts that cannot see our lock."""
        with self._sync_lock:
            if self._descriptor != _NO_DESCRIPTOR:
                with suppress(OSError):  # a sign less
                    os.utime(self._descriptor)

    def _create(self) -> None:
        """Take the lock, then make the file: whoever finds a journal finds its writer alive."""
        self.writer = new_writer_id()
        self._name = JournalName(self.run_id, self.writer)
        self.path = live_path(self.folder, self._name)
        self._seq = self._segments = 0
        self._torn = self._unsynced = self._is_named = False
        self._disk_error = None
        try:
            make_folder(self.path.parent)
            self._alive = FileLock(lock_path(self.folder, self._name))
            self._alive.acquire("exclusive")
        except OSError as error:
            raise self._failure(error, "a new journal") from error
        try:
            self._open_file()
        except BaseException:
            lock_path(self.folder, self._name).unlink(missing_ok=True)
            self._alive.release()
            raise
        _open.add(self)
        keep_synced(self)

    def _open_file(self) -> None:
        try:
            self._descriptor = open_apart(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL)
        except OSError as error:
            raise self._failure(error, "a new journal") from error
        role = {"owner": self._owner, "generation": self._generation}
        identity = {"version": FORMAT_VERSION, "run_id": self.run_id, "writer": self.writer, **role}
        try:
            self._write_event("opened", identity | {"host": host_name(), "pid": os.getpid()})
        except BaseException:
            os.close(self._descriptor)
            self._descriptor = _NO_DESCRIPTOR
            self.path.unlink(missing_ok=True)  # nothing in it was acknowledged
            raise

    def _begin_anew(self) -> None:
        """Begin another journal: a forked child's parent's is not ours to write."""
        if self._closed:
            raise RunFinishedError(
                f"The run {self.run_id} has ended; expected a live run to log to; start one, or log before it ends."
            )
        self._create()

    def _write_event(self, event_type: str, fields: dict[str, Any]) -> None:
        is_written = False
        while not is_written:
            if self._descriptor == _NO_DESCRIPTOR:
                self._begin_anew()
            seq = self._seq
            is_written = self._write_line(seq, encode_line(EVENT_TYPES[event_type](seq=seq, time=_now(), **fields)))

    def _write_line(self, seq: int, line: bytes) -> bool:
        """Write one line at once; return False if its number is taken, or the journal another, by now.

        Python runs signal handlers after a call, and they may log, or raise as Ctrl-C does. So there is no call
        between the look at the number and the write, and what holds after the write is said before it: the number is
        taken, and the line may be torn. After a torn one the next begins with a newline: it is not to go with it.
        """
        if self._disk_error:
            self._raise_disk_error("this call is not recorded: log it again")
        if seq != self._seq:
            return False
        if self._torn:
            line = b"\n" + line
        self._seq, self._torn = seq + 1, True
        try:
            written = _write(self._descriptor, line)
        except OSError as error:
            self._seq = seq
            if error.errno != errno.EBADF:
                raise self._failure(error, "a line") from error
            self._take_over()
            return False
        self._unsynced = True
        self._torn = written != len(line)
        if written < len(line) - 1:  # one that only lacks its newline is whole: the next brings that
            raise self._failure(OSError(0, f"only {written} of {len(line)} bytes fitted"), "a line")
        if self._sync_each:
            self.sync()
            self._raise_disk_error("this call is written all the same: do not log it again")
        return True

    def _take_over(self) -> None:
        """Go on in another journal: somebody closed all descriptors of the process, as daemons do, and so our lock."""
        with self._sync_lock:
            self._alive.release()
            self._descriptor = _NO_DESCRIPTOR
        self._generation += 1
        self._begin_anew()

    def _raise_disk_error(self, what_of_this_call: str) -> None:
        error, self._disk_error = self._disk_error, None
        if isinstance(error, FileNotFoundError):
            self._disk_error = error  # it stays deleted
            raise JournalError(
                f"The journal {self.path} was deleted; expected it to stay; nothing of this run is recorded any more; "
                "start another run."
            ) from error
        if error:
            raise JournalError(
                f"The disk did not take the last lines of {self.path} ({error.strerror}), which a power cut may cost; "
                f"repair the disk; {what_of_this_call}."
            ) from error

    def _failure(self, error: OSError, what: str) -> JournalError:
        return JournalError(
            f"Writing {what} to {self.path} failed: {error.strerror}; it is not recorded; "
            "free or repair the disk, then log it again."
        )

    def _forget_parent(self) -> None:
        """In a forked child: give up what belongs to the parent. The first write makes a journal of its own."""
        self._lock = threading.RLock()
        self._sync_lock = threading.RLock()
        self._owner, self._generation = False, 0
        if self._descriptor != _NO_DESCRIPTOR:
            close_quietly(self._descriptor)
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
