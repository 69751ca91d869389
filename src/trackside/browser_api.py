"""The named questions a browser may ask about a set of runs, answered from the store.

A view's comm, the server and saved outputs all speak through here. No SQL and no path ever comes from a browser: a
question names runs, a metric, a range; a filter's text is evaluated in a locked-down database of its own.
"""

from __future__ import annotations

import base64
import threading
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import msgspec
import numpy as np

from trackside import wire
from trackside.analysis.incomparable import find_incomparable, find_incomparable_metrics
from trackside.artifact_answers import list_entries, read_content
from trackside.errors import InputError, StoreBusyError, TracksideError
from trackside.filters import choose_again, filter_rows
from trackside.handles import find_run, is_short_handle
from trackside.history import Floats, LineData, Window, select_history
from trackside.importance import rate_params
from trackside.mark_answers import keep_mark
from trackside.model import is_run_id
from trackside.model_answers import describe_model, describe_models, register, take_step
from trackside.quantities import spell_count
from trackside.query import Scope, chosen_scope, select_runs
from trackside.run_details import read_details
from trackside.run_diff.answer import write_answer
from trackside.run_diff.report import diff_runs
from trackside.run_lists import group_by_cell, read_experiments
from trackside.run_page import describe_run
from trackside.run_state import read_run_state
from trackside.run_table import table_of
from trackside.saved_views import find_view, list_views, save_view
from trackside.team.baselines import choose_baseline
from trackside.team.policy.kept import describe_kept, find_broken
from trackside.team.registry.of_run import tell_versions
from trackside.team.registry.registry import Registry
from trackside.team.standing import tell_standing
from trackside.view_code import named_scope, write_code
from trackside.view_states import compare_state
from trackside.whereabouts import find_settings_for

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from trackside.config import Settings
    from trackside.query import RunFrame
    from trackside.store.store import Store

    _OfRuns: TypeAlias = (
        wire.RunsQuestion
        | wire.MarkQuestion
        | wire.BaselineQuestion
        | wire.FilterQuestion
        | wire.ImportanceQuestion
        | wire.ComparabilityQuestion
    )

_LIVE_WAIT = 0.3  # seconds a question waits for the newest points; the view asks again anyway
_MARK_WAIT = 3.0  # seconds it waits to show what the user has just said
_RUNS = wire.RunsQuestion()
_MOST_LINES = 1000
_MOST_COMPARED = 100

T = TypeVar("T")


def line_of(data: LineData) -> wire.Line:
    """Return one run's line as the browser reads it."""
    return wire.Line(
        run_id=data.run_id,
        x=encode_floats(data.x),
        low=encode_floats(data.low) if data.thinned else "",
        high=encode_floats(data.high) if data.thinned else "",
        mean=encode_floats(data.mean),
        thinned=data.thinned,
        points=data.points,
        non_finite=wire.NonFinite(
            x=encode_floats(np.array([x for x, _ in data.non_finite], dtype=np.float64)),
            kinds=[kind for _, kind in data.non_finite],  # type: ignore[misc]  # the three literals, by construction
        ),
    )


def encode_floats(values: Floats) -> wire.Floats:
    """Return numbers as base64 of little-endian 64-bit floats."""
    return base64.b64encode(np.ascontiguousarray(values, "<f8").tobytes()).decode("ascii")


def decode_floats(text: wire.Floats) -> Floats:
    """Return the numbers that `encode_floats` was given."""
    return np.frombuffer(base64.b64decode(text), dtype="<f8")


@dataclass
class BrowserApi:
    """Answers a browser's questions about the runs in a scope of one store. Safe to call from several threads.

    Where the store is busy for longer than a question may wait, the last answer to the same question is given again,
    with its age.

    Attributes
    ----------
    metrics
        Those that a comparison was asked for.
    settings
        Asked for the settings under which code that makes the view again will run, and whose user says what is said
        here; None where they are not known: the code then says everything.
    kept
        So many of the last answers are kept.
    tells_broken
        Whether to say which runs break the policy.
    """

    store: Store
    scope: Scope
    metrics: Sequence[str] = ()
    settings: Callable[[], Settings | None] = lambda: None
    kept: int = 32
    tells_broken: bool = False
    _last: dict[bytes, tuple[float, Any]] = field(default_factory=dict, repr=False)
    _chosen: tuple[object, Scope] | None = field(default=None, repr=False)
    _guard: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def answer(self, question: object) -> wire.Answer:
        """Answer a question given as JSON-like data. Never raises for what a browser sent or the store said."""
        try:
            asked = msgspec.convert(question, wire.Question)
        except msgspec.ValidationError as error:
            return wire.Failure(message=f"The question was not understood: {error}")
        try:
            msgspec.json.encode(asked)  # raises for half a character, which JSON can carry and UTF-8 cannot
            return _ANSWERS[type(asked)](self, asked)
        except TracksideError as error:
            return wire.Failure(message=str(error))
        except UnicodeEncodeError:
            return wire.Failure(message="The question has half a character in it; expected text; type it anew.")

    def frame(self, question: _OfRuns = _RUNS) -> RunFrame:
        """Return the runs that a question is about, as of the last time the tables were renewed."""
        return select_runs(self.store, self._scope_of(question, self._chosen_now()))

    def runs(self, question: wire.RunsQuestion = _RUNS) -> wire.RunTable:
        """Return the runs in scope, and those that are asked for beside them."""
        return self._table(question, _LIVE_WAIT)

    def mark(self, question: wire.MarkQuestion) -> wire.RunTable:
        """Say something of runs, and return the runs in scope as they are then."""
        _check_run_ids(question.run_ids)
        keep_mark(self.store, question, self.settings())
        return self._table(question, _MARK_WAIT)

    def filter(self, question: wire.FilterQuestion) -> wire.Matches:
        """Return which runs in scope fulfil an expression, or the one that a handle names: ``best``, ``#12``."""
        frame = self.frame(question)
        handle = question.expression.strip()
        if is_short_handle(handle):
            run_id = find_run(self.store, self._chosen_now(), handle)
            if run_id not in frame.run_ids:
                raise InputError(f"{handle!r} is none of the {spell_count(len(frame.run_ids), 'run')} shown here.")
            return wire.Matches(run_ids=[run_id])
        return wire.Matches(run_ids=[frame.run_ids[row] for row in filter_rows(frame, question.expression)])

    def history(self, question: wire.HistoryQuestion) -> wire.History:
        """Return how a metric went in some runs."""
        if len(question.run_ids) > _MOST_LINES:
            raise InputError(
                f"{len(question.run_ids)} runs were asked for in one chart; expected at most {_MOST_LINES}. "
                "Filter or brush to choose among them."
            )
        _check_run_ids(question.run_ids)
        window = Window(x=question.x, pixels=question.pixels, range=question.range, log_x=question.log_x)

        def ask() -> wire.History:
            lines = select_history(self.store, question.run_ids, question.metric, window)
            return wire.History(
                metric=question.metric,
                x=question.x,
                lines=[line_of(line) for line in lines],
                range=question.range,
                log_x=question.log_x,
            )

        return self._fresh_or_last(msgspec.json.encode(question), ask)

    def importance(self, question: wire.ImportanceQuestion, wait: float | None = None) -> wire.Importance:
        """Return what params tell of a metric; pending where a forest takes longer than ``wait`` seconds."""
        self.store.refresh(_LIVE_WAIT)
        frame = self.frame(question)
        if question.run_ids is not None:
            _check_run_ids(question.run_ids)
            wanted = set(question.run_ids)
            frame = frame.take([row for row, run_id in enumerate(frame.run_ids) if run_id in wanted])
        return rate_params(frame, question.metric, wait)

    def views(self, question: wire.ViewsQuestion) -> wire.SavedViews:
        """Return the views that were saved by name, once what is asked for is saved or forgotten."""
        project, experiment = self._experiment()
        if question.name is not None:
            save_view(self.store, (project, experiment), question.name, question.state, by=self._author())
        return wire.SavedViews(views=list_views(self.store, project, [experiment, *self.scope.names]))

    def saved_view(self, name: str) -> wire.ViewState:
        """Return how a view looks that was saved by name for the experiment of the newest run."""
        project, experiment = self._experiment()
        return find_view(self.store, project, [experiment, *self.scope.names], name)

    def code(self, question: wire.CodeQuestion) -> wire.Code:
        """Return the code of a cell that makes this view again."""
        default = compare_state(select_runs(self.store, named_scope(self.scope)), self.metrics)
        text = write_code(
            self.scope,
            question.state,
            default,
            metrics=self.metrics,
            store=self.store.folder,
            settings=self.settings(),
        )
        return wire.Code(text=text)

    def model(self, question: wire.ModelQuestion) -> wire.ModelPage:
        """Return the versions of one model or of all, and what is known of one."""
        with self.store.at_one_moment(_LIVE_WAIT):
            if question.name is None:
                return describe_models(self._registry)
            return describe_model(self._registry, question.name, question.version)

    def register(self, question: wire.RegisterQuestion) -> wire.ModelPage:
        """Make what a run kept the next version of a model, and return the model."""
        _check_run_ids([question.run_id])
        return register(self._registry, question)

    def step(self, question: wire.StepQuestion) -> wire.ModelPage:
        """Have a version of a model take a step, and return the model."""
        return take_step(self._registry, question)

    @property
    def _registry(self) -> Registry:
        return Registry(self.store, lambda: self.settings() or find_settings_for(self.store.folder))

    def _author(self) -> str | None:
        settings = self.settings()
        return settings.user if settings else None

    def _experiment(self) -> tuple[str, str]:
        """Return project and name of the newest run's experiment; without runs, of the one that is in scope."""
        attributes = self.frame(wire.RunsQuestion(include_hidden=True)).attributes
        named = zip(attributes["project"].tolist(), attributes["experiment"].tolist(), strict=True)
        in_scope = self.scope.project or "", self.scope.experiment or ""
        return next(((str(project), str(name)) for project, name in named), in_scope)

    def diff(self, question: wire.DiffQuestion) -> wire.Diff:
        """Return in what two runs differ."""
        _check_run_ids([question.before, question.after])
        both = Scope(run_ids=[question.before, question.after], goals=self.scope.goals)
        with self.store.at_one_moment(_LIVE_WAIT):
            goals = select_runs(self.store, both).goals
            return write_answer(diff_runs(self.store, question.before, question.after, goals))

    def artifacts(self, question: wire.ArtifactsQuestion) -> wire.ArtifactList:
        """Return which artifacts some runs have."""
        _check_run_ids(question.run_ids)
        self.store.refresh(_LIVE_WAIT)
        return list_entries(self.store, question.run_ids)

    def artifact(self, question: wire.ArtifactQuestion) -> wire.ArtifactContent:
        """Return what is in one artifact."""
        _check_run_ids([question.run_id, *([question.against] if question.against else [])])
        self.store.refresh(_LIVE_WAIT)
        return read_content(self.store, question)

    def experiments(self, _question: wire.ExperimentsQuestion) -> wire.Experiments:
        """Return the experiments of the store."""
        self.store.refresh(_LIVE_WAIT)
        return read_experiments(self.store)

    def cells(self, _question: wire.CellsQuestion) -> wire.Cells:
        """Return the runs of each cell of a notebook."""
        self.store.refresh(_LIVE_WAIT)
        return wire.Cells(cells=list(group_by_cell(self.frame(wire.RunsQuestion(include_hidden=True)))))

    def run(self, question: wire.RunQuestion) -> wire.RunPage:
        """Return all that is known of a run."""
        _check_run_ids([question.run_id])
        with self.store.at_one_moment(_LIVE_WAIT):
            frame = select_runs(self.store, chosen_scope(self.scope, [question.run_id]))
            before = next(iter(frame.attributes["rerun_of"].tolist()), None)
            against = self._values_of(frame.baseline) if frame.baseline != question.run_id else {}
            both = [name for name in frame.metrics if name in against][:_MOST_COMPARED]
            return describe_run(
                read_details(self.store, question.run_id),
                frame.goals,
                before=before,
                baseline=frame.baseline,
                against=against,
                incomparable=find_incomparable_metrics(self.store, question.run_id, frame.baseline, both),
                decided=tell_standing(self.store, question.run_id),
                versions=tell_versions(self.store, question.run_id),
                policy=describe_kept(self.store, question.run_id, self.settings()),
            )

    def _values_of(self, run_id: str | None) -> dict[str, float]:
        """Return the last values of a run's metrics."""
        metrics = select_runs(self.store, Scope(run_ids=[run_id] if run_id else [])).metrics
        return {key: float(np.ma.getdata(column)[0]) for key, column in metrics.items()}

    def comparison(self, _question: wire.ComparisonQuestion) -> wire.Comparison:
        """Return what a comparison of the runs in scope shows at first."""
        return wire.Comparison(state=compare_state(self.frame(), self.metrics))

    def comparability(self, question: wire.ComparabilityQuestion) -> wire.Comparability:
        """Return which runs in scope were not evaluated as the one that they are held against."""
        _check_run_ids([question.against] if question.against else [])
        found = find_incomparable(self.store, self.frame(question), question.metric, question.against)
        if found is None:
            return wire.Comparability()
        return wire.Comparability(
            metric=found.metric,
            reference=found.reference,
            runs=[wire.IncomparableRuns(cause=cause, run_ids=run_ids) for cause, run_ids in found.causes],
            unjudged=found.unjudged,
        )

    def baseline(self, question: wire.BaselineQuestion) -> wire.RunTable:
        """Choose what the others are held against, and return the runs in scope as they are then."""
        if question.run_id is None:
            project, experiment = self._experiment()
        else:
            _check_run_ids([question.run_id])
            state = read_run_state(self.store, question.run_id)
            project, experiment = state.project, state.experiment
        names = dict.fromkeys([experiment, *(self.scope.names if experiment in self.scope.names else ())])
        choose_baseline(self.store, project, list(names), question.run_id, by=self._author(), settings=self.settings())
        return self._table(question, _MARK_WAIT)

    def _table(
        self, question: wire.RunsQuestion | wire.MarkQuestion | wire.BaselineQuestion, wait: float
    ) -> wire.RunTable:
        newest = self.scope.limit if self.scope.or_wanted else None

        def ask() -> wire.RunTable:
            frame = self.frame(question)
            if not frame.run_ids and self.scope.condition is not None:
                frame = replace(frame, total=len(select_runs(self.store, self.scope.condition[0]).run_ids))
            broken = find_broken(self.store, frame.run_ids, self.settings()) if self.tells_broken else []
            return msgspec.structs.replace(table_of(frame), newest=newest, broken=broken)

        return self._fresh_or_last(repr(self._scope_of(question, self.scope)).encode(), ask, wait)

    def _chosen_now(self) -> Scope:
        """Return the scope with the runs that its condition chooses now, worked out once each time the tables change.

        Where the runs were chosen in another way, they stay the same.
        """
        if self.scope.condition is None:
            return self.scope
        signature = self.store.signature()  # taken before the read: a change meanwhile only costs another one
        when, scope = self._chosen or (None, self.scope)
        if when != signature:
            scope = choose_again(self.store, scope)
            self._chosen = signature, scope
        return scope

    @staticmethod
    def _scope_of(question: _OfRuns, scope: Scope) -> Scope:
        """Return which runs a question is about. Only where nobody chose how many are shown, can all be asked for."""
        limit = None if question.include_older and scope.or_wanted else scope.limit
        return replace(scope, include_hidden=question.include_hidden or scope.include_hidden, limit=limit)

    def _fresh_or_last(self, key: bytes, ask: Callable[[], T], wait: float = _LIVE_WAIT) -> T:
        self.store.refresh(wait)
        try:
            answer = ask()
        except StoreBusyError:
            with self._guard:
                if key not in self._last:
                    raise
                when, last = self._last[key]
            aged: T = msgspec.structs.replace(last, age=time.monotonic() - when)
            return aged
        with self._guard:
            self._last[key] = (time.monotonic(), answer)
            while len(self._last) > self.kept:
                self._last.pop(next(iter(self._last)))
        return answer


_ANSWERS: dict[type[wire.Question], Callable[[BrowserApi, Any], wire.Answer]] = {
    wire.RunsQuestion: BrowserApi.runs,
    wire.MarkQuestion: BrowserApi.mark,
    wire.FilterQuestion: BrowserApi.filter,
    wire.HistoryQuestion: BrowserApi.history,
    wire.ImportanceQuestion: lambda api, question: api.importance(question, _LIVE_WAIT),
    wire.ViewsQuestion: BrowserApi.views,
    wire.CodeQuestion: BrowserApi.code,
    wire.DiffQuestion: BrowserApi.diff,
    wire.ArtifactsQuestion: BrowserApi.artifacts,
    wire.ArtifactQuestion: BrowserApi.artifact,
    wire.ExperimentsQuestion: BrowserApi.experiments,
    wire.CellsQuestion: BrowserApi.cells,
    wire.RunQuestion: BrowserApi.run,
    wire.ComparisonQuestion: BrowserApi.comparison,
    wire.ComparabilityQuestion: BrowserApi.comparability,
    wire.BaselineQuestion: BrowserApi.baseline,
    wire.ModelQuestion: BrowserApi.model,
    wire.RegisterQuestion: BrowserApi.register,
    wire.StepQuestion: BrowserApi.step,
}


def _check_run_ids(run_ids: Sequence[str]) -> None:
    for run_id in run_ids:
        if not is_run_id(run_id):
            raise InputError(f"{run_id[:80]!r} is no id of a run; expected one of the ids in the table")
