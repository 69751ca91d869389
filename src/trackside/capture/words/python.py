"""Reads Python as Python does, in any thread."""

from __future__ import annotations

import ast

_TRIES = 5


def parse(code: str) -> ast.Module:
    """Return a module's syntax tree.

    Python 3.11 counts how deep it is once for all threads (CPython issue 106905): where two parse at once, one may
    fail that has no fault, so it is tried again.

    Raises
    ------
    SyntaxError, ValueError, MemoryError, RecursionError
        As `ast.parse` does.

    Examples
    --------
    >>> len(parse("x = 1; y = 2").body)
    2
    """
    for _ in range(_TRIES):
        try:
            return ast.parse(code)
        except (SystemError, RecursionError):
            continue
    return ast.parse(code)
