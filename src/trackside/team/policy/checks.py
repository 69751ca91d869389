"""Carries out the checks that the policy names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from trackside.analysis.check import check_sets
from trackside.analysis.check_text import write_text
from trackside.errors import InputError, NoRunError
from trackside.filters import filter_rows
from trackside.goals import Goals
from trackside.handles import find_run, has_name, is_words
from trackside.query import Scope, chosen_scope, select_runs
from trackside.team.policy.reading import read_policy
from trackside.team.policy.refusal import refuse_unless_compliant
from trackside.visible_text import cut
from trackside.whereabouts import find_settings_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trackside.analysis.check import Check
    from trackside.analysis.verdicts import Verdict
    from trackside.config import Settings
    from trackside.store.store import Store
    from trackside.team.policy.rules import NamedCheck

Outcome: TypeAlias = "Verdict | Literal['no evidence', 'not carried out']"
"""A check's verdict; ``"no evidence"`` without a run to hold against, ``"not carried out"`` for other reasons."""

_WAIT = 10.0
_LONGEST = 500


@dataclass(frozen=True, kw_only=True)
class PolicyCheck:
    """How one of the policy's checks came out.

    Attributes
    ----------
    rule
        What the policy asks.
    experiment
        That of the runs.
    check
        The check that was carried out; None where it could not be.
    problem
        Why it could not be.
    """

    rule: NamedCheck
    experiment: str
    outcome: Outcome
    check: Check | None = None
    problem: str = ""

    @property
    def name(self) -> str:
        """What the check is called."""
        return self.rule.label

    @property
    def passed(self) -> bool:
        """Whether the run is shown to be better."""
        return self.outcome == "better"

    @property
    def text(self) -> str:
        """The verdict and what it rests on, in words."""
        return write_text(self.check) if self.check is not None else f"{self.outcome}: {self.problem}"


def run_checks(
    store: Store, run_ids: str | Sequence[str], gate: str | None = None, *, settings: Settings | None = None
) -> list[PolicyCheck]:
    """Carry out the policy's checks on a run, or on several: those of one experiment are judged together.

    Parameters
    ----------
    gate
        Only those that guard this stage of a model's version, ``"production"``; by default all.
    settings
        Those that name the policy; by default those that hold for the store; see `find_settings_for`.

    Returns
    -------
    list
        One outcome for each check whose pattern fits an experiment of the runs; none where no policy names checks.

    Raises
    ------
    InputError
        The policy cannot be used.
    NoRunError
        There is no such run.
    StoreBusyError
        The store could not be brought up to date.

    Examples
    --------
    >>> from pathlib import Path
    >>> from trackside.store.store import Store
    >>> [each.passed for each in run_checks(Store(Path(".trackside")), "0197…", "production")]  # doctest: +SKIP
    [True]
    """
    settings = settings or find_settings_for(store.folder)
    policy = read_policy(settings)
    if policy is None or not policy.checks:
        return []
    store.bring_up_to_date(_WAIT, "how the policy's checks come out")
    wanted = [run_ids] if isinstance(run_ids, str) else list(run_ids)
    scope = Scope(run_ids=wanted, goals=Goals(settings.metrics, settings.main_metric))
    frame = select_runs(store, scope)
    if not wanted or set(wanted) - {*frame.run_ids}:
        raise NoRunError("there are no such runs in the store; expected some to check")
    experiments: dict[tuple[str, str], list[str]] = {}
    for run_id, project, name in zip(
        frame.run_ids, frame.attributes["project"], frame.attributes["experiment"], strict=True
    ):
        experiments.setdefault((project, name), []).append(run_id)
    return [
        _carry_out(store, chosen_scope(scope, its_runs), name, rule)
        for (_, name), its_runs in experiments.items()
        for rule in policy.checks
        if rule.applies_to(name) and gate in (None, rule.gate)
    ]


def judge_by_policy(store: Store, run_ids: Sequence[str]) -> list[PolicyCheck]:
    """Carry out the policy's checks on runs that keep its rules; see `run_checks`.

    Raises
    ------
    InputError
        A rule that refuses is broken, or no check is for these runs.
    """
    refuse_unless_compliant(store, run_ids, "check")
    outcomes = run_checks(store, run_ids)
    if not outcomes:
        raise InputError("the policy names no check for these runs; expected some, [[tool.trackside.policy.checks]]")
    return outcomes


def _carry_out(store: Store, scope: Scope, experiment: str, rule: NamedCheck) -> PolicyCheck:
    try:
        frame = select_runs(store, scope)
        other = _find_against(store, scope, rule.against)
        made = check_sets(
            store,
            (scope, frame),
            (other, select_runs(store, other)),
            rule.metric,
            min_delta=rule.min_delta,
            confidence=rule.confidence,
            allow_incomparable=rule.allow_incomparable,
        )
    except NoRunError as error:
        return PolicyCheck(rule=rule, experiment=experiment, outcome="no evidence", problem=cut(str(error), _LONGEST))
    except InputError as error:
        return PolicyCheck(
            rule=rule, experiment=experiment, outcome="not carried out", problem=cut(str(error), _LONGEST)
        )
    return PolicyCheck(rule=rule, experiment=experiment, outcome=made.verdict, check=made)


def _find_against(store: Store, scope: Scope, against: str) -> Scope:
    """Return the runs that a check holds others against: of the same experiment, by a handle, a name or a condition."""
    frame = select_runs(store, scope)
    project, experiment = (str(frame.attributes[key][0]) for key in ("project", "experiment"))
    whole = Scope(project=project, experiment=experiment, goals=scope.goals)
    if is_words(against) or has_name(store, whole, against):
        return chosen_scope(whole, [find_run(store, whole, against)])
    found = select_runs(store, whole)
    rows = filter_rows(found, against)
    if not rows:
        raise NoRunError(f"{against!r} names no run that is there; expected one to hold these against; name another")
    return chosen_scope(whole, [found.run_ids[row] for row in rows])
