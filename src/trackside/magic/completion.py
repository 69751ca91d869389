"""Completes the flags of ``%%track`` and the verbs of ``%track``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trackside.magic.options import FLAGS
from trackside.magic.track import VERBS

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

_HOOK = "complete_command"
_COMMANDS = ("%%track", "%track")


class Completion:
    """The completer, while it is registered."""

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell

    def start(self) -> None:
        """Register the completer."""
        for command in _COMMANDS:
            self._shell.set_hook(_HOOK, complete, str_key=command)  # type: ignore[no-untyped-call]  # IPython's

    def stop(self) -> None:
        """Take the completer away again."""
        registered = self._shell.strdispatchers[_HOOK].strs
        for command in _COMMANDS:
            chain = registered[command].chain
            chain[:] = [entry for entry in chain if entry[1] is not complete]
            if not chain:
                del registered[command]


def complete(_shell: Any, event: Any) -> list[str]:
    """Return what may stand at the cursor: IPython's ``event`` has the line and the unfinished word."""
    offered = list(FLAGS) if event.line.lstrip().startswith("%%") else list(VERBS)
    return [text for text in offered if text.startswith(event.symbol)]
