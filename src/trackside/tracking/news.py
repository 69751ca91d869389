"""Tells those who show a store that its runs changed: one began or ended, or something was said of it.

Whoever changes something pays microseconds. The news is passed on by a thread of its own, at most twice a second,
however many runs a sweep makes; while a cell runs, the main thread would have no time for it.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from trackside.locks import after_fork_in_child

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SECONDS_BETWEEN = 0.5

_listeners: list[Callable[[Path], object]] = []
_changed: set[Path] = set()
_lock = threading.Lock()


def on_news(listener: Callable[[Path], object]) -> None:
    """Have ``listener`` called with the folder of each store whose runs changed. It runs in a thread of ours."""
    _listeners.append(listener)


def tell(store_folder: Path | None) -> None:
    """Say that a store's runs changed; None is no store. Returns at once."""
    if store_folder is None or not _listeners:
        return
    with _lock:
        is_due = bool(_changed)
        _changed.add(store_folder)
    if not is_due:
        timer = threading.Timer(SECONDS_BETWEEN, _pass_on)
        timer.daemon = True
        try:
            timer.start()
        except RuntimeError:  # the program ends, or has no thread left
            _changed.clear()


def _pass_on() -> None:
    with _lock:
        folders = list(_changed)
        _changed.clear()
    for folder in folders:
        for listener in _listeners:
            listener(folder)


def _forget() -> None:
    """Tell nobody in a forked child: its parent's front end is not its own."""
    global _lock  # noqa: PLW0603 - another thread may have held it at the fork
    _lock = threading.Lock()
    _listeners.clear()
    _changed.clear()


after_fork_in_child(_forget)
