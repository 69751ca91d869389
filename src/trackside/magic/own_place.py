"""Tells where this kernel keeps its runs: the server that started it, and the page that shows its notebook."""

from __future__ import annotations

import atexit
from typing import TYPE_CHECKING, Any

from trackside import frontend
from trackside.capture.notebook.server import find_kernel_id
from trackside.errors import InputError
from trackside.kernel_place import forget_place, tell_place
from trackside.locks import host_name
from trackside.magic.session_settings import on_choice
from trackside.store.layout import store_key
from trackside.whereabouts import find_own_settings

if TYPE_CHECKING:
    from collections.abc import Callable


class OwnPlace:
    """What is told of this kernel's store and experiment."""

    def __init__(self) -> None:
        self._stop_listening: Callable[[], object] = lambda: None

    def start(self) -> None:
        """Tell it now, when ``%track`` chooses anew, and whenever the page asks."""
        self.tell()
        self._stop_listening = on_choice(self.tell)
        frontend.on_request("place", _answer)
        atexit.register(self.stop)

    def tell(self) -> None:
        """Tell the server, which reads it when somebody asks for the notebook's runs."""
        kernel = find_kernel_id()
        if kernel is None:
            return
        try:
            tell_place(kernel, find_own_settings())
        except InputError:
            forget_place(kernel)  # the first tracked cell tells what is wrong with them

    def stop(self) -> None:
        """Take back what was told."""
        frontend.on_request("place", None)
        self._stop_listening()
        atexit.unregister(self.stop)
        if kernel := find_kernel_id():
            forget_place(kernel)


def _answer() -> dict[str, Any]:
    folder = find_own_settings().store_folder
    return {"op": "place", "store": store_key(folder), "folder": str(folder), "host": host_name()}
