"""Joins the run that another process owns: for scripts started from a tracked cell, and for workers."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from trackside.errors import InputError
from trackside.journal.excerpts import read_excerpts
from trackside.journal.owners import owns_live_run
from trackside.locks import after_fork_in_child
from trackside.model import Started, short_id
from trackside.tracking.inherited import inherited, rank
from trackside.tracking.live_run import Run
from trackside.whereabouts import find_own_settings

if TYPE_CHECKING:
    from trackside.journal.owners import Owner


class _Joined:
    """The run that bare ``ts.log`` of this process joined, and whose it is."""

    def __init__(self, run: Run, owner: Owner) -> None:
        self.run = run
        self._store, self._owner = run.store_folder or Path(), owner.name

    @property
    def is_current(self) -> bool:
        return owns_live_run(self._store, self._owner)


_joined: _Joined | None = None
_has_begun = False
_lock = threading.RLock()  # a signal handler may log, too


def join_inherited() -> Run | None:
    """Join the run that this process was started from, the first time; None where there is none that lives.

    Later runs of this process are runs of their own.
    """
    global _has_begun  # noqa: PLW0603 - a process is started from one run
    with _lock:
        if _has_begun:
            return None
        joined = _join()
        _has_begun = joined is not None
    return joined.run if joined else None


def follow_inherited() -> Run | None:
    """Return the run that a bare ``ts.log`` of this process belongs to, joined if need be; None where none lives.

    A worker that outlives the run it was started from and is used again joins the one it works for now.
    """
    global _joined, _has_begun  # noqa: PLW0603 - a process has one run to follow
    with _lock:
        if _joined is not None and not _joined.is_current:
            _joined.run.finish()
            _joined = None
        if _joined is None:
            _joined = _join()
            _has_begun = _has_begun or _joined is not None
        return _joined.run if _joined else None


def is_off() -> bool:
    """Tell whether nothing is to be tracked here; settings that cannot be read do not say so."""
    try:
        return find_own_settings().mode == "disabled"
    except InputError:
        return False


def is_following(run: Run) -> bool:
    """Tell whether a run is the one that bare ``ts.log`` joined."""
    joined = _joined
    return joined is not None and run is joined.run


def _join() -> _Joined | None:
    named = inherited()
    if named is None:
        return None
    if is_off():
        return None
    folder = named.store_folder or find_own_settings().store_folder
    owner = named.find_owner(folder)
    if owner is None:
        return None
    run_id = owner.name.run_id
    events = read_excerpts(folder, run_id)
    began = next((event for event in events if isinstance(event, Started)), None)
    name, experiment = (began.name, began.experiment) if began else (short_id(run_id), "")
    prefix = f"rank{rank()}/" if rank() else ""  # the first rank's metrics go by their own names
    return _Joined(Run.join(folder, run_id, name=name, experiment=experiment, prefix=prefix), owner)


def _renew_lock() -> None:
    global _lock  # noqa: PLW0603 - another thread may have held it at the fork
    _lock = threading.RLock()


after_fork_in_child(_renew_lock)
