"""Where the user's code stands in the calls that led here: warnings point to it, and not into Trackside."""

from __future__ import annotations

import inspect
import os
from pathlib import Path

_PACKAGE = str(Path(__file__).parent) + os.sep


def user_stacklevel() -> int:
    """Return the ``stacklevel`` of a warning that points to the line outside of Trackside which led to it."""
    frame, level = inspect.currentframe(), 0
    while frame is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        frame, level = frame.f_back, level + 1
    return level
