"""What ``%track policy`` does: tell the rules and where they stand, and how runs keep them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackside.magic.chosen_runs import choose_runs
from trackside.magic.here import name_runs
from trackside.quantities import spell_count
from trackside.whereabouts import find_own_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trackside.collection import Runs
    from trackside.store.store import Store
    from trackside.team.policy.rules import Policy

_NEWEST = 20
_NO_POLICY = "there is no policy; [tool.trackside.policy] in pyproject.toml, or [policy] in trackside.toml, says one"


def tell_policy(text: str) -> str:
    """Tell the rules, and how the newest runs of this notebook keep them; of runs that are named each rule."""
    from trackside.lookup import runs
    from trackside.store.store import Store
    from trackside.team.policy.reading import read_policy
    from trackside.team.policy.telling import describe_policy

    settings = find_own_settings()
    policy = read_policy(settings)
    if policy is None:
        return _NO_POLICY
    store = Store(settings.store_folder)
    if text:
        return "\n".join(_tell_each(policy, store, choose_runs(text)))
    found = runs()
    head = spell_count(len(found), "run") + (f", the newest {_NEWEST}" if len(found) > _NEWEST else "")
    return "\n".join([describe_policy(policy), "", f"{head}:", *_tell_all(policy, store, found[:_NEWEST])])


def _tell_all(policy: Policy, store: Store, chosen: Runs) -> Iterator[str]:
    from trackside.team.policy.checklist import write_line
    from trackside.team.policy.kept import judge_kept

    judged = judge_kept(policy, store, chosen.ids) if len(chosen) else {}
    for name, run_id in zip(name_runs(chosen), chosen.ids, strict=True):
        told = write_line(judged[run_id]) if judged[run_id] else "no rule is for it"
        yield f"  {name}: {told.removeprefix('policy: ')}"


def _tell_each(policy: Policy, store: Store, chosen: Runs) -> Iterator[str]:
    from trackside.team.policy.checklist import say_finding, worst_first, write_line
    from trackside.team.policy.kept import judge_kept

    judged = judge_kept(policy, store, chosen.ids)
    for name, run_id in zip(name_runs(chosen), chosen.ids, strict=True):
        yield f"{name}: {write_line(judged[run_id]) if judged[run_id] else f'no rule in {policy.file} is for it'}"
        yield from (f"  {say_finding(each)}" for each in worst_first(judged[run_id]))
