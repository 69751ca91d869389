"""Sets of runs: what people choose, compare and pick from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from operator import index
from pathlib import Path
from typing import TYPE_CHECKING, Any, SupportsIndex

from trackside import wire
from trackside.artifacts import Artifacts, list_artifacts
from trackside.browser_api import BrowserApi
from trackside.data_frames import data_frame, row_dicts
from trackside.errors import InputError, NoRunError, list_known, suggest
from trackside.filters import filter_rows
from trackside.handles import find_run, has_name, is_word
from trackside.model import TAG_MARK, is_run_id, parse_tag
from trackside.quantities import spell_count
from trackside.query import Scope, chosen_scope, select_runs
from trackside.ranking import best_rows
from trackside.run_data import read_datasets
from trackside.team.baselines import choose_baseline
from trackside.team.policy import refuse_unless_compliant
from trackside.tidying import describe_hidden
from trackside.tracking.decisions import decide_on_runs, mark_runs, purge_runs
from trackside.tracking.late_work import wait_for_late_work
from trackside.view_states import compare_state, given_state, named_metrics, scatter_state
from trackside.whereabouts import find_own_settings
from trackside.wire.constants import COMPARED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pandas as pd

    from trackside.analysis.check import Check
    from trackside.chart_makers import Charts
    from trackside.data_view import DataView
    from trackside.goals import Goal, Goals
    from trackside.model import Verdict
    from trackside.query import RunFrame
    from trackside.reproduction.verdict import Reproduction
    from trackside.restoration.restore import Restored
    from trackside.run_diff.report import RunDiff
    from trackside.store.store import Store
    from trackside.tidying import Reason
    from trackside.widgets import ImportanceView, View

REFRESH_WAIT = 1.0
"""Seconds to wait for points that a running cell has logged just now."""

_PAIR = 2


class Runs:
    """Some runs of a store, newest first; at the end of a cell it shows itself as a table.

    Made by `runs`. Cheap to narrow: `where`, `best` and slices share what was read.
    """

    def __init__(self, store: Store, scope: Scope, frame: RunFrame) -> None:
        self._store = store
        self._scope = scope
        self._frame = frame

    def __len__(self) -> int:
        return len(self._frame.run_ids)

    def __iter__(self) -> Iterator[Runs]:
        return (self[row] for row in range(len(self)))

    def __getitem__(self, rows: SupportsIndex | slice) -> Runs:
        """Return one run or a slice of them, as a set again."""
        if isinstance(rows, slice):
            return self._take(list(range(len(self)))[rows])
        try:
            row = index(rows)
        except TypeError as error:
            raise InputError(
                f"found [{rows!r}]; expected a row's number or a slice; a run of that name is ts.runs({rows!r}), runs "
                f"that fulfil a condition are .where({rows!r}), and .df has the columns"
            ) from error
        if not -len(self) <= row < len(self):
            raise IndexError(f"run {row} was asked for; this set has {len(self)}")
        return self._take([row % len(self)])

    def __repr__(self) -> str:
        if self._scope.condition and not len(self) and self._frame.total:
            return f"<no run passes {self._scope.condition[1]!r}, of {spell_count(self._frame.total, 'run')}>"
        where = f" of {self._scope.experiment!r}" if self._scope.experiment else ""
        where += f", formerly {', '.join(map(repr, self._scope.former))}" if where and self._scope.former else ""
        hidden = f"; {describe_hidden(self.hidden)}: include_hidden=True" if self.hidden else ""
        return f"<{spell_count(len(self), 'run')}{where}{hidden}>"

    @property
    def hidden(self) -> dict[Reason, int]:
        """How many runs tidying left out, by reason: ``dropped``, ``archived``, ``failed`` at once, ``repeats``."""
        return dict(self._frame.hidden)

    @property
    def store(self) -> Store:
        """The store that the runs are in."""
        return self._store

    @property
    def ids(self) -> list[str]:
        """The ids of the runs."""
        return list(self._frame.run_ids)

    @property
    def labels(self) -> list[str]:
        """A name for each run that tells it from the others: its own, and the params in which namesakes differ."""
        return self._frame.labels()

    @property
    def names(self) -> list[str]:
        """The names that the runs were given."""
        return [str(name) for name in self._frame.attributes["name"].tolist()]

    @property
    def execution_counts(self) -> list[int | None]:
        """The number in ``In[n]`` of the cell that each run was; None in scripts."""
        counts: list[int | None] = self._frame.attributes["execution_count"].tolist()
        return counts

    @property
    def param_names(self) -> list[str]:
        """The keys of the params that any of the runs has."""
        return list(self._frame.params)

    @property
    def metric_names(self) -> list[str]:
        """The names of the metrics that any of the runs has, the most telling first."""
        return list(self._frame.metrics)

    @property
    def tag_names(self) -> list[str]:
        """The names of the tags that any of the runs has."""
        return list(self._frame.tags)

    @property
    def goals(self) -> Goals:
        """What was said of these runs' metrics."""
        return self._frame.goals

    @property
    def main_metric(self) -> str | None:
        """The metric that says which of these runs is best, where that can be known."""
        return self._frame.main_metric

    @property
    def baseline(self) -> str | None:
        """The id of the run that others are held against, if one was chosen."""
        return self._frame.baseline

    @property
    def baselines(self) -> dict[str, str]:
        """The ids of the runs that others are held against, by name; the experiment's own has the empty one."""
        return dict(self._frame.baselines)

    @property
    def df(self) -> pd.DataFrame:
        """The runs as a DataFrame indexed by run id.

        First name, status, start and duration, then params, the last value of each metric and tags, then the rest of
        what is known of a run. A metric with the name of a param is called ``metric.<name>``.
        """
        return data_frame(self._frame)

    @property
    def params(self) -> list[dict[str, Any]]:
        """The params of each run."""
        return row_dicts(self._frame.params, len(self))

    @property
    def metrics(self) -> list[dict[str, float]]:
        """The last value of each metric of each run."""
        return row_dicts(self._frame.metrics, len(self))

    @property
    def tags(self) -> list[dict[str, str]]:
        """The tags of each run."""
        return row_dicts(self._frame.tags, len(self))

    @property
    def datasets(self) -> DataView:
        """The data of the runs: shows itself as a card for each dataset; ``.df`` is a table of them."""
        from trackside.data_view import DataView

        return DataView(read_datasets(self._store, self.ids), dict(zip(self.ids, self.labels, strict=True)))

    def artifacts(self, kind: str | None = None) -> Artifacts:
        """Return what was kept of these runs by `ts.log_artifact`, and the figures that their cells showed.

        Of a figure that a cell draws anew in place of the last, such as a curve after ``clear_output``, at most 20
        states are kept, each with its number as ``step``: of more every second, fourth, eighth, …, and the last.
        What a cell that has just ended showed is waited for.

        Parameters
        ----------
        kind
            ``"figure"``, ``"table"``, ``"model"``, ``"predictions"``, …; by default all.

        Examples
        --------
        >>> import trackside as ts
        >>> ts.runs("last").artifacts()["loss curve"].save("loss.png")  # doctest: +SKIP
        """
        wait_for_late_work()  # figures of a cell that has just ended are kept one after the other
        self._store.refresh(REFRESH_WAIT)
        found = list_artifacts(self._store, self.ids)
        return found if kind is None else found.of_kind(kind)

    def where(self, expression: str) -> Runs:
        """Return the runs that fulfil a condition.

        Parameters
        ----------
        expression
            SQL over the names of params, metrics and tags and ``name``, ``status``, ``started_at``, ``duration``:
            ``"lr < 0.01 and val/auc > 0.9 and kernel == 'rbf'"``. A missing value or NaN fulfils no comparison.

        Raises
        ------
        InputError
            When the expression names no such column or is no condition.
        """
        return self._take(filter_rows(self._frame, expression), (self._scope, expression))

    def best(self, metric: str | None = None, count: int = 1, *, goal: Goal | None = None) -> Runs:
        """Return the runs with the best last value of a metric, the best first; NaN and ±∞ never win.

        Parameters
        ----------
        metric
            Name of a metric of these runs; by default the main one.
        count
            How many.
        goal
            ``"min"`` or ``"max"``; by default as `metric` or the settings say, else as the name tells (``loss`` is
            better low).

        Raises
        ------
        InputError
            When no run has the metric, or its goal is not known.
        """
        return self._take(best_rows(self._frame, metric, goal)[:count])

    def star(self) -> Runs:
        """Star the runs: tidying never leaves them out, and a comparison always shows them."""
        return self._marked({"starred": "yes"})

    def unstar(self) -> Runs:
        """Take the stars back."""
        return self._marked({"starred": None})

    def keep(self) -> Runs:
        """Bring the runs back from where they were put away, and never leave them out."""
        return self._marked({"shelf": "kept"})

    def archive(self) -> Runs:
        """Put the runs away; ``ts.runs(include_hidden=True)`` still has them."""
        return self._marked({"shelf": "archived"})

    def drop(self) -> Runs:
        """Put the runs where `purge` may take them from; `keep` brings them back.

        Raises
        ------
        InputError
            The baseline is among them.
        """
        return self._marked({"shelf": "dropped"})

    def decide(self, decision: Verdict, why: str) -> Runs:
        """Decide what becomes of the runs; what was decided before stays on record.

        Parameters
        ----------
        decision
            ``"keep"``; ``"drop"``, which also puts them where `purge` may take them from; ``"promote"``. The last one
            counts: ``ts.runs("decision = 'promote'")``.
        why
            The reason.

        Raises
        ------
        InputError
            There is no such decision, no reason, a baseline, a registered or a reviewed run is to be dropped, or the
            policy refuses to promote one.

        Examples
        --------
        >>> ts.runs("best").decide("promote", "beats the baseline by 2 points on new data")  # doctest: +SKIP
        """
        if decision == "promote":
            refuse_unless_compliant(self._store, self.ids, "promote")
        decide_on_runs(self._store, self.ids, decision, why)
        return self._select(self.ids)

    @property
    def dropped(self) -> Runs:
        """Those of the runs that were dropped."""
        shelf = self._frame.attributes["shelf"].tolist()
        return self._take([row for row, place in enumerate(shelf) if place == "dropped"])

    def note(self, text: str | None) -> Runs:
        """Keep a line of text with each of the runs; None takes it away."""
        return self._marked({"note": text or None})

    def rename(self, name: str | None) -> Runs:
        """Call a run otherwise from now on; None gives it its first name back.

        Raises
        ------
        InputError
            This is not one run, or the name is empty or longer than 1,000 characters.

        Examples
        --------
        >>> ts.runs("best").rename("submitted")  # doctest: +SKIP
        """
        self._one("a name")
        return self._marked({"name": name})

    def tag(self, *tags: str | Mapping[str, str], **values: str) -> Runs:
        """Tag each of the runs; who says a tag last counts, be it the run itself.

        Parameters
        ----------
        tags
            A text is a tag as it is written, ``"best-so-far"`` or ``"stage=final"``; a mapping has values by the tags'
            names.
        values
            Values by the tags' names.

        Raises
        ------
        InputError
            A tag has no name, or one with ``=`` in it.

        Examples
        --------
        >>> ts.runs("val_loss < 0.3").tag("reviewed", stage="final")  # doctest: +SKIP
        """
        merged: dict[str, str] = {}
        for tag in (*tags, values):
            if not isinstance(tag, str | Mapping):
                raise InputError(f"found {tag!r} as a tag; expected a text such as 'stage=final', or a mapping")
            named = [parse_tag(tag)] if isinstance(tag, str) else tag.items()
            merged |= {str(key).strip(): str(value) for key, value in named}
        return self._marked({TAG_MARK + key: value for key, value in merged.items()})

    def untag(self, *names: str) -> Runs:
        """Take tags away from the runs, also those that they set themselves.

        Raises
        ------
        InputError
            None of the runs has a tag of that name.

        Examples
        --------
        >>> ts.runs().untag("stage")  # doctest: +SKIP
        """
        known = self._select(self.ids).tag_names
        if strangers := [name for name in names if name not in known]:
            among = f"these {len(self)} runs have" if len(self) != 1 else "this run has"
            there_are = list_known(strangers[0], known, "none")
            hint = suggest(strangers[0], known)
            raise InputError(f"{among} no tag {strangers[0]!r}; expected one of theirs: {there_are}.{hint}")
        return self._marked({TAG_MARK + name: None for name in names})

    def purge(self) -> int:
        """Delete the runs for good, with all they have on the disk; return the bytes that were freed.

        Raises
        ------
        InputError
            The baseline is among them, or one is still being written.
        StoreBusyError
            The store was locked for too long.
        """
        return purge_runs(self._store, self.ids)

    def make_baseline(self, name: str = "", *, why: str | None = None) -> None:
        """Hold the other runs of the experiment against this one.

        Who did so, when and why is kept; see `trackside.baselines`.

        Parameters
        ----------
        name
            Which baseline this becomes: the experiment's own by default, or one beside it, ``"production"``.
        why
            The reason.

        Raises
        ------
        InputError
            This is not one run, it was dropped, no baseline can have this name, or the policy refuses it.

        Examples
        --------
        >>> ts.runs("best").make_baseline("production", why="first with new data")  # doctest: +SKIP
        """
        if len(self) != 1:
            raise InputError(f"A baseline is one run; these are {len(self)}; choose one, such as ts.runs('best').")
        refuse_unless_compliant(self._store, self.ids, "baseline")
        project, experiment = (str(self._frame.attributes[key][0]) for key in ("project", "experiment"))
        names = [experiment, *(name for name in self._scope.names if name != experiment)]
        choose_baseline(self._store, project, names, self.ids[0], name=name, why=why)

    def diff(self, against: Runs | str | None = None) -> RunDiff:
        """Return in what two runs differ: params, metrics, code, data, packages, hardware, notebook.

        Parameters
        ----------
        against
            The run that this one is held against, or its handle. By default, of two runs the earlier one; of one, the
            same cell's run before it, else the baseline.

        Raises
        ------
        InputError
            These are not one or two runs, or there is none to hold this one against.

        Examples
        --------
        >>> ts.runs("last").diff("best").df  # doctest: +SKIP
        """
        from trackside.run_diff.report import diff_runs

        if against is None and len(self) == _PAIR:
            by_start = sorted(range(_PAIR), key=lambda row: (self._frame.attributes["started_at"][row], self.ids[row]))
            before, after = (self.ids[row] for row in by_start)
        else:
            after = self._one("a diff")
            before = self._run_before() if against is None else self._find(against)
        return diff_runs(self._store, before, after, self.goals)

    def check(
        self,
        metric: str | None = None,
        against: Runs | str = "baseline",
        *,
        min_delta: float = 0.0,
        confidence: float = 0.95,
        allow_incomparable: bool = False,
    ) -> Check:
        """Return the verdict on these runs, held against others; see `trackside.check`."""
        from trackside.analysis.check import check_sets

        if metric is not None and not isinstance(metric, str):
            raise InputError(f"found {metric!r} as the metric; expected its name, such as 'val_loss'")
        if not len(self):
            raise NoRunError("there are no runs to check; expected one or more; choose some, such as ts.runs('last')")
        refuse_unless_compliant(self._store, self.ids, "check")
        other = self._held_against(against)
        return check_sets(
            self._store,
            (self._scope, self._frame),
            (other._scope, other._frame),  # noqa: SLF001 - its own class
            metric,
            min_delta=min_delta,
            confidence=confidence,
            allow_incomparable=allow_incomparable,
        )

    def _held_against(self, against: Runs | str) -> Runs:
        """Return the runs that these are held against: given, or named by a handle or a condition.

        Raises
        ------
        InputError
            There are none, or they are of another store.
        """
        if isinstance(against, Runs):
            found = against
        elif not isinstance(against, str):
            raise InputError(f"found {against!r} to hold these against; expected runs, a handle, a name or a condition")
        else:
            project, experiment = (str(self._frame.attributes[key][0]) for key in ("project", "experiment"))
            scope = Scope(project=project, experiment=experiment, former=self._scope.former, goals=self._scope.goals)
            if is_word(against) or has_name(self._store, scope, against):
                found = self._select([find_run(self._store, scope, against)])
            else:
                found = Runs(self._store, scope, select_runs(self._store, scope)).where(against)
        if not len(found):
            raise NoRunError(
                f"{against!r} names no run that is there; expected one to hold these against; name another"
            )
        if found._store.folder != self._store.folder:  # noqa: SLF001 - its own class
            raise InputError("the runs to hold against are of another store; expected runs of one store")
        return found

    def restore(self, folder: str | Path | None = None, *, whole: bool = False) -> Restored:
        """Write one run's cells as a notebook, with its modules and requirements. Nothing is executed or overwritten.

        Parameters
        ----------
        folder
            Where to; by default ``restored-<id>`` in the working folder.
        whole
            Write the whole notebook as it stood instead of the cells that the run depends on.

        Raises
        ------
        InputError
            This is not one run, what is asked for was not kept, or something is in the way.
        """
        from trackside.restoration.restore import restore_run
        from trackside.run_details import read_details

        details = read_details(self._store, self._one("what is restored"))
        return restore_run(details, None if folder is None else Path(folder), whole=whole)

    def reproduce(
        self, *, tolerance: float = 1e-6, timeout: float | None = None, say: Callable[[str], None] | None = print
    ) -> Reproduction:
        """Run one run's cells again in a fresh kernel and keep whether the same came out, as a mark of the run.

        Parameters
        ----------
        tolerance
            How far a metric may be off, as a share of the larger of both values.
        timeout
            Seconds that it may take; None lets it take what it needs.
        say
            Is told how far it is; by default it is printed, and with None nobody is told.

        Raises
        ------
        InputError
            This is not one run, or it cannot be run again.
        NotReproducedError
            It failed this time, so that there is nothing to compare.
        """
        from trackside.reproduction.reproduce import reproduce_run

        run_id = self._one("what is reproduced")
        tell = say or (lambda _: None)
        return reproduce_run(self._store, run_id, tolerance=tolerance, timeout=timeout, say=tell)

    def _one(self, what: str) -> str:
        if len(self) != 1:
            raise InputError(f"{what} is of one run; these are {len(self)}; choose one, such as ts.runs('last')")
        return self.ids[0]

    def _find(self, run: Runs | str) -> str:
        if isinstance(run, str):
            experiment = str(self._frame.attributes["experiment"][0])
            return find_run(
                self._store, Scope(experiment=experiment, former=self._scope.former, goals=self._scope.goals), run
            )
        return run._one("what it is held against")  # noqa: SLF001 - its own class

    def _run_before(self) -> str:
        """Return the run that this one is held against where nobody named one."""
        previous = self._frame.attributes["rerun_of"].tolist()[0]
        before = previous or self._frame.baseline
        if before is None or before == self.ids[0]:
            raise InputError(
                "there is no run of this cell before it and no baseline; expected one to hold it against; name one"
            )
        return str(before)

    def of_ids(self, run_ids: Sequence[str]) -> Runs:
        """Return the runs with these ids, in their order, from the same store.

        Raises
        ------
        InputError
            One of them is no id.
        """
        if strangers := [run_id for run_id in run_ids if not is_run_id(run_id)]:
            raise InputError(f"{strangers[0]!r} is no id of a run; expected ids as in `Runs.ids`")
        return self._select(list(run_ids))

    def _marked(self, marks: Mapping[str, str | None]) -> Runs:
        mark_runs(self._store, self.ids, marks)
        return self._select(self.ids)

    @property
    def chart(self) -> Charts:
        """The views as Altair charts, for papers and reports.

        Examples
        --------
        >>> ts.runs().chart.history("val_loss").save("figure.pdf")  # doctest: +SKIP
        """
        from trackside.chart_makers import Charts

        return Charts(self._api(self._scope), wire.ViewState(panels=[]))

    def table(self) -> View:
        """Return the runs as a live table."""
        return self._view(wire.ViewState(panels=["table"]))

    def compare(
        self, *metrics: str | Sequence[str], view: str | Mapping[str, Any] | None = None, newest: int | None = COMPARED
    ) -> View:
        """Return the history of metrics, parallel coordinates and table in one view that shares one selection.

        Its switches show more: a scatter, which params are important, in what the ticked runs differ (as `diff` tells
        of two), and what they kept (see `artifacts`). Where no run has a history, nor may still get one, there is no
        panel for it. The button *Insert code* writes the cell that makes the view again as it is. Runs that begin later
        come in, where these are all of an experiment or those that fulfil a condition; runs that were picked stay.

        Parameters
        ----------
        metrics
            Those whose history is drawn, by default the main one; the first is that of the other panels, too.
        view
            How it looks: the name of a view that was saved for the runs' experiment, or what is chosen in it, by the
            names of `trackside.wire.ViewState`: ``panels``, ``filter``, ``smoothing``, ``axes``, ``sorts``, … (all of
            another view is its ``state``). What is not named is as it is by default; columns are named by their keys,
            ``"param:lr"``. Choices that these runs have no use for, such as an axis that none has, do nothing; only a
            filter is to be a condition on them, or words to find.
        newest
            Where nobody chose the runs, how many of the newest are shown, with the best, those that are starred or
            kept, and the baseline; None shows all.

        Raises
        ------
        InputError
            These runs have no such metric, there is no view of that name, or a choice cannot be used.

        Examples
        --------
        >>> ts.runs().compare(view={"panels": ["history", "table"], "filter": "lr < 0.01"})  # doctest: +SKIP
        """
        from trackside.view_record import ask_runs
        from trackside.widgets import View

        names = named_metrics(self._frame, metrics)
        api = self._api(self._compared(names, newest), names)
        if view is None:
            state = compare_state(self._frame, names)
        else:
            state = given_state(self._frame, names, view, api.saved_view)
        return View(api, state, self._select, ask_runs(api, state, is_strict=isinstance(view, Mapping)))

    def _compared(self, metrics: Sequence[str], newest: int | None) -> Scope:
        """Return which of the runs a comparison shows."""
        if newest is not None and (not isinstance(newest, int) or newest < 0):
            raise InputError(f"newest is {newest!r}; expected how many of the newest runs to show, 0 or more, or None")
        if newest is None or self._scope.run_ids is not None or self._scope.limit is not None:
            return self._scope
        return replace(self._scope, limit=newest, or_wanted=True, wanted=self._best_ids(*metrics[:1]))

    def history(self, *metrics: str | Sequence[str]) -> View:
        """Return how metrics went in all runs, as live charts: one for each, by default that of the main metric."""
        names = named_metrics(self._frame, metrics)
        return self._view(wire.ViewState(panels=["history"], metrics=names or None))

    def parallel(self) -> View:
        """Return params and metrics as the axes of parallel coordinates."""
        return self._view(wire.ViewState(panels=["parallel"]))

    def scatter(
        self, x: str | None = None, y: str | None = None, *, color: str | None = None, size: str | None = None
    ) -> View:
        """Return the runs as points.

        Of two metrics whose goals are known the Pareto front is drawn, too: the runs that no other beats in both.

        Parameters
        ----------
        x, y
            Params, metrics, tags or what is known of a run (``"duration"``), by name. By default the param that differs
            most, and the main metric. A name of both a param and a metric means the param on x, else the metric;
            ``"param.loss"`` and ``"metric.loss"`` say which.
        color, size
            What makes the colour and the size of a point; by default the main metric, and nothing.

        Raises
        ------
        InputError
            These runs have no such param or metric.

        Examples
        --------
        >>> ts.runs().scatter("lr", "val_loss", color="optimizer")  # doctest: +SKIP
        """
        state = wire.ViewState(panels=["scatter"])
        return self._view(scatter_state(self._frame, state, x=x, y=y, colour=color, size=size))

    def importance(self, metric: str | None = None) -> ImportanceView:
        """Return which params are important to a metric, and in which direction they go with it.

        A random forest from scikit-learn (``trackside[analysis]``) learns the metric from the params; a param is as
        important as the forest gets worse, on runs that it has not seen, once the param's values are shuffled (Breiman
        2001). The direction is Spearman's rank correlation. ``.df`` is a table of both. Ten runs that differ are the
        fewest it can be told from.

        Parameters
        ----------
        metric
            Name of a metric of these runs; by default the main one.

        Raises
        ------
        InputError
            These runs have no such metric.

        Examples
        --------
        >>> ts.runs().importance("val_loss").df  # doctest: +SKIP
        """
        from trackside.widgets import ImportanceView

        if metric is not None:
            self._frame.check_metric(metric)
        state = wire.ViewState(panels=["importance"], importance_of=metric)
        return ImportanceView(self._api(self._scope), state, self._select)

    def _best_ids(self, metric: str | None = None) -> list[str]:
        """Return the id of the best run, none where nobody can tell."""
        metric = metric or self._frame.main_metric
        is_known = metric in self._frame.metrics and self._frame.goals.of(metric) is not None
        return self.best(metric).ids if is_known else []

    def _take(self, rows: list[int], condition: tuple[Scope, str] | None = None) -> Runs:
        frame = self._frame.take(rows)
        if condition and not rows:
            frame = replace(frame, total=len(self))  # so that it can be said of how many none passes
        scope = replace(chosen_scope(self._scope, frame.run_ids), condition=condition)
        return Runs(self._store, scope, frame)

    def _view(self, state: wire.ViewState) -> View:
        from trackside.widgets import View

        return View(self._api(self._scope), state, self._select)

    def _api(self, scope: Scope, metrics: Sequence[str] = ()) -> BrowserApi:
        return BrowserApi(self._store, scope, metrics, find_own_settings)

    def _select(self, run_ids: list[str]) -> Runs:
        self._store.refresh(REFRESH_WAIT)
        scope = chosen_scope(self._scope, run_ids)
        return Runs(self._store, scope, select_runs(self._store, scope))

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return self.table()._repr_mimebundle_(**kwargs)  # IPython's protocol, handed on
