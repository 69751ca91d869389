"""The fold scores of two cross-validations over the same folds of the same data, fold by fold."""

from __future__ import annotations

from itertools import product
from math import isclose, isfinite, sqrt
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from trackside.analysis.evidence import TDifference
from trackside.artifacts import list_artifacts
from trackside.capture.folds import FoldScores
from trackside.errors import InputError, StoreDamagedError
from trackside.visible_text import cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trackside.store.store import Store

_KIND = "folds"
_SHOWN = 80
_SAME = 1e-12


def weigh_folds(store: Store, candidate: tuple[str, float], baseline: tuple[str, float]) -> TDifference | str:
    """Return what the folds of two runs say of a metric, or why they say nothing.

    The runs are given by their ids and the metric's value, by which its folds are told: their mean is it, or its
    negative where the score is one to be maximised.
    """
    try:
        ours, theirs = (_find(store, *side) for side in (candidate, baseline))
    except (InputError, StoreDamagedError, msgspec.ValidationError, TypeError) as error:
        return f"the fold scores cannot be read: {cut(str(error), _SHOWN)}"
    if not ours or not theirs:
        return "no cross-validation that came to it is on record on both sides"
    refusals = [(_refuse(one, other), one, other) for (one, _), (other, _) in product(ours, theirs)]
    if all(refusal for refusal, _, _ in refusals):
        return refusals[0][0]
    (one, sign), (other, their_sign) = next(
        (mine, its) for mine, its in product(ours, theirs) if not _refuse(mine[0], its[0])
    )
    differences = sign * np.asarray(one.scores) - their_sign * np.asarray(other.scores)
    return corrected_t(differences, one.share or 0.0)


def corrected_t(differences: Sequence[float] | np.ndarray[Any, Any], share: float) -> TDifference | str:
    """Return the mean difference of scores over folds, or over random divisions, which train on the same rows in part.

    Nadeau and Bengio (2003), "Inference for the generalization error", Machine Learning 52, section 4.1: with ``J``
    differences of the variance ``s²`` and ``share`` rows tested by rows trained on, the standard error of their mean is
    ``sqrt((1 / J + share) · s²)``, with ``J - 1`` degrees of freedom. Made for random divisions; for the folds of a
    cross-validation, repeated too, by Bouckaert and Frank (2004), "Evaluating the replicability of significance tests
    for comparing learning algorithms", PAKDD.

    Parameters
    ----------
    differences
        One a fold, candidate minus baseline.
    share
        How many rows are tested for each that is trained on: 1 / (k - 1) in ``k`` folds.

    Examples
    --------
    >>> found = corrected_t([0.02, 0.01, 0.03, 0.02, 0.02], 1 / 4)
    >>> round(found.effect, 3), round(found.error, 4)
    (0.02, 0.0047)
    """
    values = np.asarray(differences, float)
    count = len(values)
    if count < 2 or not all(map(isfinite, values)):  # noqa: PLR2004 - a variance takes two
        return "the folds are too few, or not all of their scores are finite"
    effect, method = float(values.mean()), f"corrected resampled t interval over {count} folds (Nadeau and Bengio)"
    if np.ptp(values) <= _SAME * max(float(np.max(np.abs(values))), _SAME):
        if not np.any(values):
            return TDifference(effect=0.0, error=0.0, freedom=count - 1, method="all folds score the same")
        return "all folds differ by the same: what chance does to them cannot be told"
    return TDifference(
        effect=effect,
        error=sqrt((1 / count + share) * float(values.var(ddof=1))),
        freedom=count - 1,
        method=method,
        caveat="folds share rows that they train on: the interval is widened for that, and holds by approximation",
    )


def _find(store: Store, run_id: str, value: float) -> list[tuple[FoldScores, int]]:
    """Return the fold scores whose mean is a run's metric, each with the sign that it is to be taken with."""
    kept = [artifact.load() for artifact in list_artifacts(store, [run_id]).of_kind(_KIND)]
    scores = [each for table in kept for each in msgspec.convert(table, list[FoldScores])]
    means = [(each, float(np.mean(each.scores))) for each in scores if each.scores]
    return [(each, sign) for each, mean in means for sign in (1, -1) if isclose(sign * mean, value, rel_tol=1e-9)]


def _refuse(one: FoldScores, other: FoldScores) -> str:
    """Return why the folds of two cross-validations cannot be held against each other; an empty text where they can."""
    splitters = " and ".join(dict.fromkeys(cut(each.splitter, _SHOWN) for each in (one, other)))
    if one.score != other.score:
        return f"they are of other scores: {cut(one.score, _SHOWN)} and {cut(other.score, _SHOWN)}"
    if one.folds is None or other.folds is None:
        return (
            f"which rows their folds have is not on record, or drawn anew each time ({splitters}); set a random_state"
        )
    if one.data is None or other.data is None:
        return "whether they are of the same data is not on record"
    if one.data != other.data:
        return "they are of other data"
    if one.folds != other.folds or len(one.scores) != len(other.scores):
        return f"they have other rows: {splitters}"
    return ""
