"""``%%track`` and ``%track`` in IPython: ``%load_ext trackside``, or ``import trackside`` in a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from trackside import frontend
from trackside.magic.completion import Completion
from trackside.magic.session import Session
from trackside.magic.track import TrackMagic
from trackside.magic.verbs import make_verbs

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["load_ipython_extension", "unload_ipython_extension"]

_loaded: WeakKeyDictionary[InteractiveShell, tuple[Session, TrackMagic, Completion]] = WeakKeyDictionary()


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Register the magic and hook into the shell's cells; doing it again is harmless."""
    if shell in _loaded:
        return
    session = Session(shell)
    verbs = make_verbs(session.memory)
    parts = session, TrackMagic(shell, verbs), Completion(shell, verbs)
    for part in parts:
        part.start()
    _loaded[shell] = parts
    frontend.say_hello()


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """Take the magic and the hooks away and leave the shell as it was found."""
    from trackside.magic.repeats import withdraw

    for part in reversed(_loaded.pop(shell, ())):
        part.stop()
    withdraw()
