"""A check: the verdict on runs that are held against a baseline, and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite
from typing import TYPE_CHECKING, Any

from trackside.analysis.check_page import write_page
from trackside.analysis.check_text import LONGEST, describe_ruling, say_values, write_text
from trackside.analysis.evidence import TDifference, weigh_values
from trackside.analysis.folds import weigh_folds
from trackside.analysis.forced import keep_forced, list_forced
from trackside.analysis.predictions import weigh_predictions
from trackside.analysis.samples import label_samples, make_samples, one_sample, read_evaluations, with_children
from trackside.analysis.siblings import with_repeats, with_siblings
from trackside.analysis.verdicts import Rule, rule_all
from trackside.capture.words.names import is_seed_name
from trackside.comparability.evaluations import Comparability, compare_evaluations
from trackside.errors import InputError
from trackside.model import short_id
from trackside.run_diff.report import diff_runs
from trackside.run_diff.words import describe_values
from trackside.visible_text import cut
from trackside.wire import RECORD_VERSION

if TYPE_CHECKING:
    from trackside.analysis.evidence import Evidence, Interval
    from trackside.analysis.samples import Sample
    from trackside.analysis.verdicts import Ruling, Verdict
    from trackside.comparability.evaluations import State
    from trackside.goals import Goals
    from trackside.query import RunFrame, Scope
    from trackside.store.store import Store

_LEAST_FIRST: tuple[Verdict, ...] = ("not comparable", "worse", "not enough data", "no difference", "better")
_FORCED = "not comparable, and judged all the same, as was asked"
_HINT = "to judge them all the same: allow_incomparable=True, or --allow-incomparable"
_BEFORE_OTHERS = ("data", "params", "code", "model", "packages", "hardware")
"""In which order a diff's parts are looked at for what made the difference."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """The verdict on a candidate; at the end of a cell it shows itself as a card. Made by `trackside.check`.

    Attributes
    ----------
    verdict
        ``"better"``, ``"worse"``, ``"no difference"``, ``"not enough data"`` or ``"not comparable"``. Of several
        candidates that of the least of them, in the order: not comparable, worse, not enough data, no difference.
    effect, interval
        The difference of the metric, candidate minus baseline, and its confidence interval; None where there is none.
    interval_confidence
        Of the interval: as was asked, or more where there are several candidates.
    method, standardized
        How they were found, and the effect in standard deviations (Hedges' g) where it is of several runs.
    reasons
        What the verdict rests on, in words.
    comparability
        Whether both were evaluated alike, and why not, or what is not known.
    first_difference
        Where it is worse: the first thing in which the runs differ, of data, params, code and environment. Of several
        candidates that of the one that decides.
    candidate, baseline
        The runs with their values.
    rule
        What was asked: metric, goal, ``min_delta``, ``confidence``.
    each
        Of several candidates a check of each; `trackside.analysis.verdicts.rule_all` says how they are corrected.
    """

    rule: Rule
    verdict: Verdict
    candidate: Sample
    baseline: Sample
    comparability: Comparability
    effect: float | None = None
    interval: Interval | None = None
    interval_confidence: float = 0.0
    method: str = ""
    standardized: float | None = None
    reasons: tuple[str, ...] = ()
    first_difference: str | None = None
    each: tuple[Check, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the candidate is better, by more than ``min_delta``."""
        return self.verdict == "better"

    @property
    def comparable(self) -> State:
        """Whether both were evaluated alike: ``"comparable"``, ``"unknown"`` or ``"not comparable"``."""
        return self.comparability.state

    @property
    def is_forced(self) -> bool:
        """Whether it was judged, as was asked, although both were not evaluated alike."""
        return self.comparable == "not comparable" and self.verdict != "not comparable"

    def __bool__(self) -> bool:
        raise InputError(
            f"a check is neither true nor false, as there are five verdicts (here {self.verdict!r}); use .verdict, "
            "or .passed, which means better"
        )

    def __repr__(self) -> str:
        return write_text(self)

    def _repr_html_(self) -> str:
        return write_page(self)

    def _repr_mimebundle_(self, **_kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data = {"text/html": self._repr_html_(), "text/plain": repr(self)}
        ids = [short_id(run_id) for run_id in (*self.candidate.run_ids, *self.baseline.run_ids)]
        return data, {"trackside": {"kind": "check", "version": RECORD_VERSION, "runs": ids}}


def check_sets(
    store: Store,
    candidates: tuple[Scope, RunFrame],
    baseline: tuple[Scope, RunFrame],
    metric: str | None,
    *,
    min_delta: float,
    confidence: float,
    allow_incomparable: bool,
) -> Check:
    """Return the verdict on runs that are held against others; of one run those inside of it count, if it has some.

    One of a cell's repeats counts with the others, and one run on either side with those that differ from it in nothing
    but their seed: a seed that was picked for its value is no random one. What is judged although not comparable is
    kept with the runs.

    Raises
    ------
    InputError
        The metric or its goal is not known, a number cannot be used, or as `check_frames`.
    """
    ours, theirs = (with_children(store, scope, frame, metric) for scope, frame in (candidates, baseline))
    metric = metric or ours.main_metric
    if metric is None:
        raise InputError("which metric says best is not known; name one, or say it: ts.metric(…, main=True)")
    ours.check_metric(metric)
    goal = ours.goals.of(metric)
    if goal is None:
        raise InputError(
            f"whether {metric!r} is better low or high is not known from its name; say it: "
            f"ts.metric({metric!r}, goal='min'), or goal='max'"
        )
    rule = Rule(
        metric=metric, goal=goal, min_delta=min_delta, confidence=confidence, allow_incomparable=allow_incomparable
    )
    ours, our_notes = with_repeats(store, candidates[0], ours, metric)
    theirs, repeated = with_repeats(store, baseline[0], theirs, metric)
    theirs, alike = with_siblings(store, baseline[0], theirs, metric, without=ours.run_ids)
    ours, our_alike = with_siblings(store, candidates[0], ours, metric, without=theirs.run_ids)
    made = check_frames(store, ours, theirs, rule, notes=((*our_notes, *our_alike), (*repeated, *alike)))
    for each in made.each or (made,):
        if each.is_forced:
            outcome = f"{say_values(each)}: {each.verdict}; {'; '.join(each.comparability.causes)}"
            keep_forced(store, each.candidate.run_ids, metric, outcome)
    return made


def check_frames(
    store: Store,
    candidates: RunFrame,
    baseline: RunFrame,
    rule: Rule,
    notes: tuple[tuple[str, ...], tuple[str, ...]] = ((), ()),
) -> Check:
    """Return the verdict on the runs of a frame that are held against those of another.

    Runs that differ in nothing but their seed are one candidate, as `make_samples` has it. Those of the baseline are
    left out. ``notes`` are what is to be said of the candidates and of the baseline.

    Raises
    ------
    InputError
        No run has the metric, the baseline's differ in more than their seed, there is no candidate, or SciPy is needed
        and not installed.
    """
    reference = one_sample(store, baseline, rule.metric)
    others = [row for row, run_id in enumerate(candidates.run_ids) if run_id not in reference.run_ids]
    if candidates.run_ids and not others:
        raise InputError("the run to check is the one that it is held against; expected another one; name it")
    samples = make_samples(store, candidates.take(others), rule.metric)
    reference, *samples = label_samples(store, [reference, *samples])
    reference = replace(reference, notes=(*reference.notes, *notes[1]))
    samples = [replace(s, notes=(*s.notes, *notes[0], *_judged_before(store, s, rule.metric))) for s in samples]
    evaluations = read_evaluations(store, [*reference.run_ids, *(each for s in samples for each in s.run_ids)])
    known = [evaluations[run_id] for run_id in reference.run_ids]
    states = [compare_evaluations(rule.metric, [evaluations[each] for each in s.run_ids], known) for s in samples]
    weighed = [
        "" if _is_refused(state, rule) else _weigh(store, rule.metric, sample, reference)
        for sample, state in zip(samples, states, strict=True)
    ]
    rulings = iter(rule_all([evidence for evidence in weighed if not isinstance(evidence, str)], rule))
    checks = []
    for sample, state, evidence in zip(samples, states, weighed, strict=True):
        made = Check(rule=rule, verdict="not enough data", candidate=sample, baseline=reference, comparability=state)
        if _is_refused(state, rule):
            made = replace(made, verdict="not comparable", reasons=(*state.causes, _HINT))
        elif isinstance(evidence, str):
            made = replace(made, reasons=(evidence, *_told(made)))
        else:
            made = _ruled(made, evidence, next(rulings), len(samples))
        checks.append(made)
    least = min(checks, key=lambda made: _LEAST_FIRST.index(made.verdict))
    explained = _explained(store, least, candidates.goals)  # of the others a diff each would take seconds
    if len(checks) == 1:
        return explained
    decides = f"of {len(checks)} candidates the least decides: {cut(least.candidate.label, LONGEST)}"
    each = tuple(explained if made is least else made for made in checks)
    forced = [_say_forced(made) for made in checks if made is not least and made.is_forced]
    return replace(explained, each=each, reasons=(decides, *explained.reasons, *forced))


def _judged_before(store: Store, sample: Sample, metric: str) -> list[str]:
    """Return by whom and when a sample's runs were judged by a metric although not comparable, each check once."""
    forced = (each for each in list_forced(store, sample.run_ids, only_last=True) if each.metric == metric)
    return list(dict.fromkeys(map(str, forced)))


def _say_forced(made: Check) -> str:
    return f"{cut(made.candidate.label, LONGEST)}: {_FORCED}: {'; '.join(made.comparability.causes)}"


def _is_refused(state: Comparability, rule: Rule) -> bool:
    return state.state == "not comparable" and not rule.allow_incomparable


def _weigh(store: Store, metric: str, candidate: Sample, baseline: Sample) -> Evidence | str:
    """Weigh runs by their values; where there is only one on each side, by the folds or the predictions of both."""
    found = weigh_values(candidate.values, baseline.values)
    counts_once = all(len(set(side.values)) == 1 and isfinite(side.values[0]) for side in (candidate, baseline))
    if not isinstance(found, str) or not counts_once:
        return found
    by_folds = weigh_folds(store, *((side.run_ids[0], side.values[0]) for side in (candidate, baseline)))
    if not isinstance(by_folds, str):
        return by_folds
    by_rows = weigh_predictions(store, metric, candidate.run_ids[0], baseline.run_ids[0])
    if not isinstance(by_rows, str):
        return by_rows
    return f"{found}; nor by their folds: {by_folds}; nor by their predictions: {by_rows}"


def _ruled(made: Check, evidence: Evidence, ruling: Ruling, candidates: int) -> Check:
    ruled = replace(
        made,
        verdict=ruling.verdict,
        effect=ruling.effect,
        interval=ruling.interval,
        interval_confidence=ruling.confidence,
        method=evidence.method,
        standardized=evidence.standardized if isinstance(evidence, TDifference) else None,
    )
    caveat = [evidence.caveat] if evidence.caveat else []
    return replace(ruled, reasons=(*describe_ruling(ruled, candidates), *caveat, *_told(ruled)))


def _told(made: Check) -> list[str]:
    """Return what is to be known of the runs beside the numbers."""
    how = _FORCED if made.comparable == "not comparable" else "not known"
    return [
        *(f"{how}: {cause}" for cause in made.comparability.causes),
        *made.candidate.notes,
        *(f"baseline: {note}" for note in made.baseline.notes),
    ]


def _explained(store: Store, made: Check, goals: Goals) -> Check:
    """Add what made a regression: the first thing in which two of the runs differ, of one seed where there are such."""
    if made.verdict != "worse":
        return made
    pairs = (
        (ours, theirs)
        for ours, one in _seeded(made.candidate)
        for theirs, other in _seeded(made.baseline)
        if one == other
    )
    after, before = next(pairs, (made.candidate.run_ids[0], made.baseline.run_ids[0]))
    sections = {section.name: section for section in diff_runs(store, before, after, goals).sections}
    for name in _BEFORE_OTHERS:
        for difference in sections[name].differences if name in sections else ():
            if not is_seed_name(difference.name):
                values = describe_values(difference)
                told = (
                    difference.said
                    if difference.lines is not None
                    else f"{values.before or '—'} → {values.after or '—'}"
                )
                return replace(made, first_difference=f"{name} · {difference.name}: {told}")
    return made


def _seeded(sample: Sample) -> list[tuple[str, str]]:
    return list(zip(sample.run_ids, sample.seeds, strict=True))
