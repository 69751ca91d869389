"""Why a filter cannot be used, in the words of those who typed it, not in the database's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import duckdb

from trackside.errors import list_known, suggest

if TYPE_CHECKING:
    from collections.abc import Callable

_LIKE = "Expected the like of: lr < 0.01 and val_loss < 0.3"
_TEXTS = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"")
_SIGNS = {"&&": "and", "||": "or", "===": "=", "=<": "<=", "=>": ">=", "!(": "not ("}
"""Signs of other languages, and what SQL has in their place."""

_KINDS = {
    "a text": r"VARCHAR|STRING",
    "yes or no": r"BOOL",
    "a time": r"TIMESTAMP|DATE|TIME",
    "a length of time": r"INTERVAL",
    "a number": r"INT|DOUBLE|FLOAT|DECIMAL",
}


def kind_in_words(kind: str) -> str:
    """Return what people call one of the database's kinds of values.

    Examples
    --------
    >>> kind_in_words("DECIMAL(2,1)"), kind_in_words("VARCHAR")
    ('a number', 'a text')
    """
    return next((words for words, pattern in _KINDS.items() if re.search(pattern, kind)), "a value")


def explain(expression: str, names: list[str], error: duckdb.Error, time_limit: float) -> str:
    """Return in one line why a filter over columns of these names cannot be used, and what to do."""
    if isinstance(error, duckdb.InterruptException):
        return f"The filter {expression!r} took longer than {time_limit:.0f} seconds; use a simpler condition."
    typed = _TEXTS.sub("''", expression)
    sign = next((sign for sign in _SIGNS if sign in typed), None)
    if sign is not None:
        return f"The filter {expression!r} has {sign!r} in it; expected {_SIGNS[sign]!r}. {_LIKE}"
    unknown = re.search(r'Referenced column "([^"]+)" not found', str(error))
    if unknown:
        return _explain_name(expression, typed, unknown[1], names)
    return f"The filter {expression!r} is no condition ({_reason(expression, error)}). {_LIKE}"


def _explain_name(expression: str, typed: str, unknown: str, names: list[str]) -> str:
    compared = re.search(rf"(\S+)\s*(==?|!=|<>)\s*{re.escape(unknown)}(?![\w.])", typed)
    if compared:
        before, sign = compared[1].lstrip("("), compared[2]
        hint = f" A text stands in quotes: {before} {sign} '{unknown}'."
    else:
        hint = suggest(unknown, names)
    short = [name for name in names if name.partition(".")[2] not in names]  # ``param.lr`` is ``lr``, too
    return f"No column {unknown!r} in the filter {expression!r}.{hint} There are: {list_known(unknown, short)}."


def _reason(expression: str, error: duckdb.Error) -> str:
    said = str(error).splitlines()[0]
    if isinstance(error, duckdb.ParserException):
        at = re.search(r'at or near "(.*)"', said)
        return f"it cannot be read from {at[1]!r} on" if at and at[1] in expression else "it ends too early"
    found = ((re.search(pattern, said), tell) for pattern, tell in _REASONS.items())
    return next((tell(match) for match, tell in found if match), "its parts are of kinds that do not go together")


_REASONS: dict[str, Callable[[re.Match[str]], str]] = {
    r"Could not convert string '(.*?)' to (\w+)": lambda said: f"{said[1]!r} is not {kind_in_words(said[2])}",
    r'invalid \w+ field format: "(.*?)"': lambda said: f"{said[1]!r} is no time such as '2026-05-31 14:00'",
    r"Cannot compare values of type (.+?) and type (.+?) - ": lambda said: (
        f"{kind_in_words(said[1])} cannot be compared with {kind_in_words(said[2])}"
    ),
    r"regexp_\w+\((?!VARCHAR)": lambda _: "'~' looks for a pattern in a text, and this is none",
    r"Function with name (\S+) does not exist": lambda said: f"{said[1]!r} is no function",
    "single expression": lambda _: "a comma parts it; conditions are joined by 'and', and numbers have a point",
    "aggregate": lambda _: "it speaks of several runs at once, and holds for each run by itself",
}
"""What the database says, and how it is told."""
