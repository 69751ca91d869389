"""Where am I: what ``%track`` alone answers."""

from __future__ import annotations

from stat import S_ISREG
from typing import TYPE_CHECKING

from trackside.errors import TracksideError
from trackside.magic.session_settings import describe_origin
from trackside.model import short_id
from trackside.quantities import spell_bytes, spell_duration
from trackside.team.baselines import spell_handle
from trackside.tidying import describe_hidden
from trackside.tracking.live_runs import list_live_runs
from trackside.whereabouts import find_own_settings

if TYPE_CHECKING:
    from pathlib import Path

    from trackside.collection import Runs
    from trackside.config import Settings
    from trackside.goals import Goals

_SHOWN_RUNS = 5


def describe_here() -> str:
    """Return in words where runs go, what is live, and what this notebook's experiment has."""
    settings = find_own_settings()
    live = [f"{run.name} {short_id(run.id)} ({spell_duration(run.duration)})" for run in list_live_runs()]
    size = spell_store_size(settings.store_folder)
    lines = {
        "store": f"{settings.store_folder} ({size}; {describe_origin(settings, 'store')})",
        "experiment": f"{settings.experiment} ({describe_origin(settings, 'experiment')})",
        "project": f"{settings.project} (from {settings.origins['project']})",
        "tracking": "on" if settings.mode == "enabled" else "off; %track on turns it on",
        "live runs": ", ".join(live) or "none",
    } | _describe_experiment(settings)
    return "\n".join(f"{name + ':':<13}{text}" for name, text in lines.items())


def name_runs(found: Runs) -> list[str]:
    """Return what each run is called, with the letters of its id."""
    pairs = zip(found.labels, found.ids, strict=True)
    return [label if label.endswith(short_id(run_id)) else f"{label} {short_id(run_id)}" for label, run_id in pairs]


def describe_goal(goals: Goals, metric: str) -> str:
    """Return in words whether a metric is better low or high, and how that is known."""
    goal = goals.of(metric)
    if goal is None:
        return "not known whether better low or high; ts.metric(…) says it"
    origin = "as you said" if goals.is_given(metric) else "inferred from its name; ts.metric(…) says otherwise"
    return f"better {'low' if goal == 'min' else 'high'} ({origin})"


def spell_store_size(folder: Path) -> str:
    """Return how much a store takes of the disk, in words."""
    return spell_bytes(sum(_bytes(file) for file in folder.rglob("*"))) if folder.is_dir() else "not made yet"


def _describe_experiment(settings: Settings) -> dict[str, str]:
    from trackside.lookup import runs

    if not settings.store_folder.is_dir():
        return {"runs": "none yet; put %%track on top of a cell"}
    try:
        found = runs()
    except (TracksideError, OSError) as error:
        return {"runs": str(error)}
    hidden = f" ({describe_hidden(found.hidden)})" if found.hidden else ""
    newest = name_runs(found[:_SHOWN_RUNS])
    described = {"runs": f"{len(found)}{hidden}" + (f"; newest: {', '.join(newest)}" if newest else "")}
    return described | _describe_decisions(found)


def _describe_decisions(found: Runs) -> dict[str, str]:
    described = {}
    if main := found.main_metric:
        described["main metric"] = f"{main}, {describe_goal(found.goals, main)}"
    for name, run_id in sorted(found.baselines.items()):
        described[spell_handle(name)] = ", ".join(name_runs(found.of_ids([run_id]))) or "a run that is not there"
    return described


def _bytes(path: Path) -> int:
    try:
        found = path.stat()
    except OSError:  # the helper has moved a journal meanwhile, or it is another user's
        return 0
    return found.st_size if S_ISREG(found.st_mode) else 0
