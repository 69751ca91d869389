"""Keeps matplotlib's figures whole where a widget is used while a cell runs.

ipykernel 7 handles widget messages in a second thread beside the running cell and then triggers ``post_execute`` there
(ipykernel issue 1564). matplotlib has two callbacks there: its inline backend shows and closes all figures, into the
widget's message instead of the cell; and pyplot draws them all, at the same time as the cell may be saving one, which
then comes out blank. So that thread must call neither.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

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


class _Guarded(list["Callable[..., Any]"]):
    """IPython's callbacks of an event, of which matplotlib's are called in the main thread only.

    A list, as matplotlib registers when it is first used: in the midst of a cell, beside which messages may come.
    """

    def __init__(self, callbacks: Iterable[Callable[..., Any]]) -> None:
        super().__init__(map(_guard, callbacks))

    def append(self, callback: Callable[..., Any]) -> None:
        super().append(_guard(callback))


def guard_figures(shell: InteractiveShell) -> None:
    """Keep what matplotlib does after each cell in the main thread, also where matplotlib comes later."""
    callbacks = shell.events.callbacks
    callbacks["post_execute"] = _Guarded(callbacks["post_execute"])


def unguard_figures(shell: InteractiveShell) -> None:
    """Put IPython's own list and matplotlib's own callbacks back."""
    callbacks = shell.events.callbacks
    callbacks["post_execute"] = [c.callback if isinstance(c, MainThreadOnly) else c for c in callbacks["post_execute"]]


def show_figures(shell: InteractiveShell) -> None:
    """Have matplotlib's backend show its figures now, as it does when a cell has ended."""
    for callback in list(shell.events.callbacks["post_execute"]):
        its = callback.callback if isinstance(callback, MainThreadOnly) else callback
        if getattr(its, "__name__", "") == "flush_figures":
            its()


def _guard(callback: Callable[..., Any]) -> Callable[..., Any]:
    is_figures = getattr(callback, "__name__", "") == "flush_figures"  # of whichever backend
    is_matplotlibs = str(getattr(callback, "__module__", "")).partition(".")[0] in {"matplotlib", "matplotlib_inline"}
    return MainThreadOnly(callback) if is_figures or is_matplotlibs else callback
