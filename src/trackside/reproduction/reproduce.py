"""Runs a run again and keeps the verdict."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from trackside.errors import InputError
from trackside.model import short_id
from trackside.reproduction.execution import NotReproducedError, check_tools, execute
from trackside.reproduction.verdict import compare_outcome, has_metrics
from trackside.restoration.restore import restore_run
from trackside.run_details import read_details
from trackside.store.store import Store
from trackside.tracking.marks import mark_reproduced

if TYPE_CHECKING:
    from collections.abc import Callable

    from trackside.reproduction.verdict import Reproduction
    from trackside.restoration.restore import Restored
    from trackside.run_details import RunDetails

TOLERANCE = 1e-6
"""How far a metric may be off by default, as a share of the larger value."""

_DRAIN_SECONDS = 120.0


def reproduce_run(
    store: Store,
    run_id: str,
    *,
    tolerance: float = TOLERANCE,
    timeout: float | None = None,
    say: Callable[[str], None] = print,
) -> Reproduction:
    """Run a run's cells again in a fresh kernel, and keep with the run whether the same came out.

    The kernel's working folder is the notebook's, so that data files are found, and the cells may write there as they
    did before. What is tracked goes to a store that is thrown away.

    Parameters
    ----------
    tolerance
        How far a metric may be off, as a share of the larger of both values.
    timeout
        Seconds that it may take; None lets it take what it needs.
    say
        Is told how far it is.

    Raises
    ------
    InputError
        The run cannot be run again: its source was not kept, it has no metric, a tool is missing.
    NotReproducedError
        It failed this time.
    """
    _check_limits(tolerance, timeout)
    check_tools()
    then = read_details(store, run_id)
    _check_run(then)
    folder = _working_folder(then, say)
    # the helper that drains the store in it may write to it still while it is removed
    with tempfile.TemporaryDirectory(prefix="trackside-reproduce-", ignore_cleanup_errors=True) as name:
        scratch = Path(name)
        restored = restore_run(then, scratch / "run", with_added=False)  # what they log is not compared
        _check_restored(then, restored)
        for note in restored.notes:
            say(f"! {note}")
        began = time.monotonic()
        variables = {
            "TRACKSIDE_STORE": str(scratch / "store"),
            "TRACKSIDE_EXPERIMENT": then.experiment,
            "TRACKSIDE_PROJECT": then.project,
            "TRACKSIDE_MODE": "enabled",
        }
        execute(
            restored.notebook,
            folder=folder,
            scratch=scratch,
            variables={key: value for key, value in variables.items() if value},
            timeout=timeout,
            say=say,
        )
        outcome = compare_outcome(then, _read_again(scratch / "store", then), tolerance, time.monotonic() - began)
    mark_reproduced(store, run_id, outcome.verdict, outcome.details())
    return outcome


def _check_limits(tolerance: float, timeout: float | None) -> None:
    if not 0 <= tolerance < 1:
        raise InputError(f"tolerance is {tolerance!r}; expected a share from 0 to less than 1, such as 1e-6")
    if timeout is not None and not 0 < timeout < float("inf"):
        raise InputError(f"timeout is {timeout!r}; expected seconds, more than 0")


def _check_run(run: RunDetails) -> None:
    name = short_id(run.run_id)
    if run.status == "running":
        raise InputError(f"run {name} is still running; expected one that has ended")
    if run.origin == "script":
        raise InputError(
            f"run {name} is a script's; expected a tracked cell's; restore it and run it with its arguments"
        )
    if not has_metrics(run):
        raise InputError(f"run {name} has no metric to compare; expected one that ts.log or capture kept")


def _check_restored(run: RunDetails, restored: Restored) -> None:
    if not restored.is_runnable:
        raise InputError(
            f"run {short_id(run.run_id)} cannot run again: {'; '.join(restored.notes)}; expected the source of all its "
            "cells; see `trackside doctor`"
        )


def _working_folder(run: RunDetails, say: Callable[[str], None]) -> Path:
    """Return the folder in which the run's notebook is, else the one we are in; say which."""
    path = run.notebook_path or (run.notebook.path if run.notebook else None)
    folder = Path(path).parent if path and "\0" not in path else None
    if folder is not None and folder.is_absolute() and folder.is_dir():
        say(f"in the notebook's folder, {folder}")
        return folder
    say(f"in {Path.cwd()}: the notebook's folder is {f'not there any more ({folder})' if folder else 'not known'}")
    return Path.cwd()


def _read_again(folder: Path, then: RunDetails) -> RunDetails:
    """Return the run that the cells began: the last one of the same cell, else of the same name, else the last one."""
    store = Store(folder)
    if not folder.is_dir() or not store.refresh(_DRAIN_SECONDS):
        raise NotReproducedError("the cells began no run this time; expected the run's %%track to begin one")
    with store.read() as connection:
        row = connection.execute(
            """SELECT CAST(run_id AS VARCHAR) FROM runs WHERE parent_id IS NULL
            ORDER BY coalesce(cell_digest = ?, false) DESC, name = ? DESC, started_at DESC LIMIT 1""",
            [then.cell_digest, then.first_name],
        ).fetchone()
    if row is None:
        raise NotReproducedError("the cells began no run this time; expected the run's %%track to begin one")
    return read_details(store, str(row[0]))
