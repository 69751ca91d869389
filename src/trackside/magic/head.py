"""The ``%%track`` line at the head of a cell: found, and taken out before IPython parses the cell.

The magic does not run the cell. IPython does, as it runs every cell, with the line turned into a comment; so
tracebacks, ``await``, interrupts and the debugger are as they always are.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_TRACK = re.compile(r"^%%track(?=\s|$)[ \t]*(?P<options>.*?)\s*$")
_QUESTION = re.compile(r"^(?P<command>\s*%track[ \t]+\w+)[ \t]*\?+\s*$")
_CELL_MAGIC = re.compile(r"^%%(?P<name>\w+)")
_PYTHON_MAGICS = frozenset(("time", "capture", "prun"))
"""Cell magics whose body is Python that runs in the user's namespace."""


class Head(NamedTuple):
    """What stands at the head of a tracked cell."""

    options: str
    body: str
    """The cell without its magics: what they run."""
    is_python: bool
    has_other_magics: bool


def read_head(raw_cell: str) -> Head | None:
    r"""Return the head of a cell that is to be tracked, or None.

    Above and below the ``%%track`` line there may be blank lines, comments and other cell magics.

    Examples
    --------
    >>> read_head("# try it\n%%track mlp\nlr = 1").options
    'mlp'
    """
    lines = raw_cell.splitlines(keepends=True)
    options: str | None = None
    others: list[str] = []
    body_at = len(lines)
    for at, line in enumerate(lines):
        if options is None and (track := _TRACK.match(line)):
            options = track["options"]
        elif magic := _CELL_MAGIC.match(line):
            others.append(magic["name"])
        elif not _is_blank(line):
            body_at = at
            break
    if options is None:
        return None
    return Head(options, "".join(lines[body_at:]), set(others) <= _PYTHON_MAGICS, bool(others))


def with_options(raw_cell: str, options: str) -> str:
    r"""Return a cell with other options behind its ``%%track``.

    Examples
    --------
    >>> with_options("# try it\n%%track mlp --quiet\nlr = 1", "svm")
    '# try it\n%%track svm\nlr = 1'
    """
    lines = raw_cell.splitlines(keepends=True)
    at = next(place for place, line in enumerate(lines) if _TRACK.match(line))
    return "".join([*lines[:at], f"%%track {options}\n", *lines[at + 1 :]])


def strip_track(lines: list[str]) -> list[str]:
    """Take the ``%%track`` line out of a cell's lines; IPython calls this several times for a cell.

    A comment stands in its place, so that every other line keeps its number. A cell magic below it moves to the top,
    where IPython wants it.
    """
    at = _first_code(lines, 0)
    if at is None or not _TRACK.match(lines[at]):
        return lines
    below = _first_code(lines, at + 1)
    if below is not None and _CELL_MAGIC.match(lines[below]):
        return lines[below:]
    return [*lines[:at], f"# {lines[at]}", *lines[at + 1 :]]


def ask_for_help(lines: list[str]) -> list[str]:
    r"""Turn ``%track star?`` into a question to the magic: IPython would look for an object named *star*.

    Examples
    --------
    >>> ask_for_help(["%track star?\n"])
    ['%track star --help\n']
    """
    return [_QUESTION.sub(r"\g<command> --help\n", line) for line in lines]


strip_track.has_side_effects = True  # type: ignore[attr-defined]  # IPython's mark: leave it out when asking
# whether typed lines are complete, or the terminal would run the cell at the end of its first line


def _first_code(lines: list[str], start: int) -> int | None:
    return next((at for at in range(start, len(lines)) if not _is_blank(lines[at])), None)


def _is_blank(line: str) -> bool:
    text = line.strip()
    return not text or text.startswith("#")
