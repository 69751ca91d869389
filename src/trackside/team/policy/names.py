"""Completes names and tags by what the policy says of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trackside.model import parse_tag
from trackside.team.policy.reading import read_policy
from trackside.team.policy.schemes import parse_scheme

if TYPE_CHECKING:
    from trackside.config import Settings

_ANY = re.compile(r"[*?\[]")
"""What a pattern of values has in it."""


def complete_name(settings: Settings, key: str, begun: str) -> list[str]:
    """Return how a name that is begun may go on by the schemes that ``key`` names, ``"run_name"`` for example.

    Of runs' names only the scheme for the experiment of the settings counts.

    Raises
    ------
    InputError
        The policy cannot be used.
    """
    policy = read_policy(settings)
    if policy is None:
        return []
    rules = policy.rules if key == "experiment_name" else policy.rules_for(settings.experiment)
    schemes = [scheme for rule in rules if (scheme := getattr(rule, key)) is not None]
    known = {"project": settings.project, "user": settings.user}
    wanted = schemes if key == "experiment_name" else schemes[-1:]
    return [name for scheme in wanted for name in parse_scheme(scheme, policy.parts).complete(begun, known)]


def list_tags(settings: Settings) -> list[str]:
    """Return the tags that the policy demands of runs, each with every value it may have: ``stage=dev``.

    Of one that may have any value its name is returned, ``stage=``.

    Raises
    ------
    InputError
        The policy cannot be used.
    """
    policy = read_policy(settings)
    demanded = [tag for rule in policy.rules_for(settings.experiment) for tag in rule.tags] if policy else []
    pairs = [(name, value.strip()) for name, values in map(parse_tag, demanded) for value in values.split("|")]
    return list(dict.fromkeys(f"{name}={'' if _ANY.search(value) else value}" for name, value in pairs))
