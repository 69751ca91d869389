"""What a cross-validation scored fold by fold, and on which rows of which data."""

from __future__ import annotations

import hashlib
import itertools
import math
import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from trackside.capture.data.looks import look_at
from trackside.capture.data.recognition import recognise

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trackside.capture.data.budget import Budget

_LONGEST = 200
_BARE = re.compile(r"=([A-Za-z_]\w*)(?=,|$)")
"""A setting of a score's that is a text, which scikit-learn spells without quotes."""

_LOSS = "greater_is_better=False"


@dataclass(frozen=True, kw_only=True)
class FoldScores:
    """One score of a cross-validation, fold by fold.

    Attributes
    ----------
    by
        What was called: ``"cross_validate"``, or the class of a search, of whose candidates this is the best one.
    score
        What was scored, as scikit-learn calls it; ``"score"`` is the estimator's own.
    scores
        One value a fold.
    splitter
        What divided the data, with its settings.
    share
        Rows tested by rows trained on, on the average; None where that is not known.
    folds
        Digest of which rows are in which fold; None where they are drawn anew each time, or not known.
    data
        Digest of the data; None where its content cannot be told.
    """

    by: str
    score: str
    scores: list[float]
    splitter: str
    share: float | None = None
    folds: str | None = None
    data: str | None = None


class Divided(NamedTuple):
    """Data and how it was divided: the fields of `FoldScores` that all scores of one cross-validation share."""

    splitter: str
    share: float | None
    folds: str | None
    data: str | None


def describe_division(splitter: Any, data: tuple[Any, ...], groups: Any, budget: Budget | None) -> Divided:
    """Return how scikit-learn divides data: by dividing it once more, where that changes no random generator.

    Parameters
    ----------
    data
        ``X`` and ``y``; ``y`` may be None.
    budget
        The time that may be spent on looking at the data; None where it is not to be looked at.
    """
    text, share, folds = _spell(splitter), None, None
    if is_fixed(splitter):
        digest, shares = hashlib.sha256(), []
        for trained, tested in splitter.split(*data, **({} if groups is None else {"groups": groups})):
            digest.update(f"{len(trained)}|{len(tested)}|".encode() + np.asarray(tested, "<i8").tobytes())
            shares.append(len(tested) / max(len(trained), 1))
        share, folds = sum(shares) / len(shares), digest.hexdigest()[:32]
    return Divided(text, share, folds, _digest([part for part in data if part is not None], budget))


def read_scores(by: str, scorers: Any, tested: Any, divided: Divided) -> list[FoldScores]:
    """Return the scores of the folds as scikit-learn has them: an array, or for several scores a list of dicts."""
    rows = {name_scorer(scorers): tested}
    if len(tested) and isinstance(tested[0], dict):
        named = vars(scorers).get("_scorers", {})
        rows = {
            name_scorer(named[name]) if name in named else str(name): [fold[name] for fold in tested]
            for name in tested[0]
        }
    return [
        FoldScores(by=by, score=score, scores=[float(value) for value in row], **divided._asdict())
        for score, row in rows.items()
    ]


def read_best(search: Any, results: Mapping[str, Any], divided: Divided) -> list[FoldScores]:
    """Return the scores of a search's best candidate, by the score that it chooses by."""
    name, scoring = "score", search.scoring
    if isinstance(search.refit, str):
        name = search.refit
        scoring = scoring.get(name, name) if isinstance(scoring, dict) else name
    if callable(search.refit) or f"rank_test_{name}" not in results:
        return []
    best = search._select_best_index(search.refit, name, results)  # noqa: SLF001 - it depends on the kind of search
    keys = itertools.takewhile(results.__contains__, (f"split{fold}_test_{name}" for fold in itertools.count()))
    scores = [float(results[key][best]) for key in keys]
    kind = type(search).__name__
    return [FoldScores(by=kind, score=name_scorer(scoring), scores=scores, **divided._asdict())]


def name_scorer(scorer: Any) -> str:
    """Return what a scorer of scikit-learn, or its name, scores; ``"score"`` is what an estimator scores by itself.

    Examples
    --------
    >>> import sklearn.metrics
    >>> name_scorer("accuracy"), name_scorer(None)
    ("accuracy_score, response_method='predict'", 'score')
    """
    if scorer is None or type(scorer).__name__ == "_PassthroughScorer":
        return "score"
    metrics = sys.modules.get("sklearn.metrics")
    if isinstance(scorer, str) and metrics is not None:
        scorer = metrics.get_scorer(scorer)
    told = repr(scorer) if type(scorer).__module__.startswith("sklearn.") else getattr(scorer, "__name__", "a scorer")
    return told.removeprefix("make_scorer(").removesuffix(")")[:_LONGEST]


def define_metrics(heard: Sequence[FoldScores], metrics: Mapping[str, Any]) -> dict[str, str]:
    """Return by what metrics were computed that are the mean of folds' scores, or its negative where a loss is scored.

    Examples
    --------
    >>> score = "log_loss, greater_is_better=False, response_method='predict_proba'"
    >>> heard = FoldScores(by="cross_validate", score=score, scores=[-0.25, -0.75], splitter="KFold(2)")
    >>> define_metrics([heard], {"cv_loss": 0.5, "val_loss": 0.4})
    {'cv_loss': "log_loss(response_method='predict_proba')"}
    """
    found: dict[str, set[str]] = {}
    for each in heard:
        mean, call = float(np.mean(each.scores)) if each.scores else math.nan, _spell_call(each.score)
        loss = call.replace(f"{_LOSS}, ", "").replace(_LOSS, "")
        for value, told in [(mean, call), *([(-mean, loss)] if loss != call else [])]:
            for metric, its in metrics.items():
                if told and not isinstance(its, str) and math.isclose(value, its, rel_tol=1e-9):
                    found.setdefault(metric, set()).add(told)
    return {metric: told.pop() for metric, told in found.items() if len(told) == 1}


def tell_divisions(heard: Sequence[FoldScores], metrics: Mapping[str, Any]) -> dict[str, str]:
    """Return of the metrics that are the mean of folds' scores, or its negative, of which data and which folds.

    Digests of both, the second empty where the folds are drawn anew or not known; nothing where the data is not known.

    Examples
    --------
    >>> heard = FoldScores(by="cross_validate", score="score", scores=[0.5], splitter="KFold(5)", folds="f", data="d")
    >>> tell_divisions([heard], {"cv_acc": 0.5, "val_acc": 0.4})
    {'cv_acc': 'd f'}
    """
    found: dict[str, set[str]] = {}
    for each in heard:
        mean = float(np.mean(each.scores)) if each.scores else math.nan
        for metric, value in metrics.items():
            if each.data and not isinstance(value, str) and math.isclose(abs(mean), abs(value), rel_tol=1e-9):
                found.setdefault(metric, set()).add(f"{each.data} {each.folds or ''}")
    return {metric: told.pop() for metric, told in found.items() if len(told) == 1}


def _spell_call(score: str) -> str:
    """Return a score as the call that it is, ``"accuracy_score()"``; an empty text where it has no name."""
    name, _, settings = score.partition(", ")
    return f"{name}({_BARE.sub(_quote, settings)})" if name.isidentifier() else ""


def _quote(setting: re.Match[str]) -> str:
    return setting[0] if setting[1] in ("None", "True", "False") else f"={setting[1]!r}"


def is_fixed(splitter: Any) -> bool:
    """Tell whether a splitter of scikit-learn divides the same data the same way each time.

    Examples
    --------
    >>> from sklearn.model_selection import KFold, ShuffleSplit
    >>> is_fixed(KFold(5)), is_fixed(KFold(5, shuffle=True)), is_fixed(ShuffleSplit(5, random_state=0))
    (True, False, True)
    """
    if not type(splitter).__module__.startswith("sklearn."):
        return False
    settings = vars(splitter)
    seed, inner = settings.get("random_state"), settings.get("base_cv")
    if inner is not None and not is_fixed(inner):
        return False
    if seed is None:
        return not settings.get("shuffle", "random_state" in settings)
    return isinstance(seed, int) or hasattr(seed, "__index__")


def _spell(splitter: Any) -> str:
    kind = type(splitter)
    if not kind.__module__.startswith("sklearn.") or kind.__name__.startswith("_CV"):
        return kind.__name__.strip("_")
    if (inner := vars(splitter).get("base_cv")) is not None:
        return f"{_spell(inner)} of a share of {splitter.fraction:.4g}"
    return repr(splitter)[:_LONGEST]


def _digest(parts: list[Any], budget: Budget | None) -> str | None:
    digest = hashlib.sha256()
    for part in parts:
        content = recognise(part, even_small=True)
        look = look_at(part, content, budget) if content is not None and budget is not None else None
        if look is None or look.digest is None:
            return None
        digest.update(look.digest.encode())
    return digest.hexdigest()[:32]
