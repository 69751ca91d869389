"""One live run of this process: what is logged to it is in its journal before the call returns."""

from __future__ import annotations

import hashlib
import os
import threading
import time
import warnings
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal, Self

from trackside.capture.params.values import given_params
from trackside.capture.words.numbers import INFINITY, LARGEST_EXACT_INT, is_inexact_int, read_number, spell_number
from trackside.capture.words.secrets import REDACTED, count_redacted, redact, redact_named
from trackside.errors import InputError, JournalError, MetricTypeError
from trackside.legible import legible
from trackside.locks import after_fork_in_child
from trackside.model import Started, new_run_id, short_id
from trackside.tracking import live_runs
from trackside.tracking.datasets import Datasets
from trackside.tracking.failure import describe_failure, status_of
from trackside.tracking.history import MAX_STEP, read_columns
from trackside.tracking.metric_checks import check_name, check_names, explain_type, read_step
from trackside.tracking.news import tell
from trackside.tracking.recording import Recording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from trackside.capture.data.datasets import Described
    from trackside.config import Settings
    from trackside.model import Artifact, Dataset, Param, Role, Status, Verdict
    from trackside.records import Environment, Record
    from trackside.run_state import RunState

_instances: weakref.WeakSet[Run] = weakref.WeakSet()
_EVALUATIONS = ("log_calibration", "log_confusion_matrix", "log_pr", "log_predictions", "log_roc")


class Run:
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
        self.id = run_id
        self.is_joined = recording.is_joined
        self.store_folder = recording.store_folder
        self.name = facts.name
        self.experiment = facts.experiment
        self.parent_id = facts.parent_id
        self.origin = facts.origin
        self.status: Status = "running"
        self.started_at = facts.time
        self.latest: dict[str, float | str] = {}
        self.params: dict[str, Param] = {}
        self.tags: dict[str, str] = {}
        self.artifacts: dict[tuple[str, int | None], Artifact] = {}
        self.earlier_artifacts: frozenset[tuple[str, int | None]] = frozenset()
        self.added_by: dict[str, str] = {}
        self.children = 0
        self.notes: list[str] = recording.notes
        self.progress: str | None = None
        self._began = time.monotonic()
        self._active_before = active_before
        self.recording = recording
        self._datasets = Datasets(recording)
        self._append_metrics = recording.journal.append_metrics
        self._next_steps: dict[str, int] = {}
        self._lock = threading.RLock()
        self._process = os.getpid()
        self._warned_of_inexact = False
        self._at_end: list[Callable[[], object]] = []
        self._when_ended: list[Callable[[], object]] = []
        _instances.add(self)

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

    def spare_caller(self) -> None:
        """Raise no `JournalError` from now on, but note it: a cell is not to fail because the disk does.

        Neither do ``ts.log`` and its like raise then, whatever they are given.
        """
        self.recording.spare_caller()
        self._append_metrics = self.recording.journal.append_metrics

    def log(
        self,
        metrics: Mapping[str, Any] | None = None,
        /,
        *,
        step: int | None = None,
        **values: Any,
    ) -> None:
        """Log one point of each named metric; it survives the process's death from here on.

        Parameters
        ----------
        metrics, **values
            Names and numbers: int, float, bool, Decimal, NumPy and torch scalars; NaN and ±inf are kept.
        step
            A whole number; it may repeat, go back or be negative. Left out, it is the one after the last
            step of these metrics, and 0 at first. For another axis log it as a metric (``epoch=3``).

        Raises
        ------
        MetricTypeError
            A value is not one number. Then nothing of this call is kept.
        JournalError
            The disk did not take it. Then the steps do not advance.
        RunFinishedError
            The run has ended.
        """
        if metrics is not None:
            values = {**check_names(metrics), **values}
        next_steps, following = self._next_steps, None
        with self._lock:
            for key, value in values.items():
                if type(value) is not float or not -INFINITY < value < INFINITY:
                    values[key] = self._spell(key, value)
                its_next = next_steps.get(key)
                if its_next is None:
                    its_next = check_name(key)
                if following is None or its_next > following:
                    following = its_next
            if following is None:
                return
            if step is None:
                step = following
            elif type(step) is not int or not -MAX_STEP < step < MAX_STEP:
                step = read_step(step)
            self._append_metrics(step, values)
            next_steps.update(dict.fromkeys(values, step + 1))
            self.latest.update(values)

    def log_history(self, steps: Any = None, /, **columns: Any) -> None:
        """Log many points of each named metric at once, from arrays of equal length.

        Parameters
        ----------
        steps
            The steps of the points; None counts on from the last step of these metrics.
        **columns
            One array or list of numbers for each metric.

        Raises
        ------
        MetricTypeError
            A column does not hold numbers only.
        InputError
            Lengths differ, steps are not whole numbers, or they are given by name.

        Examples
        --------
        >>> run.log_history(range(3), loss=[0.9, 0.5, 0.4])  # doctest: +SKIP
        """
        if steps is None and (named := {"step", "steps"} & columns.keys()):
            name = named.pop()
            raise InputError(
                f"found {name}=…, which would be a metric; expected the steps first: log_history({name}, …)"
            )
        for key in columns:
            check_name(key)
        with self._lock:
            first = max([self._next_steps.get(key, 0) for key in columns], default=0)
            history = read_columns(steps, columns, first)
            if not history.columns or not len(history.steps):
                return
            self.recording.journal.append_history(history.steps, history.times, history.columns)
            last_step = int(history.steps[-1])
            self._next_steps.update(dict.fromkeys(columns, last_step + 1))
            self.latest.update({k: spell_number(float(c[-1])) for k, c in history.columns.items()})

    def log_params(self, params: Mapping[str, Any] | None = None, /, **values: Any) -> None:
        """Log params, the run's inputs; of one name the last counts.

        A mapping or config object among them gives one param for each field, ``optim.lr``. Likely secrets are
        redacted, and objects that are no simple value are kept as a short text.

        Raises
        ------
        InputError
            What is given is no mapping of names to values.
        """
        if params is not None and not hasattr(params, "keys"):
            raise InputError(
                f"found {type(params).__name__}; expected names with their values, such as log_params(lr=0.1) or a dict"
            )
        self.add_params(given_params({**(params or {}), **values}))

    def add_params(self, params: list[Param]) -> None:
        """Log params that are typed already."""
        if params:
            self.recording.journal.append("params", params=params)
            self.params.update({param.key: param for param in params})
            self.recording.note_redacted(
                "params", sum(REDACTED in param.key or _holds_redacted(param.value) for param in params)
            )

    def set_tags(self, tags: Mapping[str, str] | None = None, /, **values: str) -> None:
        """Set tags; of one name the last counts."""
        merged = {redact(str(k)): redact_named(str(k), str(v)) for k, v in {**(tags or {}), **values}.items()}
        if merged:
            self.recording.journal.append("tags", tags=merged)
            self.tags.update(merged)
            self.recording.note_redacted("tags", sum(REDACTED in key + value for key, value in merged.items()))

    def decide(self, decision: Verdict, why: str) -> None:
        """Decide what becomes of this run: ``"keep"``, ``"drop"`` or ``"promote"``; see `trackside.Runs.decide`.

        Raises
        ------
        InputError
            There is no such decision, no reason, or a baseline is to be dropped.

        Examples
        --------
        >>> run.decide("drop", "diverged at once")  # doctest: +SKIP
        """
        from trackside.store.store import Store
        from trackside.tracking.decisions import decide_on_runs

        if self.store_folder is not None:
            decide_on_runs(Store(self.store_folder), [self.id], decision, why)

    if not TYPE_CHECKING:  # a type checker is to know that there is no such attribute

        def __getattr__(self, name: str) -> Any:
            """Say where evaluations are logged, which a run has no methods for."""
            hint = f"; ts.{name}(…) logs to the current run" if name in _EVALUATIONS else ""
            message = f"{type(self).__name__!r} object has no attribute {name!r}{hint}"
            raise AttributeError(message, name=name, obj=self)

    def note_data(self, found: Sequence[Described]) -> None:
        """Note data that was found, beside the caller; what `log_dataset` says of a name counts more."""
        if found and self.recording.captures("data"):
            self._datasets.note(found)

    def log_dataset(
        self,
        name: str,
        data: Any,
        *,
        role: Role | None = None,
        source: str | None = None,
        version: str | None = None,
        split: Any = None,
        filters: Iterable[Any] | None = None,
        pipeline: Any = None,
    ) -> None:
        """Log data that the run uses: its digest, what it looks like, and what is said of it here.

        Parameters
        ----------
        name
            What it is called; of one name the last counts, and more than what was found without asking.
        data
            A frame, array, tensor, dataset, loader or list, or the path of a file. An address (``s3://…``) is noted as
            it is.
        role
            ``"train"``, ``"val"`` or ``"test"``; by default as the name says.
        source, version
            Where it came from, and which version of it.
        split
            How it was divided: a text, a mapping, or a splitter such as ``KFold(5)``.
        filters
            What was left out, step by step: texts, or pairs of a text and the rows that were left after it, as a
            number or as the data itself.
        pipeline
            What was done to it before: a text, a function, a pipeline of scikit-learn.

        Raises
        ------
        InputError
            Something given cannot be used. Then nothing is kept.
        JournalError
            The disk did not take it.

        Examples
        --------
        >>> import numpy as np
        >>> steps = [("all", 1797), ("label < 5", 901)]
        >>> ts.log_dataset("digits", np.ones((901, 64)), role="train", version="2", filters=steps)
        """
        said = {"role": role, "source": source, "version": version, "split": split}
        self._datasets.log(name, data, {**said, "filters": filters, "pipeline": pipeline})

    def log_artifact(
        self, value: Any, name: str | None = None, *, kind: str | None = None, step: int | None = None
    ) -> Artifact | None:
        """Keep a file, a folder, a figure, a table, an array, a picture, a text or a model with the run.

        ==============================  ====================================================================
        ``pathlib.Path``, ``str``       the file as it is, read a piece at a time; of a folder each file, as
                                        ``folder/name``, but for ``.git``, ``.env*``, ``__pycache__``,
                                        ``.ipynb_checkpoints``, private keys and stores of Trackside.
                                        A ``str`` that looks like no path is a text.
        matplotlib figure or axes       PNG, and the numbers of its lines, points, bars and images
        Altair chart, Plotly figure     its JSON, with all its data
        pandas, Polars, Arrow table     Parquet where ``pyarrow`` is installed (Polars always), else CSV
        NumPy array, torch tensor       ``.npy``
        PIL image                       PNG
        dict, list                      JSON; NaN and infinities as the texts ``"NaN"``, ``"Infinity"``
        ``str``, ``bytes``              as they are
        any model, ``kind="model"``     torch: ``state_dict``; Keras: ``.keras``; XGBoost: JSON; LightGBM:
                                        text; scikit-learn: ``skops`` if installed, else ``joblib``
        ==============================  ====================================================================

        Likely secrets are redacted in texts, dicts, lists and figures' JSON and numbers; files, tables, arrays,
        pictures, bytes and models are kept as they are.

        Parameters
        ----------
        value
            What to keep.
        name
            What to call it, at most 200 characters; a label, never a path. Of one name and step the last counts. Left
            out, a file is called as it is, a figure by its title, all else by its kind, with a number.
        kind
            What it is, in a word: by default ``"figure"``, ``"table"``, ``"array"``, ``"image"``, ``"json"``,
            ``"text"``, ``"file"`` or ``"folder"``. ``"model"`` has an object saved by its library; ``"text"`` and
            ``"file"`` also say what a ``str`` is.
        step
            The step that it belongs to; left out, it belongs to the whole run.

        Returns
        -------
        Artifact
            What is kept; of a folder, the list of its files. None where the disk did not take it and the caller is
            spared, as in a tracked cell: a warning and a line on the card say so.

        Raises
        ------
        InputError
            The value, the name or the kind cannot be used, or a file cannot be read.
        JournalError
            The disk did not take it.
        RunFinishedError
            The run has ended.

        Examples
        --------
        >>> import trackside as ts
        >>> ts.log_artifact({"classes": ["cat", "dog"]}, "classes").mime
        'application/json'
        """
        from trackside.tracking.artifacts import keep_value

        return keep_value(self, value, name, kind, None if step is None else read_step(step))

    def keep_artifacts(self, artifacts: list[Artifact]) -> None:
        """Note artifacts whose bytes are kept already, by `keep` or `keep_stream`."""
        self.recording.write("artifacts", artifacts=artifacts)
        self.artifacts.update({(artifact.name, artifact.step): artifact for artifact in artifacts})

    def at_end(self, do: Callable[[], object]) -> None:
        """Have ``do()`` called as the run is about to end; not where memory ran out: a thread might wait for ever."""
        self._at_end.append(do)

    def when_ended(self, do: Callable[[], object]) -> None:
        """Have ``do()`` called once the run has ended and all of it is kept."""
        self._when_ended.append(do)

    def look_at_others(self) -> None:
        """Take in what other processes have logged to this run: scripts and workers started from it.

        Metrics come into `latest`, params into `params`, as far as they stand near an end of a journal.
        """
        from trackside.tracking.logged import read_logged

        if self.store_folder is None or self.is_joined:  # what a joined run had before is not this cell's
            return
        metrics, params = read_logged(self.store_folder, self.id)
        self.latest = self.latest | metrics
        self.params = self.params | params

    @property
    def datasets(self) -> dict[str, Dataset]:
        """The data known so far, by name."""
        return self._datasets.known

    @property
    def environment(self) -> Environment | None:
        """What the run runs on; None until that is known."""
        return self.recording.environment

    @property
    def parts(self) -> dict[str, Record]:
        """What is known of the parts of the run that are kept by now, by part: ``"code"``, ``"notebook"``."""
        return self.recording.parts

    @property
    def redacted(self) -> dict[str, int]:
        """How many likely secrets were left out, by where they stood: ``"params"``, ``"source"``."""
        return self.recording.redacted

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

    def _spell(self, key: str, value: Any) -> float | str:
        number = read_number(value)
        if number is None:
            raise MetricTypeError(explain_type(key, value))
        if abs(number) >= LARGEST_EXACT_INT and not self._warned_of_inexact and is_inexact_int(value):
            self._warned_of_inexact = True
            warnings.warn(
                f"{key!r} is a whole number beyond 2^53; the nearest 64-bit float, {number!r}, is kept",
                stacklevel=3,
            )
        return spell_number(number)


def _known(name: str, experiment: str, origin: Literal["notebook", "script"]) -> Started:
    """Return what is known of a run that began elsewhere."""
    return Started(seq=0, time=time.time(), project="", experiment=experiment, name=name, user="", origin=origin)


def _holds_redacted(value: object) -> bool:
    """Tell whether a param's value has a secret left out of it, however deep."""
    if isinstance(value, (list, dict)):
        return any(map(_holds_redacted, value.values() if isinstance(value, dict) else value))
    return isinstance(value, str) and REDACTED in value


def _renew_locks() -> None:
    """Give a forked child locks of its own: another thread may have held them at the fork."""
    for run in _instances:
        run._lock = threading.RLock()  # noqa: SLF001 - the module's own class
        run.recording.renew_lock()
        run._datasets.renew_lock()  # noqa: SLF001 - likewise


after_fork_in_child(_renew_locks)
