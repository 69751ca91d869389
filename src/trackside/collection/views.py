"""The views of a set of runs, live and as charts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from trackside import wire
from trackside.browser_api import BrowserApi
from trackside.collection.run_set import RunSet
from trackside.errors import InputError
from trackside.view_states import compare_state, given_state, named_metrics, scatter_state
from trackside.whereabouts import find_own_settings
from trackside.wire.constants import COMPARED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trackside.chart_makers import Charts
    from trackside.query import Scope
    from trackside.widgets import ImportanceView, View


class ViewableRuns(RunSet):
    """Runs that can be looked at; at the end of a cell they show themselves as a table."""

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
        of two), and what they kept (see `artifacts`). Where no run has a history but the machine's, nor may still get
        one, there is no panel for it. The button *Insert code* writes the cell that makes the view again as it is. Runs
        that begin later come in, where these are all of an experiment or those that fulfil a condition; runs that were
        picked stay.

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

    def _compared(self, metrics: Sequence[str], newest: int | None) -> Scope:
        """Return which of the runs a comparison shows."""
        if newest is not None and (not isinstance(newest, int) or newest < 0):
            raise InputError(f"newest is {newest!r}; expected how many of the newest runs to show, 0 or more, or None")
        if newest is None or self._scope.run_ids is not None or self._scope.limit is not None:
            return self._scope
        return replace(self._scope, limit=newest, or_wanted=True, wanted=self._best_ids(*metrics[:1]))

    def _best_ids(self, metric: str | None = None) -> list[str]:
        """Return the id of the best run, none where nobody can tell."""
        metric = metric or self._frame.main_metric
        is_known = metric in self._frame.metrics and self._frame.goals.of(metric) is not None
        return self.best(metric).ids if is_known else []

    def _view(self, state: wire.ViewState) -> View:
        from trackside.widgets import View

        return View(self._api(self._scope), state, self._select)

    def _api(self, scope: Scope, metrics: Sequence[str] = ()) -> BrowserApi:
        return BrowserApi(self._store, scope, metrics, find_own_settings)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return self.table()._repr_mimebundle_(**kwargs)  # IPython's protocol, handed on
