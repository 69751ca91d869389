"""How a run ended, told from the exception that ended it."""

from __future__ import annotations

import asyncio
import traceback
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from types import TracebackType

MAX_TRACE = 20_000
"""Characters of a traceback that are kept, from its end."""


def status_of(error: BaseException) -> Literal["finished", "failed", "interrupted"]:
    """Return how a run ends that this exception ends: ``sys.exit(0)`` is no failure, a stop is no bug."""
    if isinstance(error, (KeyboardInterrupt, asyncio.CancelledError)):
        return "interrupted"
    if isinstance(error, SystemExit) and error.code in (None, 0):
        return "finished"
    return "failed"


def describe_failure(error: BaseException) -> str:
    """Return one line that says what went wrong, then an empty line and the traceback."""
    described = traceback.TracebackException(type(error), error, None)
    described.__notes__ = []  # they come after the message, and say more of it
    message = " ".join(list(described.format_exception_only())[-1].split())
    headline = message.removeprefix(f"{type(error).__module__}.")
    lines = traceback.format_exception(type(error), error, _users_frames(error.__traceback__))
    return f"{headline}\n\n{''.join(lines)[-MAX_TRACE:]}"


def _users_frames(trace: TracebackType | None) -> TracebackType | None:
    """Leave out IPython's own frames, which stand above the cell's."""
    while trace and trace.tb_next and str(trace.tb_frame.f_globals.get("__name__")).startswith("IPython."):
        trace = trace.tb_next
    return trace
