"""Writes calls and literals as Python code, laid out as ruff and black do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDTH = 88
_INDENT = 4


class Call(NamedTuple):
    """One call of a chain: what is called, and its arguments by name; those called ``""`` are positional."""

    function: str
    arguments: Sequence[tuple[str, object]] = ()


def write_chain(calls: Sequence[Call]) -> str:
    """Return calls on each other's results as one expression.

    Examples
    --------
    >>> print(write_chain([Call("ts.runs"), Call(".best", [("", "loss"), ("count", 5)])]))
    ts.runs().best("loss", count=5)
    """
    code = ""
    for place, call in enumerate(calls):
        begun = code.rpartition("\n")[2]
        after = "" if place + 1 == len(calls) else f"{calls[place + 1].function}()"
        code += _write_call(call, len(begun), len(after))
    return code


def _write_call(call: Call, used: int, after: int) -> str:
    """Return a call that stands behind ``used`` characters of its line and before ``after`` more."""
    parts = [(f"{name}=" if name else "", value) for name, value in call.arguments]
    flat = ", ".join(name + _flat(value) for name, value in parts)
    if not parts or used + len(f"{call.function}({flat})") + after <= _WIDTH:
        return f"{call.function}({flat})"
    indent = " " * _INDENT
    lines = [name + _write(value, _INDENT, _INDENT + len(name)) for name, value in parts]
    if _INDENT + len(flat) <= _WIDTH:
        inside = indent + flat
    elif len(parts) == 1:
        inside = indent + lines[0]
    else:
        inside = "\n".join(f"{indent}{line}," for line in lines)
    return f"{call.function}(\n{inside}\n)"


def _write(value: object, indent: int, used: int) -> str:
    """Return a literal that begins behind ``used`` characters of a line indented by ``indent``."""
    flat = _flat(value)
    if used + len(f"{flat},") <= _WIDTH or not isinstance(value, (list, Mapping)) or not value:
        return flat
    inner = indent + _INDENT
    if isinstance(value, Mapping):
        keys = [f"{_flat(key)}: " for key in value]
        lines = [key + _write(part, inner, inner + len(key)) for key, part in zip(keys, value.values(), strict=True)]
    else:
        lines = [_write(part, inner, inner) for part in value]
    inside = "".join(f"{' ' * inner}{line},\n" for line in lines)
    opening, closing = "{}" if isinstance(value, Mapping) else "[]"
    return f"{opening}\n{inside}{' ' * indent}{closing}"


def _flat(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_flat(key)}: {_flat(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flat, value)) + "]"
    return _quote(value) if isinstance(value, str) else repr(value)


def _quote(text: str) -> str:
    """Return a text in double quotes, or in single ones where that takes fewer backslashes."""
    inside = repr('"' + text)[2:-1].replace("\\'", "'")  # repr has single quotes where a double one stands inside
    quote = '"' if text.count('"') <= text.count("'") else "'"
    return quote + inside.replace(quote, f"\\{quote}") + quote
