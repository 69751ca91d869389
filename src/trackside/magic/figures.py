"""Keeps a cell's matplotlib figures where a widget is used while the cell runs.

ipykernel 7 handles widget messages in a second thread beside the running cell and then triggers ``post_execute`` there,
where matplotlib's inline backend shows and closes all figures: into the widget's message, not into the cell
(ipykernel issue 1564). So that thread must not flush them.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from IPython.core.interactiveshell import InteractiveShell


class MainThreadOnly:
    """Calls a callback in the main thread only; equal to it, so that its owner can still take it out."""

    def __init__(self, callback: Callable[..., Any]) -> None:
        self.callback = callback

    def __call__(self, *args: Any) -> Any:
        """Call it, or in another thread do nothing."""
        if threading.current_thread() is threading.main_thread():
            return self.callback(*args)
        return None

    def __eq__(self, other: object) -> bool:
        return other is self or other == self.callback

    def __hash__(self) -> int:
        return hash(self.callback)


def guard_figures(shell: InteractiveShell) -> None:
    """Keep matplotlib's flush in the main thread; to be called before each cell, as a cell may bring matplotlib in."""
    callbacks = shell.events.callbacks["post_execute"]
    callbacks[:] = [MainThreadOnly(c) if _flushes_figures(c) else c for c in callbacks]


def unguard_figures(shell: InteractiveShell) -> None:
    """Put matplotlib's own callback back."""
    callbacks = shell.events.callbacks["post_execute"]
    callbacks[:] = [c.callback if isinstance(c, MainThreadOnly) else c for c in callbacks]


def _flushes_figures(callback: Callable[..., Any]) -> bool:
    return getattr(callback, "__name__", "") == "flush_figures"
