"""Finds what a review tells of experiments: what ran, what came out, what failed, what is open."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from math import isfinite, nan
from typing import TYPE_CHECKING

import numpy as np

from trackside.analysis.check_text import mean_of
from trackside.analysis.samples import label_samples, make_samples, read_cells, unfold, with_children
from trackside.errors import InputError, NoRunError
from trackside.goals import is_system_metric
from trackside.lookup import runs
from trackside.model import short_id
from trackside.query import Scope, select_runs
from trackside.review.decision_log import list_logged
from trackside.review.findings import Broken, ExperimentReview, Failure, PutAway, Question, Result, Review
from trackside.review.novelty import find_new_data, find_new_environments
from trackside.team.baselines import list_choices, spell_handle
from trackside.team.policy.compliance import judge_run
from trackside.team.policy.reading import read_policy
from trackside.team.policy.run_record import read_run_records
from trackside.visible_text import cut

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    import pandas as pd

    from trackside.analysis.check import Check
    from trackside.analysis.samples import Sample
    from trackside.collection import Runs
    from trackside.config import Settings
    from trackside.store.store import Store
    from trackside.team.policy.rules import Policy

_LONGEST = 120
_NAMED = 5
_MOST_ASKED = 15
_PUT_AWAY = ("dropped", "archived")
_ENDED_BADLY = ("failed", "interrupted")

_COUNTED = """
    SELECT project, experiment, list(CAST(run_id AS VARCHAR) ORDER BY started_at DESC, run_id DESC) FROM runs r
    WHERE started_at >= $since AND started_at < $until AND ($experiment IS NULL OR experiment = $experiment)
        AND (run_id NOT IN (SELECT parent_id FROM repeats)
            OR (status IN ('failed', 'interrupted') AND NOT EXISTS (
                SELECT 1 FROM runs c WHERE c.parent_id = r.run_id AND c.status IN ('failed', 'interrupted'))))
    GROUP BY project, experiment ORDER BY count(*) DESC, project, experiment
"""
"""A repeated cell counts through its repeats, unless it alone failed."""


def gather(store: Store, settings: Settings, since: datetime, until: datetime, experiment: str | None = None) -> Review:
    """Return what ran in a time.

    Parameters
    ----------
    settings
        Those that name the author and the policy.
    since, until
        In UTC.
    experiment
        The only one of which to tell; by default all of the store's.

    Raises
    ------
    NoRunError
        Nothing ran.
    InputError
        The policy cannot be used.
    """
    policy = read_policy(settings)
    asked = {"since": since.replace(tzinfo=None), "until": until.replace(tzinfo=None), "experiment": experiment}
    with store.read() as connection:
        counted = connection.execute(_COUNTED, asked).fetchall()
    if not counted:
        where = f" in experiment {experiment!r}" if experiment else ""
        raise NoRunError(
            f"no run began between {since:%Y-%m-%d %H:%M} and {until:%Y-%m-%d %H:%M} UTC{where}; expected one to "
            "review; look further back, such as --since 30d"
        )
    told = [_review_experiment(store, project, name, run_ids, policy) for project, name, run_ids in counted]
    all_ids = [run_id for *_, run_ids in counted for run_id in run_ids]
    shown = {run_id for each in told for run_id in each.runs.ids}
    return Review(
        author=settings.user,
        since=since,
        until=until,
        experiments=told,
        decisions=list_logged(store, since, until, experiment),
        data=find_new_data(store, since, all_ids),
        environments=find_new_environments(store, since, all_ids),
        policy=policy.file if policy else None,
        run_ids=[*shown, *_around(store, shown)],
    )


def write_condition(since: datetime, until: datetime) -> str:
    """Return the condition that runs of a time fulfil, as `ts.runs` takes it."""
    return f"started_at >= '{since:%Y-%m-%d %H:%M:%S.%f}' and started_at < '{until:%Y-%m-%d %H:%M:%S.%f}'"


def _around(store: Store, run_ids: set[str]) -> list[str]:
    """Return the runs around these: what is said of one is said of the other."""
    with store.read() as connection:
        rows = connection.execute(
            "SELECT DISTINCT CAST(parent_id AS VARCHAR) FROM runs WHERE parent_id IS NOT NULL "
            "AND run_id IN (SELECT CAST(unnest(?) AS UUID))",
            [list(run_ids)],
        ).fetchall()
    return [str(parent) for (parent,) in rows]


def _review_experiment(
    store: Store, project: str, name: str, run_ids: Sequence[str], policy: Policy | None
) -> ExperimentReview:
    all_runs = runs(project=project, experiment=name, include_hidden=True, store=store.folder)
    counted = all_runs.of_ids(run_ids)
    frame, shelves, cells = counted.df, all_runs.df["shelf"], read_cells(store, all_runs.ids)
    told_of = {each: cells[each] if shelves.get(cells.get(each)) in _PUT_AWAY else each for each in counted.ids}
    frame["shelf"] = [shelves[told_of[each]] for each in counted.ids]
    is_away = frame["shelf"].isin(_PUT_AWAY)
    away = all_runs.of_ids(list(dict.fromkeys(told_of[str(run_id)] for run_id in frame.index[is_away])))
    there = all_runs.of_ids([str(run_id) for run_id in frame.index[~is_away]])
    metric = there.main_metric or counted.main_metric
    results, not_checked = _weigh(store, there)
    decided = {str(run_id): text for run_id, text in all_runs.df["decision"].items() if isinstance(text, str)}
    made = ExperimentReview(
        project=project,
        experiment=name,
        runs=there,
        counts=dict(Counter(frame["status"]).most_common()),
        people=dict(Counter(frame["user"]).most_common()),
        baseline=_name_baseline(counted),
        metric=metric,
        results=[_with_decision(each, decided, cells) for each in results],
        left_over=_count_left_over(frame, results, metric),
        not_checked=not_checked,
        put_away=[
            PutAway(label=label, run_id=run_id, shelf=shelf, value=values.get(metric or "", nan))
            for label, run_id, shelf, values in zip(away.labels, away.ids, away.df["shelf"], away.metrics, strict=True)
        ],
        failures=_group_failures(frame),
        broken=_find_broken(store, there, policy),
    )
    return replace(made, questions=list(_ask(store, made)))


def _name_baseline(counted: Runs) -> str | None:
    found = counted.of_ids([counted.baseline]) if counted.baseline else None
    return found.labels[0] if found else None


def _weigh(store: Store, there: Runs) -> tuple[list[Result], str]:
    """Return what runs came to, the best first, with the verdicts on it; or why there are no verdicts."""
    metric = there.main_metric
    if metric is None:
        return [], "which metric says best is not known"
    held_against = _baseline_runs(store, there, metric)
    samples = _sample(store, there, held_against, metric)
    try:
        held, problem = _check(samples, there, held_against, metric), ""
    except InputError as error:
        held, problem = list(_compare_values(samples, there, held_against)), str(error)
    goal = there.goals.of(metric)
    sign = 1 if goal == "min" else -1
    return sorted(held, key=lambda each: sign * each.value if isfinite(each.value) else np.inf), problem


def _baseline_runs(store: Store, there: Runs, metric: str) -> Sequence[str]:
    """Return the baseline, or those inside of it that count in its place, whenever they ran."""
    if there.baseline is None:
        return []
    scope = Scope(run_ids=[there.baseline])
    return with_children(store, scope, select_runs(store, scope), metric).run_ids or [there.baseline]


def _sample(store: Store, there: Runs, held_against: Sequence[str], metric: str) -> list[Sample]:
    """Return runs and their baseline by what they differ in beside their seed."""
    ids = list(dict.fromkeys([*there.ids, *held_against]))
    try:
        scope = Scope(run_ids=ids, goals=there.goals)
        samples = make_samples(store, unfold(store, scope, select_runs(store, scope)), metric)
    except InputError:  # none has ended well
        return []
    return label_samples(store, samples)


def _check(samples: Sequence[Sample], there: Runs, held_against: Sequence[str], metric: str) -> list[Result]:
    """Return what a check says of runs; those that differ from the baseline in nothing but their seed count with it.

    Raises
    ------
    InputError
        No check can be made.
    """
    if not held_against:
        raise InputError("no baseline was chosen")
    own = next((each.run_ids for each in samples if set(held_against).intersection(each.run_ids)), held_against)
    others = [run_id for each in samples for run_id in each.run_ids if run_id not in own]
    if not others:
        raise InputError("nothing ran beside the baseline")
    made = there.of_ids(others).check(metric, there.of_ids(own))
    checked = [_checked(each, there) for each in made.each or (made,)]
    return [_result(made.baseline, there, verdict="baseline"), *checked]


def _checked(check: Check, there: Runs) -> Result:
    effect = mean_of(check.candidate) - mean_of(check.baseline) if check.effect is None else check.effect
    reason = next(iter(check.reasons), "")
    result = _result(check.candidate, there, verdict=check.verdict, effect=effect)
    return replace(result, interval=check.interval, reason=reason)


def _compare_values(samples: Sequence[Sample], there: Runs, held_against: Sequence[str]) -> Iterator[Result]:
    """Yield what runs came to where no check can be made."""
    baseline = next((each for each in samples if set(held_against).intersection(each.run_ids)), None)
    for sample in samples:
        is_baseline = sample is baseline
        effect = None if baseline is None or is_baseline else mean_of(sample) - mean_of(baseline)
        yield _result(sample, there, verdict="baseline" if is_baseline else "", effect=effect)


def _result(sample: Sample, there: Runs, *, verdict: str, effect: float | None = None) -> Result:
    goal = there.goals.of(there.main_metric or "")
    is_known = effect is not None and isfinite(effect) and goal is not None
    return Result(
        label=sample.label,
        run_ids=sample.run_ids,
        value=mean_of(sample),
        deviation=float(np.std(sample.values, ddof=1)) if len(sample.values) > 1 else None,
        verdict=verdict,
        effect=effect,
        interval=None,
        is_ahead=is_known and (effect or 0) * (-1 if goal == "min" else 1) > 0,
        reason="",
        decision=None,
        handle=short_id(sample.run_ids[0]),
    )


def _with_decision(result: Result, decided: dict[str, str], cells: dict[str, str]) -> Result:
    """Add what was decided about any of the runs, or about the repeated cell that they are of, by which they go."""
    ids = [*dict.fromkeys(cells.get(run_id, run_id) for run_id in result.run_ids), *result.run_ids]
    decision = next((decided[run_id] for run_id in ids if run_id in decided), None)
    return replace(result, decision=decision, handle=short_id(ids[0]))


def _count_left_over(frame: pd.DataFrame, results: Sequence[Result], metric: str | None) -> dict[str, int]:
    """Return how many runs are in no result, by why."""
    shown = {run_id for each in results for run_id in each.run_ids}
    others = frame[[run_id not in shown for run_id in frame.index]]
    has_value = others[metric].notna() if metric in others else others["status"].isna()
    why: list[str] = []
    for shelf, status, is_counted in zip(others["shelf"], others["status"], has_value, strict=True):
        if shelf in _PUT_AWAY:
            why.append(str(shelf))
        elif status != "finished":
            why.append(str(status))
        else:
            why.append("just like another" if is_counted else f"without {metric or 'a main metric'}")
    return dict(Counter(why).most_common())


def _group_failures(frame: pd.DataFrame) -> list[Failure]:
    """Return the failed and interrupted runs by the first lines of their errors, the most frequent first."""
    found: dict[str, list[str]] = {}
    ended = frame[frame["status"].isin(_ENDED_BADLY)]
    for run_id, status, error in zip(ended.index, ended["status"], ended["error"], strict=True):
        line = error.partition("\n")[0] if isinstance(error, str) else str(status)
        found.setdefault(cut(line, _LONGEST), []).append(str(run_id))
    ranked = sorted(found.items(), key=lambda item: -len(item[1]))
    return [Failure(error=error, run_ids=run_ids) for error, run_ids in ranked]


def _find_broken(store: Store, there: Runs, policy: Policy | None) -> list[Broken]:
    found: dict[tuple[str, str], tuple[str, list[str]]] = {}
    for record in read_run_records(store, there.ids) if policy else []:
        for finding in judge_run(policy, record) if policy else []:
            if finding.state == "broken":
                _, run_ids = found.setdefault((finding.rule, finding.expected), (finding.advice, []))
                run_ids.append(record.run_id)
    return [Broken(rule=rule, advice=advice, run_ids=run_ids) for (rule, _), (advice, run_ids) in found.items()]


def _ask(store: Store, made: ExperimentReview) -> Iterator[Question]:
    """Yield what is open in an experiment."""
    there = made.runs
    open_ones = [each for each in made.results if each.verdict == "not comparable" or _is_open(each)]
    for each in open_ones[:_MOST_ASKED]:
        if each.verdict == "not comparable":
            yield Question(text=f"{each.label} is not comparable with the baseline: {each.reason}")
        else:
            stand = "is better than the baseline" if each.verdict == "better" else "is ahead of the baseline"
            proof = "" if each.verdict == "better" else f" ({each.verdict or 'not checked'})"
            yield Question(
                text=f"{each.label} {stand}{proof}, and nothing was decided about it",
                code=f'%track decide {each.handle} promote "why"',
            )
    if made.metric is not None and made.baseline is None:
        call = f"ts.runs('best', experiment={made.experiment!r}).make_baseline(why='…')"
        yield Question(text="no run that others are held against was chosen, or it is not there any more", code=call)
    for choice in list_choices(store, made.project, [made.experiment]):
        if choice.run_id and not choice.why and choice.until is None:
            handle = spell_handle(choice.name)
            yield Question(text=f"nobody said why {choice.run or choice.run_id} is the {handle}")
    unknown = [name for name in there.metric_names if there.goals.of(name) is None and not is_system_metric(name)]
    if unknown:
        more = f" and {len(unknown) - _NAMED} more" if len(unknown) > _NAMED else ""
        yield Question(
            text=f"whether these metrics are better low or high is not known: {', '.join(unknown[:_NAMED])}{more}",
            code=f"ts.metric({unknown[0]!r}, goal='max', experiment={made.experiment!r})",
        )


def _is_open(result: Result) -> bool:
    return result.is_ahead and result.decision is None and result.verdict != "no difference"
