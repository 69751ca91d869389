"""What the events of one model come to: its versions, their stages and aliases, and which events are lost.

It hangs on nothing but the events: whoever has the same ones, in whatever order they came, finds the same.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from trackside.model import Aliased, ModelChanged, Registered, Staged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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
    """

    head: str | None = None
    versions: dict[int, VersionState] = field(default_factory=dict)
    aliases: dict[str, int] = field(default_factory=dict)
    counted: list[ModelEvent] = field(default_factory=list)
    lost: list[tuple[ModelEvent, str]] = field(default_factory=list)

    @property
    def in_production(self) -> int | None:
        """The version in production, if there is one."""
        return next((number for number, version in self.versions.items() if version.stage == "production"), None)

    @property
    def changed_at(self) -> float:
        """When it last changed, in seconds since the epoch."""
        return max((said.event.time for said in self.counted), default=0.0)

    def apply(self, said: ModelEvent) -> None:
        """Take the next event of the chain in; one that makes no sense changes nothing but the chain."""
        event = said.event
        self.head = event.id
        if problem := self._refuse(event):
            self.lost.append((said, problem))
            return
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

    def _refuse(self, event: ModelChanged) -> str:
        if isinstance(event.change, Registered):
            return "there is a later version already" if event.version <= max(self.versions, default=0) else ""
        return "" if event.version in self.versions else f"version {event.version} is not on record"


def follow(events: Iterable[ModelEvent]) -> ModelState:
    """Return what all events of one model come to."""
    state = ModelState()
    following = _by_former(sorted(events, key=lambda said: said.place))
    while (said := _next(following, state.head)) is not None:
        state.apply(said)
    state.lost += [(said, LOST) for said in sorted(_left(following), key=lambda said: said.place)]
    return state


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
