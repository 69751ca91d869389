"""One live run of this process: how it begins, and how it ends."""

from __future__ import annotations

import hashlib
import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal, Self

from trackside.capture.words.secrets import count_redacted, redact
from trackside.errors import JournalError
from trackside.legible import legible
from trackside.model import Started, new_run_id, short_id
from trackside.tracking import live_runs
from trackside.tracking.failure import describe_failure, status_of
from trackside.tracking.news import tell
from trackside.tracking.recording import Recording
from trackside.tracking.run_log import RunLog

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from types import TracebackType

    from trackside.config import Settings
    from trackside.model import Disposition, Status
    from trackside.run_state import RunState

_EVALUATIONS = ("log_calibration", "log_confusion_matrix", "log_pr", "log_predictions", "log_roc")


class Run(RunLog):
    """A live run: made by `start`, current until `finish`.

    As a context manager it finishes by itself: *failed* with the traceback where the block raised,
    *interrupted* after Ctrl-C. Logging is thread-safe, and a forked child logs to the same run.

    Attributes
    ----------
    id, name
        The run's identity and what people call it.
    status
        ``"running"`` until it is finished.
    latest
        Each metric's last value, as the journal spells it.
    params
        The params known so far, by key.
    tags
        The tags that were set here.
    artifacts
        The artifacts kept so far, by name and step.
    earlier_artifacts
        Names and steps of those that the run had before this added to it.
    added_by
        What its artifacts say of where they come from, where this is not the run's own cell.
    children
        How many runs of this process were begun as part of this one.
    notes
        One line about each thing that could not be kept, and why.
    progress
        How far it is, in words, for whoever looks on.
    is_repeated
        Whether it is a repeated cell's, whose repeats are runs within it.
    is_joined
        Whether this only adds to a run that another process owns, or that has ended: its end is not ours to tell.
    store_folder
        Where it is kept; None where nothing is.
    recording
        What is kept of it besides points and params.

    Examples
    --------
    >>> with Run.start(Path(".trackside"), name="mlp", params={"lr": 1e-3}) as run:
    ...     run.log(loss=0.25)
    """

    def __init__(self, facts: Started, recording: Recording, run_id: str, active_before: float = 0.0) -> None:
        super().__init__(run_id, recording)
        self.name = facts.name
        self.experiment = facts.experiment
        self.parent_id = facts.parent_id
        self.is_repeated = facts.is_repeated
        self.origin = facts.origin
        self.status: Status = "running"
        self.started_at = facts.time
        self.children = 0
        self.progress: str | None = None
        self._began = time.monotonic()
        self._active_before = active_before
        self._process = os.getpid()
        self._at_end: list[Callable[[], object]] = []
        self._when_ended: list[Callable[[], object]] = []
        self._before_promoting: list[Callable[[], object]] = []

    @classmethod
    def start(
        cls,
        store_folder: Path | None,
        *,
        name: str,
        project: str = "",
        experiment: str = "",
        user: str = "",
        origin: Literal["notebook", "script"] = "script",
        params: Mapping[str, Any] | None = None,
        tags: Mapping[str, str] | None = None,
        group: str | None = None,
        parent_id: str | None = None,
        notebook: str | None = None,
        cell_id: str | None = None,
        cell_digest: str | None = None,
        source: str | None = None,
        execution_count: int | None = None,
        is_repeated: bool = False,
        durability: Literal["second", "sync"] = "second",
        code_folder: Path | None = None,
        settings: Settings | None = None,
    ) -> Self:
        """Begin a run in the store at ``store_folder``, which is made where it is not there.

        Parameters
        ----------
        store_folder
            The store, or None: then the run behaves as always and keeps nothing.
        code_folder
            Where to look for the code's git repository; the working folder if None.
        settings
            What is to be captured and who may read it; everything, and this user alone, if None.

        Raises
        ------
        JournalError
            The journal cannot be written.
        """
        facts = Started(
            seq=0,  # the journal numbers and dates its lines itself
            time=time.time(),
            project=legible(project),
            experiment=legible(experiment),
            name=legible(redact(name)),
            user=legible(user),
            origin=origin,
            notebook=legible(notebook) if notebook else None,
            cell_id=cell_id,
            cell_digest=cell_digest,
            source=source,
            execution_count=execution_count,
            parent_id=parent_id,
            group=redact(group) if group else None,
            is_repeated=is_repeated,
        )
        run_id = new_run_id()
        run = cls(
            facts, Recording.begin(store_folder, run_id, facts, durability, code_folder, settings=settings), run_id
        )
        live_runs.enter(run)
        if source:
            digest = hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()
            run.recording.note_redacted("source", count_redacted(source), of=digest)
        try:
            run.log_params(params)
            run.set_tags(tags)
        except BaseException:  # nobody will get hold of it
            with suppress(JournalError):
                run.finish("interrupted")
            raise
        return run

    @classmethod
    def join(
        cls,
        store_folder: Path,
        run_id: str,
        *,
        name: str,
        experiment: str = "",
        origin: Literal["notebook", "script"] = "script",
        prefix: str = "",
        durability: Literal["second", "sync"] = "second",
    ) -> Self:
        """Add to a run that another process owns.

        Parameters
        ----------
        prefix
            What the names of metrics logged here begin with: ``rank1/``.

        Raises
        ------
        JournalError
            The journal cannot be written.
        """
        recording = Recording.join(store_folder, run_id, durability, prefix)
        return cls._go_on(recording, run_id, _known(name, experiment, origin), {})

    @classmethod
    def add_to(
        cls,
        store_folder: Path,
        state: RunState,
        *,
        durability: Literal["second", "sync"] = "second",
        cell: str | None = None,
    ) -> Self:
        """Add to a run that has ended, from a notebook: how it ended stays as it is, and its steps go on.

        Parameters
        ----------
        cell
            What the cell that adds is called, for the artifacts that it adds.

        Raises
        ------
        JournalError
            The journal cannot be written.
        """
        recording = Recording.join(store_folder, state.run_id, durability)
        run = cls._go_on(recording, state.run_id, _known(state.name, state.experiment, "notebook"), state.next_steps)
        run.earlier_artifacts = state.artifacts
        run.added_by = {"cell": cell} if cell else {}
        return run

    @classmethod
    def resume(
        cls,
        store_folder: Path,
        state: RunState,
        *,
        origin: Literal["notebook", "script"] = "script",
        durability: Literal["second", "sync"] = "second",
        code_folder: Path | None = None,
    ) -> Self:
        """Take up again a run that has ended: it is live until it is finished anew, and its steps go on.

        Raises
        ------
        JournalError
            The journal cannot be written.
        """
        recording = Recording.take_over(store_folder, state.run_id, state.owners, durability, code_folder)
        facts = _known(state.name, state.experiment, origin)
        run = cls._go_on(recording, state.run_id, facts, state.next_steps, state.active)
        run.earlier_artifacts = state.artifacts
        return run

    @classmethod
    def _go_on(
        cls,
        recording: Recording,
        run_id: str,
        facts: Started,
        next_steps: Mapping[str, int],
        active_before: float = 0.0,
    ) -> Self:
        run = cls(facts, recording, run_id, active_before)
        run._next_steps.update(next_steps)
        live_runs.enter(run)
        return run

    def decide(self, decision: Disposition, why: str) -> None:
        """Decide what becomes of this run: ``"keep"``, ``"drop"`` or ``"promote"``; see `trackside.Runs.decide`.

        Raises
        ------
        InputError
            There is no such decision, no reason, a baseline is to be dropped, or the policy refuses to promote it.

        Examples
        --------
        >>> run.decide("drop", "diverged at once")  # doctest: +SKIP
        """
        from trackside.store.store import Store
        from trackside.tracking.marks import decide_on_runs

        if self.store_folder is not None:
            for hold in self._before_promoting if decision == "promote" else ():
                hold()
            decide_on_runs(Store(self.store_folder), [self.id], decision, why)

    if not TYPE_CHECKING:  # a type checker is to know that there is no such attribute

        def __getattr__(self, name: str) -> Any:
            """Say where evaluations are logged, which a run has no methods for."""
            hint = f"; ts.{name}(…) logs to the current run" if name in _EVALUATIONS else ""
            message = f"{type(self).__name__!r} object has no attribute {name!r}{hint}"
            raise AttributeError(message, name=name, obj=self)

    def at_end(self, do: Callable[[], object]) -> None:
        """Have ``do()`` called as the run is about to end; not where memory ran out: a thread might wait for ever."""
        self._at_end.append(do)

    def when_ended(self, do: Callable[[], object]) -> None:
        """Have ``do()`` called once the run has ended and all of it is kept."""
        self._when_ended.append(do)

    def before_promoting(self, do: Callable[[], object]) -> None:
        """Have ``do()`` called before it is decided to promote the run; what it raises refuses that."""
        self._before_promoting.append(do)

    @property
    def duration(self) -> float:
        """Seconds since the start by a clock that stands still while the machine sleeps."""
        return self._ended_after if self.status != "running" else time.monotonic() - self._began

    def finish(
        self,
        status: Literal["finished", "failed", "interrupted"] = "finished",
        error: str | None = None,
    ) -> None:
        """End the run; ending it again does nothing.

        Parameters
        ----------
        error
            What went wrong: one line that says it, then the traceback.
        """
        with self._lock:
            if self.status != "running" or os.getpid() != self._process:
                return  # a forked child leaves the end of the run to its owner
            self._ended_after = time.monotonic() - self._began
            self.status = status
        live_runs.leave(self)
        for do in self._at_end:
            do()
        active = self._active_before + self._ended_after
        told = redact(error) if error else None
        self.recording.note_redacted("error", count_redacted(told or ""))
        self.recording.end(status, active, told)
        tell(self.store_folder)
        for do in self._when_ended:
            do()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.finish()
        else:
            if isinstance(error, MemoryError):
                self._at_end.clear()
            try:
                self.finish(status_of(error), describe_failure(error))
            except JournalError as failure:  # the block's own error is the one to be raised
                error.add_note(f"trackside: {failure}")

    def __repr__(self) -> str:
        status = "joined" if self.is_joined else self.status
        return f"<Run {self.name!r} {short_id(self.id)} {status}>"


def _known(name: str, experiment: str, origin: Literal["notebook", "script"]) -> Started:
    """Return what is known of a run that began elsewhere."""
    return Started(seq=0, time=time.time(), project="", experiment=experiment, name=name, user="", origin=origin)
