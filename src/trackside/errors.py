"""Every error Trackside raises on purpose.

::

    TracksideError
    ├── InputError           what the user gave cannot be used (also a ValueError)
    │   ├── NoRunError       no run is what was asked for
    │   └── GateError        a model's version does not pass what it is held to
    ├── MetricTypeError      a logged value is no number (also a TypeError)
    ├── RunFinishedError     a point for a run that has ended
    ├── CheckFailed          a run does not beat what it is held against (also an AssertionError)
    ├── JournalError         what was to be kept could not be written (also an OSError)
    └── StoreError           the store cannot answer
        ├── NoStoreError     there is none
        ├── StoreBusyError   somebody held the lock for longer than the caller would wait
        ├── StoreVersionError  the store was made by a newer Trackside
        └── StoreDamagedError  the index is unreadable; the journals can rebuild it

A message says what was found, what was expected and what to do, in one line; several mistakes in the settings have a
line each.
"""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


class TracksideError(Exception):
    """Base of all errors that Trackside raises on purpose.

    IPython shows the lines of the user's own code that led to it, and none of Trackside's; all with ``%xmode Verbose``.
    """

    def _render_traceback_(self) -> list[str]:
        from IPython.core.getipython import get_ipython

        shell: Any = get_ipython()
        show = shell.InteractiveTB.structured_traceback
        own = _until_trackside(self.__traceback__)
        if own is None or shell.InteractiveTB.mode == "Verbose":
            return list(show(type(self), self, self.__traceback__))
        cause, is_suppressed = self.__cause__, self.__suppress_context__
        self.__cause__ = None  # sets the other, too
        self.__suppress_context__ = is_suppressed
        try:
            return list(show(type(self), self, own))
        finally:
            self.__cause__, self.__suppress_context__ = cause, is_suppressed


def _until_trackside(trace: TracebackType | None) -> TracebackType | None:
    """Return the part of a traceback that is of code that called Trackside; None where it all is Trackside's."""
    if trace is None or trace.tb_frame.f_globals.get("__name__", "").partition(".")[0] == "trackside":
        return None
    return TracebackType(_until_trackside(trace.tb_next), trace.tb_frame, trace.tb_lasti, trace.tb_lineno)


class InputError(TracksideError, ValueError):
    """What the user gave cannot be used: a flag, a name, a filter, a setting."""


class NoRunError(InputError):
    """No run is what was asked for: there may be one another day, or in another store."""


class GateError(InputError):
    """A version of a model does not pass what it is held to before it is registered or promoted."""


class MetricTypeError(TracksideError, TypeError):
    """A value handed to ``log`` is not a number."""


class RunFinishedError(TracksideError):
    """A point was logged to a run that has already ended."""


class CheckFailed(TracksideError, AssertionError):  # noqa: N818 - as tests say it
    """A run does not beat what it is held against; the message has the reasons."""


class JournalError(TracksideError, OSError):
    """A line could not be written in full: the call that raises this was not recorded."""


class StoreError(TracksideError):
    """The store cannot answer."""


class NoStoreError(StoreError):
    """There is no store where one was looked for."""


class StoreBusyError(StoreError):
    """The store's lock was not free within the time the caller was willing to wait."""


class StoreVersionError(StoreError):
    """The store was written by a newer Trackside than this one."""


class StoreDamagedError(StoreError):
    """The DuckDB index cannot be read; it can be rebuilt from the journals."""


_TELLING = 4
"""Letters of a name's beginning that tell which is meant."""


def suggest(name: str, known: list[str]) -> str:
    """Return ``" Did you mean 'x'?"`` for the nearest known name, or an empty string.

    Examples
    --------
    >>> suggest("val_los", ["val_loss", "lr"])
    " Did you mean 'val_loss'?"
    >>> suggest("started", ["starred", "started_at"])
    " Did you mean 'started_at'?"
    """
    from difflib import get_close_matches

    begun = [each for each in known if len(name) >= _TELLING and each.startswith(name)]
    near = sorted(begun, key=len)[:1] or get_close_matches(name, known, n=1)
    return f" Did you mean {near[0]!r}?" if near else ""


_LISTED = 12


def list_known(name: str, known: Sequence[str], none: str = "none yet") -> str:
    """Return what there is in place of an unknown name: the nearest names first, and of many only some.

    Examples
    --------
    >>> list_known("val_los", ["acc", "loss", "val_loss"])
    'val_loss, acc, loss'
    >>> list_known("x", [f"p{number}" for number in range(30)])
    'p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11 and 18 more'
    """
    from difflib import get_close_matches

    near = get_close_matches(name, known, n=3)
    ordered = [*near, *(each for each in known if each not in near)]
    more = f" and {len(ordered) - _LISTED} more" if len(ordered) > _LISTED else ""
    return f"{', '.join(ordered[:_LISTED])}{more}" if ordered else none
