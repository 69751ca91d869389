"""Values that stand in the code: literals and constant expressions, folded without running anything."""

from __future__ import annotations

import ast
import math
import operator
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class NotConstant(Exception):  # noqa: N818 - a signal between functions of this module's callers, not an error
    """The expression's value does not stand in the code."""


MAX_EXPONENT: Final = 64

_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
_UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Not: operator.not_,
    ast.Invert: operator.invert,
}
_CASTS: dict[str, Callable[[Any], Any]] = {"int": int, "float": float, "bool": bool}


def fold(node: ast.expr, known: Mapping[str, Any] | None = None) -> Any:
    """Return the value of a constant expression; ``known`` are names with constant values.

    Raises
    ------
    NotConstant
        The value does not stand in the code.

    Examples
    --------
    >>> fold(ast.parse("2 ** 5", mode="eval").body)
    32
    """
    try:
        return _fold(node, known or {})
    except (TypeError, ValueError, ArithmeticError, RecursionError) as error:  # the cell's own error to come
        raise NotConstant from error


def is_constant(node: ast.expr) -> bool:
    """Tell whether the expression's value stands in the code."""
    try:
        fold(node)
    except NotConstant:
        return False
    return True


def _fold(node: ast.expr, known: Mapping[str, Any]) -> Any:  # noqa: C901, PLR0911 - one case for each kind of expression
    match node:
        case ast.Constant(value=value) if not isinstance(value, (bytes, complex, type(...))):
            return value
        case ast.Name(id=name) if name in known:
            return known[name]
        case ast.UnaryOp(op=sign, operand=operand):
            return _UNARY[type(sign)](_number(operand, known))
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _BINARY:
            return _calculate(sign, _number(left, known), _number(right, known))
        case ast.Tuple(elts=items):
            return tuple(_fold(item, known) for item in items)
        case ast.List(elts=items):
            return [_fold(item, known) for item in items]
        case ast.Set(elts=items):
            return {_fold(item, known) for item in items}
        case ast.Dict(keys=keys, values=values):
            return {_key(key, known): _fold(value, known) for key, value in zip(keys, values, strict=True)}
        case ast.Call(func=ast.Name(id="dict"), args=[], keywords=items) if all(item.arg for item in items):
            return {item.arg: _fold(item.value, known) for item in items}
        case ast.Call(func=ast.Name(id=("int" | "float" | "bool") as cast), args=[only], keywords=[]):
            return _CASTS[cast](_fold(only, known))
        case ast.Attribute(value=ast.Name(id=("np" | "numpy" | "math")), attr=("inf" | "nan" | "pi" | "e") as name):
            return getattr(math, name)
        case _:
            raise NotConstant


def _key(node: ast.expr | None, known: Mapping[str, Any]) -> Any:
    if node is None:  # ``**other``
        raise NotConstant
    return _fold(node, known)


def _number(node: ast.expr, known: Mapping[str, Any]) -> int | float:
    value = _fold(node, known)
    if not isinstance(value, (int, float)):
        raise NotConstant
    return value


def _calculate(sign: ast.operator, left: float, right: float) -> Any:
    if isinstance(sign, ast.Pow) and (abs(right) > MAX_EXPONENT or abs(left) > 2**MAX_EXPONENT):
        raise NotConstant  # the cell may take its time over it; capture may not
    return _BINARY[type(sign)](left, right)
