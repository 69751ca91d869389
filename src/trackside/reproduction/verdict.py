"""Holds what came out of running a run again against what came out first."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from trackside.capture.words.names import is_time_name
from trackside.changes import ABSENT, Change, compare_values, describe_environment
from trackside.goals import is_system_metric
from trackside.model import short_id
from trackside.quantities import spell_count
from trackside.run_diff.data import describe_data, is_other_data
from trackside.visible_text import cut, spell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trackside.model import ReproductionVerdict
    from trackside.run_details import MetricFacts, RunDetails

_SHOWN = 20
"""Things of a kind that are shown, and kept with the mark."""


@dataclass(frozen=True, kw_only=True)
class MetricResult:
    """A metric's last value then and now; ``now`` is None where it was not logged again."""

    name: str
    then: float
    now: float | None
    is_same: bool

    def __str__(self) -> str:
        """Return it in one line."""
        if self.now is None:
            return f"{cut(self.name, 60)} {self.then:.6g} → not logged this time"
        if self.is_same or not math.isfinite(self.then - self.now):
            return f"{cut(self.name, 60)} {self.then:.6g} → {self.now:.6g}"
        share = f", relative {(self.now - self.then) / abs(self.then):+.2g}" if self.then else ""
        return f"{cut(self.name, 60)} {self.then!r} → {self.now!r} ({self.now - self.then:+.4g}{share})"


@dataclass(frozen=True, kw_only=True)
class Reproduction:
    """What running a run again showed.

    Attributes
    ----------
    run_id, verdict
        The run, and whether the same came out.
    tolerance
        How far a metric may be off, as a share of the larger of both values.
    metrics
        The metrics that were compared.
    data, environment
        In what the data and the environment differ.
    notes
        What was left out of the comparison, and what else there is to know.
    seconds
        How long it took.
    """

    run_id: str
    verdict: ReproductionVerdict
    tolerance: float
    metrics: list[MetricResult]
    data: list[Change] = field(default_factory=list)
    environment: list[Change] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def __str__(self) -> str:
        """Return the verdict in one line."""
        off = [result for result in self.metrics if not result.is_same]
        if self.verdict == "reproduced":
            count = len(self.metrics)
            return (
                f"{short_id(self.run_id)} reproduced: {spell_count(count, 'metric')} within "
                f"{self.tolerance:g}, in {self.seconds:.1f} s"
            )
        reasons = [", ".join(map(str, off[:3])) + (f" and {len(off) - 3} more" if len(off) > 3 else "")] if off else []  # noqa: PLR2004 - what a line has room for
        reasons += [f"data {', '.join(cut(change.name, 60) for change in self.data[:3])}"] if self.data else []
        return f"{short_id(self.run_id)} differs: {'; '.join(reasons)}"

    def __repr__(self) -> str:
        lines = [str(self), *(f"  {mark} {result}" for mark, result in self._marked())]
        lines += [f"  ≠ data {_say(change)}" for change in self.data[:_SHOWN]]
        if self.environment:
            lines.append(f"  the environment is another one ({len(self.environment)} differences):")
            lines += [f"    {_say(change)}" for change in self.environment[:_SHOWN]]
        if len(self.environment) > _SHOWN:
            lines.append(f"    … and {len(self.environment) - _SHOWN} more")
        return "\n".join([*lines, *(f"  ! {note}" for note in self.notes)])

    def _marked(self) -> Iterator[tuple[str, MetricResult]]:
        ordered = sorted(self.metrics, key=lambda result: result.is_same)
        yield from (("=" if result.is_same else "≠", result) for result in ordered[:_SHOWN])

    def details(self) -> str:
        """Return what is kept with the mark: JSON, of bounded size."""
        kept: dict[str, Any] = {
            "verdict": self.verdict,
            "tolerance": self.tolerance,
            "compared": len(self.metrics),
            "seconds": round(self.seconds, 3),
            "metrics": [str(result) for result in self.metrics if not result.is_same][:_SHOWN],
            "data": [_say(change) for change in self.data[:_SHOWN]],
            "environment": [_say(change) for change in self.environment[:_SHOWN]],
            "environment_differences": len(self.environment),
            "notes": [cut(note, 300) for note in self.notes[:_SHOWN]],
        }
        return json.dumps(kept, ensure_ascii=False)


def compare_outcome(then: RunDetails, now: RunDetails, tolerance: float, seconds: float) -> Reproduction:
    """Return whether a run that was run again came out the same."""
    compared, notes = _choose_metrics(then)
    files_first = sorted(then.datasets.items(), key=lambda named: named[1].kind != "file")  # others come of them
    results = [_compare_metric(name, facts, now, tolerance) for name, facts in compared.items()]
    data = [
        Change(name=name, before=describe_data(dataset), now=describe_data(now.datasets[name]))
        for name, dataset in files_first
        if name in now.datasets and is_other_data(dataset, now.datasets[name])
    ]
    unread = [cut(name, 60) for name in then.datasets if name not in now.datasets]
    notes += [f"not read this time: {', '.join(unread[:_SHOWN])}"] if unread else []
    is_same = not data and all(result.is_same for result in results)
    return Reproduction(
        run_id=then.run_id,
        verdict="reproduced" if is_same else "differs",
        tolerance=tolerance,
        metrics=results,
        data=data,
        environment=_compare_environments(then, now, notes),
        notes=notes,
        seconds=seconds,
    )


def has_metrics(run: RunDetails) -> bool:
    """Tell whether a run has a metric that can be compared."""
    return bool(_choose_metrics(run)[0])


def is_close(then: float, now: float, tolerance: float) -> bool:
    """Tell whether two values are the same, but for a share of the larger one.

    Examples
    --------
    >>> is_close(1.0, 1.0000001, 1e-6), is_close(1.0, 1.1, 1e-6), is_close(float("nan"), float("nan"), 0)
    (True, False, True)
    """
    return (math.isnan(then) and math.isnan(now)) or math.isclose(then, now, rel_tol=tolerance)


def _compare_metric(name: str, facts: MetricFacts, now: RunDetails, tolerance: float) -> MetricResult:
    value = now.metrics[name].last if name in now.metrics else None
    is_same = value is not None and is_close(facts.last, value, tolerance)
    return MetricResult(name=name, then=facts.last, now=value, is_same=is_same)


def _choose_metrics(run: RunDetails) -> tuple[dict[str, MetricFacts], list[str]]:
    """Return the metrics that are to come out the same, and what was left out, in words."""
    left_out = {name: "they tell of the machine" for name in run.metrics if _is_of_machine(name)}
    left_out |= {
        name: "another cell logged them later"
        for name, facts in run.metrics.items()
        if name not in left_out and run.ended_at is not None and facts.first_at > run.ended_at
    }
    reasons = dict.fromkeys(left_out.values())
    notes = [
        f"not compared, for {reason}: {', '.join(cut(name, 60) for name in left_out if left_out[name] == reason)}"
        for reason in reasons
    ]
    return {name: facts for name, facts in run.metrics.items() if name not in left_out}, notes


def _is_of_machine(name: str) -> bool:
    return is_system_metric(name) or is_time_name(name)


def _compare_environments(then: RunDetails, now: RunDetails, notes: list[str]) -> list[Change]:
    if then.environment is None or now.environment is None:
        notes.append("whether the environment is the same is not known")
        return []
    return compare_values(describe_environment(then.environment), describe_environment(now.environment))


def _say(change: Change) -> str:
    before, now = ("none" if value is ABSENT else cut(spell(value), 80) for value in (change.before, change.now))
    return f"{cut(change.name, 60)} {before} → {now}"
