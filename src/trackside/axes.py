"""What is laid along the axes of a view until somebody chooses; `js/core` has the same rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackside.goals import is_system_metric
from trackside.run_table import crowds_low
from trackside.wire import Axis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trackside.wire import Column, RunTable, Scatter

_MOST_PARAMS = 9
_MOST_METRICS = 2  # beside the main one
_MOST_WORDS = 40
"""A column with more words says which run it is, not what was tried."""

_FEW = 1 / 3
_FEWEST_COLUMNS = 6
"""A column that a smaller part of the runs has is left out, unless fewer columns than these would be left."""


def new_axis(column: Column) -> Axis:
    """Return a column as an axis, logarithmic where its values call for it."""
    return Axis(key=column.key, log=crowds_low(column))


def column_of(table: RunTable, key: str | None) -> Column | None:
    """Return the column with a key, if the table has it."""
    return next((column for column in table.columns if column.key == key), None)


def main_column(table: RunTable) -> Column | None:
    """Return the metric that says which run is best: the table's own choice, else the first."""
    drawn_first = f"metric:{table.metrics[0]}" if table.metrics else None
    results = sorted(filter(_is_result, table.columns), key=lambda column: column.key != drawn_first)
    return column_of(table, table.main) or next(iter(results), None)


def default_axes(table: RunTable) -> list[Axis]:
    """Return the axes of parallel coordinates: params that tell runs apart, a few metrics, and the main one last."""
    main = main_column(table)
    params = [column for column in table.columns if column.group == "param"]
    telling = _most_have(table, [column for column in params if _tells_apart(column)])
    others = [column for column in table.columns if _is_result(column) and column is not main and _tells_apart(column)]
    chosen = (telling or params)[:_MOST_PARAMS] + _most_have(table, others)[:_MOST_METRICS]
    return [new_axis(column) for column in [*chosen, *([main] if main else [])]]


def scatter_axes(table: RunTable, chosen: Scatter | None) -> tuple[Axis, Axis] | None:
    """Return the axes of a scatter: those chosen, else the param that differs most and the main metric.

    None where there is nothing to lay runs along.
    """
    x, y = (
        axis if axis and column_of(table, axis.key) else None for axis in (chosen and chosen.x, chosen and chosen.y)
    )
    if y is None:
        up = main_column(table) or _widest(table, x)
        y = new_axis(up) if up else None
    if x is None:
        across = _widest(table, y)
        x = new_axis(across) if across else None
    return (x, y) if x and y else None


def _widest(table: RunTable, other: Axis | None) -> Column | None:
    """Return the column that tells most runs apart: a param if any does, else a metric, else when they started."""
    there = [column for column in table.columns if other is None or column.key != other.key]
    telling = [column for column in there if column.group != "run" and _tells_apart(column)]
    telling = [column for column in telling if column.group == "param"] or telling
    times = (column for column in there if column.kind == "time")
    return max(_most_have(table, telling), key=lambda column: len(_known(column)), default=next(times, None))


def _most_have(table: RunTable, columns: Sequence[Column]) -> list[Column]:
    """Return those of the columns that many runs have; where there is none, all."""
    has_tags = any(column.key == "run:tags" for column in table.columns)  # it tells them all
    told = [
        column
        for column in table.columns
        if column.group != "run" or (column.key.startswith("run:tag:") and not has_tags)
    ]
    ranked = sorted((column for column in told if column.key != table.main), key=lambda column: -_coverage(column))
    beyond = ranked[_FEWEST_COLUMNS - (table.main is not None) :]
    sparse = {column.key for column in beyond if _coverage(column) < _FEW}
    return [column for column in columns if column.key not in sparse] or list(columns)


def _coverage(column: Column) -> float:
    return 1 - column.values.count(None) / max(1, len(column.values))


def _tells_apart(column: Column) -> bool:
    count = len(_known(column))
    return count > 1 and (column.kind != "text" or count <= _MOST_WORDS)


def _known(column: Column) -> set[object]:
    return {value for value in column.values if value is not None}


def _is_result(column: Column) -> bool:
    return column.group == "metric" and not is_system_metric(column.key.removeprefix("metric:"))
