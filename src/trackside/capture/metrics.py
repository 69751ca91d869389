"""The metrics of a cell: numeric results of calls that it keeps in a name or shows last."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from trackside.capture.literals import is_constant
from trackside.capture.names import is_metric_name, is_size_name, is_time_name
from trackside.capture.numbers import read_number

if TYPE_CHECKING:
    from trackside.capture.cell import Binding, Cell

MAX_FOLDS = 100
MAX_ENTRIES = 30
"""A dict with more numbers is a table, not a set of metrics."""

_SIZES = frozenset(
    "len shape size count nunique numel count_params memory_usage nbytes sum_parameters count_nonzero bincount"
    " value_counts ndim argmax argmin id hash ord input int getsizeof device_count current_device".split()
)
_TIMES = frozenset(
    "time perf_counter monotonic process_time time_ns perf_counter_ns now today timestamp timeit".split()
)
_WRAPPERS = frozenset("round float abs sqrt mean item numpy cpu detach exp".split())
_GENERIC = frozenset("mean std item max min sum median var get result compute".split())


def measured_before(cell: Cell, namespace: Mapping[str, Any]) -> dict[str, Any]:
    """Return the numbers and dicts that stand, before the cell runs, under names that only a branch of it binds.

    Where the branch is not taken they stand there afterwards, too, and are no result of this run.
    """
    names = {binding.name for binding in cell.bindings if binding.place == "branch"} & namespace.keys()
    return {
        n: namespace[n] for n in names if isinstance(namespace[n], Mapping) or read_number(namespace[n]) is not None
    }


def find_metrics(
    cell: Cell, namespace: Mapping[str, Any], result: Any, before: Mapping[str, Any] | None = None
) -> dict[str, float]:
    """Return the metrics of a cell that has run, by name.

    Parameters
    ----------
    namespace
        The kernel's names with their values after the cell.
    result
        The value that the cell showed last.
    before
        What `measured_before` found.
    """
    metrics: dict[str, float] = {}
    logs = any(callee.purpose == "log" for callee in cell.callees.values())
    for binding in cell.bindings:
        is_stale = before and binding.name in before and before[binding.name] is namespace.get(binding.name)
        if binding.name in namespace and not is_stale and _is_kept(cell, binding, logs=logs):
            metrics |= _numbers(binding.name, namespace[binding.name], _call_names(cell, binding.value))
    metrics |= _shown_last(cell, result)
    return metrics


def _is_kept(cell: Cell, binding: Binding, *, logs: bool) -> bool:
    """Tell whether what a name is bound to may be a metric."""
    name, value = binding.name, binding.value
    if value is None or name.startswith("_") or is_size_name(name) or is_time_name(name) or is_constant(value):
        return False
    uses = cell.uses.get(name, set())
    if "logged" in uses or (binding.place == "loop" and logs):
        return False  # the user logs it, under a name of their choice
    calls = _call_names(cell, value)
    if _measures_time(cell, value) or calls & _SIZES:
        return False
    if is_metric_name(name):
        return any(isinstance(node, (ast.Call, ast.Name)) for node in ast.walk(value))
    return bool(calls) and binding.place != "loop" and "used" not in uses


def _shown_last(cell: Cell, result: Any) -> dict[str, float]:
    shown = cell.last_expression
    if shown is None or result is None:
        return {}
    if isinstance(shown, ast.Tuple) and isinstance(result, tuple) and len(result) == len(shown.elts):
        pairs = list(zip(shown.elts, result, strict=True))
    else:
        pairs = [(shown, result)]
    found: dict[str, float] = {}
    for node, value in pairs:
        calls = _call_names(cell, node)
        name = _name_of(node)
        if calls and name and not calls & _SIZES and not _measures_time(cell, node):
            found |= _numbers(name, value, calls)
    return found


def _numbers(name: str, value: Any, calls: set[str]) -> dict[str, float]:
    """Return the metrics that one result holds."""
    if isinstance(value, Mapping):
        return _entries(value)
    folds = _fold_scores(name, value, calls)
    if folds:
        return {f"{name}.mean": statistics.fmean(folds), f"{name}.std": statistics.pstdev(folds)}
    number = _measured(name, value)
    return {} if number is None else {name: number}


def _measured(name: str, value: Any) -> float | None:
    """Return a number that was measured: whole numbers and truths only where the name says so."""
    number = read_number(value)
    if number is None or isinstance(value, bool):
        return None
    is_whole = isinstance(value, int) or str(getattr(value, "dtype", "")).startswith(
        ("int", "uint", "bool", "torch.int")
    )
    return None if is_whole and not is_metric_name(name) else number


def _entries(results: Mapping[Any, Any]) -> dict[str, float]:
    """Return a dict's numbers, and the mean and deviation of its rows of fold scores."""
    found: dict[str, float] = {}
    for key, value in results.items():
        if not isinstance(key, str) or not key.isprintable() or isinstance(value, Mapping):
            continue
        if key and not is_time_name(key) and not is_size_name(key):
            found |= _numbers(key, value, {"cross_validate"})
    return found if len(found) <= MAX_ENTRIES else {}


def _fold_scores(name: str, value: Any, calls: set[str]) -> list[float]:
    """Return the scores of the folds of a cross-validation, or nothing where ``value`` is something else."""
    is_scores = any(call.startswith("cross_val") for call in calls) or "scores" in name.lower().split("_")
    if (
        not is_scores
        or getattr(value, "ndim", 1) != 1
        or not hasattr(value, "__len__")
        or isinstance(value, (str, Mapping))
    ):
        return []
    if not 1 < len(value) <= MAX_FOLDS:
        return []
    numbers = [read_number(item) for item in value]
    is_measured = str(getattr(value, "dtype", "float")).startswith(("float", "torch.float"))
    return [n for n in numbers if n is not None] if is_measured and None not in numbers else []


def _call_names(cell: Cell, value: ast.expr | None) -> set[str]:
    """Return the names of what an expression calls, and of the attributes it asks for."""
    if value is None:
        return set()
    return {callee.name for node in ast.walk(value) if isinstance(node, ast.Call) and (callee := cell.callee(node))}


def _measures_time(cell: Cell, value: ast.expr) -> bool:
    names = {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}
    return bool(_call_names(cell, value) & _TIMES) or any(is_time_name(name) for name in names)


def _name_of(node: ast.expr) -> str | None:
    """Return what to call the value of an expression: what it calls, seen through ``round`` and the like."""
    if isinstance(node, (ast.Await, ast.UnaryOp)):
        return _name_of(node.value if isinstance(node, ast.Await) else node.operand)
    if isinstance(node, ast.BinOp):
        return _name_of(node.left) or _name_of(node.right)
    if not isinstance(node, ast.Call):
        return None
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)
    if name in _WRAPPERS and node.args and (inner := _name_of(node.args[0])):
        return inner
    if name in _GENERIC and isinstance(node.func, ast.Attribute):
        owner = node.func.value
        inner = owner.id if isinstance(owner, ast.Name) else _name_of(owner)
        return f"{inner}.{name}" if inner else name
    return name
