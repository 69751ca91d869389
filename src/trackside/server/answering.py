"""Answers questions of browsers from the stores, in threads beside the server's own."""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import msgspec

from trackside import wire
from trackside.browser_api import BrowserApi
from trackside.errors import InputError
from trackside.goals import Goals
from trackside.query import Scope
from trackside.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from trackside.server.places import Places
    from trackside.wire import http

    T = TypeVar("T")

_THREADS = 2  # the machine belongs to the training
_KEPT = 32
_MOST_BYTES = 64 * 2**20


class Answering:
    """Answers questions, two at a time."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="trackside")
        self._apis: OrderedDict[bytes, BrowserApi] = OrderedDict()
        self._guard = threading.Lock()

    async def answer(self, asked: http.Asked) -> bytes:
        """Return the answer to a question, as JSON.

        Raises
        ------
        InputError
            The store is not known, or the answer would be too large to send.
        """
        return await self.run(lambda: self._answer(asked))

    async def run(self, work: Callable[[], T]) -> T:
        """Do some work in one of the threads."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def stop(self) -> None:
        """End the threads, once they have done what they do."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _answer(self, asked: http.Asked) -> bytes:
        answer = self._api(asked).answer(msgspec.to_builtins(asked.question))
        if isinstance(answer, wire.RunPage):
            answer = msgspec.structs.replace(answer, notebook=self._places.contents_path(answer.notebook))
        content = msgspec.json.encode(answer)
        if len(content) > _MOST_BYTES:
            raise InputError(
                f"The answer has {len(content) / 2**20:.0f} MB; expected at most {_MOST_BYTES / 2**20:.0f}; "
                "ask for fewer runs"
            )
        return content

    def _api(self, asked: http.Asked) -> BrowserApi:
        """Return who answers about these runs: the same one again, who knows what to say while the store is busy."""
        key = msgspec.json.encode((asked.store, asked.project, asked.experiment, asked.run_ids, asked.newest))
        with self._guard:
            if key not in self._apis:
                self._apis[key] = self._make_api(asked)
            self._apis.move_to_end(key)
            while len(self._apis) > _KEPT:
                self._apis.popitem(last=False)
            return self._apis[key]

    def _make_api(self, asked: http.Asked) -> BrowserApi:
        store = Store(self._places.folder(asked.store))
        found = self._places.settings_of(asked.store, asked.project, asked.experiment)
        settings = found.settings if found else None
        scope = Scope(
            project=asked.project,
            experiment=asked.experiment,
            former=found.former if found and asked.run_ids is None else (),
            run_ids=asked.run_ids,
            limit=None if asked.run_ids is not None else asked.newest,
            goals=Goals(settings.metrics, settings.main_metric) if settings else Goals(),
        )
        return BrowserApi(store, scope, settings=lambda: settings)
