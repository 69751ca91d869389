"""Verdicts: whether a candidate is better than a baseline, as far as the evidence goes.

A difference counts if it is larger than ``min_delta``, the smallest that matters, either way (Lakens, Scheel and Isager
2018, "Equivalence testing for psychological research", on the smallest effect size of interest). *Better* and *worse*
are said where the whole confidence interval lies beyond it; else no difference was shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from numbers import Real
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from trackside.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trackside.analysis.evidence import Evidence, Interval
    from trackside.goals import Goal

Verdict: TypeAlias = Literal["better", "worse", "no difference", "not enough data", "not comparable"]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What is asked of a candidate.

    Attributes
    ----------
    metric, goal
        What is looked at, and whether it is better low or high.
    min_delta
        The smallest difference that counts, in the metric's unit.
    confidence
        Of the interval: how often at least, of many checks of runs that differ in nothing, none finds a difference.
    allow_incomparable
        Whether runs are judged that were not evaluated alike.

    Raises
    ------
    InputError
        ``min_delta`` or ``confidence`` cannot be used.
    """

    metric: str
    goal: Goal
    min_delta: float = 0.0
    confidence: float = 0.95
    allow_incomparable: bool = False

    def __post_init__(self) -> None:
        if not _is_number(self.min_delta) or not self.min_delta >= 0:
            raise InputError(
                f"min_delta is {self.min_delta!r}; expected the smallest difference that counts, 0 or more"
            )
        if not _is_number(self.confidence) or not 0.5 <= self.confidence < 1:  # noqa: PLR2004 - of even odds
            raise InputError(f"confidence is {self.confidence!r}; expected a share from 0.5 to below 1, such as 0.95")


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """What was found of one candidate; ``confidence`` is what its interval was held to (see `rule_all`)."""

    verdict: Verdict
    effect: float
    interval: Interval
    confidence: float


def rule_all(found: Sequence[Evidence], rule: Rule) -> list[Ruling]:
    """Return the verdicts on several candidates that are held against one baseline.

    The chance that any of them is found better or worse for nothing is no more than ``1 - confidence``: Holm (1979), "A
    simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6. Each interval is of
    the confidence that its candidate was held to, so that it tells the same as the verdict.

    Examples
    --------
    >>> from trackside.analysis.evidence import weigh_values
    >>> evidence = weigh_values([0.91, 0.92, 0.93], [0.80, 0.79, 0.81])
    >>> [ruling.verdict for ruling in rule_all([evidence], Rule(metric="auc", goal="max"))]
    ['better']
    """
    p_values = [evidence.p_value(rule.min_delta) for evidence in found]
    levels = holm_levels(p_values, 1 - rule.confidence)
    return [
        _rule(evidence, p_value <= level, 1 - level, rule)
        for evidence, p_value, level in zip(found, p_values, levels, strict=True)
    ]


def holm_levels(p_values: Sequence[float], level: float) -> list[float]:
    """Return the significance level that each p-value is held to: those at or below it are significant.

    Of ``m`` p-values the smallest is held to ``level / m``, the next to ``level / (m - 1)``, and so on; from the first
    that is larger all are held to the same.

    Examples
    --------
    >>> holm_levels([0.03, 0.01, 0.04], 0.06)
    [0.03, 0.02, 0.06]
    """
    levels = [level] * len(p_values)
    has_failed = False
    held_to = level
    for place, which in enumerate(np.argsort(p_values, kind="stable").tolist()):
        held_to = held_to if has_failed else level / (len(p_values) - place)
        has_failed = has_failed or p_values[which] > held_to
        levels[which] = held_to
    return levels


def _rule(evidence: Evidence, is_significant: bool, confidence: float, rule: Rule) -> Ruling:  # noqa: FBT001 - private
    low, high = evidence.interval(confidence)
    if not (isfinite(low) and isfinite(high)):
        return Ruling(verdict="not enough data", effect=evidence.effect, interval=(low, high), confidence=confidence)
    least, most = (low, high) if rule.goal == "max" else (-high, -low)
    verdict: Verdict = "no difference"
    if is_significant and least > rule.min_delta:
        verdict = "better"
    elif is_significant and most < -rule.min_delta:
        verdict = "worse"
    return Ruling(verdict=verdict, effect=evidence.effect, interval=(low, high), confidence=confidence)


def _is_number(value: object) -> bool:
    return type(value) is not bool and isinstance(value, Real) and isfinite(value)
