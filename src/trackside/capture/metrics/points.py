"""Points that a cell tells as it runs: the first one by one, those of a tight loop in bulk."""

from __future__ import annotations

import sys
import time
import weakref
from typing import TYPE_CHECKING, Any, Protocol

from trackside.capture.words.numbers import is_0d_array
from trackside.locks import after_fork_in_child

if TYPE_CHECKING:
    from collections.abc import Mapping

SINGLY = 1000
"""So many points of a run are written one by one, at once; nobody was told that they are, and a loop feels it."""

FEW = 100
"""Fewer points than this are lines of the journal; more are one segment."""

MAX_WAITING = 20_000
"""More points do not wait in memory, nor on a device, where a number may take half a kilobyte."""

FIRST_SECONDS, LAST_SECONDS = 1.0, 10.0
"""How long points wait; longer as the cell goes on, so that a day's loop does not leave a file for every second."""


_alive: weakref.WeakSet[Points] = weakref.WeakSet()


class Log(Protocol):
    """What is asked of a live run."""

    id: str
    latest: dict[str, float | str]

    def log(self, metrics: Mapping[str, Any], /, *, step: int | None = None) -> None:
        """Log one point of each metric."""

    def log_history(self, steps: Any = None, /, **columns: Any) -> None:
        """Log many points of each metric."""


class Points:
    """The points of one cell, on their way to its run.

    Numbers on a device stay there until they are written: to ask for one makes the loop wait for all that the device
    has been given to do.
    """

    def __init__(self, run: Log | None) -> None:
        self._run = run
        self._written = self._count = 0
        self._waiting: dict[str, list[Any]] = {}
        self._began = time.monotonic()
        self._due = self._began + FIRST_SECONDS
        _alive.add(self)

    def add(self, run: Log, name: str, value: Any) -> None:
        """Add a number or a `device_scalar`. What goes to another run than the cell's own is written at once."""
        if run is not self._run:
            run.log({name: value})
            return
        if self._written < SINGLY and type(value) is float and not self._waiting:
            self._written += 1
            run.log({name: value})
            return
        waiting = self._waiting.get(name)
        if waiting is None:
            waiting = self._waiting[name] = []
        waiting.append(value)
        self._count += 1
        if self._count >= MAX_WAITING or time.monotonic() >= self._due:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        waiting, self._waiting, self._count = self._waiting, {}, 0
        now = time.monotonic()
        self._due = now + min(max(FIRST_SECONDS, (now - self._began) / 20), LAST_SECONDS)
        if self._run is None:
            return
        for name, values in waiting.items():
            numbers = _numbers(values)
            if len(numbers) < FEW:
                for number in numbers:
                    self._run.log({name: number})
            else:
                self._run.log_history(**{name: numbers})

    def let_go(self) -> None:
        """Forget the run: what waits in a forked child is its parent's to write, and the child's own goes at once."""
        self._run = None
        self._waiting = {}


def _let_go_in_child() -> None:
    for points in _alive:
        points.let_go()


after_fork_in_child(_let_go_in_child)


def device_scalar(value: Any) -> Any:
    """Return a number that a device has, or still computes, such that it stays what it is; None where it is no such.

    A tensor of torch is copied there, apart from the graph and from what the loop adds to it; an array of JAX never
    changes.
    """
    if type(value) is float or not is_0d_array(value) or "float" not in str(value.dtype):
        return None
    if hasattr(value, "block_until_ready"):
        return value
    is_elsewhere = getattr(getattr(value, "device", None), "type", "cpu") != "cpu"
    return value.detach().clone() if is_elsewhere and hasattr(value, "detach") else None


def _numbers(values: list[Any]) -> list[float]:
    """Return numbers as floats; tensors of one kind are fetched together, which waits for their device once."""
    torch = sys.modules.get("torch")
    tensors = [value for value in values if type(value) is not float]
    if torch and all(type(tensor) is torch.Tensor for tensor in tensors):
        kinds = {(tensor.device, tensor.dtype) for tensor in tensors}
        if len(kinds) == 1:
            fetched = iter(torch.stack(tensors).tolist())
            return [value if type(value) is float else next(fetched) for value in values]
    return [value if type(value) is float else float(value.item()) for value in values]
