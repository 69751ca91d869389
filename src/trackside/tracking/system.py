"""The machine's load over a run, as metrics ``system/…``: measured by one thread of the process for all live runs."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from trackside.locks import after_fork_in_child

if TYPE_CHECKING:
    from trackside.capture.environment.load import Load

FIRST_SECONDS = 1.0
"""A run that is over sooner is not measured."""

_TICK = 0.5
_IDLE_TICKS = 10
"""After so many ticks with no live run the thread ends; until then the next run need not start one."""


class Points(Protocol):
    """Where points go: a journal."""

    def append_metrics(self, step: int, values: dict[str, float | str], /) -> None:
        """Write one point of each metric."""


@dataclass(eq=False)
class Watched:
    """A live run that the machine is measured for."""

    journal: Points
    seconds: float
    due: float
    step: int = 0

    def take(self, values: dict[str, float]) -> bool:
        """Write a point of each, and return whether the next is wanted: not where the journal is closed or full."""
        try:
            self.journal.append_metrics(self.step, dict(values))
        except Exception:  # noqa: BLE001 - a load that is not kept is no reason to trouble anybody
            return False
        self.step += 1
        self.due = time.monotonic() + self.seconds
        return True


class _Sampler:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watched: set[Watched] = set()
        self._thread: threading.Thread | None = None

    def watch(self, watched: Watched) -> None:
        with self._lock:
            self._watched.add(watched)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._sample, name="trackside-system", daemon=True)
                try:
                    self._thread.start()
                except RuntimeError:  # no more threads: the run goes unmeasured
                    self._thread = None

    def leave(self, watched: Watched) -> None:
        with self._lock:
            self._watched.discard(watched)

    def forget_parents(self) -> None:
        """Begin anew in a forked child: the runs are the parent's, and the thread is not here."""
        self._lock, self._watched, self._thread = threading.Lock(), set(), None

    def _sample(self) -> None:
        load: Load | None = None
        idle = 0
        while idle < _IDLE_TICKS:
            time.sleep(_TICK)
            due = self._due()
            idle = 0 if due is not None else idle + 1
            load = self._measure(load, due) if due else load
            if due is None and idle == _IDLE_TICKS and not self._may_end():
                idle = 0

    def _due(self) -> list[Watched] | None:
        """Return the runs to be measured now; None where no run is live."""
        now = time.monotonic()
        with self._lock:
            return [watched for watched in self._watched if watched.due <= now] if self._watched else None

    def _may_end(self) -> bool:
        with self._lock:
            if self._watched:
                return False
            self._thread = None
            return True

    def _measure(self, load: Load | None, due: list[Watched]) -> Load | None:
        from trackside.capture.environment.load import Load

        try:
            if load is None:
                load = Load()
                time.sleep(_TICK / 5)  # a CPU's load is that of a while
            values = load.measure()
        except Exception:  # noqa: BLE001 - the next time may be better
            return load
        for watched in due:
            if not watched.take(values):
                self.leave(watched)
        return load


_sampler = _Sampler()


def _forget_parents() -> None:
    _sampler.forget_parents()


after_fork_in_child(_forget_parents)


def watch(journal: Points, seconds: float) -> Watched:
    """Measure the machine for a run from a second on, every so many seconds, until `leave`."""
    watched = Watched(journal, seconds, time.monotonic() + FIRST_SECONDS)
    _sampler.watch(watched)
    return watched


def leave(watched: Watched) -> None:
    """Measure no more for a run."""
    _sampler.leave(watched)
