"""Params that stand in a cell's loops: how often it goes round, and the values that it tries."""

from __future__ import annotations

import ast
import re
from itertools import chain
from typing import TYPE_CHECKING, Any

from trackside.capture.code.definitions import DEFINITIONS
from trackside.capture.code.expressions import called_name
from trackside.capture.code.literals import NotConstant, fold
from trackside.capture.params.values import MAX_ITEMS, simple_params

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trackside.capture.code.cell import Cell
    from trackside.model import Param

_ROUND = re.compile(
    r"^(?:i_|n_)?(?P<noun>epoch|episode|iteration|iter|step|round|generation)s?(?:_?(?:i|idx|num|no|nr))?$",
    re.IGNORECASE,
)
_SEEN_THROUGH = frozenset("tqdm trange tqdm_notebook track progress_bar enumerate list reversed sorted".split())
_INDICES = frozenset("i j n t x _".split())


def loop_params(cell: Cell) -> Iterator[Param]:
    """Yield the params in a cell's loops.

    ``for epoch in range(10)`` has ``epochs``; ``for alpha in [0.1, 1]`` has the values of ``alpha``, if they go to a
    call that works with them.
    """
    for loop in _loops(cell.tree.body) if cell.tree else ():
        for target, values in _pairs(loop.target, _unwrapped(loop.iter)):
            if found := _rounds(target, values) or _tried(cell, loop, target, values):
                name, value = found
                yield from simple_params(name, value, "cell")


def _loops(body: list[Any]) -> Iterator[ast.For]:
    for statement in body:
        if isinstance(statement, ast.For):
            yield statement
        if not isinstance(statement, DEFINITIONS):
            for part in ("body", "orelse", "handlers", "finalbody", "cases"):
                yield from _loops(getattr(statement, part, []))


def _unwrapped(node: ast.expr) -> ast.expr:
    """Return what is looped over: ``tqdm(range(3))`` goes over ``range(3)``, ``trange(3)`` too."""
    while isinstance(node, ast.Call) and node.args and (name := called_name(node)) in _SEEN_THROUGH:
        if name == "trange":
            return ast.Call(ast.Name("range"), node.args, [])
        node = node.args[0]
    return node


def _pairs(target: ast.expr, values: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """Yield each name that a loop binds with what it goes over: ``for a, b in product([1, 2], [3, 4])``."""
    if isinstance(target, ast.Name):
        yield target.id, values
    elif isinstance(target, ast.Tuple) and isinstance(values, ast.Call) and called_name(values) == "product":
        for part, its_values in zip(target.elts, values.args, strict=False):
            yield from _pairs(part, its_values)


def _rounds(target: str, values: ast.expr) -> tuple[str, Any] | None:
    noun = _ROUND.match(target)
    numbers = _range(values)
    if not noun or numbers is None:
        return None
    name = noun["noun"].lower()
    return ("iterations" if name == "iter" else f"{name}s"), len(numbers)


def _tried(cell: Cell, loop: ast.For, target: str, values: ast.expr) -> tuple[str, Any] | None:
    if target in _INDICES:
        return None
    try:
        tried = fold(values)
    except NotConstant:
        tried = _range(values)
    is_few = isinstance(tried, (list, tuple, range)) and 1 < len(tried) <= MAX_ITEMS
    return (target, list(tried)) if is_few and _goes_to_work(cell, loop, target) else None


def _goes_to_work(cell: Cell, loop: ast.For, target: str) -> bool:
    """Tell whether the loop hands its variable to a call that does the work."""
    for call in ast.walk(loop):
        callee = cell.callee(call) if isinstance(call, ast.Call) else None
        if isinstance(call, ast.Call) and callee and callee.purpose == "work":
            given = chain(call.args, (keyword.value for keyword in call.keywords))
            if any(isinstance(node, ast.Name) and node.id == target for node in given):
                return True
    return False


def _range(node: ast.expr) -> range | None:
    if not isinstance(node, ast.Call) or called_name(node) != "range":
        return None
    try:
        return range(*(fold(argument) for argument in node.args))
    except (NotConstant, TypeError, ValueError):
        return None
