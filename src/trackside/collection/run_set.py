"""A set of runs: what is known of them, and how it is narrowed."""

from __future__ import annotations

from dataclasses import replace
from operator import index
from typing import TYPE_CHECKING, Any, SupportsIndex

from trackside.artifacts import Artifacts, list_artifacts
from trackside.data_frames import data_frame, row_dicts
from trackside.errors import InputError
from trackside.filters import filter_rows
from trackside.model import is_run_id
from trackside.quantities import spell_count
from trackside.query import Scope, chosen_scope, select_runs
from trackside.ranking import best_rows
from trackside.run_data import read_datasets
from trackside.tidying import describe_hidden
from trackside.tracking.late_work import wait_for_late_work

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Self

    import pandas as pd

    from trackside.data_view import DataView
    from trackside.goals import Goal, Goals
    from trackside.quantities import Spread
    from trackside.query import RunFrame
    from trackside.store.store import Store
    from trackside.tidying import Reason

REFRESH_WAIT = 1.0
"""Seconds to wait for points that a running cell has logged just now."""


class RunSet:
    """Some runs of a store, newest first, and what is known of them."""

    def __init__(self, store: Store, scope: Scope, frame: RunFrame) -> None:
        self._store = store
        self._scope = scope
        self._frame = frame

    def __len__(self) -> int:
        return len(self._frame.run_ids)

    def __iter__(self) -> Iterator[Self]:
        return (self[row] for row in range(len(self)))

    def __getitem__(self, rows: SupportsIndex | slice) -> Self:
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
        """How many runs tidying left out: ``dropped``, ``archived``, ``failed`` at once, ``repeats``, ``inside``."""
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
        what is known of a run. A metric with the name of a param is called ``metric.<name>``. Where a metric is the
        mean of a repeated cell's runs, ``sd.<name>`` is their standard deviation, beside a param of that name
        ``spread.sd.<name>``.
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
    def spreads(self) -> list[dict[str, Spread]]:
        """Of metrics that are means of a cell's repeats: of how many, with their standard deviation."""
        return row_dicts(self._frame.spreads, len(self))

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

    def where(self, expression: str) -> Self:
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

    def best(self, metric: str | None = None, count: int = 1, *, goal: Goal | None = None) -> Self:
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

    @property
    def dropped(self) -> Self:
        """Those of the runs that were dropped."""
        shelf = self._frame.attributes["shelf"].tolist()
        return self._take([row for row, place in enumerate(shelf) if place == "dropped"])

    def of_ids(self, run_ids: Sequence[str]) -> Self:
        """Return the runs with these ids, in their order, from the same store.

        Raises
        ------
        InputError
            One of them is no id.
        """
        if strangers := [run_id for run_id in run_ids if not is_run_id(run_id)]:
            raise InputError(f"{strangers[0]!r} is no id of a run; expected ids as in `Runs.ids`")
        return self._select(list(run_ids))

    def _one(self, what: str) -> str:
        if len(self) != 1:
            raise InputError(f"{what} is of one run; these are {len(self)}; choose one, such as ts.runs('last')")
        return self.ids[0]

    def _take(self, rows: list[int], condition: tuple[Scope, str] | None = None) -> Self:
        frame = self._frame.take(rows)
        if condition and not rows:
            frame = replace(frame, total=len(self))  # so that it can be said of how many none passes
        scope = replace(chosen_scope(self._scope, frame.run_ids), condition=condition)
        return type(self)(self._store, scope, frame)

    def _select(self, run_ids: list[str]) -> Self:
        self._store.refresh(REFRESH_WAIT)
        scope = chosen_scope(self._scope, run_ids)
        return type(self)(self._store, scope, select_runs(self._store, scope))
