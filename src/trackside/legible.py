"""Texts that UTF-8 takes: a file's name may have bytes that are none, and a text half a character."""

from __future__ import annotations

from typing import Any


def legible(text: str) -> str:
    r"""Return a text that UTF-8 takes: half a character, as in names of files that are none, becomes its code.

    Examples
    --------
    >>> legible("caf\udce9")
    'caf\\udce9'
    """
    return text.encode("utf-8", "backslashreplace").decode()


def make_legible(value: Any) -> Any:
    """Return what JSON is made of with all its texts `legible`."""
    if isinstance(value, str):
        return legible(value)
    if isinstance(value, dict):
        return {make_legible(key): make_legible(item) for key, item in value.items()}
    return [make_legible(item) for item in value] if isinstance(value, list) else value
