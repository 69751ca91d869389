"""Which of the names that a cell keeps hold metrics, and which are sizes, times and steps on the way."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from trackside.capture.code.expressions import called_name, find_averaged, is_over_folds
from trackside.capture.code.literals import NotConstant, fold, is_constant
from trackside.capture.metrics.results import Found, is_scores_name, read_result
from trackside.capture.words.names import is_metric_name, is_setting_name, is_size_name, is_time_name

if TYPE_CHECKING:
    from trackside.capture.code.cell import Binding, Cell

_SIZES = frozenset(
    "len shape size count nunique numel count_params memory_usage nbytes sum_parameters count_nonzero bincount"
    " value_counts ndim argmax argmin id hash ord input int getsizeof device_count current_device".split()
)
_TIMES = frozenset(
    "time perf_counter monotonic process_time time_ns perf_counter_ns now today timestamp timeit".split()
)
_COLLECTORS = frozenset("list dict defaultdict OrderedDict".split())


def may_be_metric(cell: Cell, binding: Binding) -> bool:
    """Tell whether what a name is bound to may be a metric."""
    name, value = binding.name, binding.value
    if value is None or name.startswith("_") or is_size_name(name) or is_time_name(name):
        return False
    if _is_logged(cell, binding):
        return False
    if _is_collector(value):
        return binding.place != "loop"
    if is_constant(value) or is_time(cell, value) or (isinstance(value, ast.ListComp) and not is_scores_name(name)):
        return False
    if is_metric_name(name):
        return not is_size(value) and any(isinstance(node, (ast.Call, ast.Name)) for node in ast.walk(value))
    return bool(call_names(cell, value)) or isinstance(value, ast.Dict)


def read_kept(cell: Cell, binding: Binding, value: Any) -> Found:
    """Return the metrics in what a name holds after the cell."""
    calls = call_names(cell, binding.value)
    if "cv" in calls and hasattr(type(value), "to_dict"):  # xgb.cv: one column for each metric, one row a round
        value = value.to_dict("list")
    found = read_result(binding.name, value, is_folds=_is_of_folds(cell, binding, calls))
    if binding.name in found.values and not is_metric_name(binding.name) and not _is_result(cell, binding, calls):
        return Found()
    return found


def is_size(value: ast.expr) -> bool:
    """Tell whether an expression asks how many or how large."""
    return isinstance(value, ast.Call) and called_name(value) in _SIZES


def is_time(cell: Cell, value: ast.expr) -> bool:
    """Tell whether an expression measures time."""
    names = {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}
    return bool(call_names(cell, value) & _TIMES) or any(is_time_name(name) for name in names)


def call_names(cell: Cell, value: ast.expr | None) -> set[str]:
    """Return the names of what an expression calls."""
    nodes = () if value is None else ast.walk(value)
    return {callee.name for node in nodes if isinstance(node, ast.Call) and (callee := cell.callee(node))}


def _is_logged(cell: Cell, binding: Binding) -> bool:
    """Tell whether the user logs the value, under a name of their choice."""
    logs = any(callee.purpose == "log" for callee in cell.callees.values())
    return "logged" in cell.uses.get(binding.name, ()) or (binding.place == "loop" and logs)


def _is_result(cell: Cell, binding: Binding, calls: set[str]) -> bool:
    """Tell whether a number whose name says nothing is what the cell was after: made by work, and not worked with."""
    callees = [cell.callee(node) for node in ast.walk(binding.value or ast.Pass()) if isinstance(node, ast.Call)]
    is_made_by_work = any(
        callee and (callee.purpose in ("work", "score") or is_metric_name(callee.name)) for callee in callees
    )
    is_means = "used" in cell.uses.get(binding.name, ()) or is_setting_name(binding.name)
    return is_made_by_work and not is_means and binding.place != "loop" and not calls & _SIZES


def _is_collector(value: ast.expr) -> bool:
    """Tell whether a name begins as something to be filled: ``[]``, ``{}``, ``{"loss": []}``, ``defaultdict(list)``."""
    if isinstance(value, ast.Call):
        return (
            called_name(value) in _COLLECTORS
            and not value.keywords
            and all(isinstance(argument, ast.Name) for argument in value.args)
        )
    try:
        start = fold(value)
    except NotConstant:
        return False
    return isinstance(start, (list, dict)) and not (any(start.values()) if isinstance(start, dict) else start)


def _is_of_folds(cell: Cell, binding: Binding, calls: set[str]) -> bool:
    """Tell whether a row of numbers is the scores of a cross-validation's folds."""
    tree = cell.tree or ast.Module([], [])
    if binding.value is not None and _is_collector(binding.value):
        loops = [node for node in ast.walk(tree) if isinstance(node, ast.For) and is_over_folds(node)]
        return binding.name in find_averaged(tree) or any(_collects(loop, binding.name) for loop in loops)
    return is_scores_name(binding.name) or any(call.startswith("cross_val") for call in calls)


def _collects(loop: ast.For, name: str) -> bool:
    """Tell whether a loop appends to ``name``."""
    return any(
        isinstance(node, ast.Attribute)
        and node.attr == "append"
        and isinstance(node.value, ast.Name)
        and node.value.id == name
        for node in ast.walk(loop)
    )
