"""What was shown and then cleared or replaced, such as the curves of a loop that draws them anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from trackside.capture.outputs.log import Shown

MAX_FRAMES = 20
"""States of what is drawn anew that are kept: of more the first, every second, fourth, eighth, …, and the last."""


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
        Those that may be kept, in order; the last one always.

    Examples
    --------
    >>> frames = Frames()
    >>> for _ in range(50):
    ...     frames.add([])
    >>> numbers = [frame.number for frame in frames.before_end(is_shown=False)]
    >>> numbers[:3], numbers[-1], frames.count, frames.before_end(is_shown=True)[-1].number
    ([0, 4, 8], 49, 50, 48)
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
        if len(self.kept) == MAX_FRAMES:  # one more may stand there at the end
            self._stride *= 2
            self.kept = [frame for frame in self.kept[:-1] if frame.number % self._stride == 0] + self.kept[-1:]

    def before_end(self, *, is_shown: bool) -> list[Frame]:
        """Return what is kept of what was cleared; where a figure ``is_shown`` at the end, that is the last state."""
        is_spare = is_shown and self.kept and self.kept[-1].number % self._stride
        return self.kept[:-1] if is_spare else self.kept
