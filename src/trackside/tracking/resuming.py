"""Finds a run that has ended and is to go on, or to be added to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackside.errors import InputError
from trackside.goals import Goals
from trackside.handles import find_run
from trackside.query import Scope
from trackside.run_state import read_run_state
from trackside.store.store import Store

if TYPE_CHECKING:
    from trackside.config import Settings
    from trackside.run_state import RunState

REFRESH_SECONDS = 2.0
"""How long to wait for what was logged just now."""


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
    """
    store = Store(settings.store_folder)
    store.refresh(REFRESH_SECONDS)
    scope = Scope(experiment=experiment or settings.experiment, goals=Goals(settings.metrics, settings.main_metric))
    state = read_run_state(store, find_run(store, scope, handle))
    if state.status == "running":
        raise InputError(f"The run {state.name!r} is still live; expected one that has ended; end it first")
    return state
