"""Altair charts of runs, in the words of the live views: `Runs.chart` and `View.chart`."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Literal

from msgspec import structs

from trackside import wire
from trackside.errors import InputError
from trackside.importance import check_importance
from trackside.quantities import spell_count
from trackside.run_looks import shown_runs
from trackside.view_record import CHART, draw_record, included, most_lines
from trackside.view_states import history_state, named_metrics, parallel_state, scatter_state

if TYPE_CHECKING:
    from collections.abc import Sequence

    import altair as alt

    from trackside.browser_api import BrowserApi
    from trackside.query import RunFrame

_WAIT = 10.0  # seconds that a figure waits for points logged just now: it is to have all of them


class Charts:
    """Makes Altair charts of what a view shows: to layer, configure, embed and save, as figures of a paper.

    Sizes, fonts and colours are those of the theme that is enabled in Altair; two of them come with Trackside:
    ``trackside`` looks as the views do, ``trackside-paper`` is for a column of a paper. Only runs
    and groups always have the colours and dashes of the live view. ``.save("figure.pdf")``, ``.svg`` and ``.png`` need
    ``pip install "trackside[static]"``. Where a notebook has no network, Altair shows charts after
    ``alt.renderers.enable("svg")``.

    Parameters
    ----------
    api
        Answers which runs there are and how metrics went.
    state
        What is drawn where a call does not say it.
    run_ids
        The runs to draw, where not all in scope are.

    Examples
    --------
    >>> import altair as alt
    >>> alt.theme.enable("trackside-paper")  # doctest: +SKIP
    >>> ts.runs().chart.history("val_loss", smoothing=0.6).save("figure.pdf")  # doctest: +SKIP
    """

    def __init__(self, api: BrowserApi, state: wire.ViewState, run_ids: Sequence[str] | None = None) -> None:
        self._api = api
        self._state = state
        self._run_ids = run_ids

    def __repr__(self) -> str:
        return "<Altair charts: .history(), .parallel(), .scatter(), .importance()>"

    def history(
        self,
        *metrics: str | Sequence[str],
        x: str | None = None,
        smoothing: float | None = None,
        log_x: bool | None = None,
        log_y: bool | None = None,
        group: str | None = None,
        band: Literal["std", "quartiles"] | None = None,
    ) -> alt.LayerChart | alt.ConcatChart:
        """Return how metrics went in each run: a chart, or one for each of several metrics side by side.

        A line of more than some hundred points is thinned to their means, with a band from minimum to maximum; what is
        NaN or infinite is a gap. What is None is as in the view, or of runs as said below.

        Parameters
        ----------
        metrics
            By default the main one.
        x
            ``"step"`` (the default), ``"relative"`` (time since the run started), ``"wall"`` (time in UTC), or a
            metric that was logged beside: ``"epoch"``.
        smoothing
            Weight of the moving average, as in TensorBoard: from 0, none, up to 1. The raw line stays behind it.
        log_x, log_y
            Logarithmic axes; what is not above zero has no place on them. By default they are linear.
        group
            A param, tag or ``"group"``, by name: draws one line for all runs with the same value.
        band
            Of a group: its mean with one standard deviation on both sides (``"std"``, the default), or its median with
            the ``"quartiles"``.

        Raises
        ------
        InputError
            There is no such metric or column, or nothing to draw.

        Examples
        --------
        >>> ts.runs().chart.history("loss", "val_loss", x="epoch", group="optimizer", log_y=True)  # doctest: +SKIP
        """
        chosen = {"x": x, "smoothing": smoothing, "log_x": log_x, "log_y": log_y, "group_by": group, "band": band}
        state = history_state(self._read(), self._state, metrics, **chosen)
        chart: alt.LayerChart | alt.ConcatChart = self._draw("history", state)
        return chart

    def parallel(self, *columns: str, color: str | None = None) -> alt.LayerChart:
        """Return each run as a line over parallel axes.

        Parameters
        ----------
        columns
            Params, metrics, tags or what is known of a run (``"duration"``), by name, one for each axis. By default
            the params that differ, a few metrics, and the main one last.
        color
            What makes the colour of a line; by default the main metric. ``"name"`` gives each run its own.

        Raises
        ------
        InputError
            There is no such column, or there are not two axes.

        Examples
        --------
        >>> ts.runs().chart.parallel("lr", "depth", "val_loss", color="optimizer")  # doctest: +SKIP
        """
        chart: alt.LayerChart = self._draw("parallel", parallel_state(self._read(), self._state, columns, color))
        return chart

    def scatter(
        self,
        x: str | None = None,
        y: str | None = None,
        *,
        color: str | None = None,
        size: str | None = None,
        front: bool | None = None,
    ) -> alt.LayerChart:
        """Return each run as a point.

        Parameters
        ----------
        x, y, color, size
            As in `Runs.scatter`. ``color="name"`` gives each run its own.
        front
            Whether to draw the Pareto front of two metrics whose goals are known: the runs that no other beats in
            both. By default it is.

        Raises
        ------
        InputError
            There is no such column, or no run has both.

        Examples
        --------
        >>> ts.runs().chart.scatter("lr", "val_loss", color="optimizer").save("lr.svg")  # doctest: +SKIP
        """
        state = scatter_state(self._read(), self._state, x=x, y=y, colour=color, size=size, front=front)
        chart: alt.LayerChart = self._draw("scatter", state)
        return chart

    def importance(self, metric: str | None = None) -> alt.LayerChart:
        """Return a bar for each param: how important it is to a metric, and which way the metric goes with it.

        Waits until that is known, as `Runs.importance` has it. Without scikit-learn it is the correlation.

        Parameters
        ----------
        metric
            By default the main one.

        Raises
        ------
        InputError
            There is no such metric, or there are too few runs.

        Examples
        --------
        >>> ts.runs().chart.importance("val_loss")  # doctest: +SKIP
        """
        named_metrics(self._read(), [metric] if metric is not None else [])
        chart: alt.LayerChart = self._draw(
            "importance", structs.replace(self._state, importance_of=metric or self._state.importance_of)
        )
        return chart

    def _read(self) -> RunFrame:
        if not self._api.store.refresh(_WAIT):
            warnings.warn("The newest points are not in the tables yet; draw it again to have them.", stacklevel=3)
        return self._api.frame(wire.RunsQuestion(**included(self._state)))

    def _draw(self, panel: wire.Panel, state: wire.ViewState) -> Any:
        from trackside.charts import draw_chart  # Altair takes seconds to import: whoever draws nothing is not to wait

        state = structs.replace(state, panels=[panel])
        record = draw_record(self._api, state, CHART, wait=None, run_ids=self._run_ids)
        for importance in record.importances:
            check_importance(importance)
        chart = draw_chart(record, panel)
        if chart is None:
            raise InputError(_nothing(record, panel))
        most, runs = most_lines(CHART, len(record.histories)), len(shown_runs(record))
        if panel == "history" and runs > most:
            warnings.warn(
                f"Drawn are {most} of {runs:,} runs, the best, pinned, starred and newest; narrow them with .where(…).",
                stacklevel=3,
            )
        return chart


def _nothing(record: wire.ViewRecord, panel: wire.Panel) -> str:
    """Say what a chart would have needed."""
    runs = len(shown_runs(record))
    if not runs:
        return "There are no runs to draw; expected one at least; track a cell with %%track, or choose others."
    these = f"these {spell_count(runs, 'run')}"
    if panel == "history":
        drawn = " and ".join(history.metric for history in record.histories) or "any metric"
        axis = record.state.x.removeprefix("metric:")
        return f"None of {these} has points of {drawn} to draw by {axis}; expected some; log them with ts.log(…)."
    if panel == "parallel":
        return f"Found less than two axes in {these}; expected params and metrics; name some: .parallel('a', 'b')."
    if panel == "scatter":
        return f"None of {these} has a value on both axes; expected one; name others: .scatter('x', 'y')."
    notes = [note for importance in record.importances for note in importance.notes]
    return " ".join(notes) or "These runs have no metric yet; expected one that params may be important to; log one."
