"""Which of many runs were not evaluated as the one that they are held against: what tables and charts say out loud.

Runs whose data and cells are the same are judged once. Of others only the newest are judged, so that nobody waits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from trackside.analysis.samples import read_evaluations
from trackside.comparability.evaluations import compare_evaluations, list_incomparable
from trackside.errors import InputError
from trackside.ranking import best_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trackside.query import RunFrame
    from trackside.store.store import Store

MOST_JUDGED = 1000
"""So many different evaluations are judged at most: about a second, where all cells differ."""


@dataclass(frozen=True, kw_only=True)
class Incomparable:
    """The runs that are known not to be comparable with a run by a metric.

    Attributes
    ----------
    reference
        The run that they are held against.
    causes
        What differs, in words, and the runs of which that is so; those of most runs first.
    unjudged
        How many runs were not looked at, because too many were evaluated in different ways.
    """

    metric: str
    reference: str
    causes: list[tuple[str, list[str]]]
    unjudged: int = 0


def find_incomparable(
    store: Store, frame: RunFrame, metric: str | None = None, against: str | None = None
) -> Incomparable | None:
    """Return which runs of a frame were not evaluated as the one that they are held against; unknown ones are left out.

    None where there is nothing to hold them against: no main metric, or neither a baseline nor a best run.

    Parameters
    ----------
    metric
        By default the main one.
    against
        A run; by default the baseline, else the best run.
    """
    metric = metric or frame.main_metric
    reference = against or (_reference(frame, metric) if metric in frame.metrics else None)
    if metric not in frame.metrics or reference is None:
        return None
    has_metric = ~np.ma.getmaskarray(frame.metrics[metric])
    measured = [run_id for run_id, has in zip(frame.run_ids, has_metric, strict=True) if has and run_id != reference]
    alike = _group(store, measured)
    judged = alike[:MOST_JUDGED]
    evaluations = read_evaluations(store, [reference, *(run_ids[0] for run_ids in judged)])
    causes: dict[str, list[str]] = {}
    for run_ids in judged:
        found = compare_evaluations(metric, [evaluations[run_ids[0]]], [evaluations[reference]])
        if found.state == "not comparable":
            causes.setdefault("; ".join(found.causes), []).extend(run_ids)
    return Incomparable(
        metric=metric,
        reference=reference,
        causes=sorted(causes.items(), key=lambda each: -len(each[1])),
        unjudged=sum(map(len, alike[MOST_JUDGED:])),
    )


def find_incomparable_metrics(
    store: Store, run_id: str, baseline: str | None, metrics: Iterable[str]
) -> dict[str, str]:
    """Return by which metrics a run is not comparable with the baseline, and why; none where it is the baseline."""
    if baseline is None or baseline == run_id:
        return {}
    known = read_evaluations(store, [run_id, baseline])
    return list_incomparable(metrics, known[run_id], known[baseline])


def _reference(frame: RunFrame, metric: str) -> str | None:
    if frame.baseline is not None:
        return frame.baseline
    try:
        return next((frame.run_ids[row] for row in best_rows(frame, metric, None)), None)
    except InputError:  # nobody knows which way is better
        return None


def _group(store: Store, run_ids: Sequence[str]) -> list[list[str]]:
    """Return runs in groups whose data and cells are the same, the group of the newest run first."""
    with store.read() as connection:
        rows = connection.execute(
            """WITH wanted AS (SELECT CAST(unnest(?) AS UUID) AS run_id),
            data AS (
                SELECT run_id, sum(hash(name, role, digest, sampled, shape, profile)) AS data
                FROM datasets GROUP BY run_id),
            folds AS (SELECT run_id, sum(hash(CAST(about AS VARCHAR))) AS folds
                FROM artifacts WHERE kind = 'folds' GROUP BY run_id)
            SELECT list(CAST(run_id AS VARCHAR) ORDER BY started_at DESC, run_id DESC)
            FROM runs JOIN wanted USING (run_id) LEFT JOIN data USING (run_id) LEFT JOIN folds USING (run_id)
            GROUP BY data, folds, source ORDER BY max(started_at) DESC, max(run_id) DESC""",
            [list(run_ids)],
        ).fetchall()
    return [alike for (alike,) in rows]
