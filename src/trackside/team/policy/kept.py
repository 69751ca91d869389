"""How runs of a store keep the policy: which of them break it, and one rule by rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from trackside.errors import InputError
from trackside.model import short_id
from trackside.team.policy.checklist import say_state, worst_first
from trackside.team.policy.compliance import judge_run
from trackside.team.policy.reading import read_policy
from trackside.team.policy.run_record import read_run_records
from trackside.team.policy.stamps import read_stamps
from trackside.visible_text import cut
from trackside.wire import CodeText, Fact, RunSection

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from trackside.config import Settings
    from trackside.store.store import Store
    from trackside.team.policy.compliance import Finding
    from trackside.team.policy.rules import Policy

_SHOWN = 200
_MOST_FACTS = 100
_MOST_JUDGED = 300
"""Runs of a list, the newest ones, that are judged."""


class _Judged(NamedTuple):
    """What was found of a store's runs last: the question, and of each run what it rested on and if it breaks it."""

    policy: Policy
    run_ids: tuple[str, ...]
    signature: object
    runs: dict[str, tuple[object, bool]]


_last: dict[Path, _Judged] = {}


def judge_kept(policy: Policy, store: Store, run_ids: Sequence[str]) -> dict[str, list[Finding]]:
    """Return what runs of a store keep of a policy, by their ids."""
    return {run.run_id: judge_run(policy, run, handle=short_id(run.run_id)) for run in read_run_records(store, run_ids)}


def find_broken(store: Store, run_ids: Sequence[str], settings: Settings | None) -> list[str]:
    """Return those of the newest runs that break the policy; none where it cannot be used, which others tell."""
    try:
        policy = read_policy(settings) if settings else None
    except InputError:
        return []
    if policy is None:
        return []
    newest, signature = tuple(run_ids[:_MOST_JUDGED]), store.signature()
    last = _last.get(store.folder)
    if last is None or (last.policy, last.run_ids, last.signature) != (policy, newest, signature):
        known = last.runs if last is not None and last.policy == policy else {}
        last = _Judged(policy, newest, signature, _judge_changed(policy, store, newest, known))
        _last[store.folder] = last
    return [run_id for run_id in newest if last.runs.get(run_id, (None, False))[1]]


def _judge_changed(
    policy: Policy, store: Store, run_ids: Sequence[str], known: Mapping[str, tuple[object, bool]]
) -> dict[str, tuple[object, bool]]:
    """Return what each run rests on and whether it breaks a policy; only those of which something was said are read."""
    with store.at_one_moment(0.0):
        stamps = read_stamps(store, run_ids)
        judged = {run_id: known[run_id] for run_id, stamp in stamps.items() if known.get(run_id, (None,))[0] == stamp}
        if changed := [run_id for run_id in stamps if run_id not in judged]:
            for run_id, findings in judge_kept(policy, store, changed).items():
                judged[run_id] = stamps[run_id], any(each.state == "broken" for each in findings)
    return judged


def describe_kept(store: Store, run_id: str, settings: Settings | None) -> RunSection:
    """Return how a run keeps the policy, rule by rule, as a part of its page; an empty one where there is none."""
    try:
        policy = read_policy(settings) if settings else None
    except InputError as error:
        return RunSection(name="policy", texts=[CodeText(name="cannot be used", text=str(error))])
    findings = judge_kept(policy, store, [run_id]).get(run_id, []) if policy else []
    facts = [Fact(name=cut(each.rule, _SHOWN), text=say_state(each)) for each in worst_first(findings)]
    return RunSection(name="policy", facts=facts[:_MOST_FACTS], more=max(0, len(facts) - _MOST_FACTS))
