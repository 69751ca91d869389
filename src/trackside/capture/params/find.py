"""The params of a cell, found in its code and in what it reads from the kernel, before it runs."""

from __future__ import annotations

import ast
import math
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from trackside.capture.code.elsewhere import definitions_elsewhere
from trackside.capture.code.literals import NotConstant, fold, is_constant
from trackside.capture.params.arguments import call_params, is_setting
from trackside.capture.params.configs import fields_of, is_config_name, is_mapping
from trackside.capture.params.listing import Listing
from trackside.capture.params.loops import loop_params
from trackside.capture.params.objects import told_params
from trackside.capture.params.values import LONG_TEXT, simple_params
from trackside.capture.words.names import is_for_the_eyes, is_metric_name, is_place
from trackside.capture.words.numbers import read_number

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from trackside.capture.code.cell import Binding, Cell
    from trackside.model import Origin, Param

_NEUTRAL: tuple[Any, ...] = (0, 1, -1, None, "", (), [], {})
"""What counters, sums and collections start from."""

LARGE = 1e6
"""What a search for the smallest starts from."""

_DATA = re.compile(r"^[xXyY](?:_|$)")
_COLUMNS = re.compile(
    r"(?:^|_)(?:cols?|columns?|features?|class(?:es|_names)|labels|names|targets?|chars|tokens|words|vocab)$",
    re.IGNORECASE,
)
_TEXT = re.compile(r"(?:^|_)(?:corpus|texts?|document|docs?)$", re.IGNORECASE)

_NEVER = frozenset(("In", "Out", "exit", "quit", "i", "j", "get_ipython"))


def find_params(
    cell: Cell, namespace: Mapping[str, Any], *, with_context: bool = True, declared: Collection[str] = ()
) -> list[Param]:
    """Return the params of a cell that is about to run.

    Parameters
    ----------
    namespace
        The kernel's names with their values before the cell runs: a param's value is the one that the cell
        begins to use.
    with_context
        Whether names count that the cell only reads.
    declared
        Names that the notebook declares to be its parameters; they count as read.
    """
    context = _context(cell, namespace) if with_context else {}
    found: list[Param] = [param for name, value in context.items() for param in _context_params(name, value)]
    if with_context:
        found += _declared_params(declared, namespace)
    found += _class_params(cell)
    found += call_params(cell)
    found += loop_params(cell)
    found += _config_params(cell)
    found += _cell_params(cell)
    named = {param.key: param for param in found}
    listing = Listing(named.values())
    for param in told_params(context.values()):
        listing.add_told(param)
    return [*named.values(), *listing.new]


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
        if not (_is_running_total(cell, binding.name, value) or _is_measured(cell, binding)):
            yield from named_params(binding.name, value, "cell")


def _config_params(cell: Cell) -> Iterator[Param]:
    """Yield the constant entries of ``params = {"depth": 3, "lr": draw()}``, a dict that goes by a config's name."""
    for name, value, *_ in cell.bindings:
        if isinstance(value, ast.Dict) and is_config_name(name):
            for key, entry in zip(value.keys, value.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str) and is_constant(entry):
                    yield from named_params(f"{name}.{key.value}", fold(entry), "cell")


def _class_params(cell: Cell) -> Iterator[Param]:
    """Yield the fields of ``class CFG: lr = 1e-3``, a class of plain values only."""
    for node in cell.tree.body if cell.tree else ():
        if isinstance(node, ast.ClassDef):
            for name, value in _fields(node).items():
                if is_setting(name, value):
                    yield from simple_params(f"{node.name}.{name}", value, "cell")


def _fields(node: ast.ClassDef) -> dict[str, Any]:
    fields = [n for n in node.body if isinstance(n, (ast.Assign, ast.AnnAssign))]
    is_plain = len(fields) == sum(not isinstance(n, (ast.Expr, ast.Pass)) for n in node.body)
    is_enum = any(isinstance(base, ast.Name) and base.id.endswith("Enum") for base in node.bases)
    found: dict[str, Any] = {}
    for field in fields if is_plain and not is_enum else ():
        target = field.targets[0] if isinstance(field, ast.Assign) else field.target
        if isinstance(target, ast.Name) and field.value is not None:
            with suppress(NotConstant):
                found[target.id] = fold(field.value, found)
    return found


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


def _is_measured(cell: Cell, binding: Binding) -> bool:
    """Tell whether the name is a metric's and the cell keeps it as one: it works the value out, or logs it."""
    is_computed = binding.value is not None and not is_constant(binding.value)
    return is_metric_name(binding.name) and (is_computed or "logged" in cell.uses.get(binding.name, ()))


def _declared_params(declared: Collection[str], namespace: Mapping[str, Any]) -> Iterator[Param]:
    for name in declared:
        if name in namespace:
            yield from simple_params(name, namespace[name], "context")


def _context(cell: Cell, namespace: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that the cell reads and works with, itself or in functions of other cells."""
    bound = {binding.name for binding in cell.bindings}
    reads = dict(cell.reads)
    for function in definitions_elsewhere(cell, namespace):
        reads |= {name: uses for name, uses in function.reads.items() if name not in reads and name not in bound}
    return {
        name: namespace[name]
        for name, uses in reads.items()
        if name in namespace and name[0] != "_" and name not in _NEVER and not uses <= {"shown", "logged"}
    }


def _context_params(name: str, value: Any) -> list[Param]:
    try:
        if _is_result(name, value) or _is_about_data(name, value):
            return []
        params = named_params(name, value, "context")
        return [] if isinstance(value, dict) and 2 * len(params) < len(value) else params
    except Exception:  # noqa: BLE001 - an object of the user's may raise whatever it is asked
        return []


def _is_result(name: str, value: Any) -> bool:
    """Tell whether the value is what an earlier cell found out: a metric, or a row of them."""
    is_number = not isinstance(value, str) and read_number(value) is not None
    return is_metric_name(name) and (is_number or isinstance(value, (list, dict)))


def _is_about_data(name: str, value: Any) -> bool:
    """Tell whether the value is data, or names or numbers parts of it, such as columns, or says how large they are."""
    if is_mapping(value):
        return not value or name.lower().endswith(("sizes", "counts", "lengths")) or _is_index(name, value)
    if isinstance(value, str):
        return len(value) > LONG_TEXT and _TEXT.search(name) is not None
    if not isinstance(value, (list, tuple, set)):
        return False
    is_texts = all(isinstance(item, str) for item in value)
    return not value or _DATA.match(name) is not None or (is_texts and _COLUMNS.search(name) is not None)


def _is_index(name: str, value: Mapping[str, Any]) -> bool:
    """Tell whether a mapping numbers things from 0, in whatever order, as a vocabulary does."""
    numbers = [number for number in (fields_of(value) or {}).values() if type(number) is int]
    return not is_config_name(name) and sorted(numbers) == list(range(max(len(value), 3)))


def named_params(name: str, value: Any, origin: Origin) -> list[Param]:
    """Return the params that the value of a name holds, without what is only for the eyes and places of files."""
    if name.startswith("_") or is_for_the_eyes(name) or is_place(name, value):
        return []
    params = simple_params(name, value, origin)
    return [p for p in params if not is_place(p.key, p.value) and not is_for_the_eyes(p.key.rpartition(".")[2])]
