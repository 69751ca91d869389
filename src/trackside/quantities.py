"""Quantities as people say them."""

from __future__ import annotations


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
    >>> spell_bytes(0), spell_bytes(2_500_000)
    ('0 bytes', '2 MB')
    """
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:  # noqa: PLR2004 - SI prefixes go in thousands
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
