"""The flags behind what a verb of ``%track`` is about: ``last --name production --why "first with new data"``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trackside.errors import InputError, suggest
from trackside.magic.choices import unquoted

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_PIECES = re.compile(r""""[^"]*"|'[^']*'|(?<!\S)(?P<flag>--[a-z][\w-]*)(?=[=\s]|$)""")


def read_flags(text: str, valued: Mapping[str, str], switches: Collection[str] = ()) -> tuple[str, dict[str, str]]:
    """Return what stands before the flags, which may be a condition, and the flags with their values.

    Parameters
    ----------
    valued
        The flags that have a value, and what each expects: ``"a number"``.
    switches
        Those that have none.

    Raises
    ------
    InputError
        There is no such flag, or its value is missing.

    Examples
    --------
    >>> read_flags('lr < 0.1 --why "it is --new"', {"--why": "a reason"})
    ('lr < 0.1', {'--why': 'it is --new'})
    """
    found = [piece for piece in _PIECES.finditer(text) if piece["flag"]]
    ends = [*(piece.start() for piece in found), len(text)]
    flags = {}
    for piece, end in zip(found, ends[1:], strict=True):
        value = unquoted(text[piece.end() : end].strip().removeprefix("=").strip())
        flags[piece["flag"]] = _checked(piece["flag"], value, valued, switches)
    return text[: ends[0]].strip(), flags


def _checked(flag: str, value: str, valued: Mapping[str, str], switches: Collection[str]) -> str:
    if flag in switches and not value:
        return value
    if flag not in valued:
        known = [*valued, *switches]
        raise InputError(f"found {flag} {value}".rstrip() + f"; expected {', '.join(known)}.{suggest(flag, known)}")
    if not value:
        raise InputError(f"{flag} stands alone; expected {valued[flag]} behind it")
    return value
