"""Names of artifacts: labels for people, never paths."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trackside.capture.words.secrets import redact
from trackside.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Container

MAX_NAME = 200
MAX_KIND = 40


def check_label(value: Any, what: str, longest: int = MAX_NAME) -> str:
    """Return a name that somebody gave.

    Raises
    ------
    InputError
        It is no single line of visible text, or too long.
    """
    if not isinstance(value, str):
        raise InputError(f"found {type(value).__name__} {str(value)[:80]!r} as {what}; expected a text")
    if not value.strip() or not value.isprintable():
        raise InputError(f"found {value[:80]!r} as {what}; expected one line of text that is not empty")
    if len(value) > longest:
        raise InputError(f"found {what} of {len(value)} characters; expected at most {longest}")
    return value.strip()


def clean_label(text: str) -> str:
    r"""Return a name that nobody chose as a name, such as a figure's title, fit to be one; it may be empty.

    Examples
    --------
    >>> clean_label("loss\nby\u202eepoch")
    'loss by epoch'
    """
    visible = "".join(letter if letter.isprintable() else " " for letter in redact(text[: 4 * MAX_NAME]))
    return " ".join(visible.split())[:MAX_NAME].strip()


def free_label(base: str, taken: Container[str]) -> str:
    """Return a name that is not taken: the one given, or with the first number that makes it so.

    Examples
    --------
    >>> free_label("loss", {"loss"}), free_label("figure 1", {"figure 1"})
    ('loss 2', 'figure 2')
    """
    if base not in taken:
        return base
    stem, _, last = base.rpartition(" ")
    stem, number = (stem, int(last)) if stem and last.isascii() and last.isdigit() else (base, 1)
    while f"{stem} {number}" in taken or number == 1:
        number += 1
    return f"{stem} {number}"
