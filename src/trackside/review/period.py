"""The time that a review is of: ``7d``, ``24h``, ``2w``, or a date."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from trackside.errors import InputError

_AGO = re.compile(r"(\d{1,4})\s*([hdw])")
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}
_LONGEST = 40


def parse_since(text: str, now: datetime) -> datetime:
    """Return the time that a text means, in UTC: so long before ``now``, or a date with or without a time.

    Raises
    ------
    InputError
        It means none, or one that is still to come.

    Examples
    --------
    >>> str(parse_since("7d", datetime(2026, 3, 8, tzinfo=UTC))), str(parse_since("2026-03-01", datetime.now(UTC)))
    ('2026-03-01 00:00:00+00:00', '2026-03-01 00:00:00+00:00')
    """
    expected = "expected how long ago, such as 24h, 7d or 2w, or a date, such as 2026-03-01"
    try:
        if ago := _AGO.fullmatch(text.strip()):
            return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
        found = datetime.fromisoformat(text.strip())
        since = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise InputError(f"found {text[:_LONGEST]!r} as the time since when; {expected}") from error
    if since >= now:
        raise InputError(f"{text[:_LONGEST]!r} is still to come; {expected}")
    return since
