"""What a cell does in functions and classes that stand in other cells of the notebook."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from trackside.capture.code.cell import Cell
from trackside.capture.code.definitions import find_definition

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_DEFINITIONS = 50


def definitions_elsewhere(cell: Cell, namespace: Mapping[str, Any]) -> Iterator[Cell]:
    """Yield the functions and classes of other cells that a cell uses, and those that they use, as if called there."""
    names = [name for name in cell.reads if name in namespace]
    for at, name in enumerate(names):  # grows meanwhile
        definition = find_definition(namespace[name]) if at < MAX_DEFINITIONS else None
        if definition:
            use = ast.Expr(ast.Name(definition.name, ast.Load()))
            used = Cell.of_tree(ast.Module([definition, use], []), namespace)
            names += [name for name in used.reads if name in namespace and name not in names]
            yield used
