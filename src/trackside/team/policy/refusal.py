"""Refuses to decide on runs that break what the policy says must be kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import msgspec

from trackside.errors import InputError
from trackside.model import short_id
from trackside.team.policy.compliance import judge_run
from trackside.team.policy.places import spell_place
from trackside.team.policy.reading import read_policy
from trackside.team.policy.run_record import count_seeds, read_run_records, spell_way
from trackside.visible_text import cut
from trackside.whereabouts import find_settings_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trackside.config import Settings
    from trackside.store.store import Store
    from trackside.team.policy.compliance import Finding
    from trackside.team.policy.rules import Policy
    from trackside.team.policy.run_record import RunRecord

Act: TypeAlias = Literal["baseline", "register", "promote", "check"]
"""What is to be done with runs."""

_ACTS: dict[Act, str] = {
    "baseline": "no other run is held against it",
    "register": "it is not registered",
    "promote": "it is not promoted",
    "check": "it is not checked",
}
_WAIT = 10.0
_SHOWN = 40


def refuse_unless_compliant(
    store: Store, run_ids: Sequence[str], act: Act, *, settings: Settings | None = None
) -> None:
    """Refuse an act on runs that do not keep what the policy refuses to go without.

    Only rules with ``on_violation = "refuse"`` refuse; what is not known of a run is not kept. Where no policy is
    found, nothing is refused.

    Parameters
    ----------
    settings
        Those that name the policy; by default those that hold for the store; see `find_settings_for`.

    Raises
    ------
    InputError
        A rule is broken: each is named, with what to do. Or a run is not in the store, or the policy cannot be used.
    StoreBusyError
        The store could not be brought up to date, so that it is not known.

    Examples
    --------
    >>> from pathlib import Path
    >>> from trackside.store.store import Store
    >>> refuse_unless_compliant(Store(Path(".trackside")), ["0197…"], "promote")  # doctest: +SKIP
    """
    policy = read_policy(settings or find_settings_for(store.folder))
    if policy is not None and any(map(policy.refuses, policy.rules)):
        store.bring_up_to_date(_WAIT, "whether runs keep the policy")
        runs = read_run_records(store, run_ids)
        if missing := set(run_ids) - {run.run_id for run in runs}:
            named = ", ".join(sorted(map(short_id, missing)))
            raise InputError(f"{_ACTS[act]}: {store.folder} has no run {named}; expected all on record; bring it there")
        _refuse_broken(policy, runs, act)


def _refuse_broken(policy: Policy, runs: list[RunRecord], act: Act) -> None:
    """Refuse an act on runs by their records.

    Raises
    ------
    InputError
        A rule that refuses is not kept.
    """
    told = [
        f"{cut(run.name, _SHOWN)} ({short_id(run.run_id)}): {_say(finding, policy)}"
        for run in _with_common_seeds(runs)
        for finding in judge_run(policy, run, deciding=True, handle=short_id(run.run_id))
        if finding.refuses and finding.state != "kept"
    ]
    if told:
        first, *more = told
        raise InputError("\n".join([f"{_ACTS[act]}, as the policy in {policy.file} says: {first}", *more]))


def _say(finding: Finding, policy: Policy) -> str:
    place = spell_place(policy.file, finding.key, finding.number)
    return f"{finding.rule} ({place}): found {finding.found}; expected {finding.expected}; {finding.advice}"


def _with_common_seeds(runs: list[RunRecord]) -> list[RunRecord]:
    """Return runs that are decided on together: those of one experiment that differ in their seed alone count so."""
    params: dict[str, list[dict[str, Any]]] = {}
    for run in runs:
        params.setdefault(run.experiment, []).append(run.params)
    seeds = {experiment: count_seeds(its) for experiment, its in params.items()}
    return [
        msgspec.structs.replace(run, seeds=max(run.seeds, seeds[run.experiment][spell_way(run.params)])) for run in runs
    ]
