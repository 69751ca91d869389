"""One place in a cell's code where a metric may be written: what it is called, and how that is known."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from trackside.capture.code.expressions import Name, called_name, name_expression, role_of_call
from trackside.capture.words.names import is_metric_name, name_of_one
from trackside.goals import ROLES

if TYPE_CHECKING:
    from trackside.capture.code.expressions import Place

Kind: TypeAlias = Literal["named", "labelled", "end", "report", "collected", "training"]
"""How it is known that a value is a metric: by its own name, by the text before it, as the end of a list of them, as a
text that tells metrics, as appended to a list of them; or it is none, and a training has ended here."""


@dataclass(frozen=True)
class Spot:
    """A place in the code where a metric is written.

    Attributes
    ----------
    name
        The metric's name; None where the text of ``subject`` is it.
    subject
        A loop's variable that is written before it, and tells whose metric it is where it is a text.
    variable
        The variable whose value this is, if it is one; that of the trained object.
    depth
        The number of loops around it.
    other_name
        A name that tells it from others of the same name.
    """

    place: Place
    name: str | None
    kind: Kind
    depth: int
    subject: str | None = None
    variable: str | None = None
    other_name: str | None = None


def read_spot(place: Place, label: str | None, depth: int) -> Spot | None:
    """Return what is written at a place, or None where that is no metric."""
    node, variable = place.node, variable_of(place.node, depth)
    named = _in_a_loop(name_expression(node)) if depth else name_expression(node)
    own = named.text if named and is_metric_name(named.text) else None
    if isinstance(node, ast.UnaryOp) or (isinstance(node, ast.BinOp) and not isinstance(node.op, ast.Div)):
        own = None  # what is added or multiplied is another number than its name says
    if own and not depth and _is_end(node):
        return Spot(place, own, "end", depth)
    if own and named and named.is_its_own:
        return Spot(place, own, "named", depth, variable=variable, other_name=label)
    if label or own:
        role = role_of_call(node)
        other_name = f"{role}_{own}" if role and own else None
        return Spot(place, label or own, "labelled", depth, variable=variable, other_name=other_name)
    if isinstance(node, ast.Call) and called_name(node) == "classification_report":
        return Spot(place, "accuracy", "report", depth)
    return None


def _in_a_loop(name: Name | None) -> Name | None:
    """Return the name of what each round of a loop averages: the mean of its ``losses`` is its loss."""
    if name is None or not name.text.endswith(".mean"):
        return name
    many = name.text.removesuffix(".mean")
    return Name(name_of_one(many), is_its_own=False) if name_of_one(many) != many else name


def _is_end(node: ast.expr) -> bool:
    return isinstance(node, ast.Subscript) and isinstance(node.slice, ast.UnaryOp)


def variable_of(node: ast.expr, depth: int) -> str | None:
    """Return the variable that the value is: itself, or what a loop makes of it each round."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=("item" | "detach" | "cpu" | "numpy"))):
            return name
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name))) if depth:
            return name
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=str(key))) if key in ROLES:
            return name
        case _:
            return None
