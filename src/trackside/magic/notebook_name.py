"""The notebook's name, kept true where it is renamed while its kernel runs: Jupyter tells it once, at the start."""

from __future__ import annotations

import os
from pathlib import Path

from trackside.capture.notebook.server import ask_server

VARIABLE = "JPY_SESSION_NAME"
"""Where Jupyter tells a kernel its notebook; scripts that the kernel starts see it, too."""


class NotebookName:
    """How the notebook of this kernel is called now."""

    def __init__(self) -> None:
        self._heard: Path | None = None
        self._asked_for: set[str] = set()

    def hear(self, path: Path) -> None:
        """Take note of where the page or the server says that the notebook is; from any thread."""
        self._heard = path

    def follow(self) -> Path | None:
        """Let the notebook go by another name where it has one since, and return the old one. In the main thread.

        Nobody is asked while there is a file of the name that is known, and once for each name that has none.
        """
        known = os.environ.get(VARIABLE)
        if not known:
            return None
        heard, self._heard = self._heard, None
        now = heard if heard is not None and heard.is_file() else self._ask(known)
        if now is None or not now.is_file() or _is_same(now, Path(known)):
            return None
        os.environ[VARIABLE] = str(now)
        return Path(known).absolute()

    def _ask(self, known: str) -> Path | None:
        if known in self._asked_for or Path(known).exists():
            return None
        self._asked_for.add(known)
        place = ask_server(recent=0)
        return place.path if place is not None and place.kind == "notebook" else None


def _is_same(one: Path, other: Path) -> bool:
    return one == other.absolute() or (other.exists() and one.samefile(other))
