"""Secrets in Python as it stands in cells and scripts, IPython's magics included.

What Python can parse is read as Python does: whatever text may become the value of a name, a keyword, a key or an
attribute that promises a secret is replaced where it stands. Texts, comments and magics are read as texts.
"""

from __future__ import annotations

import ast
import re
import warnings
from typing import TYPE_CHECKING

from trackside.capture.words.python import parse
from trackside.capture.words.secrets.commands import redact_command
from trackside.capture.words.secrets.found_in_code import find_secret_texts
from trackside.capture.words.secrets.known import remember
from trackside.capture.words.secrets.texts import REDACTED, redact, redact_shapes

if TYPE_CHECKING:
    from trackside.capture.words.secrets.found_in_code import SecretTexts

LONGEST_PARSED = 100_000
"""Characters of source that are parsed; longer ones are no code that somebody wrote, and are read as text."""

_MAY_HOLD = re.compile(r"pass|pwd|pw\b|secret|token|key|cred|auth|login|cookie|-u |--user", re.IGNORECASE)
_COMMAND = re.compile(r"(?m)^[ \t]*(?:[\w,.][\w,. \t]*+=[ \t]*)?[%!](?![=\s])[^\n]*$")
_MAGIC = re.compile(rf"{_COMMAND.pattern}|^[ \t]*(?:\?+[^\n]*|[\w.*]++\?+[ \t]*)$")
_OTHER_LANGUAGE = re.compile(
    r"(?m)^%%(?!(?:track|time|timeit|capture|prun|memit|mprun|lprun|px|script-python|python3?|pypy|prof|snakeviz|skip"
    r"|wandb|local|spark|debug|matplotlib)\b)"
)
_COMMENT = re.compile(r"#[^\n]*")
_LINE_END = re.compile(rb"\r\n|\r|\n")
_LITERAL = re.compile(rb"([A-Za-z]{0,2})(\"{3}|'{3}|\"|')")


def redact_source(source: str) -> str:
    """Return Python source with the texts that stand under a secret's name, or look like a secret, replaced.

    It has as many lines as before, but where a private key stood.

    Examples
    --------
    >>> redact_source('password = "pa55"')
    'password = "<redacted>"'
    """
    if len(source) > LONGEST_PARSED or _OTHER_LANGUAGE.search(source):
        return redact_shapes(redact(_redact_magics(source)))
    if not _MAY_HOLD.search(source):
        return redact_shapes(source)
    tree = _parse(source)
    if tree is None:
        return redact(_redact_magics(source))
    try:
        texts = find_secret_texts(tree)
    except RecursionError:  # nested as nobody writes it
        return redact(_redact_magics(source))
    for literal in texts.secrets:
        if isinstance(literal, ast.Constant):
            remember(literal.value)
    code = _replace_texts(source, texts)
    return redact_shapes(_COMMENT.sub(_text_redacted, _redact_magics(code)))


def _parse(source: str) -> ast.Module | None:
    for code in (source, _MAGIC.sub(_in_python, source)):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of escapes, which Python tells the user of when the cell runs
                return parse(code)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return None


def _in_python(command: re.Match[str]) -> str:
    line = command[0]
    return f"{line[: len(line) - len(line.lstrip())]}pass"


def _replace_texts(source: str, found: SecretTexts) -> str:
    """Return the source with the literals that are secrets replaced, and the others read as texts."""
    code = source.encode()
    starts = [0, *(end.end() for end in _LINE_END.finditer(code))]
    places = [(_place(starts, node), _as_secret) for node in found.secrets]
    places += [(_place(starts, node), _as_text) for node in found.texts]
    pieces, done = list[bytes](), 0
    for (start, end), replaced in sorted(places, key=_start):
        if start >= done:  # a literal in one that is replaced is gone with it
            pieces += code[done:start], replaced(code[start:end])
            done = end
    return b"".join([*pieces, code[done:]]).decode()


def _place(starts: list[int], node: ast.expr) -> tuple[int, int]:
    """Return where a node stands in the source's bytes."""
    end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
    return starts[node.lineno - 1] + node.col_offset, starts[end_line - 1] + end_column


def _start(place: tuple[tuple[int, int], object]) -> int:
    return place[0][0]


def _as_secret(literal: bytes) -> bytes:
    """Return a literal that says only that something stood there, on as many lines."""
    lines = b"\n" * literal.count(b"\n")
    begin = _LITERAL.match(literal)
    if begin is None:  # a number
        return f'"{REDACTED}"'.encode()
    prefix, quote = begin.groups()
    is_long = len(quote) > 1
    inside, after = (lines, b"") if is_long else (b"", lines)
    return prefix + quote + REDACTED.encode() + inside + quote + after


def _as_text(literal: bytes) -> bytes:
    return redact(literal.decode()).encode()


def _redact_magics(source: str) -> str:
    return _COMMAND.sub(_command_redacted, source)


def _command_redacted(found: re.Match[str]) -> str:
    return redact_command(found[0])


def _text_redacted(found: re.Match[str]) -> str:
    return redact(found[0])
