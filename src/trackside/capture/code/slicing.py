"""The minimal slice: which executed cells made what a cell is about to use, in order."""

from __future__ import annotations

import threading
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from trackside.capture.code.effects import Surroundings, sets_seed
from trackside.capture.code.tracing import trace

if TYPE_CHECKING:
    from trackside.capture.code.executed import Executed, ExecutedCells
    from trackside.capture.code.held import Held
    from trackside.capture.code.traces import Traces

RANDOM = "a seed"
"""Goes for a name that calls of ``seed`` bind and every cell reads."""

MOST_FOLLOWED = 5000

_known_traces = lru_cache(maxsize=4096)(trace)


class Piece(NamedTuple):
    """One execution of a slice, and the names that it made for those after it."""

    executed: Executed
    names: list[str]


@dataclass
class _Step:
    """One execution, understood. ``runs_code`` are the names that hold functions of the user's after it."""

    traces: Traces
    bound: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    runs_code: set[str] = field(default_factory=set)


class _Moment(NamedTuple):
    """When functions are called: at which cell, and which names that cell has bound itself by then."""

    at: int
    bound: frozenset[str]


class _Need(NamedTuple):
    """A name whose object is used: the one it had before cell ``at``, by functions called at ``moment``."""

    name: str
    at: int
    moment: _Moment


class Slicer:
    """Finds slices of one session; what it has understood of a cell is understood once."""

    def __init__(self, executed: ExecutedCells) -> None:
        self._executed = executed
        self._steps: list[_Step] = []
        self._held: dict[str, Held] = dict(executed.before)
        self._functions: dict[str, Traces] = {}
        self._events: dict[str, list[int]] = {}
        self._lock = threading.Lock()

    def find(self, code: str, end: int) -> list[Piece]:
        """Return what made the names that a cell uses.

        Parameters
        ----------
        code
            The cell, as Python runs it.
        end
            How many cells had been executed when it began.
        """
        with self._lock:
            for cell in self._executed.cells[len(self._steps) : end]:
                step = self._understand(cell)
                for name in step.bound | step.changed | step.gone:
                    self._events.setdefault(name, []).append(len(self._steps))
                self._steps.append(step)
            return self._search(_known_traces(code), min(end, len(self._steps)))

    def _understand(self, cell: Executed) -> _Step:
        traces = _known_traces(cell.code)
        before, self._held = self._held, {**self._held, **cell.held} if cell.held else self._held
        if cell.gone:
            self._held = {name: held for name, held in self._held.items() if name not in cell.gone}
        self._functions |= traces.functions
        surroundings = Surroundings({**before, **self._held}, self._functions)
        step = _Step(traces)
        sure = set() if cell.has_failed else traces.sure
        step.bound = set(cell.rebound) | sure
        step.changed = (traces.perhaps | traces.sure) - step.bound
        for function in surroundings.functions_used(traces):
            step.changed |= function.perhaps - step.bound if not function.is_class else set()
        for change in surroundings.changes(traces):
            step.changed |= {change.name, *self._aliases(change.name, before, is_deep=change.is_deep)}
        step.gone = set(cell.gone) | (set() if cell.has_failed else traces.deleted - cell.rebound)
        step.runs_code = {name for name in step.bound | step.changed if (h := self._held.get(name)) and h.runs_code}
        if sets_seed(traces):
            step.bound.add(RANDOM)
        return step

    def _aliases(self, name: str, before: dict[str, Held], *, is_deep: bool) -> set[str]:
        """Return the names whose objects are, or hold, what has changed by a name."""
        found: set[str] = set()
        for namespace in (before, self._held):
            held = namespace.get(name)
            if held is None or held.kind in {"scalar", "module"}:
                continue
            touched = held.reaches if is_deep or held.kind == "array" else frozenset((held.identity,))
            found |= {other for other, its in namespace.items() if not touched.isdisjoint(its.reaches)}
        return found

    def _search(self, target: Traces, end: int) -> list[Piece]:
        made: dict[int, set[str]] = {}
        seen: set[_Need] = set()
        waiting: list[_Need] = [_Need(RANDOM, end, _Moment(end, frozenset()))]
        waiting += self._needs(target, end, None)
        while waiting:
            need = waiting.pop()
            if need in seen:
                continue
            seen.add(need)
            events = self._events.get(need.name, [])
            for at in reversed(events[: bisect_left(events, need.at)]):
                step = self._steps[at]
                if need.name in step.bound or need.name in step.changed or need.name in step.gone:
                    made.setdefault(at, set()).add(need.name)
                    # functions are followed to where they are called, but not through all of a long session
                    is_followed = len(seen) < MOST_FOLLOWED
                    waiting += self._needs(step.traces, at, need if is_followed else None)
                    waiting += self._deferred(step, need) if is_followed else []
                if need.name in step.bound or need.name in step.gone:
                    break
        return [Piece(self._executed.cells[at], sorted(made[at] - {RANDOM})) for at in sorted(made)]

    def _needs(self, traces: Traces, at: int, need: _Need | None) -> list[_Need]:
        """Return what a cell reads; functions among it are called there, and later where they live on in ``need``."""
        found = [_Need(name, at, _Moment(at, before)) for name, before in traces.reads.items()]
        if need is not None and need.name in self._steps[at].runs_code:
            found += [_Need(name, at, need.moment) for name in traces.reads]
        return found

    def _deferred(self, step: _Step, need: _Need) -> list[_Need]:
        """Return what the functions of a cell read when they are called after it."""
        function = step.traces.functions.get(need.name)
        if function is not None:
            names = set(function.reads)
        elif need.name in step.runs_code:
            names = step.traces.deferred
        else:
            return []
        moment = need.moment
        return [_Need(name, moment.at, moment) for name in names if name not in moment.bound]
