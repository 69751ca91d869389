"""Answers questions of browsers from the stores, in threads beside the server's own."""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from trackside import wire
from trackside.browser_api import BrowserApi
from trackside.errors import InputError
from trackside.goals import Goals
from trackside.query import Scope, chosen_scope
from trackside.store.store import Store
from trackside.wire.constants import is_change

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from trackside.config import Settings
    from trackside.server.places import Places
    from trackside.wire import http

    T = TypeVar("T")

_THREADS = 2  # the machine belongs to the training
_KEPT = 8
_KEPT_ANSWERS = 4  # of each: an answer may have megabytes
_MOST_BYTES = 64 * 2**20


class Answering:
    """Answers questions, two at a time, and beside them those that change something, one at a time."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="trackside")
        # A change waits for locks and reads a model's bytes: nobody who only looks waits for that.
        self._changing = ThreadPoolExecutor(1, thread_name_prefix="trackside-changes")
        self._apis: OrderedDict[str, BrowserApi] = OrderedDict()
        self._guard = threading.Lock()

    async def answer(self, asked: http.Asked) -> bytes:
        """Return the answer to a question, as JSON.

        Raises
        ------
        InputError
            The store is not known, or the answer would be too large to send.
        """
        if is_change(asked.question):
            return await asyncio.get_running_loop().run_in_executor(self._changing, self._answer, asked)
        return await self.run(lambda: self._answer(asked))

    async def run(self, work: Callable[[], T]) -> T:
        """Do some work in one of the threads."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def stop(self) -> None:
        """End the threads, once they have done what they do."""
        for threads in (self._threads, self._changing):
            threads.shutdown(wait=False, cancel_futures=True)

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
        store, scope = Store(self._places.folder(asked.store)), self._scope_of(asked)
        key = f"{asked.store} {scope}"
        with self._guard:
            if key not in self._apis:
                self._apis[key] = BrowserApi(
                    store, scope, settings=lambda: self._settings_of(asked), kept=_KEPT_ANSWERS, tells_broken=True
                )
            self._apis.move_to_end(key)
            while len(self._apis) > _KEPT:
                self._apis.popitem(last=False)
            return self._apis[key]

    def _scope_of(self, asked: http.Asked) -> Scope:
        settings = self._settings_of(asked)
        found = self._places.found(asked.store, asked.project, asked.experiment)
        scope = Scope(
            project=asked.project,
            experiment=asked.experiment,
            former=found.former if found else (),
            goals=Goals(settings.metrics, settings.main_metric) if settings else Goals(),
        )
        return replace(scope, limit=asked.newest) if asked.run_ids is None else chosen_scope(scope, asked.run_ids)

    def _settings_of(self, asked: http.Asked) -> Settings | None:
        """Return the settings of the experiment asked about; of one that no notebook has, those of its store."""
        found = self._places.found(asked.store, asked.project, asked.experiment) or self._places.any_of(asked.store)
        return found.settings if found else None
