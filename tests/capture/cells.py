"""Cells of a test, run as IPython runs them, and the params that are found in them."""

from __future__ import annotations

import ast
import linecache
from itertools import count
from typing import Any

from trackside.capture.code.cell import Cell
from trackside.capture.params.created import created_params
from trackside.capture.params.find import find_params

_numbers = count()


def found(code: str, /, **namespace: Any) -> dict[str, Any]:
    """Return the params that a cell has before it runs."""
    return {p.key: p.value for p in find_params(Cell.parse(code, namespace), namespace)}


def created(code: str, /, **namespace: Any) -> dict[str, Any]:
    """Run a cell, and return the params that it has only then."""
    cell = Cell.parse(code, namespace)
    known = find_params(cell, namespace)
    result = run(code, namespace)
    return {p.key: p.value for p in created_params(cell, namespace, result, known)}


def kernel(*cells: str) -> dict[str, Any]:
    """Return the names of a kernel in which cells have run."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for code in cells:
        run(code, namespace)
    return namespace


def run(code: str, namespace: dict[str, Any]) -> Any:
    """Run a cell, whose source tracebacks and capture can look up; return what it shows last."""
    file = f"<cell {next(_numbers)}>"
    linecache.cache[file] = (len(code), None, code.splitlines(keepends=True), file)
    tree = ast.parse(code)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, file, "exec"), namespace)  # noqa: S102 - a cell of this test
    return eval(compile(ast.Expression(last.value), file, "eval"), namespace) if isinstance(last, ast.Expr) else None  # noqa: S307 - likewise
