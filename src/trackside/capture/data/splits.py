"""How data was divided: the arguments of ``train_test_split``, ``KFold``, ``random_split`` and their like."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from trackside.capture.code.expressions import called_name
from trackside.capture.code.literals import NotConstant, fold

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trackside.capture.code.cell import Cell

DIVIDERS: dict[str, tuple[str | None, ...]] = {"train_test_split": (), "random_split": (None, "lengths", "generator")}
"""Functions that return parts of data, and the names of their positional arguments; those without one are data."""

FOLDERS: dict[str, tuple[str | None, ...]] = {
    **dict.fromkeys(
        (
            "KFold",
            "StratifiedKFold",
            "GroupKFold",
            "StratifiedGroupKFold",
            "TimeSeriesSplit",
            "ShuffleSplit",
            "StratifiedShuffleSplit",
            "GroupShuffleSplit",
        ),
        ("n_splits",),
    ),
    **dict.fromkeys(("RepeatedKFold", "RepeatedStratifiedKFold", "LeaveOneOut", "LeaveOneGroupOut"), ()),
    "LeavePOut": ("p",),
    "LeavePGroupsOut": ("n_groups",),
    "PredefinedSplit": ("test_fold",),
}
"""Classes of scikit-learn that divide data into folds."""

_SHUFFLES = frozenset(
    "train_test_split random_split ShuffleSplit StratifiedShuffleSplit GroupShuffleSplit RepeatedKFold"
    " RepeatedStratifiedKFold".split()
)
_SEEDS = ("random_state", "seed", "generator")
_LONGEST_CODE = 100


def lacks_seed(split: Mapping[str, Any]) -> bool:
    """Tell whether a split draws at random with no seed of its own: run again, it may be another one.

    Examples
    --------
    >>> lacks_seed({"by": "train_test_split", "test_size": 0.2}), lacks_seed({"by": "KFold", "n_splits": 5})
    (True, False)
    """
    draws = split.get("by") in _SHUFFLES if "shuffle" not in split else split["shuffle"] is True
    return bool(split) and draws and all(split.get(name) is None for name in _SEEDS)


def read_split(call: ast.Call, namespace: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a call that divides data, ``by`` its name; nothing where it does not.

    What is no constant and not the name of one stays as code: ``{"stratify": "y"}``.
    """
    name = called_name(call)
    names = DIVIDERS.get(name, FOLDERS.get(name))
    if names is None:
        return {}
    split: dict[str, Any] = {"by": name}
    for key, node in zip(names, call.args, strict=False):
        if key is not None and not isinstance(node, ast.Starred):
            split[key] = _value(node, namespace)
    split |= {keyword.arg: _value(keyword.value, namespace) for keyword in call.keywords if keyword.arg}
    return split


def find_fold_split(cell: Cell, namespace: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of the folds that a cell makes, or takes by a name it reads; nothing without any."""
    for call in cell.callees:
        if called_name(call) in FOLDERS:
            return read_split(call, namespace)
    for name in cell.reads:
        kind = type(namespace.get(name))
        if kind.__name__ in FOLDERS and kind.__module__.startswith("sklearn."):
            settings = {key: value for key, value in vars(namespace[name]).items() if _is_simple(value)}
            return {"by": kind.__name__, **settings}
    return {}


def _value(node: ast.expr, namespace: Mapping[str, Any]) -> Any:
    if isinstance(node, ast.Name) and node.id in namespace and _is_simple(namespace[node.id]):
        return namespace[node.id]
    try:
        value = fold(node)
    except NotConstant:
        value = ast.unparse(node)[:_LONGEST_CODE]
    is_list = isinstance(value, (list, tuple)) and all(_is_simple(item) for item in value)
    return list(value) if is_list else value if _is_simple(value) else str(value)[:_LONGEST_CODE]


def _is_simple(value: Any) -> bool:
    return value is None or type(value) in (bool, int, float, str)
