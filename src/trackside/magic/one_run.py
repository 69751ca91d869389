"""What one run of a cell's code keeps: params and data before it, metrics and outputs after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trackside.magic.cell_capture import CellCapture
from trackside.magic.cell_parts import CellParts
from trackside.magic.printed import PrintedMetrics

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from contextlib import AbstractContextManager

    from IPython.core.interactiveshell import InteractiveShell

    from trackside.capture.code.cell import Cell
    from trackside.capture.data.datasets import Depth
    from trackside.left_out import LeftOut
    from trackside.magic.cell_parts import Added
    from trackside.magic.options import Options
    from trackside.model import Param
    from trackside.tracking import Run


class OneRun:
    """Listens to one run of a cell's code.

    Parameters
    ----------
    noting
        What makes an error that is raised within it a line on the card, which says what could not be kept.
    known_params
        Of a run that the cell adds to, the keys that it has already; see `CellCapture`.

    Attributes
    ----------
    capture
        What the code and the kernel's names tell.
    printed
        What it prints, while that is listened to.
    """

    def __init__(
        self,
        shell: InteractiveShell,
        cell: Cell,
        options: Options,
        noting: Callable[[str], AbstractContextManager[None]],
        *,
        left_out: LeftOut,
        data_depth: Depth = "content",
        known_params: Collection[str] | None = None,
    ) -> None:
        self._shell = shell
        self._cell = cell
        self._noting = noting
        self._left_out = left_out
        self.capture = CellCapture(
            cell, shell.user_ns, options, left_out=left_out, known_params=known_params, data_depth=data_depth
        )
        self.printed: PrintedMetrics | None = None
        self._parts: CellParts | None = None

    def params_before(self, declared: Collection[str]) -> list[Param]:
        """Return the params of the cell, which is about to run; ``declared`` are the notebook's own parameters."""
        with self._noting("its params"):
            return self.capture.look_before(declared)

    def look_before(self, run: Run, params: list[Param]) -> None:
        """Keep the params, and the data that the cell reads."""
        with self._noting("its params"):
            run.add_params(params)
        with self._noting("its data"):
            self.capture.data.look_before()
            run.note_data(list(self.capture.data.found.values()))

    def listen(
        self, *, to_outputs: bool, to_prints: bool, added: Added | None = None, of: PrintedMetrics | None = None
    ) -> None:
        """Begin to listen; ``of`` are the places of the same code that another run listened to first."""
        if to_outputs:
            self._parts = CellParts(self._shell, self._cell, self._noting, self._left_out, added)
            self._parts.begin()
        with self._noting("what it prints"):
            if to_prints:
                self.printed = PrintedMetrics(self._shell, self._cell, self.capture.is_wanted_metric)
                self.printed.start(of)

    def stop(self) -> None:
        """Listen no more; calling it again does nothing."""
        with self._noting("what it prints"):
            if self.printed is not None:
                self.printed.stop()
            if self._parts is not None:
                self._parts.stop()

    def take_in(self, run: Run, result: Any, error: BaseException | None) -> None:
        """Keep what the cell came to: the value that it showed, or what it raised."""
        heard = self.printed.listener.heard if self.printed else None
        if error is None:
            with self._noting("its params"):
                run.add_params(self.capture.params_after(result, run.params.values()))
            with self._noting("its data"):
                run.note_data(self.capture.data.look_after())
            with self._noting("its metrics"):
                self.capture.log_metrics(run, result, heard)
        elif heard is not None:
            with self._noting("what it printed"):
                self.capture.log_rounds(run, heard)

    def keep_parts(self, run: Run, error: BaseException | None) -> None:
        """Keep its outputs and the models that it trained, beside the caller; the run's end waits for it."""
        if self._parts is not None:
            self._parts.end(run, error)

    @property
    def notes(self) -> list[str]:
        """What was asked for and not found, and what could not be kept."""
        parts = self._parts.notes if self._parts else []
        printed = self.printed.listener.notes if self.printed else []
        return [*parts, *printed, *self.capture.notes, *self.capture.data.notes]
