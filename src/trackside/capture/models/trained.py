"""Finds the models that a cell trained, by the names it trains, fits and steps."""

from __future__ import annotations

import ast
import re
from inspect import getattr_static
from typing import TYPE_CHECKING, Any

from trackside.capture.models.parts import describe_model, is_model, is_network
from trackside.records import Models

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trackside.capture.code.cell import Cell

MAX_MODELS = 20

_TRAINING_METHOD = re.compile(
    r"^(?:fit(?!_params|ted)\w*|partial_fit|train(?:_\w+)?|tune|finetune|learn|search|optimize)$"
)
_TRAINING_FUNCTION = re.compile(
    r"(?:^|_)(?:train\w*|fit\w*|cross_val\w*|cross_validate|finetune|tune|learn|epochs?|step)(?:_|$)"
)
_STEP = re.compile(r"^(?:step|backward|GradientTape|minimize|apply_gradients|train_step|training_step|train_on_batch)$")
_HOLDERS = ("model", "estimator", "best_estimator_", "module")
"""Where trainers keep the model that they train."""


def find_models(cell: Cell, namespace: Mapping[str, Any]) -> Models:
    """Return the models that a cell which has run trained, as they are now.

    A model counts where one of its methods trains it, where it is handed to something that trains, or where the cell
    steps an optimizer and uses a network.

    Examples
    --------
    >>> from sklearn.tree import DecisionTreeClassifier
    >>> from trackside.capture.code.cell import Cell
    >>> tree = DecisionTreeClassifier()
    >>> [model] = find_models(Cell.parse("tree.fit(X, y)", {"tree": tree}), {"tree": tree}).models
    >>> model.name, model.kind
    ('tree', 'DecisionTreeClassifier')
    """
    found: dict[int, tuple[str, Any]] = {}
    for name in dict.fromkeys(_trained_names(cell)):
        for label, model in _models_in(name, namespace.get(name)):
            found.setdefault(id(model), (label, model))
    for name in cell.uses if _steps(cell) else ():
        for label, model in _models_in(name, namespace.get(name)):
            if is_network(model):
                found.setdefault(id(model), (label, model))
    described = (describe_model(label, model) for label, model in list(found.values())[:MAX_MODELS])
    return Models(models=[model for model in described if model is not None])


def _trained_names(cell: Cell) -> Iterator[str]:
    """Yield the names that a training may have gone by, those trained by a method first."""
    if cell.tree is None:
        return
    training = [call for call in cell.callees if _trains(call)]
    for call in training:
        if isinstance(call.func, ast.Attribute) and (root := _root(call.func.value)):
            yield root
        for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
            if root := _root(argument):
                yield root
    for binding in cell.bindings:
        if binding.value is not None and any(part in training for part in ast.walk(binding.value)):
            yield binding.name


def _steps(cell: Cell) -> bool:
    """Tell whether the cell takes the steps of a training itself."""
    return any(_STEP.match(_called_name(call)) for call in cell.callees)


def _trains(call: ast.Call) -> bool:
    name = _called_name(call)
    if isinstance(call.func, ast.Attribute) and _TRAINING_METHOD.match(name):
        return True
    return _TRAINING_FUNCTION.search(name) is not None and not _STEP.match(name) and not name.endswith("_split")


def _called_name(call: ast.Call) -> str:
    func = call.func
    return func.id if isinstance(func, ast.Name) else func.attr if isinstance(func, ast.Attribute) else ""


def _root(node: ast.expr) -> str | None:
    """Return the name that ``a.b["c"]`` begins with."""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _models_in(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield a value, if it is a model; else the models that it holds: a dict's, a list's, a trainer's."""
    if is_model(value):
        yield name, value
    elif isinstance(value, dict):
        for key, each in list(value.items())[:MAX_MODELS]:
            if is_model(each):
                yield f"{name}[{key!r}]"[:80], each
    elif isinstance(value, (list, tuple)):
        for at, each in enumerate(value[:MAX_MODELS]):
            if is_model(each):
                yield f"{name}[{at}]", each
    else:
        for holder in _HOLDERS:
            held = getattr_static(value, holder, None)
            if is_model(held):
                yield f"{name}.{holder}", held
