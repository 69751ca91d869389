"""Completes the flags of ``%%track``, the verbs of ``%track``, and what may stand after them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trackside.errors import TracksideError
from trackside.magic.options import FLAGS
from trackside.model import short_id
from trackside.whereabouts import find_own_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from IPython.core.interactiveshell import InteractiveShell

    from trackside.magic.verbs import Verb

_HOOK = "complete_command"
_COMMANDS = ("%%track", "%track")
_NEWEST = 20
_AFTER_FLAG = {"--into": "runs", "--experiment": "experiments", "--metrics": "metrics"}


class Completion:
    """The completer, while it is registered."""

    def __init__(self, shell: InteractiveShell, verbs: dict[str, Verb]) -> None:
        self._shell = shell
        self._verbs = verbs

    def start(self) -> None:
        """Register the completer."""
        for command in _COMMANDS:
            self._shell.set_hook(_HOOK, self.complete, str_key=command)  # type: ignore[no-untyped-call]  # IPython's

    def stop(self) -> None:
        """Take the completer away again."""
        registered = self._shell.strdispatchers[_HOOK].strs
        for command in _COMMANDS:
            chain = registered[command].chain
            chain[:] = [entry for entry in chain if entry[1] != self.complete]
            if not chain:
                del registered[command]

    def complete(self, _shell: Any, event: Any) -> list[str]:
        """Return what may stand at the cursor: IPython's ``event`` has the line and the unfinished word."""
        before = event.line[: len(event.line) - len(event.symbol)] if event.line.endswith(event.symbol) else event.line
        return [text for text in self._offer(before.split()) if text.startswith(event.symbol)]

    def _offer(self, words: list[str]) -> list[str]:
        if words and words[0] == "%%track":
            wanted = _AFTER_FLAG.get(words[-1], "")
            return _known(wanted) if wanted else list(FLAGS)
        if len(words) < 2:  # noqa: PLR2004 - the magic and its verb
            return list(self._verbs)
        verb = self._verbs.get(words[1])
        return _known(verb.words) if verb else []


def _known(words: str) -> list[str]:
    """Return what the store knows of a kind of words; nothing where it cannot tell now."""
    offers: dict[str, Callable[[], list[str]]] = {
        "runs": _runs,
        "metrics": _metrics,
        "names": _names,
        "experiments": _experiments,
    }
    try:
        return offers[words]() if words else []
    except TracksideError:
        return []


def _runs() -> list[str]:
    from trackside.collection import runs
    from trackside.handles import HANDLES

    words = [handle for handle in HANDLES if handle.isalpha()]
    return [*words, *(short_id(run_id) for run_id in runs().ids[:_NEWEST])]


def _metrics() -> list[str]:
    from trackside.collection import runs

    return runs().metric_names


def _names() -> list[str]:
    from trackside.collection import runs

    found = runs()
    return [*found.param_names, *found.metric_names]


def _experiments() -> list[str]:
    from trackside.query import list_experiments
    from trackside.store.store import Store

    return [name for name, _ in list_experiments(Store(find_own_settings().store_folder))]
