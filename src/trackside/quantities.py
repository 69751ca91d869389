"""Quantities as people say them."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def spell_difference(value: float, other: float | None) -> str:
    """Return how far a value is from another: ``=`` where both read the same, nothing where one is not finite.

    Examples
    --------
    >>> spell_difference(0.5, 0.75), spell_difference(0.5, 0.500001), spell_difference(0.5, None)
    ('−0.25', '=', '')
    """
    if other is None or not math.isfinite(value - other):
        return ""
    return "=" if f"{value:.4g}" == f"{other:.4g}" else f"{value - other:+.3g}".replace("-", "−")


@dataclass(frozen=True)
class Spread:
    """Of how many values a mean is, and their standard deviation, where it is known.

    Examples
    --------
    >>> str(Spread(5, 0.01234)), str(Spread(1)), Spread(2, 0.7071).spell_mean(1000.5)
    ('± 0.012 (5)', '(1)', '1000.5')
    """

    count: int
    deviation: float | None = None

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Return how far values are apart; that is not known of less than two, or where one is not finite."""
        is_known = len(values) > 1 and all(map(math.isfinite, values))
        return cls(len(values), statistics.stdev(values) if is_known else None)

    def __str__(self) -> str:
        return f"({self.count})" if self.deviation is None else f"± {self.deviation:.2g} ({self.count})"

    def spell_mean(self, mean: float) -> str:
        """Return the mean with as many digits as its deviation, shown with two, says something of."""
        digits = max(4, _magnitude(mean) - _magnitude(self.deviation) + 2) if self.deviation and mean else 4
        return f"{mean:.{digits}g}"


def _magnitude(value: float) -> int:
    return math.floor(math.log10(abs(value))) if math.isfinite(value) else 0


def spell_count(number: int, noun: str) -> str:
    """Return how many there are of something.

    Examples
    --------
    >>> spell_count(1, "run"), spell_count(2, "likely secret"), spell_count(1200, "row")
    ('1 run', '2 likely secrets', '1,200 rows')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def spell_bytes(size: float) -> str:
    """Return a number of bytes as people say it.

    Examples
    --------
    >>> spell_bytes(0), spell_bytes(2_540_000), spell_bytes(999_900)
    ('0 bytes', '2.54 MB', '1 MB')
    """
    if size < 1000:  # noqa: PLR2004 - SI prefixes go in thousands
        return f"{size:.0f} bytes"
    units = iter(("kB", "MB", "GB", "TB"))
    unit = ""
    while size >= 999.5:  # noqa: PLR2004 - what is written as 1000 is 1 of the next
        size, unit = size / 1000, next(units, "PB")
    return f"{size:.3g} {unit}"


def spell_duration(seconds: float) -> str:
    """Return a duration as people say it; the views' ``formatDuration`` says it likewise.

    Examples
    --------
    >>> spell_duration(0.0003), spell_duration(0.032), spell_duration(1.23), spell_duration(65), spell_duration(7440)
    ('0.3 ms', '32 ms', '1.2 s', '1 min 05 s', '2 h 04 min')
    """
    milliseconds = seconds * 1000
    if 0 < milliseconds < 0.095:  # noqa: PLR2004 - less would read as 0 ms
        return f"{milliseconds * 1000:.0f} µs"
    if milliseconds < 999.5:  # noqa: PLR2004 - more would read as 1000 ms
        digits = 1 if milliseconds < 9.95 else 0  # noqa: PLR2004 - likewise
        return f"{round(milliseconds, digits):g} ms"
    if seconds < 59.95:  # noqa: PLR2004 - likewise
        return f"{round(seconds, 1):g} s"
    if seconds < 3599.5:  # noqa: PLR2004 - likewise
        return _in_two_units(round(seconds), 60, "min", "{:02} s")
    minutes = round(seconds / 60)
    if minutes < 24 * 60:
        return _in_two_units(minutes, 60, "h", "{:02} min")
    return _in_two_units(round(seconds / 3600), 24, "d", "{} h")


def _in_two_units(count: int, size: int, large: str, small: str) -> str:
    whole, rest = divmod(count, size)
    return f"{whole} {large} {small.format(rest)}" if rest else f"{whole} {large}"
