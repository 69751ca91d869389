"""What the events of one model come to: its versions, their stages and aliases, and which events are lost.

It hangs on nothing but the events: whoever has the same ones, in whatever order they came, finds the same.
"""

from __future__ import annotations

import heapq
import itertools
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from trackside.model import Aliased, ModelChanged, Registered, Staged

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from trackside.model import Stage

LOST = "another change of the model came first"
_UNKNOWN = "?"


class ModelEvent(NamedTuple):
    """An event, and the journal it stands in."""

    writer: str
    event: ModelChanged

    @property
    def place(self) -> tuple[float, str, int]:
        """Where it stands among all: by it, of two that contend, the first is found."""
        return self.event.time, self.writer, self.event.seq


@dataclass
class VersionState:
    """One version as it is now."""

    registration: ModelChanged
    registered: Registered
    stage: Stage = "none"


@dataclass
class ModelState:
    """A model as it is now.

    Attributes
    ----------
    head
        Id of the event that the next one names.
    versions, aliases
        By number, and the numbers by alias.
    counted
        The events that count, in their order.
    lost
        Those that do not, each with the reason.
    renumbered
        Numbers of versions that came with another store, and what these were called there.
    """

    head: str | None = None
    versions: dict[int, VersionState] = field(default_factory=dict)
    aliases: dict[str, int] = field(default_factory=dict)
    counted: list[ModelEvent] = field(default_factory=list)
    lost: list[tuple[ModelEvent, str]] = field(default_factory=list)
    renumbered: dict[int, int] = field(default_factory=dict)

    @property
    def in_production(self) -> int | None:
        """The version in production, if there is one."""
        return next((number for number, version in self.versions.items() if version.stage == "production"), None)

    @property
    def changed_at(self) -> float:
        """When it last changed, in seconds since the epoch."""
        return max((said.event.time for said in self.counted), default=0.0)

    def apply(self, said: ModelEvent) -> None:
        """Take in what counts."""
        event = said.event
        self.counted.append(said)
        match event.change:
            case Registered() as registered:
                self.versions[event.version] = VersionState(event, registered)
            case Aliased(alias=alias, is_taken_back=False):
                self.aliases[alias] = event.version
            case Aliased(alias=alias):
                self.aliases.pop(alias, None)
            case Staged(stage=stage):
                if stage == "production" and (former := self.in_production) is not None:
                    self.versions[former].stage = "archived"
                self.versions[event.version].stage = stage


def follow(events: Iterable[ModelEvent]) -> ModelState:
    """Return what all events of one model come to.

    Stores that were merged may each have made a model of this name: their events are chains apart. The oldest one keeps
    its numbers and goes on. The versions of the others get the next numbers that it leaves free, in the order in which
    they were registered, and take neither a stage nor an alias from those of another chain.
    """
    following = _by_former(sorted(events, key=lambda said: said.place))
    chains = list(_chains(following))
    state = ModelState(head=chains[0][-1].event.id if chains else None)
    taken = {said.event.version for chain in chains[:1] for said in chain if isinstance(said.event.change, Registered)}
    meant: list[dict[int, int]] = [{} for _ in chains]
    tagged = [[(at, said) for said in chain] for at, chain in enumerate(chains)]
    for at, said in heapq.merge(*tagged, key=lambda each: each[1].place):
        version, numbers = said.event.version, meant[at]
        problem = ""
        if isinstance(said.event.change, Registered):
            problem = "there is a later version already" if version <= max(numbers, default=0) else ""
            free = (number for number in itertools.count(1) if number not in taken and number not in state.versions)
            number = version if at == 0 else next(free)
        else:
            number = numbers.get(version, version if at == 0 else 0)
            problem = "" if number in state.versions else f"version {version} is not on record"
        if problem := problem or (_takes_away(said.event.change, state, numbers.values()) if at else ""):
            state.lost.append((_as(said, numbers.get(version, version)), problem))
            continue
        if isinstance(said.event.change, Registered):
            numbers[version] = number
        if number != version:
            state.renumbered[number] = version
        state.apply(_as(said, number))
    chain_of = {said.event.id: at for at, chain in enumerate(chains) for said in chain}
    for said in sorted(_left(following), key=lambda said: said.place):
        numbers = meant[chain_of.get(said.event.after or "", 0)]
        state.lost.append((_as(said, numbers.get(said.event.version, said.event.version)), LOST))
    return state


def _as(said: ModelEvent, number: int) -> ModelEvent:
    """Return an event as said of the number that its version has here."""
    return ModelEvent(said.writer, msgspec.structs.replace(said.event, version=number))


def _takes_away(change: Registered | Aliased | Staged, state: ModelState, own: Collection[int]) -> str:
    """Say whose a stage or an alias is that a chain would take from another; nothing where it takes none."""
    match change:
        case Staged(stage="production"):
            held, what = state.in_production, "in production"
        case Aliased(alias=alias):
            held, what = state.aliases.get(alias), alias
        case _:
            return ""
    return "" if held is None or held in own else f"version {held} of the store that was first is {what}"


def _chains(following: dict[str | None, list[ModelEvent]]) -> Iterator[list[ModelEvent]]:
    """Yield events that follow one another, from each that follows none; the oldest of these comes first."""
    while True:
        chain: list[ModelEvent] = []
        while (said := _next(following, chain[-1].event.id if chain else None)) is not None:
            chain.append(said)
        if not chain:
            return
        yield chain


def _by_former(events: list[ModelEvent]) -> dict[str | None, list[ModelEvent]]:
    known = {said.event.id for said in events}
    following: dict[str | None, list[ModelEvent]] = defaultdict(list)
    for said in reversed(events):
        after = said.event.after
        following[after if after is None or after in known else _UNKNOWN].append(said)
    return following


def _next(following: dict[str | None, list[ModelEvent]], head: str | None) -> ModelEvent | None:
    """Return the event that follows: one that names the last, or, where a line is damaged, one that names no other."""
    for key in (head, _UNKNOWN):
        if waiting := following.get(key):
            return waiting.pop()
    return None


def _left(following: dict[str | None, list[ModelEvent]]) -> Iterator[ModelEvent]:
    for waiting in following.values():
        yield from waiting
