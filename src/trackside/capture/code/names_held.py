"""What the names of a session hold, cell after cell, and which of them share objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from trackside.capture.code.held import Held


class NamesHeld:
    """What names hold after the last cell that was taken in.

    Attributes
    ----------
    now
        What each name holds.
    before
        What the names that the last cell changed or took away held before it.
    """

    def __init__(self, names: Mapping[str, Held]) -> None:
        self.now: dict[str, Held] = {}
        self.before: dict[str, Held] = {}
        self._changed: set[str] = set()
        self._holders: dict[int, set[str]] = {}
        self.take_in(names, ())

    def take_in(self, held: Mapping[str, Held], gone: Collection[str]) -> None:
        """Take in what a cell did to the names."""
        self._changed = {*held, *gone}
        self.before = {name: self.now.pop(name) for name in self._changed if name in self.now}
        for name, was in self.before.items():
            for identity in was.reaches:
                self._holders[identity].discard(name)
        for name, its in held.items():
            if name not in gone:
                self.now[name] = its
                for identity in its.reaches:
                    self._holders.setdefault(identity, set()).add(name)

    def sharing(self, name: str, *, is_deep: bool) -> set[str]:
        """Return the names that hold or reach what a name holds or held; with ``is_deep``, anything that it reaches."""
        found: set[str] = set()
        if touched := _touched(self.now.get(name), is_deep=is_deep):
            found |= self._holding(touched)
        was = self.before.get(name) if name in self._changed else self.now.get(name)
        if touched := _touched(was, is_deep=is_deep):
            found |= self._holding(touched) - self._changed
            found |= {other for other, its in self.before.items() if not touched.isdisjoint(its.reaches)}
        return found

    def _holding(self, touched: frozenset[int]) -> set[str]:
        return set().union(*(self._holders.get(identity, ()) for identity in touched))


def _touched(held: Held | None, *, is_deep: bool) -> frozenset[int]:
    if held is None or held.kind in {"scalar", "module"}:
        return frozenset()
    return held.reaches if is_deep or held.kind == "array" else frozenset((held.identity,))
