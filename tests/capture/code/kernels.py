"""A kernel of the test's own in which cells run, with the record that is kept of them."""

from __future__ import annotations

import ast
from contextlib import suppress
from typing import Any

from trackside.capture.code.executed import ExecutedCells
from trackside.capture.code.slicing import Slicer


class SmallKernel:
    """Runs cells as IPython does, as far as a slice is concerned."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {"__name__": "__main__"}
        self.executed = ExecutedCells(self.names)
        self._slicer = Slicer(self.executed)

    def run(self, code: str, *, cell_id: str | None = None) -> Any:
        """Run a cell; return what it shows last, or None where it raises."""
        value, has_failed = None, False
        try:
            value = run_code(code, self.names)
        except Exception:  # noqa: BLE001 - a cell of a test may do that
            has_failed = True
        count = len(self.executed.cells) + 1
        self.executed.add(code, code, self.names, count=count, cell_id=cell_id, has_failed=has_failed)
        return value

    def slice(self, code: str) -> list[int]:
        """Return the numbers of the cells that a cell, were it run now, depends on."""
        return [piece.executed.count or 0 for piece in self._slicer.find(code, len(self.executed.cells)).pieces]

    def is_cut(self, code: str) -> bool:
        """Tell whether the slice of a cell may lack some of what it depends on."""
        return self._slicer.find(code, len(self.executed.cells)).is_cut

    def replay(self, code: str) -> Any:
        """Run the slice of a cell, and then the cell, with no other names; return what it shows."""
        names: dict[str, Any] = {"__name__": "__main__"}
        for piece in self._slicer.find(code, len(self.executed.cells)).pieces:
            with suppress(Exception):  # as it did the first time
                run_code(piece.executed.code, names)
        return run_code(code, names)


def run_code(code: str, names: dict[str, Any]) -> Any:
    """Run a cell and return the value of its last expression."""
    tree = ast.parse(code)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<cell>", "exec"), names)  # noqa: S102 - a cell of this test
    return eval(compile(ast.Expression(last.value), "<cell>", "eval"), names) if isinstance(last, ast.Expr) else None  # noqa: S307 - likewise
