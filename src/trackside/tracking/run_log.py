"""What is logged to a live run: it is in the run's journal before the call returns."""

from __future__ import annotations

import threading
import warnings
import weakref
from typing import TYPE_CHECKING, Any

from trackside.capture.params.values import given_params
from trackside.capture.words.numbers import INFINITY, LARGEST_EXACT_INT, is_inexact_int, read_number, spell_number
from trackside.capture.words.secrets import REDACTED, redact, redact_named
from trackside.errors import InputError, MetricTypeError
from trackside.locks import after_fork_in_child
from trackside.tracking.datasets import Datasets
from trackside.tracking.history import MAX_STEP, read_columns
from trackside.tracking.metric_checks import check_name, check_names, explain_type, read_step

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trackside.capture.data.datasets import Described
    from trackside.model import Artifact, Dataset, Param, Role
    from trackside.records import Environment, Record
    from trackside.tracking.recording import Recording

_instances: weakref.WeakSet[RunLog] = weakref.WeakSet()


class RunLog:
    """What a run takes in while it is live, and what is known of it so far; see `Run` for its attributes.

    Logging is thread-safe, and a forked child logs to the same run.
    """

    def __init__(self, run_id: str, recording: Recording) -> None:
        self.id = run_id
        self.is_joined = recording.is_joined
        self.store_folder = recording.store_folder
        self.recording = recording
        self.latest: dict[str, float | str] = {}
        self.params: dict[str, Param] = {}
        self.tags: dict[str, str] = {}
        self.artifacts: dict[tuple[str, int | None], Artifact] = {}
        self.earlier_artifacts: frozenset[tuple[str, int | None]] = frozenset()
        self.added_by: dict[str, str] = {}
        self.notes: list[str] = recording.notes
        self._datasets = Datasets(recording)
        self._append_metrics = recording.journal.append_metrics
        self._next_steps: dict[str, int] = {}
        self._lock = threading.RLock()
        self._warned_of_inexact = False
        _instances.add(self)

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

    def note_data(self, found: Sequence[Described]) -> None:
        """Note data that was found, beside the caller; what `log_dataset` says of a name counts more."""
        if found and self.recording.captures("data"):
            self._datasets.note(found)

    def note_data_of(self, part: RunLog) -> None:
        """Note the data of a run that is part of this one, beside the caller."""
        if part.datasets and self.recording.captures("data"):
            self._datasets.take_over(part.datasets)

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
