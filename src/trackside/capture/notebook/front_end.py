"""Which notebook a kernel runs and what it was started from, as far as its surroundings tell."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NamedTuple

from trackside.whereabouts import find_named_notebook

_RUNNERS = {
    "papermill": "papermill",
    "jupyter-nbconvert": "nbconvert",
    "nbconvert": "nbconvert",
    "jupyter-execute": "nbclient",
    "execute": "nbclient",
    "nbclient": "nbclient",
}
"""Commands that run notebooks, by the words that stand in their command lines."""


class Whereabouts(NamedTuple):
    """A notebook's path, None where nobody tells it, and what shows or runs it."""

    path: Path | None
    front_end: str


def find_whereabouts() -> Whereabouts:
    """Return where the notebook is, unless a Jupyter server or a front end of ours tells better."""
    if named := find_named_notebook():
        return Whereabouts(*named)
    if "google.colab" in sys.modules:
        return Whereabouts(None, "Colab")
    if "ipykernel.kernelapp" not in sys.modules:
        return Whereabouts(None, "terminal")
    return _ask_parent() or Whereabouts(None, "nbclient")


def _ask_parent() -> Whereabouts | None:
    """Read the command line that started the kernel: ``papermill train.ipynb done.ipynb`` tells its notebook."""
    import psutil

    try:
        parent = psutil.Process(int(os.environ.get("JPY_PARENT_PID") or os.getppid()))
        words, folder = parent.cmdline(), Path(parent.cwd())
    except (psutil.Error, OSError, ValueError):
        return None
    runner = next((_RUNNERS[name] for word in words[:4] if (name := Path(word).name) in _RUNNERS), None)
    if runner is None:
        return None
    notebooks = [folder / word for word in words if word.endswith(".ipynb")]
    known = notebooks[:1] if runner == "papermill" else notebooks
    return Whereabouts(known[0] if len(known) == 1 and known[0].is_file() else None, runner)
