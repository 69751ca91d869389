"""Which notebook the code runs in, where the kernel was told."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_NAMES = ("__vsc_ipynb_file__", "PAPERMILL_INPUT_PATH")
"""Names that VS Code and papermill (with ``--inject-paths``) define in the user's namespace."""


def find_notebook() -> Path | None:
    """Return the path of the notebook that this kernel runs, or None in a script and under nbclient.

    JupyterLab tells the path at the kernel's start; a rename later does not reach the kernel.
    """
    namespace = vars(sys.modules["__main__"])
    candidates = [os.environ.get("JPY_SESSION_NAME"), *(namespace.get(name) for name in _NAMES)]
    for text in candidates:
        if isinstance(text, str) and text.endswith(".ipynb"):
            return Path(text).absolute()
    return None
