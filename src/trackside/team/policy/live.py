"""The policy and a run of this process: what its card shows of it, and what is not decided on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackside.team.policy.reading import read_policy
from trackside.team.policy.refusal import refuse_broken
from trackside.team.policy.run_record import record_live

if TYPE_CHECKING:
    from trackside.config import Settings
    from trackside.team.policy.refusal import Act
    from trackside.tracking import Run


def refuse_run(run: Run, settings: Settings, act: Act) -> None:
    """Refuse an act on a run of this process that breaks the policy; see `refuse_unless_compliant`.

    Raises
    ------
    InputError
        A rule that refuses is not kept, or the policy cannot be used.
    """
    if (policy := read_policy(settings)) is not None:
        refuse_broken(policy, [record_live(run, settings)], act)
