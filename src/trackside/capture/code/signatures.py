"""The names under which a callable takes its arguments, read without calling it."""

from __future__ import annotations

import ast
import inspect
from contextlib import suppress
from inspect import Parameter
from types import FunctionType, MethodType
from typing import Any, NamedTuple

from trackside.capture.code.literals import NotConstant, fold

_POSITIONAL = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)


class Inputs(NamedTuple):
    """What a callable takes: the names of its positional arguments, in order, and the defaults by name."""

    positional: tuple[str, ...]
    defaults: dict[str, Any]


def read_inputs(target: Any) -> Inputs | None:
    """Return what a function, method, class or definition in a cell takes, or None where that cannot be told.

    Examples
    --------
    >>> def train(model, epochs=10): ...
    >>> read_inputs(train)
    Inputs(positional=('model', 'epochs'), defaults={'epochs': 10})
    """
    if isinstance(target, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return _inputs_of_definition(target)
    if isinstance(target, ast.ClassDef):
        return _inputs_of_class(target)
    if not isinstance(target, (FunctionType, MethodType, type)):
        return None
    try:
        parameters = inspect.signature(target).parameters.values()
    except Exception:  # noqa: BLE001 - built-in ones have none, and a metaclass may do as it likes
        return None
    return Inputs(
        tuple(p.name for p in parameters if p.kind in _POSITIONAL),
        {p.name: p.default for p in parameters if p.default is not Parameter.empty},
    )


def _inputs_of_definition(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Inputs:
    arguments = node.args
    positional = tuple(argument.arg for argument in (*arguments.posonlyargs, *arguments.args))
    first_default = len(positional) - len(arguments.defaults)
    given = [
        *zip(positional[first_default:], arguments.defaults, strict=True),
        *((argument.arg, node) for argument, node in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)),
    ]
    defaults: dict[str, Any] = {}
    for name, default in given:
        with suppress(NotConstant):
            if default is not None:
                defaults[name] = fold(default)
    return Inputs(positional, defaults)


def _inputs_of_class(node: ast.ClassDef) -> Inputs:
    """Return what a class takes: its ``__init__`` without ``self``, or the fields of a dataclass or model."""
    for part in node.body:
        if isinstance(part, ast.FunctionDef) and part.name == "__init__":
            inputs = _inputs_of_definition(part)
            return Inputs(inputs.positional[1:], inputs.defaults)
    fields = [part.target for part in node.body if isinstance(part, ast.AnnAssign)]
    return Inputs(tuple(field.id for field in fields if isinstance(field, ast.Name)), {})
