"""The record of a view: what is kept of it where nobody can be asked, bounded to the room there is."""

from __future__ import annotations

import math
import re
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from trackside import wire
from trackside.errors import InputError, StoreBusyError
from trackside.goals import is_system_metric
from trackside.run_table import pick_runs
from trackside.wire.constants import CONDITION_SIGNS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trackside.browser_api import BrowserApi


_SIGNS = re.compile(CONDITION_SIGNS)
"""Signs that conditions have and words to find do not; `SIGNS` in the browser are the same."""


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
    room, table_room
        Bytes of all, as a notebook's indented JSON, and those of them that the table may take; the lines share the
        others. None where it does not matter.
    finest
        Pixel columns of one line, at most.
    all_metrics
        Whether metrics that the view does not draw are kept too, as far as there is room.
    """

    runs: int
    cells: int
    lines: int
    columns: int
    metrics: int
    room: int | None = None
    table_room: int | None = None
    fewest_runs: int = 20
    fewest_columns: int = 25
    finest: int = 200
    all_metrics: bool = False


NOTEBOOK = Bounds(runs=200, cells=5_000, lines=50, columns=2_000, metrics=6, room=100_000, table_room=70_000)
"""Of a notebook's output, which with its static HTML stays below 200 kB."""

PAGE = Bounds(runs=10_000, cells=1_000_000, lines=1_000, columns=100_000, metrics=100, finest=400, all_metrics=True)
"""Of a page of its own: some megabytes."""


_CELL_INDENTED = 12
"""Bytes that a notebook spends on a line of its own for each cell of the table."""

_FEWEST_COLUMNS = 12
"""So many columns are kept before runs are left out."""

_COLUMN = 45
"""Bytes of a line's pixel column: four floats of 64 bits as base64."""

CHART = Bounds(runs=1_000_000, cells=100_000_000, lines=800, columns=20_000, metrics=100, finest=400)
"""Of a chart in Python: all runs, and about a megabyte of lines."""


class Shown(NamedTuple):
    """The runs that a view shows: their table, and the ids of those that pass its filter, None where it has none."""

    table: wire.RunTable
    passing: list[str] | None


def ask_runs(
    api: BrowserApi, state: wire.ViewState, run_ids: Sequence[str] | None = None, *, is_strict: bool = False
) -> Shown:
    """Return the runs that a view shows.

    Words of its filter that only a browser looks for let all of them pass, and so does a condition that these runs have
    no use for.

    Parameters
    ----------
    run_ids
        Those that pass, where the filter is not to choose them.
    is_strict
        Whether to refuse a condition that cannot be used.

    Raises
    ------
    InputError
        There are runs, and the filter is such a condition.
    """
    table = api.runs(wire.RunsQuestion(**included(state)))
    if run_ids is not None or not state.filter.strip():
        return Shown(table, None if run_ids is None else list(run_ids))
    try:
        question = wire.FilterQuestion(expression=state.filter, **included(state))
        return Shown(table, api.filter(question).run_ids)
    except InputError:
        if is_strict and table.run_ids and _SIGNS.search(state.filter):
            raise
        return Shown(table, None)


def draw_record(
    api: BrowserApi,
    state: wire.ViewState,
    bounds: Bounds,
    *,
    wait: float | None,
    run_ids: Sequence[str] | None = None,
    shown: Shown | None = None,
) -> wire.ViewRecord:
    """Return what a view shows, as far as the bounds have room for it.

    Parameters
    ----------
    wait
        Seconds that params' importance may take where a browser asks for it anew once somebody sees it; None lets it
        take what it needs.
    run_ids
        The runs that are drawn, where not those are that the state's filter lets pass.
    shown
        The runs, where they were asked for already.
    """
    table, passing = shown or ask_runs(api, state, run_ids)
    table = _keep_runs(table, state, bounds, passing)
    comparability = _compare(api, state, table)
    if bounds.room is not None:
        room = bounds.room - _weigh(table) - _weigh_named(comparability)
        bounds = replace(bounds, columns=min(bounds.columns, max(0, room) // _COLUMN))
    known = set(table.run_ids)
    among = known if run_ids is None else set(run_ids)
    wanted = [run_id for run_id in wanted_first(table, state, passing) if run_id in among]
    importances = []
    is_wanted = wait is None or _front_panel(state) in {None, "importance"}
    if "importance" in state.panels and is_wanted and (rated := rated_metric(state, table)):
        question = wire.ImportanceQuestion(metric=rated, run_ids=passing, **included(state))
        with suppress(InputError):  # a chosen metric that these runs do not have: the panel says so
            answer = api.importance(question, wait)
            importances += [] if answer.pending else [answer]
    return wire.ViewRecord(
        version=wire.RECORD_VERSION,
        state=state,
        table=table,
        histories=_draw_histories(api, state, table, bounds, wanted),
        passing=None if passing is None else [run_id for run_id in passing if run_id in known],
        importances=importances,
        comparability=comparability,
    )


def _compare(api: BrowserApi, state: wire.ViewState, table: wire.RunTable) -> wire.Comparability | None:
    """Return which of a table's runs are not comparable with the pinned one, else the baseline, by the main metric."""
    main = (table.main or "").removeprefix("metric:")
    question = wire.ComparabilityQuestion(
        metric=main, against=state.pinned if state.pinned in table.run_ids else None, **included(state)
    )
    try:
        told = api.comparability(question)
    except StoreBusyError:  # the table is an older answer; nothing is said of it
        return None
    kept = [(each, [run_id for run_id in each.run_ids if run_id in table.run_ids]) for each in told.runs]
    runs = [msgspec.structs.replace(each, run_ids=run_ids) for each, run_ids in kept if run_ids]
    return msgspec.structs.replace(told, runs=runs)


def _front_panel(state: wire.ViewState) -> wire.Panel | None:
    """Return the panel that has the page to itself, as the browser's `frontPanel`; None where all stand there."""
    chosen = state.front if state.layout != "stack" and state.front in state.panels else None
    return next(iter(state.panels), None) if chosen is None and state.layout == "tabs" else chosen


def included(state: wire.ViewState) -> dict[str, bool]:
    """Return which runs are wanted beside those that a view shows by itself, as questions say it."""
    return {"include_hidden": state.include_hidden, "include_older": state.include_older}


def most_lines(bounds: Bounds, metrics: int) -> int:
    """Return how many lines of each of so many metrics are kept at most."""
    return min(bounds.lines, bounds.columns // max(1, metrics) // bounds.fewest_columns)


def rated_metric(state: wire.ViewState, table: wire.RunTable) -> str | None:
    """Return the metric whose params are rated: the chosen one, else the main one."""
    return state.importance_of or (table.main or "").removeprefix("metric:") or None


def _draw_histories(
    api: BrowserApi, state: wire.ViewState, table: wire.RunTable, bounds: Bounds, wanted: list[str]
) -> list[wire.History]:
    drawn = _drawn_metrics(state, table) if "history" in state.panels else []
    metrics = list(dict.fromkeys([*drawn, *(table.metrics if bounds.all_metrics else [])]))[: bounds.metrics]
    drawn_ids = wanted[: most_lines(bounds, len(metrics))]
    pixels = min(bounds.finest, bounds.columns // max(1, len(metrics)) // max(1, len(drawn_ids)))
    return [
        api.history(wire.HistoryQuestion(run_ids=drawn_ids, metric=metric, x=state.x, pixels=pixels, log_x=state.log_x))
        for metric in metrics
    ]


def _drawn_metrics(state: wire.ViewState, table: wire.RunTable) -> list[str]:
    chosen = state.metrics or ([state.metric] if state.metric else [])
    results = [metric for metric in table.metrics if not is_system_metric(metric)]
    return [metric for metric in dict.fromkeys(chosen) if metric in table.metrics] or results[:1]


def wanted_first(table: wire.RunTable, state: wire.ViewState, passing: Sequence[str] | None = None) -> list[str]:
    """Return a table's runs, those that people look for first: the best, pinned, ticked, starred and kept ones.

    Those that pass the filter, if there is one, come before all others. `wantedFirst` in the browser has the same rule.
    """
    shelves = _values(table, "run:shelf")
    kept = [run_id for run_id, shelf in zip(table.run_ids, shelves, strict=True) if shelf == "kept"]
    chosen = [best_run(table), state.pinned, table.baseline, *state.ticked, *table.starred, *kept]
    known = set(table.run_ids)
    wanted = list(dict.fromkeys([*(run_id for run_id in chosen if run_id in known), *table.run_ids]))
    pass_ids = known if passing is None else set(passing)
    return sorted(wanted, key=lambda run_id: run_id not in pass_ids)


def best_run(table: wire.RunTable) -> str | None:
    """Return the run with the best last value of the main metric, the newest of several; None where nobody can tell."""
    column = next((column for column in table.columns if column.key == table.main), None)
    if column is None or column.goal is None:
        return None
    numbers = [
        (float(value), run_id) for value, run_id in zip(column.values, table.run_ids, strict=True) if value is not None
    ]
    finite = [(value, run_id) for value, run_id in numbers if math.isfinite(value)]
    choose = min if column.goal == "min" else max
    return choose(finite, key=lambda pair: pair[0])[1] if finite else None


def _values(table: wire.RunTable, key: str) -> list[wire.Cell]:
    return next((column.values for column in table.columns if column.key == key), [None] * len(table.run_ids))


def _keep_runs(
    table: wire.RunTable, state: wire.ViewState, bounds: Bounds, passing: Sequence[str] | None
) -> wire.RunTable:
    """Return as many of the runs as there is room for, those that people look for before others, newest first.

    Where not even the fewest have room, only the columns that tell most are kept.
    """
    most = min(bounds.runs, max(bounds.fewest_runs, bounds.cells // max(1, len(table.columns))))
    wanted = wanted_first(table, state, passing)
    kept = _cut(table, wanted[:most])
    if bounds.table_room is None:
        return kept
    if (weight := _weigh(kept)) > bounds.table_room:
        kept = _cut(table, wanted[: max(bounds.fewest_runs, len(kept.run_ids) * bounds.table_room // weight)])
    while (weight := _weigh(kept)) > bounds.table_room and len(kept.columns) > _FEWEST_COLUMNS:
        most = min(len(kept.columns) - 1, len(kept.columns) * bounds.table_room // weight)
        columns = {column.key for column in _telling_columns(kept, state)[:most]}
        telling = [column for column in kept.columns if column.key in columns]
        kept = msgspec.structs.replace(kept, columns=telling, saved_columns_of=len(table.columns))
    while len(kept.run_ids) > 1 and (weight := _weigh(kept)) > bounds.table_room:
        kept = _cut(kept, wanted[: min(len(kept.run_ids) - 1, len(kept.run_ids) * bounds.table_room // weight) or 1])
    return kept


def _cut(table: wire.RunTable, run_ids: Sequence[str]) -> wire.RunTable:
    if len(run_ids) >= len(table.run_ids):
        return table
    all_of_them = table.saved_of or len(table.run_ids)
    return msgspec.structs.replace(pick_runs(table, {*run_ids}), saved_of=all_of_them)


def _telling_columns(table: wire.RunTable, state: wire.ViewState) -> list[wire.Column]:
    """Return the columns as they are kept first: what the view draws, what differs, what most runs have."""
    keys = {table.main, state.colour_by, state.group_by, *(axis.key for axis in state.axes or [])}
    keys |= {sort.key for sort in state.sorts or []}
    keys |= {f"metric:{name}" for name in state.metrics or []}

    def rank(column: wire.Column) -> tuple[bool, bool, int]:
        is_drawn = column.group == "run" or column.key in keys
        return not is_drawn, len(set(column.values)) == 1, column.values.count(None)

    return sorted(table.columns, key=rank)


def _weigh(table: wire.RunTable) -> int:
    """Return the bytes that a table takes in a notebook."""
    return len(msgspec.json.encode(table)) + _CELL_INDENTED * len(table.run_ids) * len(table.columns)


def _weigh_named(comparability: wire.Comparability | None) -> int:
    """Return the bytes that the runs which are not comparable take in a notebook, each id in a line of its own."""
    runs = comparability.runs if comparability else []
    return sum(len(msgspec.json.encode(each)) + _CELL_INDENTED * len(each.run_ids) for each in runs)
