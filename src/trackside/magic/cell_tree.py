"""Changes the tree of one cell, and of no other, before IPython runs it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from IPython.core.interactiveshell import InteractiveShell

Shape: TypeAlias = "list[tuple[type, int, int | None, int, int | None]]"


class CellTree(ast.NodeTransformer):
    """Stands among IPython's AST transformers, between `start` and `stop`.

    Parameters
    ----------
    tree
        The cell as it was read; its like is changed.
    change
        Returns the tree to run in place of the cell's.
    """

    def __init__(
        self, shell: InteractiveShell, tree: ast.Module | None, change: Callable[[ast.Module], ast.Module]
    ) -> None:
        self._shell = shell
        self._shape = shape_of(tree)
        self._change = change
        self.has_changed = False

    def start(self) -> None:
        """Begin to wait for the cell; what stands there already comes after it."""
        self._shell.ast_transformers.insert(0, self)

    def stop(self) -> None:
        """Wait no more; calling it again does nothing."""
        self._shell.ast_transformers[:] = [each for each in self._shell.ast_transformers if each is not self]

    def visit(self, node: ast.AST) -> Any:
        """Return the tree that IPython is about to run."""
        if self._shape is None or self.has_changed or not isinstance(node, ast.Module):
            return node
        if shape_of(node) != self._shape:
            return node
        self.has_changed = True
        return self._change(node)


def shape_of(tree: ast.Module | None) -> Shape | None:
    """Return by what to tell a cell's tree from others: its statements and where each stands."""
    if tree is None or not tree.body:
        return None
    first = tree.body[0].lineno  # below ``%%time`` it counts from another line
    return [
        (type(s), s.lineno - first, s.end_lineno and s.end_lineno - first, s.col_offset, s.end_col_offset)
        for s in tree.body
    ]
