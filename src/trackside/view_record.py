"""The record of a view: what is kept of it where nobody can be asked, bounded to the room there is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from trackside import wire

if TYPE_CHECKING:
    from trackside.browser_api import BrowserApi


@dataclass(frozen=True)
class Bounds:
    """How much of a view is kept.

    Attributes
    ----------
    runs, cells, fewest_runs
        At most so many runs, and cells of the table; but so many runs however many columns they have.
    lines, columns, fewest_columns
        At most so many lines of a metric; pixel columns of all lines together (about 40 bytes each); and of one line,
        where several metrics share them, no fewer.
    metrics
        At most so many metrics.
    all_metrics
        Whether metrics that the view does not draw are kept too, as far as there is room.
    """

    runs: int
    cells: int
    lines: int
    columns: int
    metrics: int
    fewest_runs: int = 20
    fewest_columns: int = 25
    all_metrics: bool = False


NOTEBOOK = Bounds(runs=200, cells=5_000, lines=50, columns=2_000, metrics=6)
"""Of a notebook's output: about 70 kB of table and 85 kB of lines."""

PAGE = Bounds(runs=10_000, cells=1_000_000, lines=1_000, columns=100_000, metrics=100, all_metrics=True)
"""Of a page of its own: some megabytes."""

_FINEST = 400
"""Pixel columns of one line."""


def draw_record(api: BrowserApi, state: wire.ViewState, bounds: Bounds, *, wait: float | None) -> wire.ViewRecord:
    """Return what a view shows, as far as the bounds have room for it.

    Parameters
    ----------
    wait
        Seconds that params' importance may take; None lets it take what it needs.
    """
    table = api.runs()
    runs = max(bounds.fewest_runs, bounds.cells // max(1, len(table.columns)))
    table = _newest(table, min(bounds.runs, runs))
    importances = []
    if "importance" in state.panels and (rated := rated_metric(state, table)):
        answer = api.importance(wire.ImportanceQuestion(metric=rated), wait)
        importances += [] if answer.pending else [answer]
    return wire.ViewRecord(
        version=wire.RECORD_VERSION,
        state=state,
        table=table,
        histories=_draw_histories(api, state, table, bounds),
        importances=importances,
    )


def rated_metric(state: wire.ViewState, table: wire.RunTable) -> str | None:
    """Return the metric whose params are rated: the chosen one, else the main one."""
    return state.importance_of or (table.main or "").removeprefix("metric:") or None


def _draw_histories(api: BrowserApi, state: wire.ViewState, table: wire.RunTable, bounds: Bounds) -> list[wire.History]:
    drawn = _drawn_metrics(state, table) if "history" in state.panels else []
    metrics = list(dict.fromkeys([*drawn, *(table.metrics if bounds.all_metrics else [])]))[: bounds.metrics]
    columns = bounds.columns // max(1, len(metrics))
    run_ids = table.run_ids[: min(bounds.lines, columns // bounds.fewest_columns)]
    most = 200 if not bounds.all_metrics else _FINEST
    pixels = min(most, columns // max(1, len(run_ids)))
    return [
        api.history(wire.HistoryQuestion(run_ids=run_ids, metric=metric, x=state.x, pixels=pixels))
        for metric in metrics
    ]


def _drawn_metrics(state: wire.ViewState, table: wire.RunTable) -> list[str]:
    chosen = state.metrics or ([state.metric] if state.metric else [])
    return [metric for metric in dict.fromkeys(chosen) if metric in table.metrics] or table.metrics[:1]


def _newest(table: wire.RunTable, count: int) -> wire.RunTable:
    if len(table.run_ids) <= count:
        return table
    columns = [msgspec.structs.replace(column, values=column.values[:count]) for column in table.columns]
    run_ids = table.run_ids[:count]
    kept = set(run_ids)
    return msgspec.structs.replace(
        table,
        run_ids=run_ids,
        columns=columns,
        ordinals=table.ordinals and table.ordinals[:count],
        repeats=table.repeats and table.repeats[:count],
        starred=[run_id for run_id in table.starred if run_id in kept],
        shown_anyway=[run_id for run_id in table.shown_anyway if run_id in kept],
    )
