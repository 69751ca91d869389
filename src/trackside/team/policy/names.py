"""Completes names by the naming schemes of the policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackside.team.policy.reading import read_policy
from trackside.team.policy.schemes import parse_scheme

if TYPE_CHECKING:
    from trackside.config import Settings


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
