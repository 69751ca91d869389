"""Runs by what made them: the experiments of a store, the cells of a notebook."""

from __future__ import annotations

import math
from datetime import UTC
from typing import TYPE_CHECKING, Literal

import numpy as np

from trackside.quantities import spell_difference
from trackside.wire import CellRuns, Experiment, Experiments

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trackside.goals import Goal
    from trackside.query import RunFrame
    from trackside.store.store import Store

_MOST_EXPERIMENTS = 500
_ENOUGH = 2
"""A cell is told by its newest run and the one before."""


def read_experiments(store: Store) -> Experiments:
    """Return the experiments of a store, that of the newest run first. Runs that were dropped do not count."""
    if not store.folder.exists():
        return Experiments(experiments=[])
    with store.read() as connection:
        rows = connection.execute(
            """SELECT project, experiment, count(*), count(*) FILTER (status = 'running'), max(started_at)
            FROM runs WHERE run_id NOT IN (SELECT run_id FROM marks WHERE mark = 'shelf' AND value = 'dropped')
            GROUP BY project, experiment ORDER BY max(started_at) DESC, project, experiment"""
        ).fetchall()
    found = [
        Experiment(
            project=project, name=name, runs=runs, running=running, newest=newest.replace(tzinfo=UTC).timestamp()
        )
        for project, name, runs, running, newest in rows[:_MOST_EXPERIMENTS]
    ]
    return Experiments(experiments=found, more=max(0, len(rows) - _MOST_EXPERIMENTS))


def group_by_cell(frame: RunFrame) -> Iterator[CellRuns]:
    """Yield the runs of each cell of a notebook, that of the newest run first.

    Runs that were dropped do not count, nor do those that are part of another run of the cell.
    """
    rows: dict[str, list[int]] = {}
    cells, parents, reasons = (frame.attributes[key].tolist() for key in ("cell_id", "parent", "left_out"))
    cell_of = dict(zip(frame.run_ids, cells, strict=True))
    for row, (cell_id, parent, reason) in enumerate(zip(cells, parents, reasons, strict=True)):
        if cell_id is not None and reason != "dropped" and cell_of.get(parent) != cell_id:
            rows.setdefault(cell_id, []).append(row)
    for cell_id, its in rows.items():
        yield _describe_cell(frame, cell_id, its)


def _describe_cell(frame: RunFrame, cell_id: str, rows: Sequence[int]) -> CellRuns:
    metric, values = frame.main_metric, list[float]()
    if metric is not None:
        column = np.ma.filled(frame.metrics[metric], np.nan)
        values = [float(column[row]) for row in rows[:_ENOUGH]]
    change = values[0] - values[1] if len(values) == _ENOUGH else math.nan
    spelt = spell_difference(*values) if len(values) == _ENOUGH else ""
    return CellRuns(
        cell_id=cell_id,
        run_ids=[frame.run_ids[row] for row in rows],
        status=str(frame.attributes["status"][rows[0]]),
        said=f"{metric} {values[0]:.4g}" if values and not math.isnan(values[0]) else "",
        change=spelt,
        tone=_tone(change, frame.goals.of(metric)) if metric is not None and spelt != "=" else None,
    )


def _tone(change: float, goal: Goal | None) -> Literal["good", "bad"] | None:
    if goal is None or not math.isfinite(change) or change == 0:
        return None
    return "good" if (change < 0) == (goal == "min") else "bad"
