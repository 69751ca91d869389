"""A check in words: as plain text, and as the reasons that it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from trackside.analysis.evidence import FEWEST_RESAMPLED, bootstrap_interval
from trackside.quantities import spell_count
from trackside.visible_text import align, cut

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trackside.analysis.check import Check
    from trackside.analysis.evidence import Interval
    from trackside.analysis.samples import Sample
    from trackside.analysis.verdicts import Verdict

MARKS: dict[Verdict, str] = {
    "better": "✓",
    "worse": "✗",
    "no difference": "=",
    "not enough data": "?",
    "not comparable": "≠",
}

LONGEST = 60
"""Characters of a name that are shown."""


def write_text(check: Check) -> str:
    """Return a check as text: verdict, values, reasons, and of several candidates a table of them."""
    lines = [f"{MARKS[check.verdict]} {say_verdict(check)}", *([say_difference(check)] if check.interval else [])]
    lines += [f"  {reason}" for reason in check.reasons]
    lines += [f"  first difference: {cut(check.first_difference, 200)}"] if check.first_difference else []
    if check.each:
        lines += align([("", *titles_of(check)), *(_cells(each) for each in check.each)], numbers={3, 4})
    return "\n".join(lines)


def titles_of(check: Check) -> tuple[str, ...]:
    """Return what stands above the columns of a check of several candidates."""
    return "candidate", "verdict", cut(check.rule.metric, LONGEST), "difference", "interval"


def numbers_of(check: Check) -> tuple[str, str, str]:
    """Return the value, the difference and the interval of one candidate."""
    effect = "" if check.effect is None else f"{check.effect:+.4g}"
    interval = "" if check.interval is None else spell_interval(check.interval)
    return f"{mean_of(check.candidate):.5g}", effect, interval


def _cells(check: Check) -> tuple[str, ...]:
    return MARKS[check.verdict], cut(check.candidate.label, LONGEST), say_outcome(check), *numbers_of(check)


def say_verdict(check: Check) -> str:
    """Return a check in one line: ``better: val_acc 0.912 (mlp, 5 runs) against 0.904 (svm, 5 runs)``."""
    return f"{say_outcome(check)}: {say_values(check)}"


def say_outcome(check: Check) -> str:
    """Return the verdict, with what has to be said beside it wherever it stands."""
    return f"{check.verdict} (not comparable)" if check.is_forced else check.verdict


def say_values(check: Check) -> str:
    """Return the metric's values on both sides in words."""
    metric = cut(check.rule.metric, LONGEST)
    return f"{metric} {_say_sample(check.candidate)} against {_say_sample(check.baseline)}"


def say_difference(check: Check) -> str:
    """Return the difference with its interval and how it was found."""
    if check.effect is None or check.interval is None:
        return ""
    interval = f"{spell_share(check.interval_confidence)} interval {spell_interval(check.interval)}"
    size = f", Hedges' g {check.standardized:.2f}" if check.standardized is not None else ""
    return f"{check.effect:+.4g}, {interval}{size}; {check.method}"


def spell_interval(interval: Interval) -> str:
    """Return an interval as people read it.

    Examples
    --------
    >>> spell_interval((-0.25, 0.5))
    '-0.25 … +0.5'
    """
    return " … ".join(f"{bound:+.4g}" for bound in interval)


def mean_of(sample: Sample) -> float:
    """Return the mean of the values; NaN where they have none."""
    with np.errstate(all="ignore"):
        return float(np.mean(sample.values))


def describe_ruling(check: Check, candidates: int) -> Iterator[str]:
    """Yield what a verdict rests on: where its interval lies, what a bootstrap says, to how much it was held."""
    yield _say_interval(check)
    if candidates > 1:
        held_to = spell_share(check.interval_confidence)
        yield f"one of {candidates} candidates: held to {held_to} by Holm's correction"
    if min(len(check.candidate.values), len(check.baseline.values)) >= FEWEST_RESAMPLED:
        found = bootstrap_interval(check.candidate.values, check.baseline.values, check.interval_confidence)
        if found is not None:
            yield f"a bootstrap over the runs (BCa) {_say_bootstrap(check, found)}: {spell_interval(found)}"


def spell_share(share: float) -> str:
    """Return a share in per cent.

    Examples
    --------
    >>> spell_share(0.95), spell_share(1 - 0.05 / 4)
    ('95 %', '98.75 %')
    """
    return f"{100 * share:.4g} %"


def _say_sample(sample: Sample) -> str:
    label = cut(sample.label, LONGEST)
    runs = f", {spell_count(len(sample.values), 'run')}" if len(sample.values) > 1 else ""
    return f"{mean_of(sample):.5g} ({label}{runs})"


def _say_interval(check: Check) -> str:
    delta = check.rule.min_delta
    low, high = check.interval or (0.0, 0.0)
    if check.verdict in ("better", "worse"):
        beyond = f" by more than {delta:g}" if delta else ""
        return f"the whole interval is {check.verdict}{beyond}"
    if check.verdict == "not enough data":
        return "no interval can be calculated"
    if delta and -delta <= low and high <= delta:
        return f"they differ by less than {delta:g} either way"
    beyond = f" of more than {delta:g}" if delta else ""
    return f"no difference{beyond} is shown; one that lies within the interval cannot be ruled out"


def _say_bootstrap(check: Check, found: Interval) -> str:
    delta = check.rule.min_delta
    is_beyond = found[0] > delta or found[1] < -delta
    agrees = is_beyond == (check.verdict in ("better", "worse"))
    return "agrees" if agrees else "does not agree, the values are few or skewed"
