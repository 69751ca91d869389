"""Where the code that runs stands: in which notebook or script, and so under which settings."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from trackside.config import find_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trackside.config import Settings

PAST_DRIVE = "trackside:"
"""What JupyterLab's paths of notebooks as they were begin with."""

_NAMES = {"VS Code": "__vsc_ipynb_file__", "papermill": "PAPERMILL_INPUT_PATH"}
"""Names that VS Code and papermill (with ``--inject-paths``) define in the user's namespace."""


_is_at_shell = ContextVar("_is_at_shell", default=False)


@contextmanager
def at_shell() -> Iterator[None]:
    """Have settings looked for from the working folder: a command is no script of the user's, nor its caller's cell."""
    token = _is_at_shell.set(True)
    try:
        yield
    finally:
        _is_at_shell.reset(token)


def find_notebook() -> Path | None:
    """Return the path of the notebook that this kernel runs, or None in a script and under nbclient."""
    named = find_named_notebook()
    return named[0] if named else None


def find_named_notebook() -> tuple[Path, str] | None:
    """Return the path of the notebook that this kernel runs, and who names it: ``"VS Code"``, ``"Jupyter"``.

    A kernel that a notebook starts inherits the variable in which Jupyter names that one: it counts last.
    """
    if _is_at_shell.get():
        return None
    namespace = vars(sys.modules["__main__"])
    told = {who: namespace.get(name) for who, name in _NAMES.items()} | {"Jupyter": os.environ.get("JPY_SESSION_NAME")}
    for who, text in told.items():
        if isinstance(text, str) and text.endswith(".ipynb"):
            return Path(text).absolute(), who
    return None


def find_script() -> Path | None:
    """Return the path of the script that runs, or None in a kernel, at a prompt and under ``python -c``."""
    if is_interactive() or _is_at_shell.get():
        return None
    file = getattr(sys.modules.get("__main__"), "__file__", None)
    return Path(file).resolve() if file else None


def is_interactive() -> bool:
    """Tell whether a person types the code, at a prompt or in a notebook: Python and IPython set ``sys.ps1`` then."""
    return hasattr(sys, "ps1")


def find_own_settings() -> Settings:
    """Return the settings for the code that runs now, from its notebook's or script's folder upwards.

    Raises
    ------
    InputError
        A settings file cannot be read, or a setting cannot be used.
    """
    notebook, script = find_notebook(), find_script()
    file = notebook or script
    settings = find_settings(file.parent if file else Path.cwd(), notebook=notebook, script=script)
    return replace(settings, mode="disabled") if notebook and _is_past(notebook) else settings


def find_settings_for(store_folder: Path) -> Settings:
    """Return the settings under which runs of a store are decided on: this code's own, or those of the store's project.

    Whoever names the store of another project is held to what is demanded there, wherever the code stands. Where no
    policy stands around that store, this code's own counts.

    Raises
    ------
    InputError
        As `find_own_settings`, of either.
    """
    own, folder = find_own_settings(), store_folder.resolve()
    if own.store_folder.resolve() == folder:
        return own
    there = find_settings(folder.parent)
    return replace(there, user=own.user) if there.policy is not None else own


def _is_past(notebook: Path) -> bool:
    """Tell a notebook as it was, which is there to be read: no folder of it is there, and no run belongs in it."""
    return any(part.startswith(PAST_DRIVE) for part in notebook.parts)
