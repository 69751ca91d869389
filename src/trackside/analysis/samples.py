"""The samples that a check compares: runs that differ in nothing but their seed, and the values of a metric in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from trackside.analysis.ways import group_ways
from trackside.capture.words.names import is_seed_name
from trackside.comparability.evaluations import Evaluation, make_evaluation
from trackside.errors import InputError
from trackside.model import SEED_TAG
from trackside.quantities import spell_count
from trackside.query import Scope, chosen_scope, select_runs
from trackside.run_data import read_datasets, read_folds_known, read_sources
from trackside.visible_text import cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trackside.query import RunFrame
    from trackside.run_data import RunDataset
    from trackside.store.store import Store

_UNJUDGED = ("running", "failed")
_UNJUDGED_REPEATS = (*_UNJUDGED, "interrupted")
"""Of a cell's repeats those count of which its run has the mean."""

_SHOWN = 6


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Runs of one way to train, and the last value of a metric in each.

    Attributes
    ----------
    label
        What tells it from the others in the check.
    notes
        What was left out, in words.
    """

    run_ids: tuple[str, ...]
    values: tuple[float, ...]
    seeds: tuple[str, ...]
    notes: tuple[str, ...] = ()
    label: str = ""


def make_samples(store: Store, frame: RunFrame, metric: str) -> list[Sample]:
    """Return the runs of a frame by params, code and data, seeds left out of account: each way to train is a sample.

    A run without the metric, and one that failed or goes on, does not count; nor do two with one seed and one value.

    Raises
    ------
    InputError
        No run has the metric, or none of those that do has ended well.
    """
    frame.check_metric(metric)
    rows = [row for row in range(len(frame.run_ids)) if has_ended_well(frame, row, metric)]
    if not rows:
        raise InputError(f"no run with {metric!r} has ended well; expected one that did; see their status")
    left = len(frame.run_ids) - len(rows)
    notes = (f"left out: {spell_count(left, 'run')} that failed, still goes on or has no {metric}",) if left else ()
    run_ids = [frame.run_ids[row] for row in rows]
    seeds = [_seeds(frame, row) for row in rows]
    ways = group_ways(store, run_ids, configs=[spell_config(frame, row) for row in rows], seeds=seeds)
    return [_sample(frame, metric, [rows[place] for place in way], notes) for way in ways]


def one_sample(store: Store, frame: RunFrame, metric: str) -> Sample:
    """Return the runs of a frame as one sample, that of the baseline.

    Raises
    ------
    InputError
        As `make_samples`; or they differ in more than their seed.
    """
    samples = make_samples(store, frame, metric)
    if len(samples) > 1:
        differing = [key for key, column in frame.params.items() if key not in _seed_params(frame) and _differs(column)]
        named = ", ".join(cut(key, 40) for key in differing[:_SHOWN]) or "their code or their data"
        raise InputError(
            f"the runs to hold against are of {len(samples)} kinds: they differ in {named}; expected one run, or runs "
            "that differ in nothing but their seed"
        )
    return samples[0]


def has_ended_well(frame: RunFrame, row: int, metric: str) -> bool:
    """Tell whether a run has a metric and neither failed nor goes on; a cell's repeat must have finished."""
    unjudged = _UNJUDGED_REPEATS if _has(frame.attributes["repeat_of"], row) else _UNJUDGED
    return _has(frame.metrics[metric], row) and frame.attributes["status"][row] not in unjudged


def label_samples(store: Store, samples: Sequence[Sample]) -> list[Sample]:
    """Return samples with labels that tell them from each other: by their names, and the params that are no seeds.

    The repeats of a cell go by the name of its run, where all are in one sample.
    """
    folded = [fold(store, sample.run_ids)[0] for sample in samples]
    first = [
        run_id if folded.count(run_id) == 1 else sample.run_ids[0]
        for run_id, sample in zip(folded, samples, strict=True)
    ]
    frame = select_runs(store, Scope(run_ids=first))
    params = {key: column for key, column in frame.params.items() if key not in _seed_params(frame)}
    labels = dict(zip(frame.run_ids, replace(frame, params=params).labels(), strict=True))
    return [replace(sample, label=labels[run_id]) for sample, run_id in zip(samples, first, strict=True)]


def fold(store: Store, run_ids: Sequence[str]) -> list[str]:
    """Return runs with those of repeated cells in place of their repeats, each once."""
    cells = read_cells(store, run_ids)
    return list(dict.fromkeys(cells.get(run_id, run_id) for run_id in run_ids))


def read_cells(store: Store, run_ids: Sequence[str]) -> dict[str, str]:
    """Return the repeated cells' own runs, by those of the runs that are their repeats."""
    with store.read() as connection:
        rows = connection.execute(
            """SELECT CAST(run_id AS VARCHAR), CAST(parent_id AS VARCHAR) FROM repeats
            WHERE run_id IN (SELECT CAST(unnest(?) AS UUID))""",
            [list(run_ids)],
        ).fetchall()
    return dict(rows)


def unfold(store: Store, scope: Scope, frame: RunFrame) -> RunFrame:
    """Return runs with the repeats of repeated cells in place of these cells' own, whose metrics are their means."""
    with store.read() as connection:
        rows = connection.execute(
            """SELECT CAST(parent_id AS VARCHAR), CAST(run_id AS VARCHAR) FROM repeats
            WHERE parent_id IN (SELECT CAST(unnest(?) AS UUID)) ORDER BY run_id DESC""",
            [frame.run_ids],
        ).fetchall()
    if not rows:
        return frame
    parents, own = {parent for parent, _ in rows}, {*frame.run_ids}
    inside = select_runs(store, chosen_scope(scope, [run_id for _, run_id in rows if run_id not in own]))
    rest = [run_id for run_id in frame.run_ids if run_id not in parents]
    return select_runs(store, chosen_scope(scope, [*rest, *without_dropped(inside).run_ids]))


def with_children(store: Store, scope: Scope, frame: RunFrame, metric: str | None) -> RunFrame:
    """Return the runs inside of a run where two or more have the metric: they are its seeds; else the run itself.

    Of repeated cells, also of several, their repeats count. The metric is the main one of the runs inside where it is
    None.

    Raises
    ------
    InputError
        All repeats of the cells were dropped.
    """
    cells, frame = frame, unfold(store, scope, frame)
    if cells.run_ids and not frame.run_ids:
        raise InputError(
            f"all repeats of {cut(cells.labels()[0], 40)} were dropped; expected one that counts; bring one back with "
            "%track keep"
        )
    if len(frame.run_ids) != 1:
        return frame
    with store.read() as connection:
        rows = connection.execute(
            "SELECT CAST(run_id AS VARCHAR) FROM runs WHERE parent_id = ? ORDER BY started_at DESC, run_id DESC",
            [frame.run_ids[0]],
        ).fetchall()
    if not rows:
        return frame
    inside = without_dropped(select_runs(store, chosen_scope(scope, [str(run_id) for (run_id,) in rows])))
    metric = metric or inside.main_metric
    counted = inside.metrics[metric].count() if metric in inside.metrics else 0
    return inside if counted > 1 else frame


def without_dropped(frame: RunFrame, *, but: str | None = None) -> RunFrame:
    """Return the runs of a frame that nobody dropped: those count with no other; one may be kept all the same."""
    shelves = frame.attributes["shelf"].tolist()
    there = zip(frame.run_ids, shelves, strict=True)
    return frame.take([row for row, (run_id, shelf) in enumerate(there) if shelf != "dropped" or run_id == but])


def read_evaluations(store: Store, run_ids: Sequence[str]) -> dict[str, Evaluation]:
    """Return what is known of how runs were evaluated, by their ids."""
    sources = read_sources(store, run_ids)
    datasets: dict[str, list[RunDataset]] = {run_id: [] for run_id in run_ids}
    for each in read_datasets(store, run_ids):
        datasets[each.run_id].append(each)
    known = read_folds_known(store, run_ids)
    return {
        run_id: make_evaluation(datasets[run_id], sources.get(run_id), [known.get(run_id, {})]) for run_id in run_ids
    }


def _sample(frame: RunFrame, metric: str, rows: list[int], notes: tuple[str, ...]) -> Sample:
    values = np.ma.getdata(frame.metrics[metric]).astype(float)
    seeds = [_seeds(frame, row) for row in rows]
    kept = {(seed or frame.run_ids[row], values[row]): row for row, seed in reversed([*zip(rows, seeds, strict=True)])}
    chosen = [row for row in rows if row in kept.values()]
    repeated = len(rows) - len(chosen)
    told = (f"{spell_count(repeated, 'run')} of the same seed and value counted once",) if repeated else ()
    return Sample(
        run_ids=tuple(frame.run_ids[row] for row in chosen),
        values=tuple(float(values[row]) for row in chosen),
        seeds=tuple(seed for row, seed in zip(rows, seeds, strict=True) if row in chosen),
        notes=notes + told,
    )


def spell_config(frame: RunFrame, row: int) -> str:
    """Return what tells one way to train from another: all params but the seeds."""
    seeds = _seed_params(frame)
    return repr([(key, column[row]) for key, column in frame.params.items() if key not in seeds and _has(column, row)])


def _seeds(frame: RunFrame, row: int) -> str:
    """Return what the seeds of a run are, as a text; an empty one where none is known."""
    known = _seed_params(frame)
    seeds = [(key, column[row]) for key, column in frame.params.items() if key in known and _has(column, row)]
    return repr(seeds) if seeds else ""


def _seed_params(frame: RunFrame) -> set[str]:
    """Return the params that are seeds: by their names, or because a run says so."""
    tagged = frame.tags[SEED_TAG].compressed() if SEED_TAG in frame.tags else ()
    said = {name for text in tagged for name in text.split(",")}
    return {key for key in frame.params if is_seed_name(key) or key.rpartition(".")[2] in said or key in said}


def _has(column: Any, row: int) -> bool:
    return not np.ma.getmaskarray(column)[row]


def _differs(column: Any) -> bool:
    return len({repr(value) for value in column.tolist()}) > 1
