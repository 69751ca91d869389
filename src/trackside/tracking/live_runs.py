"""Which run ``ts.log`` means: the live runs of this process, innermost last.

A context variable tells concurrent tasks and threads apart that each started a run of their own. A thread
that started none sees the run that the main thread is in, whichever thread that was begun from.
"""

from __future__ import annotations

import atexit
import contextvars
import sys
import threading
from typing import TYPE_CHECKING

from trackside.errors import JournalError
from trackside.tracking.failure import describe_failure, status_of
from trackside.tracking.inherited import export
from trackside.tracking.news import tell

if TYPE_CHECKING:
    from trackside.tracking.live_run import Run

_entered: list[tuple[Run, Run | None, bool]] = []
"""Live runs: the run, the one around it, and whether the main thread began it."""

_current: contextvars.ContextVar[Run | None] = contextvars.ContextVar("trackside_run", default=None)


def enter(run: Run) -> None:
    """Make ``run`` the current one here, and in threads that have none of their own."""
    outer = current_run()
    if outer is not None and run.parent_id == outer.id:
        outer.children += 1
    _entered.append((run, outer, threading.current_thread() is threading.main_thread()))
    _current.set(run)
    export(run)
    tell(run.store_folder)


def leave(run: Run) -> None:
    """Make the run around ``run`` the current one again."""
    for entry in [entry for entry in _entered if entry[0] is run]:
        _entered.remove(entry)
        if _current.get() is run:
            _current.set(entry[1])
    export(_entered[-1][0] if _entered else None)


def current_run() -> Run | None:
    """Return the run that ``ts.log`` would log to now, or None."""
    own = _current.get()
    if own is not None and own.status == "running":
        return own
    if not _entered:
        return None
    return next((run for run, _, in_main in reversed(_entered) if in_main), _entered[-1][0])


def list_live_runs() -> list[Run]:
    """Return this process's live runs, outermost first."""
    return [run for run, _, _ in _entered]


def _finish_at_exit() -> None:
    """End what the program left open: as it ended itself.

    A kernel's end says nothing about the work done in it: its open runs were stopped.
    """
    for run in reversed(list_live_runs()):
        try:
            _finish_as_program(run, getattr(sys, "last_value", None))
        except JournalError as error:
            sys.stderr.write(f"trackside: {error}\n")


def _finish_as_program(run: Run, error: BaseException | None) -> None:
    if run.origin == "notebook":
        run.finish("interrupted")
    elif error is not None:
        run.finish(status_of(error), describe_failure(error))
    else:
        run.finish()


atexit.register(_finish_at_exit)
