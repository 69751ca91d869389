"""The minimal slice: which executed cells made what a cell is about to use, in order."""

from __future__ import annotations

import threading
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from trackside.capture.code.effects import Effects, sets_seed
from trackside.capture.code.names_held import NamesHeld
from trackside.capture.code.tracing import trace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trackside.capture.code.executed import Executed, ExecutedCells
    from trackside.capture.code.traces import Traces

RANDOM = "a seed"
"""Goes for a name that calls of ``seed`` bind and every cell reads."""

_known_traces = lru_cache(maxsize=4096)(trace)
_since = attrgetter("since")


class Piece(NamedTuple):
    """One execution of a slice, and the names that it made for those after it."""

    executed: Executed
    names: list[str]


class Slice(NamedTuple):
    """What made the names that a cell uses; ``is_cut`` where a cell had more functions than were looked into."""

    pieces: list[Piece]
    is_cut: bool


@dataclass(slots=True)
class _Step:
    """What one execution did to names.

    ``bound`` are those that it gave another object or took away, ``changed`` those whose objects it may have changed;
    ``runs_code`` those that hold functions of the user's after it.
    """

    traces: Traces
    bound: set[str]
    changed: set[str]
    runs_code: set[str]


class _Lines(NamedTuple):
    """One execution in the search: the names that it makes, those of them that are made anew, and those it needs."""

    made: int
    anew: int
    needed: int


class _Reads(NamedTuple):
    """The names that functions read when they are called by what a name holds, from one execution on."""

    since: int
    names: int


class Slicer:
    """Finds slices of one session; what it has understood of a cell is understood once.

    Sets of names are bits of an integer here: a slice is one walk back through the session, whatever its length.
    """

    def __init__(self, executed: ExecutedCells) -> None:
        self._executed = executed
        self._held = NamesHeld(executed.before)
        self._functions: dict[str, Traces] = {}
        self._lines: list[_Lines] = []
        self._reads: dict[str, list[_Reads]] = {}
        self._names = _Names()
        self._cut_at: int | None = None
        self._lock = threading.Lock()

    def find(self, code: str, end: int) -> Slice:
        """Return what made the names that a cell uses.

        Parameters
        ----------
        code
            The cell, as Python runs it.
        end
            How many cells had been executed when it began.
        """
        with self._lock:
            for cell in self._executed.cells[len(self._lines) : end]:
                self._take_in(self._understand(cell))
            pieces = self._search(_known_traces(code), min(end, len(self._lines)))
            return Slice(pieces, is_cut=self._cut_at is not None and self._cut_at < end)

    def _understand(self, cell: Executed) -> _Step:
        traces = _known_traces(cell.code)
        self._held.take_in(cell.held, cell.gone)
        held = self._held.now
        self._functions |= traces.functions
        effects = Effects({**self._held.before, **held} if cell.gone else held, self._functions)
        used = effects.functions_used(traces)
        if used.is_cut and self._cut_at is None:
            self._cut_at = len(self._lines)
        sure = set() if cell.has_failed else traces.sure
        bound = set(cell.rebound) | sure
        changed = traces.perhaps | traces.sure
        for function in used.functions:
            changed |= set() if function.is_class else function.perhaps
        for change in effects.changes(traces, used.functions):
            changed |= {change.name, *self._held.sharing(change.name, is_deep=change.is_deep)}
        runs_code = {name for name in bound | changed if (its := held.get(name)) and its.runs_code}
        gone = set(cell.gone) | (set() if cell.has_failed else traces.deleted - cell.rebound)
        seeded = {RANDOM} if sets_seed(traces) else set()
        return _Step(traces, bound | gone | seeded, changed, runs_code)

    def _take_in(self, step: _Step) -> None:
        """Add an execution to those that are searched."""
        at, traces = len(self._lines), step.traces
        within = self._reads_by(traces.reads, at)
        deferred = self._names.bits(traces.deferred)
        reads: dict[str, int] = {}
        for name in step.bound | step.changed:
            reads[name] = 0 if name in step.bound else self._reads_by((name,), at)
            if name in step.runs_code:  # functions among what the cell read may live on in it
                reads[name] |= within
            if (function := traces.functions.get(name)) is not None:
                reads[name] |= self._names.bits(function.reads)
            elif name in step.runs_code:
                reads[name] |= deferred
        self._lines.append(
            _Lines(self._names.bits(reads), anew=self._names.bits(step.bound), needed=self._needs(traces, at))
        )
        for name, names in reads.items():
            self._reads.setdefault(name, []).append(_Reads(at + 1, names))

    def _search(self, target: Traces, end: int) -> list[Piece]:
        pieces: list[Piece] = []
        random = self._names.bits((RANDOM,))
        needed = random | self._needs(target, end)
        for at in reversed(range(end)):
            line = self._lines[at]
            if made := line.made & needed:
                pieces.append(Piece(self._executed.cells[at], sorted(self._names.of(made & ~random))))
                needed = needed & ~line.anew | line.needed
        return pieces[::-1]

    def _needs(self, traces: Traces, at: int) -> int:
        """Return the names that a cell needs as they stood before it: what it reads, and what functions it calls do.

        A function reads what a name holds when it is called, unless the cell has bound the name itself by then.
        """
        moments: dict[frozenset[str], list[str]] = {}
        for name, bound in traces.reads.items():
            moments.setdefault(bound, []).append(name)
        needed = self._names.bits(traces.reads)
        for bound, names in moments.items():
            own = self._names.bits(bound)
            read, followed = self._reads_by(names, at) & ~own, 0
            while new := read & ~followed:
                followed |= new
                read |= self._reads_by(self._names.of(new), at) & ~own
            needed |= read
        return needed

    def _reads_by(self, names: Iterable[str], at: int) -> int:
        """Return what functions read that are called by what names held before a cell."""
        found = 0
        for name in names:
            each = self._reads.get(name, ())
            if place := bisect_right(each, at, key=_since):
                found |= each[place - 1].names
        return found


class _Names:
    """Gives each name a bit."""

    def __init__(self) -> None:
        self._all: list[str] = []
        self._bits: dict[str, int] = {}

    def bits(self, names: Iterable[str]) -> int:
        """Return a set of names as bits."""
        bits = 0
        for name in names:
            if name not in self._bits:
                self._bits[name] = 1 << len(self._all)
                self._all.append(name)
            bits |= self._bits[name]
        return bits

    def of(self, bits: int) -> Iterator[str]:
        """Yield the names of a set."""
        while bits:
            lowest = bits & -bits
            yield self._all[lowest.bit_length() - 1]
            bits ^= lowest
