"""How runs of a store keep the policy: which of them break it, and one rule by rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackside.errors import InputError
from trackside.team.policy.checklist import say_state, worst_first
from trackside.team.policy.compliance import judge_run
from trackside.team.policy.reading import read_policy
from trackside.team.policy.run_record import read_run_records
from trackside.visible_text import cut
from trackside.wire import CodeText, Fact, RunSection

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from trackside.config import Settings
    from trackside.store.store import Store
    from trackside.team.policy.compliance import Finding
    from trackside.team.policy.rules import Policy

_SHOWN = 200
_MOST_FACTS = 100
_MOST_JUDGED = 300
"""Runs of a list, the newest ones, that are judged each time it changes."""

_last: dict[Path, tuple[object, list[str]]] = {}
"""Of each store the last question of which runs break a policy, and its answer."""


def judge_kept(policy: Policy, store: Store, run_ids: Sequence[str]) -> dict[str, list[Finding]]:
    """Return what runs of a store keep of a policy, by their ids."""
    return {run.run_id: judge_run(policy, run) for run in read_run_records(store, run_ids)}


def find_broken(store: Store, run_ids: Sequence[str], settings: Settings | None) -> list[str]:
    """Return those of the newest runs that break the policy; none where it cannot be used, which others tell."""
    try:
        policy = read_policy(settings) if settings else None
    except InputError:
        return []
    if policy is None:
        return []
    newest, signature = tuple(run_ids[:_MOST_JUDGED]), store.signature()
    question = (store.folder, policy, newest, signature)
    asked, broken = _last.get(store.folder, (None, []))
    if asked != question:
        judged = judge_kept(policy, store, newest)
        broken = [run_id for run_id, its in judged.items() if any(each.state == "broken" for each in its)]
        _last[store.folder] = question, broken
    return broken


def describe_kept(store: Store, run_id: str, settings: Settings | None) -> RunSection:
    """Return how a run keeps the policy, rule by rule, as a part of its page; an empty one where there is none."""
    try:
        policy = read_policy(settings) if settings else None
    except InputError as error:
        return RunSection(name="policy", texts=[CodeText(name="cannot be used", text=str(error))])
    findings = judge_kept(policy, store, [run_id]).get(run_id, []) if policy else []
    facts = [Fact(name=cut(each.rule, _SHOWN), text=say_state(each)) for each in worst_first(findings)]
    return RunSection(name="policy", facts=facts[:_MOST_FACTS], more=max(0, len(facts) - _MOST_FACTS))
