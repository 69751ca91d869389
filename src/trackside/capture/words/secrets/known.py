"""Values that went by a secret's name in this process, and are secrets wherever else they stand: what a cell prints.

A process has them in common, as its environment: whatever run prints it, a password stays one.
"""

from __future__ import annotations

import html
import re

MAX_KNOWN = 200
"""Values that are known at once; of more, those that were met longest ago are forgotten."""

_SHORTEST = 8
_ORDINARY = re.compile(
    r"""[A-Z]?[a-z]{1,15} | [A-Z]{1,15} | [A-Za-z]+(?:_[A-Za-z]+)+   # a word, a name
      | [\d\W_]+ | [+-]?[\d._]+[eE][+-]?\d+ | <[^<>]*>             # a number, a date, what stands for a secret""",
    re.VERBOSE,
)

_known: dict[str, tuple[str, ...]] = {}


def remember(value: object) -> None:
    """Know a value from now on as a secret, where it is a text of 8 characters or more and no ordinary word or number.

    Examples
    --------
    >>> remember("cell-secret-4242"), remember("password")
    (None, None)
    >>> find_known("it is cell-secret-4242, the password"), forget()
    (['cell-secret-4242'], None)
    """
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    if not isinstance(text, str) or len(text) < _SHORTEST or _ORDINARY.fullmatch(text):
        return
    text = str.__str__(text)
    _known.pop(text, None)
    _known[text] = tuple(dict.fromkeys((text, repr(text)[1:-1], html.escape(text))))
    while len(_known) > MAX_KNOWN:
        _known.pop(next(iter(_known)), None)


def find_known(text: str) -> list[str]:
    """Return what of a text is a known secret, as it is spelt there, the longest first."""
    if not _known or len(text) < _SHORTEST:
        return []
    found = [spelt for spellings in list(_known.values()) for spelt in spellings if spelt in text]
    return sorted(found, key=len, reverse=True)


def forget() -> None:
    """Know no value any more."""
    _known.clear()
