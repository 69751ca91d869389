"""Puts a card among a cell's outputs and renews it there."""

from __future__ import annotations

import sys
import threading
import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from IPython.core.displaypub import CapturingDisplayPublisher

from trackside import frontend
from trackside.card import card_bundle, running_card
from trackside.wire import RECORD_VERSION

if TYPE_CHECKING:
    from collections.abc import Callable

    from IPython.core.interactiveshell import InteractiveShell

    from trackside.tracking import Run
    from trackside.wire import CardRecord

SECONDS_BETWEEN = 1.0


class CardOutput:
    """One card's output. ``show`` puts it there; ``follow`` renews it while the run goes on; ``close`` ends both.

    The publisher is the one at the beginning: ``%%capture`` swaps it while the cell runs, and must not catch a card.
    Where ``clear_output()`` took the card away, the last one is shown anew. A terminal cannot renew an output, so it
    gets the last card only; where the cell's own outputs are being captured, there is none.

    Attributes
    ----------
    record_run
        Returns what the output's metadata says of a run that has ended, beside its id.
    """

    _has_hinted: ClassVar[bool] = False
    """Whether a card of this process has said how to install Trackside in the lab: once is enough."""

    def __init__(self, shell: InteractiveShell) -> None:
        self.record_run: Callable[[], dict[str, Any]] = dict
        self._publisher: Any = shell.display_pub
        self._hints_at_install = not CardOutput._has_hinted
        self._is_captured = isinstance(self._publisher, CapturingDisplayPublisher)
        self._can_renew = hasattr(shell, "kernel")
        self._display_id = uuid.uuid4().hex
        self._is_shown = False
        self._was_cleared = False
        self._clear_output: Any = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def follow(self, run: Run) -> None:
        """Show the run's line now, and renew it at most once a second, when something was logged."""
        if self._is_captured or not self._can_renew:
            return
        self._watch_clear_output()
        self._publish(running_card(run))
        self._thread = threading.Thread(target=self._renew, args=(run,), name="trackside-card", daemon=True)
        self._thread.start()

    def close(self, record: CardRecord | None) -> None:
        """Show the last card; None leaves things as they are, and so does doing it again."""
        if self._stop.is_set():
            return
        self._stop.set()
        if self._thread:
            self._thread.join()
        if self._clear_output is not None:
            self._publisher.clear_output = self._clear_output
        if record is not None and not self._is_captured:
            if self._was_cleared:
                self._display_id, self._is_shown = uuid.uuid4().hex, False
            self._publish(record)

    def correct(self, record: CardRecord) -> None:
        """Show another last card in place of the one that `close` has shown."""
        if self._is_shown and self._can_renew and not self._is_captured:
            self._publish(record)

    def _renew(self, run: Run) -> None:
        shown: Any = (dict(run.latest), run.notes.copy(), run.progress)
        while not self._stop.wait(SECONDS_BETWEEN):
            if self._was_cleared:
                return
            known = (dict(run.latest), run.notes.copy(), run.progress)
            if known != shown:
                shown = known
                self._publish(running_card(run))

    def _publish(self, record: CardRecord) -> None:
        data = card_bundle(record, with_install_hint=self._hints_at_install and frontend.kind() == "widgets")
        about = {"kind": "card", "version": RECORD_VERSION, "run_id": record.run_id}
        metadata = {"trackside": about | ({} if record.status == "running" else self.record_run())}
        transient = {"display_id": self._display_id}
        self._publisher.publish(data, metadata, transient=transient, update=self._is_shown)
        self._is_shown = CardOutput._has_hinted = True

    def _watch_clear_output(self) -> None:
        clear_output = self._publisher.clear_output

        def clear_output_seen(*args: Any, **kwargs: Any) -> Any:
            self._was_cleared = self._was_cleared or not is_in_output_widget()
            return clear_output(*args, **kwargs)

        self._clear_output = clear_output
        self._publisher.clear_output = clear_output_seen


def is_in_output_widget() -> bool:
    """Tell whether outputs go to an ipywidgets ``Output`` now: clearing that one leaves the cell's own in place."""
    module = sys.modules.get("ipywidgets.widgets.widget_output")
    widgets = getattr(sys.modules.get("ipywidgets.widgets.widget"), "_instances", {})
    return module is not None and any(isinstance(w, module.Output) and w.msg_id for w in list(widgets.values()))
