"""What ``%track experiment|store|on|off|metric|ignore`` do: say how this session's cells are tracked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from trackside.errors import InputError, suggest
from trackside.magic.here import describe_goal
from trackside.magic.session_settings import choose, describe_origin, take_back
from trackside.model import is_run_id
from trackside.store.store import Store
from trackside.tracking.experiments import decide, metric
from trackside.whereabouts import find_notebook, find_own_settings

if TYPE_CHECKING:
    from trackside.config import Settings
    from trackside.magic.memory import Known, Memory

UNDO = "--undo"


def set_or_tell(name: Literal["store", "experiment"], value: str) -> str:
    """Set ``store`` or ``experiment`` for the session, or take that back with ``--undo``, and say what it is."""
    if value == UNDO:
        take_back(name)
    elif value.startswith("--"):
        raise InputError(f"found {value}; expected a name or {UNDO}.{suggest(value, [UNDO])}")
    elif value := unquoted(value):
        choose(name, str(Path(value).expanduser().absolute()) if name == "store" else value)
    settings = find_own_settings()
    shown = settings.store_folder if name == "store" else settings.experiment
    elsewhere = _describe_elsewhere(settings) if name == "experiment" else ""
    return f"{name}: {shown} ({describe_origin(settings, name)}){elsewhere}"


def _describe_elsewhere(settings: Settings) -> str:
    """Say where an experiment has runs that has none in this project."""
    from trackside.listings import list_projects

    if not settings.store_folder.is_dir():
        return ""
    store = Store(settings.store_folder)
    store.refresh()
    projects = list_projects(store, settings.experiment)
    if not projects or settings.project in projects:
        return ""
    return (
        f"; no run in this project ({settings.project}): experiment {settings.experiment} is in project "
        f"{', '.join(projects)}: ts.runs(experiment={settings.experiment!r})"
    )


def unquoted(text: str) -> str:
    """Return a text without the quotes that stand around it."""
    is_quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    return text[1:-1] if is_quoted else text


def switch(state: str) -> str:
    """Turn tracking ``on`` or ``off``."""
    choose("mode", "enabled" if state == "on" else "disabled")
    return f"tracking is {state}"


def set_metric(text: str) -> str:
    """Say a metric's goal, or that it is the main one: ``val_loss min main``; its name alone tells what is known."""
    name, *said = text.split() or [""]
    if name and not said:
        return _tell_metric(name)
    goals = [word for word in said if word in ("min", "max")]
    unknown = [word for word in said if word not in ("min", "max", "main")]
    if not name or not said or unknown or len(goals) > 1:
        hint = suggest(unknown[0], ["min", "max", "main"]) if unknown else ""
        raise InputError(f"found {text!r}; expected a metric and what it is, such as val_loss min main.{hint}")
    metric(name, goal=goals[0] if goals else None, main="main" in said)  # type: ignore[arg-type]  # one of the two
    return f"{name}: {' '.join(said)}"


def _tell_metric(name: str) -> str:
    from trackside.lookup import runs

    found = runs()
    if name not in found.metric_names:
        known = found.metric_names
        raise InputError(f"no run has a metric {name!r}; expected one of {', '.join(known)}.{suggest(name, known)}")
    is_main = name == found.main_metric
    return f"{name}: {describe_goal(found.goals, name)}; {'' if is_main else 'not '}the main metric"


def ignore(memory: Memory, text: str) -> str:
    """Leave names out of what is captured from now on; ``--undo`` takes that back; no name tells which they are."""
    settings = find_own_settings()
    known = memory.of(settings, settings.experiment, find_notebook())
    known.wait()
    words = text.replace(",", " ").split()
    undo = UNDO in words
    names = [word for word in words if word != UNDO]
    if not names:
        return f"ignored: {', '.join(sorted(known.ignored)) or 'nothing'}"
    if undo:
        names = [full for name in names for full in _ignored_as(known, name)]
    store = Store.create(settings.store_folder, shared=settings.is_shared)
    for name in names:
        _ignore_name(store, (settings.project, settings.experiment), known, name, undo=undo)
    return f"{'captured again' if undo else 'ignored from now on'}: {', '.join(names)}"


def _ignored_as(known: Known, name: str) -> list[str]:
    """Return the ignored names that a name means: itself, and those of which it is the last part."""
    meant = sorted(ignored for ignored in known.ignored if name in (ignored, ignored.rpartition(".")[2]))
    if not meant:
        ignored = ", ".join(sorted(known.ignored)) or "nothing"
        raise InputError(f"{name!r} is not ignored; ignored is {ignored}.{suggest(name, list(known.ignored))}")
    return meant


def ignore_name_on_card(memory: Memory, name: str, run_id: str, *, undo: bool) -> None:
    """Leave a name out that somebody struck out on a run's card."""
    settings = find_own_settings()
    experiment = _experiment_of(Store(settings.store_folder), run_id) or settings.experiment
    known = memory.of(settings, experiment, find_notebook())
    _ignore_name(
        Store.create(settings.store_folder, shared=settings.is_shared),
        (settings.project, experiment),
        known,
        name,
        undo=undo,
    )


def _ignore_name(store: Store, experiment: tuple[str, str], known: Known, name: str, *, undo: bool) -> None:
    decide(store, experiment, "ignored", name, None if undo else "yes")
    if undo:
        known.ignored.discard(name)
    else:
        known.ignored.add(name)


def _experiment_of(store: Store, run_id: str) -> str | None:
    """Return the experiment of a run; it may have begun after the tables were last brought up to date."""
    if not is_run_id(run_id):
        raise InputError(f"{run_id[:80]!r} is no id of a run; expected the id on a card")
    store.refresh()
    with store.read() as connection:
        row = connection.execute("SELECT experiment FROM runs WHERE run_id = ?", [run_id]).fetchone()
    return str(row[0]) if row else None
