"""Finds a run of earlier: one that has ended and is to go on or to be added to, or one that others are part of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackside.errors import InputError
from trackside.goals import Goals
from trackside.handles import find_run
from trackside.query import Scope
from trackside.run_state import read_run_state
from trackside.store.store import Store
from trackside.tracking.late_work import wait_for_late_work

if TYPE_CHECKING:
    from trackside.config import Settings
    from trackside.run_state import RunState

REFRESH_SECONDS = 10.0
"""How long to wait for what was logged just now: the run that is meant may not be in the tables yet."""


def find_ended_run(settings: Settings, handle: str, experiment: str | None = None) -> RunState:
    """Return the run that a handle names, which has ended.

    Parameters
    ----------
    experiment
        Where to look; by default the settings' experiment.

    Raises
    ------
    InputError
        The handle names no run, or one that is still live.
    StoreBusyError
        The newest lines are not in the tables yet: the handle may name another run.
    """
    wait_for_late_work()  # a figure that is not kept yet has its name already
    state = read_run_state(Store(settings.store_folder), find_earlier_run(settings, handle, experiment))
    if state.status == "running":
        raise InputError(f"The run {state.name!r} is still live; expected one that has ended; end it first")
    return state


def find_earlier_run(settings: Settings, handle: str, experiment: str | None = None) -> str:
    """Return the id of the run that a handle names among those of the project's experiment; see `find_ended_run`."""
    store = Store(settings.store_folder)
    store.bring_up_to_date(REFRESH_SECONDS, f"which run {handle!r} names")
    scope = Scope(
        project=settings.project,
        experiment=experiment or settings.experiment,
        goals=Goals(settings.metrics, settings.main_metric),
    )
    return find_run(store, scope, handle)
