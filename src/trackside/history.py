"""How a metric went: points of many runs, thinned in the database to what a picture can show.

A line with more points in the asked range than there are pixel columns is reduced to the minimum, the maximum and the
mean of each column (never sampled), so that a spike of one point stays visible whatever the zoom.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from trackside.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import duckdb

    from trackside.store.store import Store

Floats: TypeAlias = NDArray[np.float64]
XAxis: TypeAlias = str
"""``step``, ``relative``, ``wall`` or ``metric:NAME``, as in `trackside.wire`."""

MOST_PIXELS = 10_000

_X = {
    "step": "CAST(m.step AS DOUBLE)",
    "relative": "epoch(m.time) - epoch(c.started_at)",
    "wall": "epoch(m.time)",
}
_METRIC = "metric:"


@dataclass(frozen=True, kw_only=True)
class LineData:
    """One run's line. A column of non-finite points only has NaN in ``low``, ``high`` and ``mean``.

    ``points`` counts those in the window. ``non_finite`` holds (x, kind) of places where the metric was ``"NaN"``,
    ``"Infinity"`` or ``"-Infinity"``.
    """

    run_id: str
    x: Floats
    low: Floats
    high: Floats
    mean: Floats
    points: int
    thinned: bool
    non_finite: list[tuple[float, str]]


@dataclass(frozen=True, kw_only=True)
class Window:
    """What is to be drawn: which axis, which part of it, on how many pixel columns."""

    x: XAxis = "step"
    pixels: int = 800
    range: tuple[float, float] | None = None
    log_x: bool = False

    def __post_init__(self) -> None:
        if self.x not in _X and not self.x_metric:
            raise InputError(f"x is {self.x!r}; expected one of {', '.join(_X)} or metric:NAME")
        if not 1 <= self.pixels <= MOST_PIXELS:
            raise InputError(f"pixels is {self.pixels}; expected 1 to {MOST_PIXELS:,} columns to draw on")
        if self.range is not None and not -math.inf < self.range[0] < self.range[1] < math.inf:
            raise InputError(f"range is {self.range}; expected its first end below its second, and both finite")

    @property
    def x_metric(self) -> str:
        """The metric that is the x axis; empty where that is step or time."""
        return self.x.removeprefix(_METRIC) if self.x.startswith(_METRIC) else ""


def select_history(store: Store, run_ids: Sequence[str], metric: str, window: Window) -> list[LineData]:
    """Return the line of ``metric`` for each of these runs that has a part in the window, in the order given.

    A line that is not thinned comes with the point just outside each end of the window, so that it reaches the edges.
    Where x is another metric, points stand in order of its values; those at whose step it was not logged, or was not
    finite, are left out. The line of a repeated cell's run, which logged none, is the mean of its repeats at each step.
    """
    if not run_ids:
        return []
    with store.read() as connection:
        connection.execute(
            """CREATE OR REPLACE TEMP TABLE chosen AS
            SELECT run_id, started_at, CAST(w.row AS INTEGER) AS row FROM runs JOIN
            (SELECT CAST(unnest(?) AS UUID) AS run_id, unnest(range(?)) AS row) w USING (run_id)""",
            [list(run_ids), len(run_ids)],
        )
        table = "metrics"
        if connection.execute("SELECT 1 FROM repeats r JOIN chosen c ON c.run_id = r.parent_id LIMIT 1").fetchone():
            connection.execute(_MEAN_POINTS, {"keys": [metric, window.x_metric]})
            table = "mean_points"
        points = _Points(connection, run_ids, metric, window, table)
        extent = _extent(points, window)
        parts = _columns(points, window, extent) if extent else []
    lines = [line for part in parts for line in _split_lines(part, run_ids)]
    places = {run_id: place for place, run_id in enumerate(run_ids)}
    return sorted(lines, key=lambda line: places[line.run_id])


@dataclass(frozen=True, kw_only=True)
class _Extent:
    """What lies in the window: by run (a row of ``chosen``) the number of points; over all of them the ends of x.

    ``reach`` holds, by run, x of the point before the window and of the one after it; the window's own end where there
    is none.
    """

    points: dict[int, int]
    reach: dict[int, tuple[float, float]]
    low: float
    high: float


# Lets DuckDB skip the row groups of other runs: ids are ordered by time.
_IN_BOUNDS = "m.run_id BETWEEN CAST($first AS UUID) AND CAST($last AS UUID)"

# Of several values at one step the last counts.
_AXIS_POINTS = f"""JOIN (SELECT run_id, step, arg_max(value, (time, writer, seq, line_row)) AS x FROM {{table}} m
            WHERE m.key = $axis AND isfinite(value) AND {_IN_BOUNDS} GROUP BY run_id, step) a
            ON a.run_id = m.run_id AND a.step = m.step"""

_COLUMNS = "run_id, writer, seq, line_row, key, step, time, value"

# Of a repeat its last value at a step counts, as its last value of all does. Each repeat begins where the run around it
# does, so that the time since is the mean of theirs.
_MEAN_POINTS = f"""CREATE OR REPLACE TEMP TABLE mean_points AS
    WITH inside AS (
        SELECT r.run_id, r.parent_id, epoch_us(own.started_at) - epoch_us(c.started_at) AS later
        FROM repeats r JOIN chosen c ON c.run_id = r.parent_id JOIN runs own ON own.run_id = r.run_id WHERE counts
    ), own AS (
        SELECT {_COLUMNS} FROM metrics JOIN chosen USING (run_id)
        WHERE list_contains($keys, key)
    )
    SELECT * FROM own
    UNION ALL
    SELECT parent_id, '', step, 0, key, step, make_timestamp(CAST(avg(later) AS BIGINT)), avg(value)
    FROM (
        SELECT parent_id, key, step, max(epoch_us(time) - later) AS later,
            arg_max(value, (time, writer, seq, line_row)) AS value
        FROM metrics JOIN inside USING (run_id)
        WHERE list_contains($keys, key) AND (parent_id, key) NOT IN (SELECT (run_id, key) FROM own)
        GROUP BY run_id, parent_id, key, step
    ) GROUP BY parent_id, key, step"""


class _Points:
    """The points of one metric on an axis, of a table of points, as an expression that other SQL builds on.

    ``inside`` is the condition that holds for those in the window.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, run_ids: Sequence[str], metric: str, window: Window, table: str
    ) -> None:
        x = "a.x" if window.x_metric else _X[window.x]
        positive = f"AND {x} > 0" if window.log_x else ""
        self._sql = f"""
            (SELECT c.row, {x} AS x, m.value, m.time, m.writer, m.seq, m.line_row
            FROM {table} m JOIN chosen c USING (run_id) {_AXIS_POINTS.format(table=table) if window.x_metric else ""}
            WHERE m.key = $metric AND {_IN_BOUNDS} {positive})"""
        self._values: dict[str, Any] = {"metric": metric, "first": min(run_ids), "last": max(run_ids)}
        if window.x_metric:
            self._values["axis"] = window.x_metric
        self.inside = "true"
        if window.range:
            self.inside = "x BETWEEN $begin AND $end"
            self._values |= dict(zip(("begin", "end"), window.range, strict=True))
        self._connection = connection

    def select(self, columns: str, rest: str, **values: Any) -> duckdb.DuckDBPyConnection:
        """Run ``SELECT columns FROM (these points) rest``; ``$name`` in either stands for a value."""
        return self._connection.execute(f"SELECT {columns} FROM {self._sql} {rest}", self._values | values)


def _extent(points: _Points, window: Window) -> _Extent | None:
    inside = f"FILTER (WHERE {points.inside})"
    beside = "max(x) FILTER (WHERE x < $begin)", "min(x) FILTER (WHERE x > $end)"
    before, after = beside if window.range else ("NULL", "NULL")
    rows = points.select(
        f"row, count(*) {inside} AS points, min(x) {inside}, max(x) {inside}, {before} AS before, {after} AS after",
        "GROUP BY row HAVING points > 0 OR before < after",
    ).fetchall()
    if not rows:
        return None
    begin, end = window.range or (-math.inf, math.inf)
    found = [x for row in rows for x in row[2:4] if x is not None]
    return _Extent(
        points={row: count for row, count, *_ in rows},
        reach={
            row: (begin if before is None else before, end if after is None else after)
            for row, *_, before, after in rows
        },
        low=min(found, default=begin),
        high=max(found, default=end),
    )


def _columns(points: _Points, window: Window, extent: _Extent) -> list[dict[str, Any]]:
    """Whole lines where they fit into the pixels, else one entry for each pixel column that holds a point."""
    thinned = [row for row, count in extent.points.items() if count > window.pixels]
    whole = {row: reach for row, reach in extent.reach.items() if extent.points[row] <= window.pixels}
    parts = [_whole_columns(points, whole)] if whole else []
    return [*parts, _thinned_columns(points, window, extent, thinned)] if thinned else parts


def _whole_columns(points: _Points, reach: dict[int, tuple[float, float]]) -> dict[str, Any]:
    begins, ends = zip(*reach.values(), strict=True)
    return points.select(
        "row, x, value AS low, value AS high, value AS mean, "
        "isnan(value) AS nan, value = 'inf' AS above, value = '-inf' AS below, "
        f"CAST({points.inside} AS INTEGER) AS points, false AS thinned",
        "JOIN (SELECT unnest($rows::INTEGER[]) AS row, unnest($begins::DOUBLE[]) AS x0, unnest($ends::DOUBLE[]) AS x1) "
        "USING (row) WHERE x BETWEEN x0 AND x1 ORDER BY row, x, time, writer, seq, line_row",
        rows=list(reach),
        begins=list(begins),
        ends=list(ends),
    ).fetchnumpy()


def _thinned_columns(points: _Points, window: Window, extent: _Extent, thinned: list[int]) -> dict[str, Any]:
    place, (low, high) = "x", window.range or (extent.low, extent.high)
    if window.log_x:
        place, low, high = "log10(x)", math.log10(max(low, extent.low)), math.log10(high)
    finite = "FILTER (WHERE isfinite(value))"
    # One small integer says row and column: grouping by it is three times as fast as by both.
    columns = points.select(
        f"CAST(row * $pixels + least(floor(({place} - $low) / $width), $pixels - 1) AS INTEGER) AS cell, avg(x) AS x, "
        f"min(value) {finite} AS low, max(value) {finite} AS high, avg(value) {finite} AS mean, "
        "bool_or(isnan(value)) AS nan, bool_or(value = 'inf') AS above, bool_or(value = '-inf') AS below, "
        "count(*) AS points, true AS thinned",
        f"WHERE {points.inside} AND row IN (SELECT unnest($thinned::INTEGER[])) GROUP BY cell ORDER BY cell",
        pixels=window.pixels,
        low=low,
        width=(high - low) / window.pixels or 1.0,
        thinned=thinned,
    ).fetchnumpy()
    return {"row": np.asarray(columns.pop("cell")) // window.pixels, **columns}


def _split_lines(columns: dict[str, Any], run_ids: Sequence[str]) -> Iterator[LineData]:
    data = {name: _floats(columns[name]) for name in ("x", "low", "high", "mean")}
    gaps = ~np.isfinite(data["mean"])
    for name in ("low", "high", "mean"):
        data[name] = np.where(gaps, np.nan, data[name])
    kinds = {"NaN": columns["nan"], "Infinity": columns["above"], "-Infinity": columns["below"]}
    rows, starts = np.unique(np.asarray(columns["row"]), return_index=True)
    for row, start, end in zip(rows, starts, [*starts[1:], len(gaps)], strict=True):
        part = slice(start, end)
        yield LineData(
            run_id=run_ids[row],
            points=int(np.sum(columns["points"][part])),
            thinned=bool(columns["thinned"][start]),
            non_finite=sorted(
                (float(x), kind)
                for kind, flags in kinds.items()
                for x in data["x"][part][np.asarray(flags[part], dtype=bool)]
            ),
            **{name: values[part] for name, values in data.items()},
        )


def _floats(column: Any) -> Floats:
    return np.ma.filled(np.ma.asarray(column, dtype=np.float64), np.nan)
