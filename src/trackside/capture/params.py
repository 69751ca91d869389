"""The params of a cell, found in its code and in what it reads from the kernel, before it runs."""

from __future__ import annotations

import ast
import math
from typing import TYPE_CHECKING, Any

from trackside.capture.estimators import estimator_params
from trackside.capture.literals import NotConstant, fold
from trackside.capture.names import is_for_the_eyes, is_metric_name, is_place, is_plumbing
from trackside.capture.numbers import read_number
from trackside.capture.values import simple_params

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trackside.capture.callees import Callee
    from trackside.capture.cell import Cell
    from trackside.model import Origin, Param

_NEUTRAL: tuple[Any, ...] = (0, 1, -1, None, "", (), [], {})
"""What counters, sums and collections start from."""

LARGE = 1e6
"""What a search for the smallest starts from."""

_NEVER = frozenset(("In", "Out", "exit", "quit", "i", "j", "get_ipython"))


def find_params(cell: Cell, namespace: Mapping[str, Any], *, with_context: bool = True) -> list[Param]:
    """Return the params of a cell that is about to run.

    Parameters
    ----------
    namespace
        The kernel's names with their values before the cell runs: a param's value is the one that the cell
        begins to use.
    with_context
        Whether names count that the cell only reads.
    """
    params = {param.key: param for param in _context_params(cell, namespace)} if with_context else {}
    params |= {param.key: param for param in _call_params(cell)}
    params |= {param.key: param for param in _cell_params(cell)}
    return list(params.values())


def _cell_params(cell: Cell) -> Iterator[Param]:
    known: dict[str, Any] = {}
    for binding in cell.bindings:
        if binding.value is None or binding.is_part or binding.place == "loop" or binding.name in known:
            continue
        try:
            value = fold(binding.value, known)
        except NotConstant:
            continue
        known[binding.name] = value
        if not _is_running_total(cell, binding.name, value):
            yield from _named(binding.name, value, "cell")
    for node in cell.tree.body if cell.tree else ():
        if isinstance(node, ast.ClassDef):
            yield from _class_params(node)


def _class_params(node: ast.ClassDef) -> Iterator[Param]:
    """Yield the fields of ``class CFG: lr = 1e-3``, a class of plain values only."""
    fields = [n for n in node.body if isinstance(n, (ast.Assign, ast.AnnAssign))]
    if len(fields) < sum(not isinstance(n, (ast.Expr, ast.Pass)) for n in node.body):
        return
    for field in fields:
        target = field.targets[0] if isinstance(field, ast.Assign) else field.target
        if not isinstance(target, ast.Name) or field.value is None:
            continue
        try:
            value = fold(field.value)
        except NotConstant:
            continue
        if not is_for_the_eyes(target.id) and not is_place(target.id, value):
            yield from simple_params(f"{node.name}.{target.id}", value, "cell")


def _is_running_total(cell: Cell, name: str, value: Any) -> bool:
    """Tell whether a name is no input but counts, sums, collects or keeps the best."""
    if value in ([], {}, ()) and not isinstance(value, (int, float)):
        return True
    if is_metric_name(name) and value in _NEUTRAL:
        return True
    bound_again = sum(binding.name == name for binding in cell.bindings) > 1
    if not bound_again:
        return False
    is_extreme = isinstance(value, (int, float)) and (abs(value) >= LARGE or math.isnan(value))
    return value in _NEUTRAL or is_extreme or is_metric_name(name)


def _call_params(cell: Cell) -> Iterator[Param]:
    seen: dict[str, int] = {}
    for call, callee in cell.callees.items():
        found = list(_arguments(call, callee))
        if not found:
            continue
        seen[callee.name] = seen.get(callee.name, 0) + 1
        number = seen[callee.name]
        label = callee.name if number == 1 else f"{callee.name}[{number}]"
        for name, value in found:
            yield from simple_params(f"{label}.{name}" if name else label, value, "call")


def _arguments(call: ast.Call, callee: Callee) -> Iterator[tuple[str, Any]]:
    """Yield the literal arguments of a call that are params: keywords, and the seed of a seeding call."""
    if callee.purpose == "seed" and call.args:
        try:
            yield "", fold(call.args[0])
        except NotConstant:
            return
    if callee.purpose not in ("work", "seed"):
        return
    for keyword in call.keywords:
        if keyword.arg is None or is_for_the_eyes(keyword.arg) or is_plumbing(keyword.arg):
            continue
        try:
            value = fold(keyword.value)
        except NotConstant:
            continue
        if not is_place(keyword.arg, value):
            yield keyword.arg, value


def _context_params(cell: Cell, namespace: Mapping[str, Any]) -> Iterator[Param]:
    for name, uses in cell.reads.items():
        if name not in namespace or name.startswith("_") or name in _NEVER or uses <= {"shown", "logged"}:
            continue
        value = namespace[name]
        if _is_result(name, value):
            continue
        yield from _named(name, value, "context")
        yield from estimator_params(value)


def _is_result(name: str, value: Any) -> bool:
    """Tell whether the value is what an earlier cell found out: a metric, or a row of them."""
    is_number = not isinstance(value, str) and read_number(value) is not None
    return is_metric_name(name) and (is_number or isinstance(value, (list, dict)))


def _named(name: str, value: Any, origin: Origin) -> list[Param]:
    if name.startswith("_") or is_for_the_eyes(name) or is_place(name, value):
        return []
    params = simple_params(name, value, origin)
    return [p for p in params if not is_place(p.key, p.value) and not is_for_the_eyes(p.key.rpartition(".")[2])]
