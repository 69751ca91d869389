"""Keeps what a cell puts out from being shown, while it goes on being heard by whoever listens on top."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from trackside.magic.hooks import Hook

if TYPE_CHECKING:
    from collections.abc import Callable

    from IPython.core.interactiveshell import InteractiveShell


class Muted:
    """Between `start` and `stop` nothing is shown but Trackside's cards; an error's traceback ends it."""

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell
        self._hooks: list[Hook] = []
        self._is_muted = False

    def start(self) -> None:
        """Begin to hold back, before anybody listens to what is put out."""
        shell, self._is_muted = self._shell, True
        self._hooks += [
            *(Hook(stream, "write", self._unless_muted(len)) for stream in dict.fromkeys((sys.stdout, sys.stderr))),
            Hook(shell.display_pub, "publish", self._only_cards),
            Hook(shell.display_pub, "clear_output", self._unless_muted(_nothing)),
            Hook(shell.displayhook, "write_format_data", self._unless_muted(_nothing)),
            *(Hook(shell, name, self._ending) for name in ("showtraceback", "showsyntaxerror")),
        ]

    def stop(self) -> None:
        """Show again; calling it again does nothing."""
        self._is_muted = False
        while self._hooks:
            self._hooks.pop().undo()

    def _unless_muted(self, instead: Callable[..., Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        def wrap(show: Callable[..., Any]) -> Callable[..., Any]:
            def show_or_not(*args: Any, **kwargs: Any) -> Any:
                return (instead if self._is_muted else show)(*args, **kwargs)

            return show_or_not

        return wrap

    def _only_cards(self, publish: Callable[..., Any]) -> Callable[..., Any]:
        def publish_cards(data: Any, metadata: Any = None, *args: Any, **kwargs: Any) -> Any:
            is_card = ((metadata or {}).get("trackside") or {}).get("kind") == "card"
            return publish(data, metadata, *args, **kwargs) if is_card or not self._is_muted else None

        return publish_cards

    def _ending(self, show: Callable[..., Any]) -> Callable[..., Any]:
        def show_again(*args: Any, **kwargs: Any) -> Any:
            self._is_muted = False
            return show(*args, **kwargs)

        return show_again


def _nothing(*_args: Any, **_kwargs: Any) -> None:
    return None
