"""How a metric went: points of many runs, thinned in the database to what a picture can show.

A line with more points in the asked range than there are pixel columns is reduced to the minimum, the maximum and the
mean of each column (never sampled), so that a spike of one point stays visible whatever the zoom.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from trackside.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from trackside.store.store import Store

Floats: TypeAlias = NDArray[np.float64]
XAxis: TypeAlias = Literal["step", "relative", "wall"]

MOST_PIXELS = 10_000

_X = {
    "step": "CAST(m.step AS DOUBLE)",
    "relative": "epoch(m.time) - epoch(c.started_at)",
    "wall": "epoch(m.time)",
}


@dataclass(frozen=True, kw_only=True)
class LineData:
    """One run's line. A column of non-finite points only has NaN in ``low``, ``high`` and ``mean``.

    ``non_finite`` holds (x, kind) of places where the metric was ``"NaN"``, ``"Infinity"`` or ``"-Infinity"``.
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
        if not 1 <= self.pixels <= MOST_PIXELS:
            raise InputError(f"pixels is {self.pixels}; expected 1 to {MOST_PIXELS:,} columns to draw on")
        if self.range is not None and not self.range[0] < self.range[1]:
            raise InputError(f"range is {self.range}; expected its first end below its second")


def select_history(store: Store, run_ids: Sequence[str], metric: str, window: Window) -> list[LineData]:
    """Return the line of ``metric`` for each of these runs that has a point in the window, in the order given."""
    with store.read() as connection:
        connection.execute(
            """CREATE OR REPLACE TEMP TABLE chosen AS
            SELECT run_id, started_at, w.row FROM runs JOIN
            (SELECT CAST(unnest(?) AS UUID) AS run_id, unnest(range(?)) AS row) w USING (run_id)""",
            [list(run_ids), len(run_ids)],
        )
        extent = _extent(connection, metric, window)
        columns = _columns(connection, metric, window, extent) if extent else None
    return _split_lines(columns, extent, run_ids, window) if columns and extent else []


@dataclass(frozen=True, kw_only=True)
class _Extent:
    """What lies in the window: by run (a row of ``chosen``) the number of points; over all of them the ends of x."""

    points: dict[int, int]
    low: float
    high: float


def _points_sql(window: Window) -> str:
    x = _X[window.x]
    inside = f"AND {x} BETWEEN ? AND ?" if window.range else ""
    positive = f"AND {x} > 0" if window.log_x else ""
    # The bounds let DuckDB skip the row groups of other runs: ids are ordered by time.
    return f"""
        SELECT c.row, {x} AS x, m.value, m.time, m.writer, m.seq, m.line_row
        FROM metrics m JOIN chosen c USING (run_id)
        WHERE m.key = ? AND m.run_id BETWEEN (SELECT min(run_id) FROM chosen) AND (SELECT max(run_id) FROM chosen)
        {inside} {positive}"""


def _extent(connection: duckdb.DuckDBPyConnection, metric: str, window: Window) -> _Extent | None:
    rows = connection.execute(
        f"SELECT row, count(*), min(x), max(x) FROM ({_points_sql(window)}) GROUP BY row",
        [metric, *(window.range or ())],
    ).fetchall()
    if not rows:
        return None
    low, high = window.range or (min(row[2] for row in rows), max(row[3] for row in rows))
    return _Extent(points={int(row[0]): int(row[1]) for row in rows}, low=float(low), high=float(high))


def _columns(connection: duckdb.DuckDBPyConnection, metric: str, window: Window, extent: _Extent) -> dict[str, Any]:
    """Whole lines where they fit into the pixels, else one entry for each pixel column that holds a point."""
    place, low, high = "x", extent.low, extent.high
    if window.log_x:
        low = max(low, np.nextafter(0.0, 1.0))
        place, low, high = "log10(x)", float(np.log10(low)), float(np.log10(high))
    width = (high - low) / window.pixels or 1.0
    thinned = [row for row, points in extent.points.items() if points > window.pixels]
    finite = "FILTER (WHERE isfinite(value))"
    return connection.execute(
        f"""
        WITH points AS ({_points_sql(window)})
        SELECT row, x, value AS low, value AS high, value AS mean,
               isnan(value) AS nan, value = 'inf' AS above, value = '-inf' AS below, writer, seq, line_row, time
        FROM points WHERE row NOT IN (SELECT unnest(?::BIGINT[]))
        UNION ALL
        SELECT row, avg(x), min(value) {finite}, max(value) {finite}, avg(value) {finite},
               bool_or(isnan(value)), bool_or(value = 'inf'), bool_or(value = '-inf'), NULL, NULL, NULL, NULL
        FROM points WHERE row IN (SELECT unnest(?::BIGINT[]))
        GROUP BY row, least(CAST(floor(({place} - ?) / ?) AS BIGINT), ?)
        ORDER BY row, x, time, writer, seq, line_row
        """,
        [metric, *(window.range or ()), thinned, thinned, low, width, window.pixels - 1],
    ).fetchnumpy()


def _split_lines(columns: dict[str, Any], extent: _Extent, run_ids: Sequence[str], window: Window) -> list[LineData]:
    rows = np.asarray(columns["row"])
    starts = np.searchsorted(rows, np.arange(len(run_ids) + 1))
    data = {name: _floats(columns[name]) for name in ("x", "low", "high", "mean")}
    finite = np.isfinite(data["mean"])
    for name in ("low", "high", "mean"):
        data[name] = np.where(finite, data[name], np.nan)
    kinds = {"NaN": columns["nan"], "Infinity": columns["above"], "-Infinity": columns["below"]}
    lines = []
    for row, points in sorted(extent.points.items()):
        part = slice(starts[row], starts[row + 1])
        lines.append(
            LineData(
                run_id=run_ids[row],
                points=points,
                thinned=points > window.pixels,
                non_finite=sorted(
                    (float(x), kind)
                    for kind, flags in kinds.items()
                    for x in data["x"][part][np.asarray(flags[part], dtype=bool)]
                ),
                **{name: values[part] for name, values in data.items()},
            )
        )
    return lines


def _floats(column: Any) -> Floats:
    return np.ma.filled(np.ma.asarray(column, dtype=np.float64), np.nan)
