"""Listens to what a cell puts out, beside its way to the front end: nothing is held up, and nothing looks different."""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from trackside.capture.outputs.figures import count_figures, look_at
from trackside.capture.outputs.log import OutputLog
from trackside.magic.card_output import is_in_output_widget
from trackside.magic.hooks import Hook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from IPython.core.interactiveshell import InteractiveShell

    from trackside.capture.outputs.log import StreamKind


class _Displayed(threading.local):
    """What is drawn by the value that is being displayed, in each thread."""

    drawn: Any = None


class OutputTee:
    """Between `start` and `stop` writes down what goes through the objects that were the cell's at `start`.

    ``%%capture`` swaps them: what it catches is no output. In a terminal all goes through the streams.

    Attributes
    ----------
    log
        What was put out.
    notes
        What could not be written down, and why.
    """

    def __init__(self, shell: InteractiveShell) -> None:
        self.log = OutputLog(outlives=count_figures)
        self.notes: list[str] = []
        self._shell = shell
        self._hooks: list[Hook] = []
        self._displayed = _Displayed()

    def start(self) -> None:
        """Begin to listen."""
        for kind, stream in self._streams().items():
            with self._noting():
                self._hooks.append(Hook(stream, "write", partial(self._writing, kind)))
        if not hasattr(self._shell, "kernel"):
            return
        for owner, name, wrap in (
            (self._shell.display_formatter, "format", self._formatting),
            (self._shell.display_pub, "publish", self._publishing),
            (self._shell.display_pub, "clear_output", self._clearing),
            (self._shell.displayhook, "write_format_data", self._resulting),
        ):
            with self._noting():
                self._hooks.append(Hook(owner, name, wrap))

    def stop(self) -> None:
        """Stop listening; calling it again does nothing."""
        self.log.is_open = False
        while self._hooks:
            self._hooks.pop().undo()

    def _streams(self) -> dict[StreamKind, Any]:
        if sys.stdout is sys.stderr:
            return {"stdout": sys.stdout}
        return {"stdout": sys.stdout, "stderr": sys.stderr}

    def _writing(self, kind: StreamKind, write: Callable[[str], int]) -> Callable[[str], int]:
        log = self.log

        def write_and_tell(text: str) -> int:
            count = write(text)
            try:
                log.write(kind, text)
            except Exception as error:  # noqa: BLE001 - the magic's edge: tracking must not cost the user's cell
                self._note(error)
            return count

        return write_and_tell

    def _formatting(self, form: Callable[..., Any]) -> Callable[..., Any]:
        def format_and_tell(value: Any, *args: Any, **kwargs: Any) -> Any:
            drawn = None
            with self._noting():
                drawn = look_at(value) if self.log.is_open else None
            if drawn is None:
                return form(value, *args, **kwargs)
            before, self._displayed.drawn = self._displayed.drawn, drawn  # it may publish itself, as Plotly's do
            try:
                formatted = form(value, *args, **kwargs)
            finally:
                self._displayed.drawn = before
            with self._noting():
                self.log.note_drawn(formatted[0], drawn)
            return formatted

        return format_and_tell

    def _publishing(self, publish: Callable[..., Any]) -> Callable[..., Any]:
        def publish_and_tell(*args: Any, **kwargs: Any) -> Any:
            published = publish(*args, **kwargs)
            with self._noting():
                self._tell(*args, **kwargs)
            return published

        return publish_and_tell

    def _tell(self, data: Any, metadata: Any = None, *_: Any, **kwargs: Any) -> None:
        if isinstance(data, dict) and "trackside" not in (metadata or {}):
            transient = kwargs.get("transient") or {}
            if self._displayed.drawn is not None:
                self.log.note_drawn(data, self._displayed.drawn)
            self.log.show(data, display_id=transient.get("display_id"), is_update=bool(kwargs.get("update")))

    def _resulting(self, write: Callable[..., Any]) -> Callable[..., Any]:
        def write_and_tell(data: Any, metadata: Any = None) -> Any:
            written = write(data, metadata)
            with self._noting():
                if "trackside" not in (metadata or {}):
                    self.log.show(data, kind="execute_result")
            return written

        return write_and_tell

    def _clearing(self, clear: Callable[..., Any]) -> Callable[..., Any]:
        def clear_and_tell(wait: bool = False) -> Any:  # noqa: FBT001, FBT002 - IPython's signature
            with self._noting():
                if not is_in_output_widget():
                    self.log.clear(wait=wait)
            return clear(wait)

        return clear_and_tell

    @contextmanager
    def _noting(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # noqa: BLE001 - the magic's edge: tracking must not cost the user's cell
            self._note(error)

    def _note(self, error: Exception) -> None:
        note = f"an output could not be kept: {type(error).__name__}: {' '.join(str(error).split())}"
        if note not in self.notes:
            self.notes.append(note)
