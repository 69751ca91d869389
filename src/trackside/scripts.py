"""``ts.run`` as everybody calls it: its runs are held to the policy, which stands above what begins them.

No run is promoted that the policy refuses, and a script whose run breaks it is told so at the run's end.
"""

from __future__ import annotations

import functools
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, ParamSpec

from trackside import tracking
from trackside.whereabouts import find_own_settings

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")

_told: set[str] = set()
"""What was told in this process: a loop of runs that break one rule tells it once."""


def _obeying(start: Callable[P, tracking.Run]) -> Callable[P, tracking.Run]:
    @functools.wraps(start)
    def run(*args: P.args, **kwargs: P.kwargs) -> tracking.Run:
        started = start(*args, **kwargs)
        started.before_promoting(lambda: _refuse(started))
        if started.origin == "script" and not started.is_joined and started.store_folder is not None:
            started.when_ended(lambda: _tell(started))
        return started

    return run


def _refuse(run: tracking.Run) -> None:
    """Refuse to promote a run that breaks the policy."""
    from trackside.store.store import Store
    from trackside.team.policy import refuse_unless_compliant

    if run.store_folder is not None:
        refuse_unless_compliant(Store(run.store_folder), [run.id], "promote")


def _tell(run: tracking.Run) -> None:
    """Tell on stderr which rules a run breaks; nothing where it keeps them all, or did not end well."""
    if run.status != "finished":
        return
    try:
        settings = find_own_settings()
        if settings.policy is None:
            return
        from trackside.team.policy.live import say_broken

        told = say_broken(run, settings)
    except Exception as error:  # noqa: BLE001 - the run is kept; what is said of it must not cost the user's script
        told = f"policy not applied: {error}"
    if told and told not in _told:
        _told.add(told)
        with suppress(OSError, ValueError):  # nobody reads it, or it is closed
            print(f"trackside: {told}", file=sys.stderr)  # noqa: T201 - a script's user looks there


run = _obeying(tracking.run)
