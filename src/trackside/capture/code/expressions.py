"""What to call the value of an expression: ``loss.item()`` is the loss, ``scores.mean()`` the mean of the scores."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from trackside.capture.code.definitions import LOOPS
from trackside.capture.words.names import name_of_one
from trackside.goals import ROLES, split_words

if TYPE_CHECKING:
    from collections.abc import Callable

_WRAPPERS = frozenset("round float float32 float64 str repr format item numpy cpu detach tolist squeeze".split())
"""Calls that give the same value in another form."""

_FUNCTIONS = frozenset("sqrt exp log abs".split())
_REDUCTIONS = _FUNCTIONS | frozenset("mean nanmean std max min sum median var average amax amin compute result".split())
"""Calls that make another value of it, which needs the name of the first."""

_MODULES = frozenset("np numpy torch tf math statistics jnp F K pd".split())
_RUNNING = re.compile(r"^(?:running|total|sum|cum|cumulative|epoch|accumulated)_|_(?:sum|total)$")
_SQUARED = re.compile(r"(?:mse|mean_squared_error)$")
_HUNDRED = 100


class Name(NamedTuple):
    """A name for a value; ``is_its_own`` tells whether the code gives it, or only says how the value is made."""

    text: str
    is_its_own: bool


class Place(NamedTuple):
    """Where an expression stands: in a list of them, or in a field of another node."""

    owner: Any
    key: int | str

    @property
    def node(self) -> ast.expr:
        """The expression that stands there."""
        node: ast.expr = self.owner[self.key] if isinstance(self.key, int) else getattr(self.owner, self.key)
        return node

    def put(self, node: ast.expr) -> None:
        """Put another expression there."""
        if isinstance(self.key, int):
            self.owner[self.key] = node
        else:
            setattr(self.owner, self.key, node)


def name_expression(node: ast.expr) -> Name | None:  # noqa: PLR0911 - one return for each kind of expression
    """Return what to call an expression's value, or None where it says nothing.

    Examples
    --------
    >>> name_expression(ast.parse("np.mean(history['val_loss'])", mode="eval").body)
    Name(text='val_loss.mean', is_its_own=True)
    """
    match node:
        case ast.Name(id=name):
            return Name(name, is_its_own=True)
        case ast.Attribute(attr=name):
            return Name(name.strip("_"), is_its_own=True)
        case ast.NamedExpr(target=ast.Name(id=name)):
            return Name(name, is_its_own=True)
        case ast.Subscript(value=value, slice=ast.Constant(value=str(key))):
            return _name_key(value, key)
        case ast.Subscript(value=value, slice=ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1))):
            last = name_expression(value)
            return last and Name(name_of_one(last.text), last.is_its_own)
        case ast.Subscript(value=value) | ast.Await(value=value) | ast.UnaryOp(operand=value):
            return _weaken(name_expression(value))
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return _weaken(name_expression(left) or name_expression(right), _name_average)
        case ast.BinOp(left=left, right=right):
            return _weaken(name_expression(left) or name_expression(right))
        case ast.Call():
            return _name_call(node)
        case _:
            return None


def find_inner(node: ast.expr) -> Place | None:
    """Return where in an expression that only gives a value another form the value itself stands.

    Examples
    --------
    >>> inner = find_inner(ast.parse("round(acc, 2)", mode="eval").body)
    >>> inner and ast.unparse(inner.node)
    'acc'
    """
    match node:
        case ast.Call(func=ast.Name(id=("round" | "float" | "str" | "repr" | "format")), args=[_, *_]):
            return Place(node.args, 0)
        case ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr=("round" | "around")), args=[_, *_]):
            return Place(node.args, 0) if module in _MODULES else Place(node.func, "value")
        case ast.Call(func=ast.Attribute(attr="round")):
            return Place(node.func, "value")
        case ast.BinOp(op=ast.Mult(), right=ast.Constant(value=factor)) if factor == _HUNDRED:
            return Place(node, "left")
        case ast.BinOp(left=ast.Constant(value=factor), op=ast.Mult()) if factor == _HUNDRED:
            return Place(node, "right")
        case _:
            return None


def _name_call(node: ast.Call) -> Name | None:
    name = called_name(node)
    inner = _operand(node)
    if name == "mean" and isinstance(inner, ast.Compare) and isinstance(inner.ops[0], ast.Eq):
        return Name("accuracy", is_its_own=False)  # the share of hits
    if name in _WRAPPERS and inner is not None:
        return name_expression(inner)
    if name in _REDUCTIONS and inner is not None:
        return _name_reduction(name, name_expression(inner))
    return Name(name, is_its_own=False) if name else None


def _name_reduction(reduction: str, inner: Name | None) -> Name:
    if inner is None:
        return Name(reduction, is_its_own=False)
    if reduction == "sqrt" and _SQUARED.search(inner.text):
        return Name(_SQUARED.sub("rmse", inner.text), is_its_own=True)
    return Name(f"{inner.text}.{reduction}", is_its_own=inner.is_its_own and reduction not in _FUNCTIONS)


def role_of_call(node: ast.expr) -> str | None:
    """Return the part of the data that a call's arguments are named after: ``score(X_test, y_test)`` is of the test."""
    arguments = node.args if isinstance(node, ast.Call) else []
    names = {name.id for argument in arguments for name in ast.walk(argument) if isinstance(name, ast.Name)}
    roles = {role for name in names for role in split_words(name) if role in ROLES}
    return roles.pop() if len(roles) == 1 else None


def is_over_folds(loop: ast.For | ast.AsyncFor) -> bool:
    """Tell whether a loop goes over the folds of a cross-validation: ``for train, test in kf.split(X):``."""
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "split"
        for node in ast.walk(loop.iter)
    )


def find_averaged(tree: ast.Module) -> set[str]:
    """Return the names that a cell averages once, outside its loops: ``np.mean(scores)``, ``scores.mean()``."""
    straight = [node for node in tree.body if not isinstance(node, LOOPS)]
    calls = [call for node in straight for call in ast.walk(node) if isinstance(call, ast.Call)]
    averaged = [_operand(call) for call in calls if called_name(call) in ("mean", "fmean", "average", "std")]
    return {node.id for node in averaged if isinstance(node, ast.Name)}


def called_name(call: ast.Call) -> str:
    """Return the last name of what is called."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _operand(call: ast.Call) -> ast.expr | None:
    """Return what a method hangs on, or the first argument of a function."""
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    if owner is None or (isinstance(owner, ast.Name) and owner.id in _MODULES):
        return call.args[0] if call.args and not isinstance(call.args[0], ast.Starred) else None
    return owner


def _name_key(value: ast.expr, key: str) -> Name:
    """Return the name of an entry: its key; under ``losses["train"]`` that alone would not say of what."""
    if key in ("train", "val", "test", "valid", "eval", "dev"):
        owner = name_expression(value)
        return Name(f"{owner.text}.{key}" if owner else key, is_its_own=False)
    return Name(key, is_its_own=True)


def _name_average(name: str) -> str:
    """Return the name of a total that is divided by something: ``running_loss / n`` is a loss."""
    return _RUNNING.sub("", name.removesuffix(".sum") + ".mean" if name.endswith(".sum") else name)


def _weaken(name: Name | None, change: Callable[[str], str] = str) -> Name | None:
    return None if name is None else Name(change(name.text), is_its_own=False)
