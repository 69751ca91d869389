"""Takes down what a cell puts out, in order and bounded, as a front end that saves the notebook would."""

from __future__ import annotations

import threading
import weakref
from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from trackside.capture.outputs.frames import Frames
from trackside.locks import after_fork_in_child

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HEAD = TAIL = 100_000
"""Characters of all streams together that are kept from their beginning, and from their end."""

MAX_SHOWN = 500
"""Displays and results that are kept."""

MAX_RICH = 5_000_000
"""Bytes of displays and results that are kept, as far as that can be told before they are encoded."""

_DRAWN = 8

StreamKind = Literal["stdout", "stderr"]


@dataclass(slots=True)
class Stream:
    """What was written to a stream without another output between; ``cut`` characters are missing after the head."""

    kind: StreamKind
    head: list[str] = field(default_factory=list)
    tail: deque[str] = field(default_factory=deque)
    cut: int = 0


@dataclass(slots=True)
class Shown:
    """A display or result: its data by MIME type, and what was drawn for it, where that is known."""

    kind: Literal["display_data", "execute_result"]
    data: Mapping[str, Any]
    display_id: str | None = None
    drawn: Any = None


class OutputLog:
    """The outputs of one cell.

    Threads may write at once. A forked child takes nothing down: its parent's record is not its own.

    Parameters
    ----------
    outlives
        Tells whether something that was shown is to be kept even when it is cleared or replaced.

    Attributes
    ----------
    is_open
        Whether anything is taken down.
    left_out
        How many displays were too many or too large.
    frames
        What was cleared or replaced and is kept nevertheless.
    """

    def __init__(self, outlives: Callable[[Shown], object] = lambda _: False) -> None:
        self.is_open = True
        self.left_out = 0
        self.frames = Frames()
        self._outlives = outlives
        self._lock = threading.RLock()
        self._drawn: deque[tuple[Mapping[str, Any], Any]] = deque(maxlen=_DRAWN)
        self._forget()
        _logs.add(self)

    def write(self, kind: StreamKind, text: str) -> None:
        """Take down what is written to a stream."""
        if not self.is_open or not text:
            return
        with self._lock:
            self._clear_if_awaited()
            key, stream = self._stream(kind)
            room = HEAD - self._head_size
            if room > 0:
                self._add_to_head(stream, text[:room])
                text = text[room:]
            if text:
                self._add_to_tail(key, stream, text)

    def show(
        self,
        data: Mapping[str, Any],
        *,
        kind: Literal["display_data", "execute_result"] = "display_data",
        display_id: str | None = None,
        is_update: bool = False,
    ) -> None:
        """Take down a display or result, or another state of one."""
        if not self.is_open:
            return
        with self._lock:
            shown = Shown(kind, data, display_id, self._take_drawn(data))
            if is_update:
                self._update(shown)
                return
            self._clear_if_awaited()
            size = _size(data)
            if self._shown == MAX_SHOWN or self._rich + size > MAX_RICH:
                self.left_out += 1
                return
            self._shown += 1
            self._rich += size
            self._add(shown)

    def clear(self, *, wait: bool) -> None:
        """Forget what was put out: at once, or when the next output comes."""
        with self._lock:
            self._is_clear_awaited = wait
            if not wait:
                self._clear()

    def note_drawn(self, data: Mapping[str, Any], drawn: Any) -> None:
        """Remember what was drawn for data that may be shown next."""
        with self._lock:
            self._drawn.append((data, drawn))

    def close(self) -> list[Stream | Shown]:
        """Take down no more, and return what was put out."""
        self.is_open = False
        with self._lock:
            return list(self._items.values())

    def _forget(self) -> None:
        self._items: dict[int, Stream | Shown] = {}
        self._next_key = 0
        self._head_size = self._tail_size = self._shown = self._rich = 0
        self._tail: deque[int] = deque()
        self._is_clear_awaited = False

    def _clear_if_awaited(self) -> None:
        if self._is_clear_awaited:
            self._clear()

    def _clear(self) -> None:
        outliving = [item for item in self._items.values() if isinstance(item, Shown) and self._outlives(item)]
        if outliving:
            self.frames.add(outliving)
        self._forget()

    def _add(self, item: Stream | Shown) -> int:
        self._next_key += 1
        self._items[self._next_key] = item
        return self._next_key

    def _stream(self, kind: StreamKind) -> tuple[int, Stream]:
        last = self._items.get(self._next_key)
        if isinstance(last, Stream) and last.kind == kind:
            return self._next_key, last
        stream = Stream(kind)
        return self._add(stream), stream

    def _add_to_head(self, stream: Stream, text: str) -> None:
        """Add to the beginning; of a progress bar, which writes its line anew, the last state counts."""
        head = stream.head
        if text[0] == "\r" and head and head[-1][0] == "\r" and "\n" not in head[-1] and len(text) > 1:
            self._head_size -= len(head.pop())
        head.append(text)
        self._head_size += len(text)

    def _add_to_tail(self, key: int, stream: Stream, text: str) -> None:
        stream.cut += max(len(text) - TAIL, 0)
        text = text[-TAIL:]
        stream.tail.append(text)
        self._tail.append(key)
        self._tail_size += len(text)
        while self._tail_size > TAIL:
            self._cut_first()

    def _cut_first(self) -> None:
        key = self._tail.popleft()
        stream = self._items[key]
        if not isinstance(stream, Stream):
            raise TypeError(type(stream).__name__)
        gone = len(stream.tail.popleft())
        self._tail_size -= gone
        stream.cut += gone
        if not stream.tail and not stream.head and key != self._next_key:
            del self._items[key]

    def _update(self, shown: Shown) -> None:
        for item in self._items.values():
            if isinstance(item, Shown) and item.display_id == shown.display_id:
                if self._outlives(item):
                    self.frames.add([replace(item)])
                self._rich += _size(shown.data) - _size(item.data)
                item.data, item.drawn = shown.data, shown.drawn

    def _take_drawn(self, data: Mapping[str, Any]) -> Any:
        return next((drawn for its_data, drawn in self._drawn if its_data is data), None)


def _size(data: Mapping[str, Any]) -> int:
    return sum(len(value) for value in data.values() if isinstance(value, (str, bytes)))


_logs: weakref.WeakSet[OutputLog] = weakref.WeakSet()


def _close_in_child() -> None:
    """Close a forked child's logs: another thread may have held a lock at the fork."""
    for log in _logs:
        log.is_open = False


after_fork_in_child(_close_in_child)
