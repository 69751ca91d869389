"""One look at data: its digest and what it looks like, kept while the object is unchanged."""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from trackside.capture.data.budget import OutOfTimeError
from trackside.capture.data.digests import digest_content, sample_step
from trackside.capture.data.profiles import profile_content
from trackside.records import DataProfile  # noqa: TC001 - a NamedTuple's field

if TYPE_CHECKING:
    from trackside.capture.data.budget import Budget
    from trackside.capture.data.content import Content

CHEAP = 4_000_000
"""What costs less (in bytes, 4 ms) is looked at anew every time, and so no change can escape."""

_GUARD_ROWS = 2_000
_GUARD_BYTES = 1 << 18


class Look(NamedTuple):
    """What was seen; ``is_sampled`` tells that the digest is of a sample."""

    digest: str | None
    is_sampled: bool
    profile: DataProfile


@dataclass(frozen=True)
class _Seen:
    value: weakref.ref[Any]
    guard: tuple[Any, ...]
    look: Look


_seen: dict[int, _Seen] = {}


def look_at(value: Any, content: Content, budget: Budget) -> Look:
    """Return digest and profile of data.

    Large data that was looked at before is not read again while it is the same object and 2,000 rows of it (256 kB at
    most), evenly spaced, with its shape and types, are the same. **A change in place that leaves all of these rows as
    they were escapes**, torch's tensors excepted, which count their changes. Whoever changes single cells of a large
    array can say so with ``ts.log_dataset``, which always looks anew.

    Raises
    ------
    Exception
        Whatever the object raises.
    """
    if content.cost <= CHEAP:
        return _look(content, budget)
    guard = (_version(value), digest_content(content, step=sample_step(content, _GUARD_ROWS, _GUARD_BYTES)))
    known = _seen.get(id(value))
    if known and known.value() is value and known.guard == guard:
        return known.look
    look = _look(content, budget)
    _remember(value, guard, look)
    return look


def forget(value: Any) -> None:
    """Let the next look at data be a new one."""
    _seen.pop(id(value), None)


def _look(content: Content, budget: Budget) -> Look:
    profile = profile_content(content)
    step = sample_step(content)
    if step > 1 and not budget.can_pay(content.cost):
        return Look(digest_content(content, step=step), is_sampled=content.columns is not None, profile=profile)
    try:
        digest = digest_content(content, check_time=budget.check_time if step > 1 else None)
    except OutOfTimeError:
        return Look(digest_content(content, step=step), is_sampled=True, profile=profile)
    return Look(digest, is_sampled=False, profile=profile)


def _remember(value: Any, guard: tuple[Any, ...], look: Look) -> None:
    key = id(value)
    try:
        reference = weakref.ref(value, lambda _: _seen.pop(key, None))
    except TypeError:  # nothing could tell when it is gone, and another object has its id
        return
    _seen[key] = _Seen(reference, guard, look)


def _version(value: Any) -> Any:
    """Return how often a torch tensor was changed in place; None of other data."""
    version = getattr(value, "_version", None)
    return version if isinstance(version, int) else None
