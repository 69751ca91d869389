"""Where a run's events go: its journal, its environment, the store that is woken at its end."""

from __future__ import annotations

import hashlib
import threading
import warnings
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

from trackside.capture.words.secrets import redact
from trackside.errors import JournalError, RunFinishedError, TracksideError
from trackside.records import encode
from trackside.tracking.journals import NoJournal, PrefixedJournal, SparingJournal
from trackside.tracking.late_work import LateWork
from trackside.tracking.system import leave, watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from trackside.config import Part, Settings
    from trackside.model import Started
    from trackside.records import Environment, Record
    from trackside.store.blobs import Blob
    from trackside.tracking.environment import EnvironmentOfRun
    from trackside.tracking.journals import Journal
    from trackside.tracking.system import Watched

PATIENCE_SECONDS = 0.1
"""How long a run's end waits for what is made beside it, such as the record of its notebook; that goes on after it."""


@dataclass
class Recording:
    """A run's journal, and what is done around it.

    ``environment`` is what the run runs on, once that is known, ``git_commit`` and ``git_dirty`` how its code's
    repository stands; ``settings`` say what is captured, None everything.
    ``notes`` are lines for the user about what could not be kept besides: nothing that a call of theirs would raise.
    ``parts`` are the records of the parts that are kept by now, such as its code.
    ``redacted`` counts likely secrets that were left out, by where they stood: ``"params"``, ``"source"``.
    """

    journal: Journal
    store_folder: Path | None = None
    is_joined: bool = False
    wake_drain: Callable[[], object] | None = None
    environment: Environment | None = None
    git_commit: str | None = None
    git_dirty: bool | None = None
    settings: Settings | None = None
    notes: list[str] = field(default_factory=list)
    parts: dict[str, Record] = field(default_factory=dict)
    redacted: dict[str, int] = field(default_factory=dict)
    _redacted_of: set[str] = field(default_factory=set)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _watched: Watched | None = None
    _runs_on: EnvironmentOfRun | None = None
    _reopen: Callable[[], Journal] | None = None
    _lost: dict[str, list[str]] = field(default_factory=dict)
    _refused: dict[str, tuple[str, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._late_work = LateWork(self._reopen, self.wake_drain, self.note)

    @classmethod
    def begin(
        cls,
        store_folder: Path | None,
        run_id: str,
        facts: Started,
        durability: Literal["second", "sync"],
        code_folder: Path | None,
        *,
        settings: Settings | None = None,
    ) -> Recording:
        """Open the run's journal, write what the run is, and let its environment be read meanwhile."""
        if store_folder is None:
            return cls(NoJournal())
        from trackside.journal import JournalWriter
        from trackside.store.store import Store

        store = Store.create(store_folder, shared=settings is not None and settings.is_shared)
        journal = JournalWriter(store.folder, run_id, owner=True, durability=durability)
        fields = {name: getattr(facts, name) for name in facts.__struct_fields__ if name not in ("seq", "time")}
        reopen = partial(JournalWriter, store.folder, run_id, owner=False, durability=durability)
        recording = cls(journal, store.folder, wake_drain=store.wake_drain, settings=settings, _reopen=reopen)
        with recording._closing_on_error():
            journal.append("started", **fields)
            recording.begin_noting(code_folder)
            recording.begin_measuring()
        return recording

    @classmethod
    def take_over(
        cls,
        store_folder: Path,
        run_id: str,
        generation: int,
        durability: Literal["second", "sync"],
        code_folder: Path | None,
    ) -> Recording:
        """Open another journal for a run that has ended, as its next owner."""
        from trackside.journal import JournalWriter
        from trackside.store.store import Store

        store = Store.create(store_folder)
        journal = JournalWriter(store.folder, run_id, owner=True, durability=durability, generation=generation)
        reopen = partial(JournalWriter, store.folder, run_id, owner=False, durability=durability)
        recording = cls(journal, store.folder, wake_drain=store.wake_drain, _reopen=reopen)
        with recording._closing_on_error():
            recording.begin_noting(code_folder)
        return recording

    @classmethod
    def join(
        cls, store_folder: Path, run_id: str, durability: Literal["second", "sync"], prefix: str = ""
    ) -> Recording:
        """Open another journal for a run whose owner says how it ends."""
        from trackside.journal import JournalWriter
        from trackside.store.store import Store

        store = Store.create(store_folder)
        reopen = partial(JournalWriter, store.folder, run_id, owner=False, durability=durability)
        journal: Journal = reopen()
        journal = PrefixedJournal(journal, prefix) if prefix else journal
        return cls(journal, store.folder, is_joined=True, wake_drain=store.wake_drain, _reopen=reopen)

    def keep(self, data: bytes) -> str:
        """Keep bytes that belong to the run and return their digest; a run that is not kept only digests them.

        Raises
        ------
        OSError
            The disk did not take them.
        """
        from trackside.store.blobs import save_blob

        return hashlib.sha256(data).hexdigest() if self.store_folder is None else save_blob(self.store_folder, data)

    def keep_stream(self, source: BinaryIO) -> Blob:
        """Keep what can be read from a stream, as `keep` does, without having it in memory at once.

        Raises
        ------
        OSError
            It cannot be read, or the disk did not take it.
        """
        from trackside.store.blobs import digest_stream, save_stream

        if self.store_folder is None:
            return digest_stream(source)
        return save_stream(self.store_folder, source)

    def spare_caller(self) -> None:
        """Raise nothing from now on where the disk fails, but note it."""
        self.journal = SparingJournal(self.journal, self.notes)

    @property
    def spares_caller(self) -> bool:
        """Whether nothing is to be raised: a cell is not to fail because of what is tracked of it."""
        return isinstance(self.journal, SparingJournal)

    def keep_part(self, part: str, record: Record) -> None:
        """Keep what is known of a part of the run, such as its notebook.

        Raises
        ------
        JournalError
            The journal cannot be written.
        OSError
            The disk did not take the record.
        """
        self.write("parts", parts={part: self.keep(encode(record))})
        self.parts[part] = record

    def captures(self, part: Part) -> bool:
        """Tell whether the settings want a part of the run; see `Settings.captures`."""
        return self.settings is None or self.settings.captures(part)

    def note_redacted(self, where: str, count: int, *, of: str = "") -> None:
        """Note that likely secrets were left out of what is kept, so that the card can say so; see `count_redacted`.

        Parameters
        ----------
        where
            What they stood in, in a word for people: ``"outputs"``.
        of
            The digest of what is kept: what is kept twice, as a cell and in its notebook, counts once.
        """
        with self._lock:
            if count and of not in self._redacted_of:
                before = self.redacted.get(where, 0)
                self.redacted = {**self.redacted, where: before + count}  # others may be reading it
            if of:
                self._redacted_of.add(of)

    def renew_lock(self) -> None:
        """Take a new lock in a forked child: another thread may have held it at the fork."""
        self._lock = threading.RLock()

    def later(self, what: str, work: Callable[[], object]) -> None:
        """Do work on the run's record beside the caller; a note says where it fails.

        The run's end does not wait for it for long. What it writes after that goes to a journal of its own.

        Parameters
        ----------
        what
            What is kept by it, for the note: ``"the run's environment"``.
        """
        self._late_work.begin(what, work)

    def when_kept(self, do: Callable[[], object]) -> None:
        """Have ``do()`` called when the last work beside the run is done: at once, where that is so already."""
        self._late_work.when_done(do)

    def write(self, event_type: str, /, **fields: Any) -> None:
        """Write one event; work that the run's end did not wait for may still do so.

        Raises
        ------
        JournalError
            The disk did not take it.
        RunFinishedError
            The run has ended, and this is no such work.
        """
        try:
            self.journal.append(event_type, **fields)
        except RunFinishedError:
            if (journal := self._late_work.journal()) is None:
                raise
            journal.append(event_type, **fields)

    def lose(self, what: str, error: OSError) -> None:
        """Tell that the disk did not take something: by an error; where the caller is spared, by a warning and a note.

        Raises
        ------
        JournalError
            The caller is not spared.
        """
        if not self.spares_caller:
            raise (
                error
                if isinstance(error, JournalError)
                else JournalError(f"{what} is not kept ({error}); expected room for it in the store; free the disk")
            ) from error
        warnings.warn(self.note(what, str(error)), stacklevel=5)

    def refuse(self, call: str, error: Exception) -> str | None:
        """Count a call that could not be used in one note for all of its name; return the note of the first one."""
        kind = "" if isinstance(error, TracksideError) else f"{type(error).__name__}: "
        reason = kind + redact(" ".join(str(error).split())).removeprefix(f"{call}: ")
        with self._lock:
            before, count = self._refused.get(call, ("", 0))
            told = f"{count + 1} calls of {call} were not kept; the last: {reason}"
            told = told if count else f"{call} was not kept: {reason}"
            self._refused[call] = told, count + 1
            self.notes[:] = [*(note for note in self.notes if note != before), told]
        return None if count else told

    def note(self, what: str, reason: str) -> str:
        """Tell the user what is not kept, and why, and return that: one note for all that was lost for one reason."""
        lost = self._lost.setdefault(reason, [])
        before = _describe_lost(lost, reason)
        lost.extend({what}.difference(lost))
        told = _describe_lost(lost, reason)
        self.notes[:] = [*(note for note in self.notes if note != before), told]
        return told

    def end(self, status: str, active: float, error: str | None) -> None:
        """Write how the run ended, close its journal and let the store take it in, in another process."""
        try:
            self._wait_for_others()
        finally:  # also after Ctrl-C: the run is over
            self._close(status, active, error)

    def _wait_for_others(self) -> None:
        self._late_work.wait(PATIENCE_SECONDS)
        if self._runs_on is not None:
            self._runs_on.end()

    def _close(self, status: str, active: float, error: str | None) -> None:
        try:
            if self._watched is not None:
                leave(self._watched)
            if not self.is_joined:
                self.journal.append("ended", status=status, active=active, error=error)
        finally:
            self._late_work.end()
            self.journal.close()
            if self.wake_drain:
                self.wake_drain()

    def begin_measuring(self) -> None:
        """Have the machine's load written down while the run is live."""
        seconds = self.settings.system if self.settings and self.settings.captures("system") else 0
        if seconds:
            self._watched = watch(self.journal, seconds)

    def begin_noting(self, code_folder: Path | None) -> None:
        """Write down what the run runs on: at once where it is known, else when it is."""
        from trackside.tracking.environment import EnvironmentOfRun

        if self.settings is not None and not self.settings.captures("environment"):
            return
        try:
            self._runs_on = EnvironmentOfRun(self, code_folder or Path.cwd())
        except OSError as error:  # the working folder was removed
            self.note("the run's environment", str(error))
        else:
            self._runs_on.begin()

    @contextmanager
    def _closing_on_error(self) -> Iterator[None]:
        """Close the journal if the run does not begin: nothing will be logged to it, and it must not count as alive."""
        try:
            yield
        except BaseException:
            self.journal.close()
            raise


def _describe_lost(what: list[str], reason: str) -> str:
    return f"{', '.join(what)} {'is' if len(what) == 1 else 'are'} not kept: {reason}"
