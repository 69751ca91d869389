"""Which runs are best."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from trackside.errors import InputError

if TYPE_CHECKING:
    from trackside.goals import Goal
    from trackside.query import RunFrame


def best_rows(frame: RunFrame, metric: str | None, goal: Goal | None) -> list[int]:
    """Return the rows of a frame by the last value of a metric, the best first; NaN and ±∞ are left out.

    So are the repeats of a cell whose run is there, which has their mean.

    Parameters
    ----------
    frame
        The runs.
    metric
        By default the main one.
    goal
        By default what is known of the metric.

    Raises
    ------
    InputError
        No run has the metric, or its goal is not known.
    """
    metric = metric or frame.main_metric
    if metric is None:
        raise InputError("Which metric says best is not known; name one, or say it: ts.metric(…, main=True).")
    frame.check_metric(metric)
    goal = goal or frame.goals.of(metric)
    if goal not in {"min", "max"}:
        raise InputError(
            f"Whether {metric!r} is better low or high is not known from its name; say goal='min' or goal='max'."
        )
    values = np.ma.filled(frame.metrics[metric], np.nan)
    order = np.argsort(values if goal == "min" else -values, kind="stable")
    counted = {*frame.rows_without_repeats()}
    return [int(row) for row in order if row in counted and np.isfinite(values[row])]
