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

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class TracksideError(Exception):
    """Base of all errors that Trackside raises on purpose."""


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
