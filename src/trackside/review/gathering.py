"""Finds what a review tells of experiments: what ran, what beat the baseline, what failed, what is open."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from math import isfinite
from typing import TYPE_CHECKING, Any

from trackside.analysis.check_text import mean_of
from trackside.errors import InputError, NoRunError
from trackside.goals import is_system_metric
from trackside.lookup import runs
from trackside.review.findings import Broken, Candidate, ExperimentReview, Failure, Question, Review
from trackside.review.novelty import find_new_data, find_new_environments
from trackside.team.baselines import list_choices, spell_handle
from trackside.team.policy.compliance import judge_run
from trackside.team.policy.reading import read_policy
from trackside.team.policy.run_record import read_run_records
from trackside.visible_text import cut

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    import pandas as pd

    from trackside.analysis.check import Check
    from trackside.collection import Runs
    from trackside.config import Settings
    from trackside.store.store import Store
    from trackside.team.policy.rules import Policy

_MOST_CANDIDATES = 15
_LONGEST = 120
_NAMED = 5
_PUT_AWAY = ("dropped", "archived")


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
    told = [
        _review_experiment(store, *named, write_condition(since, until), policy)
        for named in _list_experiments(store, since, until, experiment)
    ]
    if not told:
        where = f" in experiment {experiment!r}" if experiment else ""
        raise NoRunError(
            f"no run began between {since:%Y-%m-%d %H:%M} and {until:%Y-%m-%d %H:%M} UTC{where}; expected one to "
            "review; look further back, such as --since 30d"
        )
    return Review(
        author=settings.user,
        since=since,
        until=until,
        experiments=told,
        data=find_new_data(store, since, until, experiment),
        environments=find_new_environments(store, since, until, experiment),
        policy=policy.file if policy else None,
        run_ids=[run_id for each in told for run_id in each.runs.ids],
    )


def write_condition(since: datetime, until: datetime) -> str:
    """Return the condition that runs of a time fulfil, as `ts.runs` takes it."""
    return f"started_at >= '{since:%Y-%m-%d %H:%M:%S.%f}' and started_at < '{until:%Y-%m-%d %H:%M:%S.%f}'"


def _list_experiments(store: Store, since: datetime, until: datetime, experiment: str | None) -> list[tuple[str, str]]:
    with store.read() as connection:
        return connection.execute(
            """SELECT project, experiment FROM runs WHERE started_at >= ? AND started_at < ?
            AND run_id NOT IN (SELECT run_id FROM marks WHERE mark = 'shelf' AND value IN ('dropped', 'archived'))
            AND (? OR experiment = ?) GROUP BY project, experiment ORDER BY count(*) DESC, project, experiment""",
            [since.replace(tzinfo=None), until.replace(tzinfo=None), experiment is None, experiment],
        ).fetchall()


def _review_experiment(
    store: Store, project: str, name: str, condition: str, policy: Policy | None
) -> ExperimentReview:
    asked: dict[str, Any] = {"project": project, "experiment": name, "store": store.folder}
    everything = runs(**asked, include_hidden=True).where(condition).df
    counted = everything[~everything["shelf"].isin(_PUT_AWAY)]
    shown = runs(**asked).where(condition)
    candidates, not_checked = _weigh(shown)
    made = ExperimentReview(
        project=project,
        experiment=name,
        runs=shown,
        counts=dict(Counter(counted["status"]).most_common()),
        people=dict(Counter(counted["user"]).most_common()),
        baseline=_name_baseline(shown),
        metric=shown.main_metric,
        candidates=candidates,
        not_checked=not_checked,
        failures=_group_failures(counted),
        broken=_find_broken(store, shown, policy),
    )
    return replace(made, questions=list(_ask(store, made)))


def _name_baseline(shown: Runs) -> str | None:
    found = shown.of_ids([shown.baseline]) if shown.baseline else None
    return found.labels[0] if found else None


def _weigh(shown: Runs) -> tuple[list[Candidate], str]:
    """Return the runs that are ahead of the baseline, with the verdicts on them, and why there are none."""
    if shown.main_metric is None:
        return [], "which metric says best is not known"
    if shown.baseline is None:
        return [], "no baseline was chosen"
    if set(shown.ids) <= {shown.baseline}:
        return [], "nothing ran beside the baseline"
    decided = {str(run_id): text for run_id, text in shown.df["decision"].items() if isinstance(text, str)}
    try:
        made = shown.check(shown.main_metric)
    except InputError as error:
        found, problem = list(_compare_values(shown, decided)), str(error)
    else:
        found, problem = [_candidate(each, decided) for each in made.each or (made,)], ""
    wanted = [each for each in found if each.is_ahead or each.verdict in ("better", "not comparable")]
    wanted.sort(key=lambda each: (each.verdict != "better", not each.is_ahead, -abs(each.effect)))
    return wanted[:_MOST_CANDIDATES], problem


def _candidate(check: Check, decided: dict[str, str]) -> Candidate:
    value, ids = mean_of(check.candidate), check.candidate.run_ids
    effect = value - mean_of(check.baseline) if check.effect is None else check.effect
    return Candidate(
        label=check.candidate.label,
        run_ids=ids,
        verdict=check.verdict,
        value=value,
        effect=effect,
        interval=check.interval,
        is_ahead=_is_ahead(effect, check.rule.goal),
        reason=next(iter(check.reasons), ""),
        decision=next((decided[run_id] for run_id in ids if run_id in decided), None),
    )


def _compare_values(shown: Runs, decided: dict[str, str]) -> Iterator[Candidate]:
    """Yield the runs with their values alone, where no check can be made."""
    metric = shown.main_metric or ""
    baseline = shown.of_ids([shown.baseline] if shown.baseline else [])
    other = baseline.metrics[0].get(metric) if len(baseline) else None
    for run_id, label, values in zip(shown.ids, shown.labels, shown.metrics, strict=True):
        value = values.get(metric)
        if value is not None and other is not None and run_id != shown.baseline:
            yield Candidate(
                label=label,
                run_ids=[run_id],
                verdict="not checked",
                value=value,
                effect=value - other,
                interval=None,
                is_ahead=_is_ahead(value - other, shown.goals.of(metric)),
                reason="",
                decision=decided.get(run_id),
            )


def _is_ahead(effect: float, goal: str | None) -> bool:
    return goal is not None and isfinite(effect) and (effect < 0 if goal == "min" else effect > 0)


def _group_failures(counted: pd.DataFrame) -> list[Failure]:
    """Return the failed and interrupted runs by the first lines of their errors, the most frequent first."""
    found: dict[str, list[str]] = {}
    ended = counted[counted["status"].isin(("failed", "interrupted"))]
    for run_id, status, error in zip(ended.index, ended["status"], ended["error"], strict=True):
        line = error.partition("\n")[0] if isinstance(error, str) else str(status)
        found.setdefault(cut(line, _LONGEST), []).append(str(run_id))
    ranked = sorted(found.items(), key=lambda item: -len(item[1]))
    return [Failure(error=error, run_ids=run_ids) for error, run_ids in ranked]


def _find_broken(store: Store, shown: Runs, policy: Policy | None) -> list[Broken]:
    found: dict[tuple[str, str], list[str]] = {}
    for record in read_run_records(store, shown.ids) if policy else []:
        for finding in judge_run(policy, record) if policy else []:
            if finding.state == "broken":
                found.setdefault((finding.rule, finding.advice), []).append(record.run_id)
    return [Broken(rule=rule, advice=advice, run_ids=run_ids) for (rule, advice), run_ids in found.items()]


def _ask(store: Store, made: ExperimentReview) -> Iterator[Question]:
    """Yield what is open in an experiment."""
    shown = made.runs
    for each in made.candidates:
        if each.verdict == "not comparable":
            yield Question(text=f"{each.label} is not comparable with the baseline: {each.reason}")
        elif each.decision is None and each.verdict != "no difference":
            stand = "is better than the baseline" if each.verdict == "better" else "is ahead of the baseline"
            proof = "" if each.verdict == "better" else f" ({each.verdict})"
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
    unknown = [name for name in shown.metric_names if shown.goals.of(name) is None and not is_system_metric(name)]
    if unknown:
        more = f" and {len(unknown) - _NAMED} more" if len(unknown) > _NAMED else ""
        yield Question(
            text=f"whether these metrics are better low or high is not known: {', '.join(unknown[:_NAMED])}{more}",
            code=f"ts.metric({unknown[0]!r}, goal='max', experiment={made.experiment!r})",
        )
