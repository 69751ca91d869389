"""The record of which cells a session executes: kept after every cell, tracked or not, for the slices of later ones."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from trackside.capture.code.executed import Executed, ExecutedCells
from trackside.capture.code.slicing import Slicer
from trackside.magic.notebook_name import NotebookName

if TYPE_CHECKING:
    from IPython.core.interactiveshell import ExecutionInfo, ExecutionResult, InteractiveShell


class History:
    """The cells that a shell executed, those before this session too, as far as IPython has kept them.

    Cells nest (``%%capture`` runs one within another); the outermost is the one that stands in the notebook.
    ``told`` are the digests of code of which the user knows what was left out; ``notebook`` is how theirs is called.
    """

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell
        self._under_way: list[ExecutionInfo] = []
        self.told: set[str] = set()
        self.notebook = NotebookName()
        self.executed = ExecutedCells(shell.user_ns, self._earlier())
        self.slicer = Slicer(self.executed)

    def begin(self, info: ExecutionInfo) -> None:
        """Take note that a cell begins."""
        self._under_way.append(info)

    def end(self, result: ExecutionResult | None) -> None:
        """Take in a cell that has ended; one that never began here is the one that loaded Trackside."""
        is_loader = not self._under_way
        ended = result.info if result is not None else self._under_way[-1] if self._under_way else None
        while self._under_way and self._under_way.pop() is not ended:
            continue  # one within it that never got to say that it had ended
        if self._under_way or ended is None or ended.silent:
            return
        if result is not None and result.error_before_exec is not None:
            return
        if is_loader:
            self.executed.forget_last(str(ended.raw_cell))
        self.executed.add(
            str(ended.raw_cell),
            self.code_of(ended),
            self._shell.user_ns,
            count=self.count if ended.store_history else None,
            cell_id=getattr(ended, "cell_id", None),
            time=time.time(),
            has_failed=result is None or not result.success,
        )

    @property
    def outermost(self) -> ExecutionInfo | None:
        """The cell under way that stands in the notebook; None where none is, or only the one that loaded Trackside."""
        return self._under_way[0] if self._under_way else None

    def code_of(self, info: ExecutionInfo) -> str:
        """Return a cell as Python runs it."""
        return self._code(info.raw_cell, info.transformed_cell)

    @property
    def count(self) -> int:
        """The number in ``In[n]`` of the cell that runs or ran last."""
        return len(self._shell.history_manager.input_hist_raw) - 1 if self._shell.history_manager else 0

    def _earlier(self) -> list[Executed]:
        """Return the cells that ran before; the one that runs now, which loads Trackside, among them."""
        raw = self._shell.history_manager.input_hist_raw if self._shell.history_manager else []
        return [
            Executed(source=source, code=self._code(source, None), count=count)
            for count, source in enumerate(raw[1:], start=1)
        ]

    def _code(self, raw: Any, transformed: str | None) -> str:
        try:
            return transformed or self._shell.transform_cell(str(raw))  # type: ignore[no-untyped-call]  # IPython's
        except Exception:  # noqa: BLE001 - a cell that is no Python had its say already
            return ""
