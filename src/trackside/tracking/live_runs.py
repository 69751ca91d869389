"""Which run the code that runs now is in: the live runs of this process, innermost last.

A context variable tells concurrent tasks and threads apart that each started a run of their own. Where it says
nothing, the main thread's runs count: a pool's thread is in the run that the main thread is in, and a notebook's cell
in one that an earlier cell left open. Tasks and threads that go on beside each other are not in each other's runs.
"""

from __future__ import annotations

import asyncio
import atexit
import contextvars
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trackside.errors import JournalError
from trackside.tracking.failure import describe_failure, status_of
from trackside.tracking.inherited import export
from trackside.tracking.late_work import wait_for_late_work
from trackside.tracking.news import tell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trackside.tracking.live_run import Run


@dataclass(frozen=True, eq=False)
class _Entry:
    """A live run, the one around it, whether the main thread began it, and in which task."""

    run: Run
    around: _Entry | None
    in_main: bool
    task: asyncio.Task[Any] | None

    def chain(self) -> Iterator[_Entry]:
        """Yield this one and those around it, innermost first."""
        entry: _Entry | None = self
        while entry is not None:
            yield entry
            entry = entry.around

    def is_within(self, other: _Entry) -> bool:
        return any(entry is other for entry in self.chain())


_entered: list[_Entry] = []
_current: contextvars.ContextVar[_Entry | None] = contextvars.ContextVar("trackside_run", default=None)


def enter(run: Run) -> None:
    """Make ``run`` the current one here, and in threads that have none of their own."""
    around = _current_entry()
    if around is not None and run.parent_id == around.run.id:
        around.run.children += 1
    entry = _Entry(run, around, _is_in_main(), _current_task())
    _entered.append(entry)
    _current.set(entry)
    _export()
    tell(run.store_folder)


def leave(run: Run) -> None:
    """Make the run around ``run`` the current one again."""
    for entry in [entry for entry in _entered if entry.run is run]:
        _entered.remove(entry)
        if _current.get() is entry:
            _current.set(entry.around)
    _export()


def current_run() -> Run | None:
    """Return the run that the code that runs now is in, or None."""
    entry = _current_entry()
    return entry.run if entry else None


def list_live_runs() -> list[Run]:
    """Return this process's live runs, outermost first."""
    return [entry.run for entry in _entered.copy()]


def _current_entry() -> _Entry | None:
    own = _current.get()
    if own is not None:
        if own.run.status == "running":
            return own
        if live := next((entry for entry in own.chain() if entry.run.status == "running"), None):
            return live
    of_main = [entry for entry in _entered.copy() if entry.in_main]
    if of_main and _is_in_main():
        task = _current_task()
        of_main = [entry for entry in of_main if entry.task is None or entry.task is task or entry.task.done()]
    return _innermost_common(of_main)


def _innermost_common(entries: list[_Entry]) -> _Entry | None:
    """Return the innermost run that each of these runs is around or within; None where they have nothing in common."""
    if not entries:
        return None
    for common in entries[-1].chain():
        is_live = any(entry is common for entry in entries)
        if is_live and all(entry.is_within(common) or common.is_within(entry) for entry in entries):
            return common
    return None


def _export() -> None:
    """Name to other processes the run that they would be part of; one that is not kept can be joined by nobody."""
    kept = [entry for entry in _entered.copy() if entry.run.store_folder]
    common = _innermost_common([entry for entry in kept if entry.in_main] or kept)
    export(common.run if common else None)


def _is_in_main() -> bool:
    return threading.current_thread() is threading.main_thread()


def _current_task() -> asyncio.Task[Any] | None:
    try:
        return asyncio.current_task()
    except RuntimeError:  # no event loop runs in this thread
        return None


def _finish_at_exit() -> None:
    """End what the program left open: as it ended itself.

    A kernel's end says nothing about the work done in it: its open runs were stopped.
    """
    for run in reversed(list_live_runs()):
        try:
            _finish_as_program(run, getattr(sys, "last_value", None))
        except JournalError as error:
            sys.stderr.write(f"trackside: {error}\n")
    wait_for_late_work()


def _finish_as_program(run: Run, error: BaseException | None) -> None:
    if run.origin == "notebook":
        run.finish("interrupted")
    elif error is not None:
        run.finish(status_of(error), describe_failure(error))
    else:
        run.finish()


atexit.register(_finish_at_exit)
