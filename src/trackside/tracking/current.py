"""``ts.run`` and ``ts.log``: tracking without holding on to a run."""

from __future__ import annotations

import functools
import hashlib
import warnings
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from trackside.callers import user_stacklevel
from trackside.capture.words.secrets import redact_source
from trackside.errors import InputError
from trackside.model import is_run_id
from trackside.tracking import joining, live_runs
from trackside.tracking.inherited import Inherited, inherited
from trackside.tracking.live_run import Run
from trackside.tracking.modules import ModulesOfRun
from trackside.tracking.own_cell import find_own_cell
from trackside.whereabouts import find_notebook, find_own_settings, find_script, is_interactive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from trackside.config import Settings
    from trackside.model import Artifact, Role

MAX_SOURCE = 200_000
"""Bytes of a script that are kept with its run; a longer one is not written by hand."""

T = TypeVar("T")

current_run = live_runs.current_run
_told_of_no_run = False


def run(
    name: str | None = None,
    *,
    experiment: str | None = None,
    params: Mapping[str, Any] | None = None,
    tags: Mapping[str, str] | None = None,
    group: str | None = None,
    parent: Run | str | None = None,
    resume: str | None = None,
) -> Run:
    """Start a run: use it in a ``with`` block, or call its ``finish``.

    Its store is looked for from the folder of the script or notebook upwards, not from the working folder. In a
    notebook the run is kept with its cell, and with the cells that this depends on.

    In a process that a tracked cell started, the first run joins the cell's: what is logged goes there, and the name
    given here is its tag ``script``.

    Parameters
    ----------
    name
        What people will call it; the script's name if None.
    experiment
        The group of runs it is compared in; from the settings if None.
    params, tags
        Inputs of the run, and words to find it by.
    group
        A name that runs belonging together share, such as the folds of one cross-validation.
    parent
        The run that this one is part of, or its id or another handle, such as ``"last"``; the current run if None.
    resume
        A run that has ended and goes on here: ``"last"``, five letters of its id or another handle. Its name and
        experiment stay; its steps count on.

    Raises
    ------
    InputError
        The settings cannot be used, ``parent`` names no run, or ``resume`` none that has ended.
    JournalError
        The store's folder cannot be written.

    Examples
    --------
    >>> import trackside as ts
    >>> with ts.run("mlp", params={"lr": 1e-3}) as run:
    ...     for epoch in range(3):
    ...         run.log(loss=1 / (epoch + 1))
    """
    if name is not None and not isinstance(name, str):
        raise InputError(f"found {name!r} as the run's name; expected a text, such as 'mlp'")
    if resume is not None:
        return _with(_resume(resume, experiment), params, tags)
    outer = live_runs.current_run()
    if outer is None and parent is None and (joined := joining.join_inherited()):
        return _with(joined, params, {**({"script": name} if name else {}), **(tags or {})})
    script, notebook, settings = find_script(), find_notebook(), find_own_settings()
    file = notebook or script
    cell = None if script else find_own_cell()
    source = cell.source if cell else _read_source(script)
    started = Run.start(
        settings.store_folder if settings.mode == "enabled" else None,
        name=name or (script.stem if script else "run"),
        project=settings.project,
        experiment=experiment or (outer.experiment if outer else "") or settings.experiment,
        user=settings.user,
        origin="notebook" if is_interactive() else "script",
        params=params,
        tags=tags,
        group=group,
        parent_id=_parent_id(settings, parent, outer),
        notebook=str(notebook) if notebook else None,
        cell_id=cell.cell_id if cell else None,
        source=source,
        cell_digest=hashlib.sha256(source.encode()).hexdigest() if source and not cell else None,
        execution_count=cell.execution_count if cell else None,
        durability=settings.durability,
        code_folder=file.parent if file else None,
        settings=settings,
    )
    if outer is None and started.store_folder is not None and settings.captures("code"):
        modules = ModulesOfRun(started, file.parent if file else None, set())  # those within have their outer run's
        modules.begin()
        started.at_end(modules.end)
        if cell:
            cell.keep_code(started)
    return started


def log(metrics: Mapping[str, Any] | None = None, /, *, step: int | None = None, **values: Any) -> None:
    """Log one point of each named metric to the current run; see `Run.log`.

    In a cell under ``%%track`` neither this nor any other ``ts.log…`` raises what the methods of `Run` do: a warning
    says once what cannot be kept, and the card how often.

    Examples
    --------
    >>> import trackside as ts
    >>> ts.log(loss=0.25, accuracy=0.9)  # in a cell under %%track, or in ``with ts.run():``
    """
    log_to_run("log(…)", lambda live: live.log(metrics, step=step, **values))


def log_history(steps: Any = None, /, **columns: Any) -> None:
    """Log many points of each named metric at once to the current run; see `Run.log_history`."""
    log_to_run("log_history(…)", lambda live: live.log_history(steps, **columns))


def log_params(params: Mapping[str, Any] | None = None, /, **values: Any) -> None:
    """Log inputs of the current run; see `Run.log_params`."""
    log_to_run("log_params(…)", lambda live: live.log_params(params, **values))


def log_dataset(
    name: str,
    data: Any,
    *,
    role: Role | None = None,
    source: str | None = None,
    version: str | None = None,
    split: Any = None,
    filters: Iterable[Any] | None = None,
    pipeline: Any = None,
) -> None:
    """Log data that the current run uses; see `Run.log_dataset`."""
    said = {"role": role, "source": source, "version": version, "split": split, "filters": filters}
    log_to_run("log_dataset(…)", lambda live: live.log_dataset(name, data, **said, pipeline=pipeline))


def log_artifact(
    value: Any, name: str | None = None, *, kind: str | None = None, step: int | None = None
) -> Artifact | None:
    """Keep a file, a folder, a figure, a table or another value with the current run; see `Run.log_artifact`.

    Examples
    --------
    >>> import trackside as ts
    >>> ts.log_artifact("three classes, 1 % noise", "remarks").kind
    'text'
    """
    return log_to_run("log_artifact(…)", lambda live: live.log_artifact(value, name, kind=kind, step=step))


def log_to_run(call: str, do: Callable[[Run], T]) -> T | None:
    """Return what ``do`` does with the run that this code is in; None and a warning where nothing comes of the call.

    That is where no run is live. A call that cannot be used raises, but not in a tracked cell: there a warning says so
    once, and a line on the card how often.
    """
    live = _run_to_log_to()
    if live is None:
        _tell_of_no_run(call)
        return None
    try:
        return do(live)
    except Exception as error:
        if not live.recording.spares_caller:
            raise
        if told := live.recording.refuse(call, error):
            warnings.warn(told, stacklevel=user_stacklevel())
        return None


def begin_cell() -> None:
    """Let the next ``ts.log`` without a run warn again: a new cell runs."""
    global _told_of_no_run  # noqa: PLW0603 - one process, one user to tell
    _told_of_no_run = False


def _tell_of_no_run(call: str) -> None:
    global _told_of_no_run  # noqa: PLW0603 - one process, one user to tell
    if _told_of_no_run:
        return
    _told_of_no_run = True
    if joining.is_off():
        return
    why, fix = "no run is live", "call it inside `with ts.run():`"
    if live_runs.list_live_runs():
        why, fix = "several runs are live, and this code is in none of them", f"call run.{call}"
    elif is_interactive():
        fix = "put %%track on top of the cell"
    warnings.warn(f"{call} was not kept: {why}; {fix}", stacklevel=user_stacklevel())


def _run_to_log_to() -> Run | None:
    """Return the run this code is in, else the only one of this process, else the one that the process works for."""
    live = live_runs.current_run()
    if live is not None and not joining.is_following(live):
        return live
    own = [run for run in live_runs.list_live_runs() if not joining.is_following(run)]
    if live is None and len(own) == 1:
        return own[0]
    return joining.follow_inherited()


def _resume(handle: str, experiment: str | None) -> Run:
    from trackside.tracking.resuming import find_ended_run

    notebook, script, settings = find_notebook(), find_script(), find_own_settings()
    file = notebook or script
    origin: Literal["notebook", "script"] = "notebook" if is_interactive() else "script"
    if settings.mode == "disabled":
        return Run.start(None, name=handle, experiment=experiment or settings.experiment, origin=origin)
    return Run.resume(
        settings.store_folder,
        find_ended_run(settings, handle, experiment),
        origin=origin,
        durability=settings.durability,
        code_folder=file.parent if file else None,
    )


def _with(run: Run, params: Mapping[str, Any] | None, tags: Mapping[str, str] | None) -> Run:
    run.log_params(params)
    run.set_tags(tags)
    return run


def _parent_id(settings: Settings, parent: Run | str | None, outer: Run | None) -> str | None:
    if isinstance(parent, str):
        return _find_parent(settings, parent)
    if not isinstance(parent, Run | None):
        raise InputError(
            f"found {type(parent).__name__} for 'parent'; expected a run, its id or a handle, such as last"
        )
    around = parent or outer or inherited()
    return (around.run_id if isinstance(around, Inherited) else around.id) if around else None


def _find_parent(settings: Settings, handle: str) -> str | None:
    if is_run_id(handle):
        return handle  # it may live in another process, or in another store
    if settings.mode == "disabled":
        return None
    from trackside.tracking.resuming import find_earlier_run

    return find_earlier_run(settings, handle)


@functools.cache  # what runs is what the file said when it was started
def _read_source(script: Path | None) -> str | None:
    if script is None or script.suffix != ".py" or not script.is_file() or script.stat().st_size > MAX_SOURCE:
        return None
    return redact_source(script.read_text(encoding="utf-8", errors="replace"))
