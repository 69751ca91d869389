"""What was shown and then cleared or replaced, such as the curves of a loop that draws them anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from trackside.capture.outputs.log import Shown

MAX_FRAMES = 20
"""Of more, evenly many are left out, so that the first and the last are among those that are kept."""


class Frame(NamedTuple):
    """What stood there until it was cleared for the ``number``-th time, from 0."""

    number: int
    shown: list[Shown]


class Frames:
    """The frames of one cell.

    Attributes
    ----------
    count
        How many there were.
    kept
        Those that are kept, in order.

    Examples
    --------
    >>> frames = Frames()
    >>> for _ in range(50):
    ...     frames.add([])
    >>> [frame.number for frame in frames.kept][:3], frames.kept[-1].number, frames.count
    ([0, 4, 8], 49, 50)
    """

    def __init__(self) -> None:
        self.count = 0
        self.kept: list[Frame] = []
        self._stride = 1

    def add(self, shown: list[Shown]) -> None:
        """Add the frame that is being cleared."""
        if self.kept and self.kept[-1].number % self._stride:
            self.kept.pop()
        self.kept.append(Frame(self.count, shown))
        self.count += 1
        if len(self.kept) > MAX_FRAMES:
            self._stride *= 2
            self.kept = [frame for frame in self.kept[:-1] if frame.number % self._stride == 0] + self.kept[-1:]
