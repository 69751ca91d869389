"""What the predictions of two runs say of the difference between them: the same rows, predicted by both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf, sqrt
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from trackside.analysis.evidence import RESAMPLES, SEED, TDifference
from trackside.analysis.library import load_stats

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from trackside.analysis.evidence import Floats, Interval

FEWEST_ROWS = 30
"""Of fewer rows a percentile interval is too narrow."""

_FEWEST_RESAMPLES = 999
_MOST_DRAWN = 20_000_000
_BATCH = 2_000_000

ROWS_ALONE = "this tells of these two models on such rows, not of how training them again would come out"

RowMetric: TypeAlias = Literal["accuracy", "error rate", "mse", "rmse", "mae", "log loss", "auc"]
"""Metrics that can be calculated from single rows."""

_LEAST = float(np.finfo(float).eps)
"""The smallest probability that counts, as in scikit-learn's ``log_loss``."""

_LOSSES: dict[RowMetric, Callable[[Floats, Floats], Floats]] = {
    "mse": lambda truth, predicted: np.square(predicted - truth),
    "rmse": lambda truth, predicted: np.square(predicted - truth),
    "mae": lambda truth, predicted: np.abs(predicted - truth),
    "log loss": lambda _, probability: -np.log(np.clip(probability, _LEAST, 1)),
}


@dataclass(frozen=True, kw_only=True)
class RowDifference:
    """A difference of two runs on the same rows, with what resampled rows make of it.

    Attributes
    ----------
    resampled, rows
        The difference on each resample of the rows, and how many rows there are.
    exact
        The p-value of McNemar's test, where predictions are right or wrong; else 0.
    """

    effect: float
    method: str
    resampled: Floats
    rows: int
    exact: float = 0.0
    caveat: str = ROWS_ALONE

    def interval(self, confidence: float) -> Interval:
        """Return the percentile interval (Efron 1979, "Bootstrap methods: another look at the jackknife"), expanded.

        Resampling takes the variance with divisor ``n`` and knows no t distribution, which makes it too narrow:
        Hesterberg (2015), "What teachers should know about the bootstrap", The American Statistician 69, takes the
        percentiles ``Φ(± sqrt(n / (n - 1)) · t(n - 1))``.
        """
        stats, rows = load_stats(), self.rows
        reach = sqrt(rows / (rows - 1)) * stats.t.ppf((1 + confidence) / 2, rows - 1)
        low, high = np.quantile(self.resampled, [stats.norm.sf(reach), stats.norm.cdf(reach)])
        return float(low), float(high)

    def p_value(self, min_delta: float) -> float:
        """Return the p-value at whose interval ``min_delta`` lies; no less than McNemar's p-value.

        It is made of the share of resamples that lie no further than ``min_delta``. One is added to both counts, so
        that it is never 0: Davison and Hinkley (1997), "Bootstrap methods and their application", section 4.2.
        """
        upwards = self.resampled if self.effect > 0 else -self.resampled
        within = int(np.sum(upwards <= min_delta))
        stats, rows = load_stats(), self.rows
        reach = max(0.0, float(stats.norm.isf((within + 1) / (len(upwards) + 1))))
        return max(self.exact, 2 * float(stats.t.sf(reach * sqrt((rows - 1) / rows), rows - 1)))


def weigh_rows(
    metric: RowMetric, truth: NDArray[np.generic], *predicted: NDArray[np.generic]
) -> RowDifference | TDifference | str:
    """Return what two runs' predictions of the same rows say of a metric, or why they say nothing.

    Parameters
    ----------
    metric
        What is made of the rows.
    truth
        What is so, one value a row; for the area under the ROC curve whether it is of the positive class.
    predicted
        What the candidate predicts, and what the baseline does: for the log loss the probability of what is so, for the
        area that of the positive class.

    Examples
    --------
    >>> truth = np.arange(40)
    >>> weigh_rows("mae", truth, truth + 1, truth + 2).effect
    -1.0
    """
    if len(truth) < FEWEST_ROWS:
        return f"both runs kept predictions of {len(truth)} same rows; expected {FEWEST_ROWS} or more"
    candidate, baseline = predicted
    if metric in ("accuracy", "error rate"):
        found = compare_correctness(candidate == truth, baseline == truth)
        return found if metric == "accuracy" else _turned(found)
    with np.errstate(all="ignore"):
        one, other = (values.astype(float) for values in predicted)
        if metric == "auc":
            return compare_areas(truth.astype(bool), one, other)
        one, other = (_LOSSES[metric](np.asarray(truth, float), values) for values in (one, other))
        total = np.sum(one) + np.sum(other)
    if not np.isfinite(total):
        return "not all predictions are finite numbers: a mean of the others would flatter them"
    return compare_losses(one, other, np.sqrt if metric == "rmse" else np.asarray)


def compare_correctness(candidate: NDArray[np.bool_], baseline: NDArray[np.bool_]) -> RowDifference:
    """Return the difference in the share of rows that are right.

    The exact test on the rows that only one of them has right is McNemar's (1947), "Note on the sampling error of the
    difference between correlated proportions or percentages", Psychometrika 12. Resampling rows is drawing the counts
    of the three kinds of rows from a multinomial distribution.
    """
    won, lost, rows = int(np.sum(candidate & ~baseline)), int(np.sum(baseline & ~candidate)), len(candidate)
    exact = float(load_stats().binomtest(won, won + lost, 0.5).pvalue) if won + lost else 1.0
    shares = [won / rows, lost / rows, 1 - (won + lost) / rows]
    counts = np.random.default_rng(SEED).multinomial(rows, shares, size=RESAMPLES)
    return RowDifference(
        effect=(won - lost) / rows,
        method=f"McNemar's exact test and bootstrap on {rows:,} rows ({won:,} right only here, {lost:,} only there)",
        resampled=(counts[:, 0] - counts[:, 1]) / rows,
        rows=rows,
        exact=exact,
    )


def compare_losses(candidate: Floats, baseline: Floats, statistic: Callable[[Floats], Floats]) -> RowDifference:
    """Return the difference of two mean losses, or of a function of them, with rows drawn in pairs.

    Efron and Tibshirani (1993), "An introduction to the bootstrap", chapter 8: a row's losses stay together.
    """
    rows = len(candidate)
    resamples = max(_FEWEST_RESAMPLES, min(RESAMPLES, _MOST_DRAWN // rows))
    random = np.random.default_rng(SEED)
    drawn = []
    for count in _batches(resamples, max(1, _BATCH // rows)):
        chosen = random.integers(rows, size=(count, rows))
        drawn.append(statistic(candidate[chosen].mean(axis=1)) - statistic(baseline[chosen].mean(axis=1)))
    return RowDifference(
        effect=float(statistic(candidate.mean()) - statistic(baseline.mean())),
        method=f"paired bootstrap on {rows:,} rows",
        resampled=np.concatenate(drawn),
        rows=rows,
    )


def compare_areas(truth: NDArray[np.bool_], candidate: Floats, baseline: Floats) -> TDifference | str:
    """Return the difference of two areas under ROC curves that were measured on the same rows.

    DeLong, DeLong and Clarke-Pearson (1988), "Comparing the areas under two or more correlated receiver operating
    characteristic curves", Biometrics 44; calculated from ranks as by Sun and Xu (2014), IEEE Signal Processing
    Letters 21.
    """
    if not (np.isfinite(candidate).all() and np.isfinite(baseline).all()):
        return "not all predictions are finite numbers"
    if min(np.sum(truth), np.sum(~truth)) < 2:  # noqa: PLR2004 - of one there is no variance
        return "the rows are almost all of one class; expected two or more of each"
    (won, lost), (other_won, other_lost) = (_placements(truth, scores) for scores in (candidate, baseline))
    variances = [np.var(ours - theirs, ddof=1) / len(ours) for ours, theirs in ((won, other_won), (lost, other_lost))]
    effect, error = float(np.mean(won) - np.mean(other_won)), float(np.sqrt(sum(variances)))
    if error == 0 and effect != 0:
        return "the areas under the curves do not vary over the rows"
    method = f"DeLong's interval on {len(truth):,} rows"
    return TDifference(effect=effect, error=error, freedom=inf, method=method, caveat=ROWS_ALONE)


def _placements(truth: NDArray[np.bool_], scores: Floats) -> tuple[Floats, Floats]:
    """Return for each positive the share of negatives below it, for each negative that of positives above it."""
    rank = load_stats().rankdata
    everywhere, own = rank(scores), np.empty(len(scores))
    own[truth], own[~truth] = rank(scores[truth]), rank(scores[~truth])
    places = everywhere - own
    return places[truth] / np.sum(~truth), 1 - places[~truth] / np.sum(truth)


def _batches(total: int, size: int) -> list[int]:
    return [min(size, total - start) for start in range(0, total, size)]


def _turned(found: RowDifference) -> RowDifference:
    return replace(found, effect=-found.effect, resampled=-found.resampled)
