"""What a drain takes from the journals at one go, ready to be put into the tables as columns."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from trackside.journal.layout import JournalName
    from trackside.model import Event


@dataclass(frozen=True, kw_only=True)
class JournalState:
    """How far a journal is in the tables: a row of ``journal_offsets``.

    ``host`` is empty while the journal's first line is unread; ``last_at`` is in seconds since the epoch.
    """

    name: JournalName
    owner: bool = False
    generation: int = 0
    host: str = ""
    bytes: int = 0
    rows: int = 0
    seq: int = 0
    unread: int = 0
    damaged: int = 0
    ended: bool = False
    last_at: float | None = None


@dataclass(frozen=True)
class Points:
    """Points of some metrics of one journal: ``values`` has a row for each step and a column for each key."""

    journal: int
    keys: tuple[str, ...]
    seq: NDArray[np.int64]
    line_row: NDArray[np.int64]
    step: NDArray[np.int64]
    time: NDArray[np.float64]
    values: NDArray[np.float64]


@dataclass
class Batch:
    """Points and other events of several journals; ``journals`` says how far each was and will be.

    ``latest`` has for each journal the latest time on its lines (seconds since the epoch). ``count`` is the number of
    points, which bounds the time the tables are locked.
    """

    before: list[JournalState] = field(default_factory=list)
    after: list[JournalState] = field(default_factory=list)
    points: list[Points] = field(default_factory=list)
    events: list[tuple[int, Event]] = field(default_factory=list)
    latest: dict[int, float] = field(default_factory=dict)
    count: int = 0

    def begin_journal(self, state: JournalState) -> int:
        """Note where a journal stands and return its number in this batch."""
        self.before.append(state)
        self.after.append(state)
        return len(self.before) - 1

    def end_journal(self, journal: int, **changes: Any) -> JournalState:
        """Note where a journal will stand once this batch is in the tables."""
        self.after[journal] = replace(self.after[journal], **changes)
        return self.after[journal]

    def add_points(self, points: Points) -> None:
        """Take points in."""
        self.points.append(points)
        self.count += points.values.size
