"""A policy in words, as ``%track policy`` tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackside.quantities import spell_count
from trackside.visible_text import cut

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trackside.team.policy.rules import Policy, Rule

_LINE = 200


def describe_policy(policy: Policy) -> str:
    """Return the rules of a policy, the words of its parts and its checks, a line for each.

    Examples
    --------
    >>> from trackside.team.policy.reading import parse_policy
    >>> print(describe_policy(parse_policy({"tags": ["stage"], "seed": True}, "pyproject.toml")))
    policy of pyproject.toml
      all experiments (warn): tag stage; a seed on record
    """
    head, lines = f"policy of {policy.file}", list[str]()
    for rule in policy.rules:
        if demands := "; ".join(_demands(rule)):
            whose = "all experiments" if rule.when == "*" else f"experiments {rule.when}"
            lines.append(f"{whose} ({'refuse' if policy.refuses(rule) else 'warn'}): {demands}")
    lines += [f"{part} is {', '.join(words) or 'any word'}" for part, words in policy.parts.items()]
    for check in policy.checks:
        whose = "" if check.when == "*" else f" of experiments {check.when}"
        gate = f", before {check.gate}" if check.gate else ""
        lines.append(f"check{whose}: {check.label}{gate}")
    return "\n".join([head, *(f"  {cut(line, _LINE)}" for line in lines)])


def _demands(rule: Rule) -> Iterator[str]:
    if rule.experiment_name:
        yield f"experiment {rule.experiment_name}"
    if rule.run_name:
        yield f"run name {rule.run_name}"
    for what, names in (("param", rule.params), ("metric", rule.metrics), ("artifact", rule.artifacts)):
        yield from (f"{what} {name}" for name in names)
    yield from (f"no param {name}" for name in rule.forbidden_params)
    yield from (f"tag {tag}" for tag in rule.tags)
    yield from (f"{role} data" for role in rule.roles)
    if rule.seed:
        yield "a seed on record"
    if rule.seeds:
        yield f"{spell_count(rule.seeds, 'seed')} before something is decided"
    if rule.clean_git:
        yield "code in a commit"
    for what, ranges in (("param", rule.param_ranges), ("metric", rule.metric_ranges)):
        yield from (f"{what} {name} {allowed}" for name, allowed in ranges.items())
