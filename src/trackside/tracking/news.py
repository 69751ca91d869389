"""Tells those who show a store that its runs changed: one began or ended, or something was said of it.

Whoever changes something pays microseconds. The news is passed on by a thread of its own, at most twice a second,
however many runs a sweep makes; while a cell runs, the main thread would have no time for it.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from trackside.locks import after_fork_in_child

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SECONDS_BETWEEN = 0.5

_listeners: list[Callable[[Path], object]] = []
_changed: set[Path] = set()
_teller: threading.Thread | None = None
_lock = threading.Lock()


def on_news(listener: Callable[[Path], object]) -> None:
    """Have ``listener`` called with the folder of each store whose runs changed. It runs in a thread of ours."""
    _listeners.append(listener)


def tell(store_folder: Path | None) -> None:
    """Say that a store's runs changed; None is no store. Returns at once."""
    global _teller  # noqa: PLW0603 - one process, one teller
    if store_folder is None or not _listeners:
        return
    with _lock:
        _changed.add(store_folder)
        if _teller is None or not _teller.is_alive():
            _teller = threading.Thread(target=_pass_on, name="trackside-news", daemon=True)
            try:
                _teller.start()
            except RuntimeError:  # the program ends, or has no thread left
                _teller = None


def _pass_on() -> None:
    """Tell what changed until nothing does any more."""
    global _teller  # noqa: PLW0603 - one process, one teller
    while True:
        time.sleep(SECONDS_BETWEEN)
        with _lock:
            folders = list(_changed)
            _changed.clear()
            if not folders:
                _teller = None
                return
        for folder in folders:
            for listener in _listeners:
                listener(folder)


def _forget() -> None:
    """Tell nobody in a forked child: its parent's front end is not its own."""
    global _lock, _teller
    _lock, _teller = threading.Lock(), None
    _listeners.clear()
    _changed.clear()


after_fork_in_child(_forget)
