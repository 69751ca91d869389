"""Keeps what a cell puts out from being shown, while it goes on being heard by whoever listens on top."""

from __future__ import annotations

import inspect
import sys
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Any

from trackside.magic.hooks import Hook

if TYPE_CHECKING:
    from collections.abc import Callable

    from IPython.core.interactiveshell import InteractiveShell

_MOST_SIZE = 5_000_000
"""Characters and bytes that are held back; what came before is lost, and that is said."""

_EACH_SIZE = 100
"""What an output counts for beside its text."""

_CUT = "[what this repeat put out before is too much to be shown here]\n"


class Muted:
    """Between `start` and `stop` nothing is shown but Trackside's cards; an error of the cell ends it.

    Then the newest of what was held back is shown, before the error's traceback. An error of code that the cell has
    the shell run is one of its outputs.
    """

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell
        self._hooks: list[Hook] = []
        self._is_muted = False
        self._held: deque[tuple[Callable[[], Any], int]] = deque()
        self._size = 0
        self._is_cut = False
        self._depth = 0
        self._publish: Callable[..., Any] = shell.display_pub.publish

    def start(self) -> None:
        """Begin to hold back what the calling cell puts out, before anybody listens to it."""
        shell, self._is_muted, self._depth = self._shell, True, self._count_frames()
        self._publish = shell.display_pub.publish
        self._hooks += [
            *(Hook(stream, "write", self._holding) for stream in dict.fromkeys((sys.stdout, sys.stderr))),
            Hook(shell.display_pub, "publish", self._holding_but_cards),
            Hook(shell.display_pub, "clear_output", self._holding),
            Hook(shell.displayhook, "write_format_data", self._holding_results),
            Hook(shell, "_showtraceback", self._holding),
            *(Hook(shell, name, self._ending) for name in ("showtraceback", "showsyntaxerror")),
        ]

    def stop(self) -> None:
        """Show again; calling it again does nothing."""
        self._is_muted = False
        self._held.clear()
        while self._hooks:
            self._hooks.pop().undo()

    def _hold(self, show: Callable[..., Any], *args: Any, **kwargs: Any) -> int | None:
        self._held.append((partial(show, *args, **kwargs), _size(args)))
        self._size += _size(args)
        while self._size > _MOST_SIZE and len(self._held) > 1:
            self._size -= self._held.popleft()[1]
            self._is_cut = True
        return len(args[0]) if args and isinstance(args[0], str) else None  # as ``write`` does

    def _holding(self, show: Callable[..., Any]) -> Callable[..., Any]:
        def show_or_hold(*args: Any, **kwargs: Any) -> Any:
            return self._hold(show, *args, **kwargs) if self._is_muted else show(*args, **kwargs)

        return show_or_hold

    def _holding_but_cards(self, publish: Callable[..., Any]) -> Callable[..., Any]:
        hold = self._holding(publish)

        def publish_cards(data: Any, metadata: Any = None, *args: Any, **kwargs: Any) -> Any:
            is_card = ((metadata or {}).get("trackside") or {}).get("kind") == "card"
            return (publish if is_card else hold)(data, metadata, *args, **kwargs)

        return publish_cards

    def _holding_results(self, write: Callable[..., Any]) -> Callable[..., Any]:
        def write_or_hold(data: Any, metadata: Any = None) -> Any:
            if not self._is_muted:
                return write(data, metadata)
            return self._hold(self._publish, data, metadata)  # the shell's own result is another by then

        return write_or_hold

    def _ending(self, show: Callable[..., Any]) -> Callable[..., Any]:
        def show_all(*args: Any, **kwargs: Any) -> Any:
            if self._is_muted and self._count_frames() < self._depth:
                self._show_held()
            return show(*args, **kwargs)

        return show_all

    def _show_held(self) -> None:
        self._is_muted = False
        if self._is_cut:
            sys.stderr.write(_CUT)
        while self._held:
            self._held.popleft()[0]()

    def _count_frames(self) -> int:
        """Return how many functions and cells of the notebook are under way."""
        count, frame = 0, inspect.currentframe()
        while frame is not None:
            count += frame.f_globals is self._shell.user_ns
            frame = frame.f_back
        return count


def _size(args: tuple[Any, ...]) -> int:
    """Return what an output counts for: its text, or the texts of its kinds."""
    first = args[0] if args else ""
    parts = first.values() if isinstance(first, dict) else [first]
    return _EACH_SIZE + sum(len(part) for part in parts if isinstance(part, str | bytes))
