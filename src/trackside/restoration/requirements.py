"""A run's packages as ``pip`` and ``uv`` take them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trackside.capture.environment.packages import locked_requirements
from trackside.visible_text import cut

if TYPE_CHECKING:
    from trackside.records import Environment

_NAME = r"[A-Za-z0-9][\w.-]*(\[[\w,.-]+\])?"
_VERSION = r"==\s*[\w.+!-]+"
_ADDRESS = r"@\s*(git\+)?(https?|ssh|file)://\S+"
_EDITABLE = "-e "
_PINNED = re.compile(rf"{_NAME}\s*({_VERSION}|{_ADDRESS})(\s*;[^\n\r]*)?")
"""Lines that name one package; a line that is an option could make pip fetch from elsewhere."""


def write_requirements(environment: Environment) -> str:
    """Return the packages that a run had, each with its version; what is no package and version is a comment."""
    locked = sorted(locked_requirements(environment), key=str.lower)
    return "\n".join([f"# Python {cut(environment.python, 40)}", *map(_check, locked)]) + "\n"


def _check(line: str) -> str:
    if _PINNED.fullmatch(line):
        return line
    if line.startswith(_EDITABLE):
        return f"# installed from a folder, as it was then: {cut(line.removeprefix(_EDITABLE), 200)}"
    return f"# not understood: {cut(line, 200)}"
