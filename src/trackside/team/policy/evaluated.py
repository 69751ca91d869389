"""Records of runs with what checks need: what tells their code, how metrics are defined, how data was divided."""

from __future__ import annotations

from hashlib import sha256
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import msgspec

from trackside.analysis.samples import read_evaluations, with_children
from trackside.analysis.siblings import with_repeats, with_siblings
from trackside.capture.code.seeds import without_seeds
from trackside.comparability.evaluations import say_preprocessing
from trackside.listings import list_decided
from trackside.model import SEED_TAG
from trackside.query import Scope, select_runs
from trackside.team.policy.record_file import bound
from trackside.team.policy.run_record import read_run_records

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trackside.comparability.evaluations import Evaluation
    from trackside.store.store import Store
    from trackside.team.policy.run_record import RecordedData, RunRecord

T = TypeVar("T")

MOST_BESIDE = 30
"""Runs that are recorded beside one, at most."""

BESIDE_ROOM = 20_000
"""Bytes that they take in a notebook, at most."""

_JUDGED = ("predictions", "folds")
"""Kinds of artifacts that checks read: a record says that there are some."""

_ROOM = 2_000
_DIGITS = 16


class Decided(NamedTuple):
    """What was decided of an experiment.

    Attributes
    ----------
    goals, main
        Which metrics are better low and which high, and which says best.
    baselines
        The runs that others are held against, by the baselines' names.
    runs
        Those runs, with others that count with them.
    """

    goals: Mapping[str, str] = {}
    main: str | None = None
    baselines: Mapping[str, str] = {}
    runs: Sequence[RunRecord] = ()


def read_evaluated(store: Store, run_ids: Sequence[str]) -> list[RunRecord]:
    """Return the records of runs of a store with what checks need."""
    evaluations = read_evaluations(store, run_ids)
    return [with_evaluation(run, evaluations[run.run_id]) for run in read_run_records(store, run_ids)]


def with_evaluation(run: RunRecord, evaluation: Evaluation) -> RunRecord:
    """Return a record with what tells its code, how its metrics are defined, and how its data was divided."""
    source = evaluation.source
    profiles = {(each.dataset.name, each.dataset.role): each.profile for each in evaluation.datasets if each.profile}

    def divided(data: RecordedData) -> RecordedData:
        profile = profiles.get((data.name, data.role))
        if profile is None:
            return data
        return msgspec.structs.replace(data, split=profile.split, prepared=say_preprocessing(profile))

    definitions = {metric: evaluation.define(metric) for metric in run.metrics}
    return msgspec.structs.replace(
        run,
        code=sha256(without_seeds(source).encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS] if source else None,
        definitions={metric: text for metric, text in definitions.items() if text},
        datasets=[divided(each) for each in run.datasets],
    )


def with_decided(run: RunRecord, decided: Decided) -> RunRecord:
    """Return a record with what was decided of its metrics, and of which baselines it is the run."""
    said: dict[str, Any] = {
        "goals": {metric: goal for metric, goal in decided.goals.items() if metric in run.metrics},
        "main": decided.main,
        "baselines": sorted(name for name, run_id in decided.baselines.items() if run_id == run.run_id),
    }
    return msgspec.structs.replace(run, **said)


def read_decided(store: Store, project: str, experiments: Sequence[str], *, with_runs: bool = False) -> Decided:
    """Return what was decided of an experiment of several names.

    Parameters
    ----------
    with_runs
        Whether the baselines' runs are wanted, too, with those that count with them in a check.
    """
    goals, main, baselines = (
        list_decided(store, subject, project, experiments) for subject in ("goal", "main", "baseline")
    )
    counted = take_turns(*(_list_counted(store, run_id) for run_id in baselines.values())) if with_runs else []
    runs = read_evaluated(store, list(dict.fromkeys(counted)))
    return Decided(goals, main.get(""), baselines, runs)


def _list_counted(store: Store, run_id: str) -> list[str]:
    """Return a run with those that count with it when others are held against it."""
    scope = Scope(run_ids=[run_id])
    frame = select_runs(store, scope)
    inside = with_children(store, scope, frame, None)
    metric = inside.main_metric or next(iter(inside.metrics), None)
    if metric is None:
        return [run_id]
    repeats, _ = with_repeats(store, scope, inside, metric)
    counted, _ = with_siblings(store, scope, repeats, metric, without=())
    return [run_id, *counted.run_ids]


def take_turns(*lists: Iterable[T]) -> list[T]:
    """Return what is in lists, the first of each first: where some are cut off, none is lost for another's length."""
    return [each for turn in zip_longest(*lists) for each in turn if each is not None]


def record_beside(run: RunRecord, others: Iterable[RunRecord]) -> list[RunRecord]:
    """Return other runs as a notebook records them beside one: what checks need of the first `MOST_BESIDE` of them."""
    kept = {each.run_id: each for each in others if each.run_id != run.run_id}
    chosen = list(kept.values())[:MOST_BESIDE]
    room = min(_ROOM, BESIDE_ROOM // max(1, len(chosen)))
    return [bound(_slim(each, {*run.metrics, *filter(None, [run.main])}), room) for each in chosen]


def _slim(run: RunRecord, metrics: set[str]) -> RunRecord:
    said: dict[str, Any] = {
        "user": "",
        "metrics": {key: value for key, value in run.metrics.items() if key in metrics},
        "definitions": {key: text for key, text in run.definitions.items() if key in metrics},
        "tags": {key: value for key, value in run.tags.items() if key == SEED_TAG},
        "datasets": [each for each in run.datasets if each.role or each.split],
        "artifacts": [each for each in run.artifacts if each.kind in _JUDGED],
        "goals": {},
        "main": None,
        "notebook": None,
        "cell_id": None,
    }
    return msgspec.structs.replace(run, **said)
