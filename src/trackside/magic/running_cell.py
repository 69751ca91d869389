"""The cell that is being executed, for runs that begin in it without ``%%track``."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from trackside.capture.words.secrets import redact_source, remember_named
from trackside.left_out import LeftOut
from trackside.magic.surroundings import Surroundings
from trackside.tracking.own_cell import OwnCell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from IPython.core.interactiveshell import ExecutionInfo, InteractiveShell

    from trackside.magic.history import History
    from trackside.tracking import Run


class RunningCell:
    """Tells of the notebook's cell that is being executed; it is looked at once, however many runs it begins."""

    def __init__(self, shell: InteractiveShell, history: History) -> None:
        self._shell = shell
        self._history = history
        self._last: tuple[ExecutionInfo, OwnCell] | None = None

    def find(self) -> OwnCell | None:
        """Return the outermost cell that this thread executes, or else the session; None where nothing is executed."""
        info = next(reversed(list(running_cells())), self._history.outermost)
        if info is None:
            return None
        if self._last is None or self._last[0] is not info:
            self._last = info, self._look(info)
        return self._last[1]

    def _look(self, info: ExecutionInfo) -> OwnCell:
        remember_named(self._shell.user_ns)
        source, cell_id = str(info.raw_cell), getattr(info, "cell_id", None)
        count = self._history.count if info.store_history else None
        surroundings: list[Surroundings] = []

        def keep_code(run: Run) -> None:
            if not surroundings:
                settings = run.recording.settings
                code = self._history.code_of(info)
                left_out = LeftOut(settings.never if settings else ())
                surroundings.append(
                    Surroundings(self._history, source, code, cell_id=cell_id, count=count, left_out=left_out)
                )
            surroundings[0].keep(run)

        return OwnCell(redact_source(source), cell_id, count, keep_code)


def running_cells() -> Iterator[ExecutionInfo]:
    """Yield IPython's records of the cells that this thread is running, innermost first."""
    frame = inspect.currentframe()
    while frame is not None:
        if frame.f_code.co_name == "run_cell_async" and (info := frame.f_locals.get("info")) is not None:
            yield info
        frame = frame.f_back
