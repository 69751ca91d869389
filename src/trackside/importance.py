"""What params tell of a metric: their importance to a random forest, and rank correlations.

Importance is permutation importance (Breiman 2001, "Random Forests", section 10): how much worse a forest predicts
runs it has not seen once one param's values are shuffled among them. Metric and params are taken by their ranks, so
that one run that diverged does not outweigh all others (Conover and Iman 1981, "Rank transformations") and it makes no
difference whether a param is on a logarithmic scale. Correlation is Spearman's (1904): Pearson's, of the ranks.
"""

from __future__ import annotations

import importlib.util
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import msgspec
import numpy as np

from trackside import wire
from trackside.errors import InputError
from trackside.model import short_labels
from trackside.quantities import spell_count
from trackside.run_table import number_part, plain_values

if TYPE_CHECKING:
    import numpy.typing as npt

    from trackside.query import Column, RunFrame

Ranks: TypeAlias = "npt.NDArray[np.float32]"

FEWEST_RUNS = 10
"""With fewer, each fold would be judged by one run, and a rank correlation below 0.65 be chance (5 % level)."""

_FOLDS = 5
_SHUFFLES = 5
_TREES = 50
_MOST_RUNS = 1000  # with 60 params they take about four seconds of one core
_MOST_PARAMS = 60
_KEPT_FORESTS = 16
_LACKING = -1.0  # below all ranks, so that one split tells it from them
_NO_LIBRARY = "Importance needs scikit-learn: pip install 'trackside[analysis]'. Correlations are shown without it."


@dataclass(frozen=True)
class PermutationImportances:
    """What a forest says: how much of the metric it explains, and of each param the importance and its deviation."""

    explained: float
    importances: list[tuple[float, float]]


@dataclass(frozen=True)
class _Param:
    """A param as the forest takes it, and its numbers' ranks, which a correlation is of: None where it has words."""

    key: str
    ranks: Ranks
    ordered: Ranks | None

    @property
    def has_words(self) -> bool:
        """Whether there are words in place of some numbers."""
        return self.ordered is not None and bool((np.isnan(self.ordered) & ~np.isnan(self.ranks)).any())


def rate_params(frame: RunFrame, metric: str, wait: float | None = None) -> wire.Importance:
    """Return what the params of runs tell of a metric's last value.

    Parameters
    ----------
    frame
        The runs, newest first. Those that go on, and those in which the metric is missing or not finite, do not count;
        of more than a thousand the newest do.
    metric
        Its name.
    wait
        Seconds to wait for the forest; if it takes longer the answer is pending, and a later call has it. None waits
        until it is there.

    Raises
    ------
    InputError
        No run has the metric.
    """
    frame.check_metric(metric)
    frame = frame.without_repeats()
    rows, notes = _rows_that_count(frame, metric)
    answer = wire.Importance(metric=metric, params=[], runs=len(rows), needed=FEWEST_RUNS, notes=notes)
    if len(rows) < FEWEST_RUNS:
        return answer
    goal = _ranks(frame.metrics[metric][rows])
    if not np.ptp(goal):
        return _noted(answer, f"{metric} is the same in all {len(rows)} runs: there is nothing to explain.")
    params, told = _params_that_differ(frame, rows)
    answer = _noted(answer, *told)
    if not params:
        return answer
    try:
        future = _forest(goal, np.stack([param.ranks for param in params], axis=1))
        verdict = future.result(wait)
    except ImportError:
        return _rated(_noted(answer, _NO_LIBRARY), frame, params, goal, None)
    except TimeoutError:
        return _rated(msgspec.structs.replace(answer, pending=True), frame, params, goal, None)
    return _rated(answer, frame, params, goal, verdict)


def check_importance(answer: wire.Importance) -> None:
    """Refuse an answer from too few runs.

    Raises
    ------
    InputError
        There are too few.
    """
    if answer.runs < answer.needed:
        raise InputError(
            f"Found {answer.runs} runs to tell from what is important to {answer.metric}; expected at least "
            f"{answer.needed}; train some more."
        )


def spearman(one: Ranks, other: Ranks) -> float | None:
    """Return Spearman's rank correlation over the places where both are known; None where one of them is constant."""
    both = ~(np.isnan(one) | np.isnan(other))
    a, b = _ranks(np.ma.masked_array(one[both])), _ranks(np.ma.masked_array(other[both]))
    if len(a) < FEWEST_RUNS or not np.ptp(a) or not np.ptp(b):
        return None
    return float(np.corrcoef(a, b)[0, 1])


def grow_forest(goal: Ranks, params: Ranks) -> PermutationImportances:
    """Return what a forest says of a metric: cross-validated, each fold judged by a forest that has not seen it.

    Parameters
    ----------
    goal
        The metric's ranks, one a run.
    params
        The params' ranks, one row a run, NaN where a run lacks one: that is a value like another.

    Raises
    ------
    ModuleNotFoundError
        scikit-learn is not installed.
    """
    from sklearn.ensemble import RandomForestRegressor
    from sklearn.model_selection import KFold

    params = np.nan_to_num(params, nan=_LACKING)
    random = np.random.default_rng(0)
    variance = float(np.var(goal))
    count = params.shape[1]
    lost = 0.0
    added = np.zeros((_FOLDS, _SHUFFLES, count))
    folds = KFold(_FOLDS, shuffle=True, random_state=0).split(params)
    for fold, (seen, unseen) in enumerate(folds):
        forest = RandomForestRegressor(_TREES, min_samples_leaf=2, random_state=0).fit(params[seen], goal[seen])
        truth = goal[unseen]
        loss = float(np.sum((forest.predict(params[unseen]) - truth) ** 2))
        lost += loss
        for shuffle in range(_SHUFFLES):
            # All params at once: scikit-learn's permutation_importance, one call each, takes five times as long.
            shuffled = np.tile(params[unseen], (count, 1, 1))
            order = random.permutation(len(unseen))
            for param in range(count):
                shuffled[param, :, param] = shuffled[param, order, param]
            predicted = forest.predict(shuffled.reshape(-1, count)).reshape(count, -1)
            added[fold, shuffle] = (np.sum((predicted - truth) ** 2, axis=1) - loss) * len(goal) / len(unseen)
    shares = added / (len(goal) * variance)
    means, deviations = shares.mean(axis=(0, 1)), shares.mean(axis=1).std(axis=0)
    return PermutationImportances(
        explained=1 - lost / (len(goal) * variance),
        importances=list(zip(means.tolist(), deviations.tolist(), strict=True)),
    )


_forests: dict[tuple[bytes, bytes], Future[PermutationImportances]] = {}
_guard = threading.Lock()
_one_at_a_time = threading.Lock()


def _forest(goal: Ranks, params: Ranks) -> Future[PermutationImportances]:
    """Return a forest's verdict once it is there; the same runs are asked once."""
    if importlib.util.find_spec("sklearn") is None:
        raise ModuleNotFoundError("sklearn")
    key = (goal.tobytes(), params.tobytes())
    with _guard:
        found = _forests.pop(key, None)
        if found and found.done() and found.exception():  # memory may have been short: it is tried again
            found = None
        future: Future[PermutationImportances] = found or Future()
        _forests[key] = future
        while len(_forests) > _KEPT_FORESTS:
            _forests.pop(next(iter(_forests)))
    if found is None:
        threading.Thread(target=_grow, args=(future, goal, params), name="trackside-importance", daemon=True).start()
    return future


def _grow(future: Future[PermutationImportances], goal: Ranks, params: Ranks) -> None:
    with _one_at_a_time:
        try:
            future.set_result(grow_forest(goal, params))
        except BaseException as error:  # noqa: BLE001 - whoever waits is told
            future.set_exception(error)


def _rows_that_count(frame: RunFrame, metric: str) -> tuple[list[int], list[str]]:
    """Return the rows whose metric can be held against others, and a line on each kind that is left out."""
    running = frame.attributes["status"] == "running"
    finite = np.isfinite(np.ma.filled(frame.metrics[metric].astype(float), np.nan))
    counting = np.flatnonzero(finite & ~np.ma.filled(running, fill_value=False)).tolist()
    left_out = [
        (int(np.sum(~finite)), "run", f" without a finite {metric}"),
        (int(np.sum(finite)) - len(counting), "unfinished run", ""),
        (max(0, len(counting) - _MOST_RUNS), "older run", ""),
    ]
    told = [spell_count(count, noun) + more for count, noun, more in left_out if count]
    return counting[:_MOST_RUNS], [f"Left out: {', '.join(told)}."] if told else []


def _params_that_differ(frame: RunFrame, rows: list[int]) -> tuple[list[_Param], list[str]]:
    """Return the params with several values in these rows, what most runs have first, and what to say of the others."""
    found = [_encode(key, column[rows]) for key, column in frame.params.items()]
    found = [param for param in found if not np.isnan(param.ranks).all()]
    differing = [param for param in found if np.nanmin(param.ranks) < np.nanmax(param.ranks)]
    differing.sort(key=lambda param: int(np.isnan(param.ranks).sum()))
    chosen = differing[:_MOST_PARAMS]
    notes = []
    if not differing:
        notes.append("No param differs between these runs: there is nothing that could be important.")
    elif constant := len(found) - len(differing):
        notes.append(f"{spell_count(constant, 'param')} with one value in all runs.")
    if len(chosen) < len(differing):
        notes.append(f"Of {len(differing)} params the {len(chosen)} are rated that most runs have.")
    if any(np.isnan(param.ranks).any() for param in chosen):
        notes.append("Where a run lacks a param, the forest takes that for a value; correlations leave the run out.")
    short = short_labels(frame.params)
    if mixed := [short[param.key] for param in chosen if param.has_words]:
        notes.append(f"The correlations of {', '.join(mixed)} are of their numbers, without words such as None.")
    return chosen, notes


def _encode(key: str, column: Column) -> _Param:
    """Return a param's values as numbers: ranks, or of words their places in the alphabet, which come after ranks."""
    numbers = column if column.dtype.kind == "b" else number_part(column)
    ordered = None if numbers is None else _ranks(numbers)
    ranks = np.full(len(column), np.nan, dtype=np.float32) if ordered is None else ordered.copy()
    if column.dtype.kind != "O":
        return _Param(key, ranks, ordered)
    is_word = np.isnan(ranks) & ~np.ma.getmaskarray(column)
    words = plain_values(column)[is_word].tolist()
    places = {word: len(ranks) + place for place, word in enumerate(sorted(set(words)), 1)}
    ranks[is_word] = [places[word] for word in words]
    return _Param(key, ranks, ordered)


def _ranks(column: Column) -> Ranks:
    """Return ranks from 1, the mean one where several values are alike; NaN where a value is missing or NaN."""
    values = np.ma.filled(column.astype(float), np.nan)
    ranks = np.full(len(values), np.nan, dtype=np.float32)
    known = ~np.isnan(values)
    _, places, counts = np.unique(values[known], return_inverse=True, return_counts=True)
    ranks[known] = (np.cumsum(counts) - (counts - 1) / 2)[places]
    return ranks


def _rated(
    answer: wire.Importance, frame: RunFrame, params: list[_Param], goal: Ranks, verdict: PermutationImportances | None
) -> wire.Importance:
    """Return an answer with the params in it, the most important first."""
    short = short_labels(frame.params)
    rated = []
    for place, param in enumerate(params):
        importance, std = verdict.importances[place] if verdict else (None, None)
        rated.append(
            wire.ParamImportance(
                key=f"param:{param.key}",
                name=short[param.key],
                runs=int(np.sum(~np.isnan(param.ranks))),
                importance=importance,
                std=std,
                correlation=None if param.ordered is None else spearman(param.ordered, goal),
            )
        )
    rated.sort(key=lambda param: (-(param.importance or 0.0), -abs(param.correlation or 0.0), param.name))
    return msgspec.structs.replace(answer, params=rated, explained=verdict.explained if verdict else None)


def _noted(answer: wire.Importance, *notes: str) -> wire.Importance:
    return msgspec.structs.replace(answer, notes=[*answer.notes, *notes])
