"""The time that a run may take for looking at data."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

SECONDS = 0.2
"""What digests of one run's data may take, samples and profiles aside, which take milliseconds."""

BYTES_A_SECOND = 800_000_000
"""What an ordinary machine digests; what fits is decided by it, so that the same data is sampled or not everywhere."""

_LATE = 1.5
_AT_LEAST = 0.05
"""How many times longer work may take than it should, and the seconds it may take in any case."""

_PATIENCE = 3
"""How many times longer the clock on the wall may go, where the machine is busy with others."""


class OutOfTimeError(Exception):
    """Looking at all of the data takes longer than it may."""


@dataclass
class Budget:
    """What is left of a run's time.

    What data is digested in full is decided by its size alone: a decision by the clock would differ from day to day.
    The clock is only the guard of a machine that is slower than most.
    """

    seconds: float = SECONDS
    _began: tuple[float, float] = field(default=(0.0, 0.0), repr=False)
    _may_take: float = field(default=_AT_LEAST, repr=False)

    def can_pay(self, cost: int) -> bool:
        """Tell whether there is time for so many bytes, and set it aside."""
        needed = cost / BYTES_A_SECOND
        if needed > self.seconds:
            return False
        self.seconds -= needed
        self._began = (time.thread_time(), time.perf_counter())
        self._may_take = max(_LATE * needed, _AT_LEAST)
        return True

    def check_time(self) -> None:
        """Raise `OutOfTimeError` where the work that was paid for takes far longer than it should."""
        worked, waited = time.thread_time() - self._began[0], time.perf_counter() - self._began[1]
        if worked > self._may_take or waited > _PATIENCE * self._may_take:
            raise OutOfTimeError
