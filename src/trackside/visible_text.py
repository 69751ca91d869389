"""Texts from a store, fit to be shown: with nothing in them that hides or reorders what stands there."""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

_HIDDEN = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
"""Unicode's categories of characters that are not seen: controls, formats (also those that turn text round)."""

_WANTED = "\n\t\u200c\u200d"
"""Line ends, tabs, and the joiners that some scripts and emoji are written with."""


def visible(text: str) -> str:
    r"""Return a text with characters that are not seen spelled out.

    Examples
    --------
    >>> visible('a\u202eb')
    'a\\u202eb'
    """
    if text.isprintable():
        return text
    return "".join(_spell_out(char) if _is_hidden(char) else char for char in text)


def cut(text: str, length: int) -> str:
    r"""Return a text in one line of at most so many characters.

    Examples
    --------
    >>> cut("one\ntwo three", 9)
    'one two …'
    """
    one_line = " ".join(visible(text[: 4 * length]).split())
    is_all = len(text) <= 4 * length and len(one_line) <= length
    return one_line if is_all else one_line[: length - 1] + "…"


def cut_pair(before: str, after: str, length: int) -> tuple[str, str]:
    """Return two texts that differ, each in one line, such that where they begin to differ is seen.

    Examples
    --------
    >>> cut_pair("x" * 90 + "left", "x" * 90 + "right", 20)
    ('…xxxxxxxxleft', '…xxxxxxxxright')
    """
    pairs = enumerate(zip(before, after, strict=False))
    same = next((at for at, (left, right) in pairs if left != right), min(len(before), len(after)))
    start = max(0, same - length // 2 + 2)
    if max(len(before), len(after)) <= length or start == 0:
        return cut(before, length), cut(after, length)
    return "…" + cut(before[start:], length - 1), "…" + cut(after[start:], length - 1)


def spell(value: Any) -> str:
    """Return a value as it is written in JSON, a text without its quotes; numbers with all their digits.

    Examples
    --------
    >>> spell(1e-3), spell("rbf"), spell(None), spell([1, True])
    ('0.001', 'rbf', 'None', '[1, true]')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return repr(value)


def code_span(text: str, length: int = 200) -> str:
    """Return a text as Markdown's inline code, in which nothing has a meaning.

    Examples
    --------
    >>> code_span("<b>a`b</b>")
    "`<b>a'b</b>`"
    """
    return f"`{cut(text, length).replace('`', chr(39)) or ' '}`"


def align(rows: Sequence[Sequence[str]], numbers: Container[int] = ()) -> list[str]:
    """Return rows of texts as lines whose columns stand below each other; those that are ``numbers`` end alike.

    Examples
    --------
    >>> align([["run", "loss"], ["mlp", "0.5"]], numbers={1})
    ['run  loss', 'mlp   0.5']
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            text.rjust(width) if at in numbers else text.ljust(width)
            for at, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _is_hidden(char: str) -> bool:
    return char not in _WANTED and unicodedata.category(char) in _HIDDEN


def _spell_out(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"  # noqa: PLR2004 - the last of four digits
