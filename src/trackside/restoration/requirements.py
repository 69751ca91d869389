"""A run's packages as ``pip`` and ``uv`` take them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trackside.visible_text import cut

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trackside.records import Environment

_NAME = r"[A-Za-z0-9][\w.-]*(\[[\w,.-]+\])?"
_VERSION = r"==\s*[\w.+!-]+"
_ADDRESS = r"@\s*(git\+)?(https?|ssh|file)://\S+"
_PINNED = re.compile(rf"{_NAME}\s*({_VERSION}|{_ADDRESS})(\s*;[^\n\r]*)?")
"""Lines that name one package; a line that is an option could make pip fetch from elsewhere."""


def write_requirements(environment: Environment) -> str:
    """Return the packages that a run had, each with its version; what is no package and version is a comment."""
    lines = [f"# Python {cut(environment.python, 40)}", *(_check(line) for line in _lines_of(environment))]
    return "\n".join(lines) + "\n"


def _lines_of(environment: Environment) -> Iterable[str]:
    locked: list[str] | None = getattr(environment, "requirements", None)
    return locked or sorted((f"{name}=={version}" for name, version in environment.packages.items()), key=str.lower)


def _check(line: str) -> str:
    is_comment = line.startswith("#") and line.isprintable()
    return line if is_comment or _PINNED.fullmatch(line) else f"# not understood: {cut(line, 200)}"
