"""What the values of a metric in several runs say of the difference between two ways to train.

A difference is that of the means, candidate minus baseline, in the metric's own unit.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from math import inf, isfinite, sqrt
from typing import TYPE_CHECKING, Protocol, TypeAlias

import numpy as np

from trackside.analysis.library import load_stats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]

Interval: TypeAlias = tuple[float, float]

RESAMPLES = 9999
SEED = 0
"""Of every bootstrap, so that the same runs get the same verdict again."""

FEWEST_RESAMPLED = 5
"""Runs on each side: of fewer there are too few different resamples to tell an interval from."""

_SAME = 1e-12
"""Values that differ by less, as a share of the largest, differ by rounding alone."""


class Evidence(Protocol):
    """What is known of a difference.

    Attributes
    ----------
    effect
        Candidate minus baseline.
    method
        How it was found, in words.
    caveat
        What it does not tell, in words; an empty text where there is nothing to say.
    """

    @property
    def effect(self) -> float: ...  # noqa: D102 - see above

    @property
    def method(self) -> str: ...  # noqa: D102 - see above

    @property
    def caveat(self) -> str: ...  # noqa: D102 - see above

    def interval(self, confidence: float) -> Interval:
        """Return the confidence interval of the difference."""

    def p_value(self, min_delta: float) -> float:
        """Return the two-sided p-value of a difference of no more than ``min_delta`` either way."""


@dataclass(frozen=True, kw_only=True)
class TDifference:
    """A difference with a standard error of Student's t distribution.

    Attributes
    ----------
    error, freedom
        The standard error, and the degrees of freedom.
    standardized
        The difference in standard deviations, Hedges' g; None where there is none.
    """

    effect: float
    error: float
    freedom: float
    method: str
    standardized: float | None = None
    caveat: str = ""

    def interval(self, confidence: float) -> Interval:
        """Return ``effect ± t(freedom) · error``."""
        if self.error == 0:
            return self.effect, self.effect
        reach = float(load_stats().t.ppf((1 + confidence) / 2, self.freedom)) * self.error
        return self.effect - reach, self.effect + reach

    def p_value(self, min_delta: float) -> float:
        """Return the p-value that belongs to the interval: below ``1 - confidence`` where it excludes ``min_delta``."""
        beyond = abs(self.effect) - min_delta
        if self.error == 0 or not beyond > 0:
            return 1.0
        return 2 * float(load_stats().t.sf(beyond / self.error, self.freedom))


def weigh_values(candidate: Sequence[float], baseline: Sequence[float]) -> TDifference | str:
    """Return what the values of a metric say, one a run, or why they say nothing.

    With two runs or more on each side it is `welch`; with one on one side, `single_case`. Runs of one side that all
    came to one value are one: their seeds changed nothing, so that they do not tell how such runs scatter.

    Examples
    --------
    >>> round(weigh_values([0.91, 0.92, 0.93], [0.90, 0.89, 0.91]).effect, 3)
    0.02
    >>> weigh_values([0.91], [0.90])
    'one run on each side: what chance does to them cannot be told'
    """
    one, other = np.asarray(candidate, float), np.asarray(baseline, float)
    scale = float(np.max(np.abs([*one, *other]), initial=0.0))
    if not isfinite(scale):
        return "not all values are finite numbers: a mean of the others would flatter them"
    if len(one) < 2 and len(other) < 2:  # noqa: PLR2004 - a pair
        return "one run on each side: what chance does to them cannot be told"
    if _is_constant(np.concatenate([one, other])):
        return TDifference(effect=0.0, error=0.0, freedom=inf, method="all values are the same")
    if _is_constant(one) and _is_constant(other):
        return "the runs of each side all came to one value: they count as one run each, as their seeds changed nothing"
    caveats = [
        f"the {len(values)} runs of the {side} all came to one value: they count as one, as their seeds changed nothing"
        for side, values in (("candidate", one), ("baseline", other))
        if len(values) > 1 and _is_constant(values)
    ]
    one, other = (values[:1] if _is_constant(values) else values for values in (one, other))
    single = len(one) < 2 or len(other) < 2  # noqa: PLR2004 - likewise
    found = (single_case if single else welch)(one / scale, other / scale)  # squares neither overflow nor vanish
    effect, error = found.effect * scale, found.error * scale
    if not (isfinite(effect) and isfinite(error)):
        return "the values are too large to calculate with"
    return TDifference(
        effect=effect,
        error=error,
        freedom=found.freedom,
        method=found.method,
        standardized=found.standardized,
        caveat="; ".join(filter(None, [*caveats, found.caveat])),
    )


def welch(candidate: Floats, baseline: Floats) -> TDifference:
    """Return the difference of two means whose variances may differ; two values or more on each side, not all the same.

    Welch (1947), "The generalization of 'Student's' problem when several different population variances are involved",
    Biometrika 34; degrees of freedom by Satterthwaite (1946), Biometrics Bulletin 2. Standardized as by `hedges_g`.
    """
    parts = np.array([np.var(values, ddof=1) / len(values) for values in (candidate, baseline)])
    total = float(parts.sum())
    freedom = total**2 / float(
        sum(part**2 / (len(v) - 1) for part, v in zip(parts, (candidate, baseline), strict=True))
    )
    return TDifference(
        effect=float(candidate.mean() - baseline.mean()),
        error=sqrt(total),
        freedom=freedom,
        method="Welch's t interval",
        standardized=hedges_g(candidate, baseline),
    )


def single_case(candidate: Floats, baseline: Floats) -> TDifference:
    """Return the difference of one run and the mean of several, taking it that both scatter alike.

    Crawford and Howell (1998), "Comparing an individual's test score against norms derived from small samples", The
    Clinical Neuropsychologist 12: ``t = (x - mean) / (s · sqrt((n + 1) / n))`` with ``n - 1`` degrees of freedom.
    """
    several = candidate if len(candidate) > 1 else baseline
    return TDifference(
        effect=float(candidate.mean() - baseline.mean()),
        error=float(np.std(several, ddof=1)) * sqrt((len(several) + 1) / len(several)),
        freedom=len(several) - 1,
        method="t interval of one run against several (Crawford and Howell)",
        caveat="it is taken that the way to train of which there is one run scatters like the other",
    )


def hedges_g(candidate: Floats, baseline: Floats) -> float:
    """Return the difference in pooled standard deviations, without the bias of small samples.

    Hedges (1981), "Distribution theory for Glass's estimator of effect size", Journal of Educational Statistics 6: with
    ``m = n1 + n2 - 2`` it is Cohen's d times ``1 - 3 / (4 m - 1)``.
    """
    freedom = len(candidate) + len(baseline) - 2
    squares = sum(float(np.sum((values - values.mean()) ** 2)) for values in (candidate, baseline))
    return float(candidate.mean() - baseline.mean()) / sqrt(squares / freedom) * (1 - 3 / (4 * freedom - 1))


def bootstrap_interval(candidate: Sequence[float], baseline: Sequence[float], confidence: float) -> Interval | None:
    """Return the bootstrap interval of the difference of two means, bias-corrected and accelerated (BCa).

    Efron (1987), "Better bootstrap confidence intervals", JASA 82, by `scipy.stats.bootstrap`. None where there are
    fewer than five values on a side, or no such interval.
    """
    one, other = np.asarray(candidate, float), np.asarray(baseline, float)
    if min(len(one), len(other)) < FEWEST_RESAMPLED or _is_constant(one) or _is_constant(other):
        return None
    scale = float(np.max(np.abs([*one, *other])))

    def difference(first: Floats, second: Floats, axis: int) -> Floats:
        means: Floats = first.mean(axis=axis) - second.mean(axis=axis)
        return means

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # what cannot be calculated is NaN, and is told below
        found = (
            load_stats()
            .bootstrap(
                (one / scale, other / scale),
                difference,
                n_resamples=RESAMPLES,
                confidence_level=confidence,
                method="BCa",
                rng=np.random.default_rng(SEED),
            )
            .confidence_interval
        )
    low, high = float(found.low) * scale, float(found.high) * scale
    return (low, high) if isfinite(low) and isfinite(high) else None


def _is_constant(values: Floats) -> bool:
    return bool(
        np.ptp(values / 2) <= _SAME * np.max(np.abs(values / 2))
    )  # halves: the range of finite numbers is finite
