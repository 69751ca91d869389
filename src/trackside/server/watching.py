"""Tells browsers that runs of a store changed, while some browser wants to hear of it.

Nothing is looked at for nobody: a browser asks for a while, and again before that is over. Only the folder of live
journals is looked at, a few times a second, and the locks of the newest of them: whether their writers live.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from trackside.journal.archive import list_live
from trackside.journal.layout import live_folder, lock_path
from trackside.locks import is_held
from trackside.wire import http
from trackside.wire.constants import CHANGED

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_events.logger import EventLogger

    from trackside.server.places import Places

_PAUSE = 0.25  # seconds between two looks
_SHARE = 20  # a pause is at least so many times as long as what looking takes of a processor
_PROBED = 50  # so many live journals, the newest, are asked whether their writer lives

_SCHEMA = {
    "$id": CHANGED,
    "version": "1",
    "title": "Runs of a Trackside store changed",
    "description": "Runs began, went on or ended, or something was said of them.",
    "personal-data": False,
    "type": "object",
    "required": ["store", "mark"],
    "properties": {
        "store": {"type": "string", "description": "The store's key."},
        "mark": {"type": "string", "description": "Another one whenever runs changed."},
    },
}


class Watching:
    """Watches the stores that browsers asked for."""

    def __init__(self, events: EventLogger, places: Places) -> None:
        self._events = events
        self._places = places
        self._until: dict[str, float] = {}
        self._marks: dict[str, str] = {}
        self._task: asyncio.Task[None] | None = None
        events.register_event_schema(_SCHEMA)

    async def watch(self, asked: http.Watch) -> http.Watched:
        """Watch a store for a while, and return how it is marked now: whoever slept sees whether it missed something.

        Raises
        ------
        InputError
            No store that was found has this key.
        """
        folder = self._places.folder(asked.store)
        self._until[asked.store] = max(self._until.get(asked.store, 0.0), time.monotonic() + asked.seconds)
        mark = await asyncio.to_thread(mark_of, folder)
        self._marks.setdefault(asked.store, mark)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._look_on())
        return http.Watched(mark=mark)

    def stop(self) -> None:
        """Watch nothing any more."""
        if self._task is not None:
            self._task.cancel()

    async def _look_on(self) -> None:
        while self._until:
            now, cost = time.monotonic(), 0.0
            for key in list(self._until):
                if self._until[key] < now:
                    del self._until[key]
                    self._marks.pop(key, None)
                else:
                    cost += await self._look(key)
            await asyncio.sleep(max(_PAUSE, _SHARE * cost))

    async def _look(self, key: str) -> float:
        """Look at a store, tell what is new, and return the seconds of a processor that looking took."""
        mark, cost = await asyncio.to_thread(_timed_mark, self._places.folder(key))
        if mark != self._marks.get(key):
            self._marks[key] = mark
            self._events.emit(schema_id=CHANGED, data={"store": key, "mark": mark})
        return cost


def _timed_mark(store: Path) -> tuple[str, float]:
    began = time.thread_time()  # a clock would count what others have of a busy machine
    return mark_of(store), time.thread_time() - began


def mark_of(store: Path) -> str:
    """Return a text that is another one whenever a live journal grew, began or ended, or its writer died."""
    found = hashlib.blake2b(digest_size=8)
    with suppress(OSError):  # no store yet, or one that was taken away
        found.update(str(live_folder(store).stat().st_mtime_ns).encode())
        for at, (name, size) in enumerate(sorted(list_live(store).items(), reverse=True)):
            is_live = at < _PROBED and is_held(lock_path(store, name))
            found.update(f"{name} {size} {is_live}\n".encode())
    return found.hexdigest()
