"""The metrics that a cell writes while it runs: found in its code, and wrapped in calls that pass them through.

Only the cell's own level is looked at, with its loops and branches: functions, classes and comprehensions outlive the
run or go to other processes.
"""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from trackside.capture.code.definitions import LOOPS
from trackside.capture.code.expressions import (
    Place,
    find_averaged,
    is_over_folds,
    name_expression,
)
from trackside.capture.code.written import is_text, pieces_of, text_pieces, writes
from trackside.capture.metrics.labels import name_places
from trackside.capture.metrics.spots import Spot, read_spot, variable_of
from trackside.capture.words.names import is_metric_name, name_of_one
from trackside.goals import split_words

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCOPES = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
)
_TRAININGS = frozenset("fit train validate test".split())


def find_spots(tree: ast.Module) -> list[Spot]:
    """Return the places at a cell's own level where it writes or collects metrics, each metric once a round."""
    scan = _Scan(tree)
    for statement in tree.body:
        scan.visit(statement, 0, frozenset())
    return [*_distinct(scan.spots), *_trainings(tree)]


def wrap(spot: Spot, helper: str, key: int) -> None:
    """Put ``helper(value, key)`` in the place of the value; errors and line numbers stay what they are."""
    node = spot.place.node
    arguments: list[ast.expr] = [node, ast.Constant(key)]
    if spot.subject is not None:
        arguments.append(ast.Name(spot.subject, ast.Load()))
    call = ast.Call(ast.Name(helper, ast.Load()), arguments, [])
    for new in (call, call.func, *arguments[1:]):
        ast.copy_location(new, node)
    spot.place.put(call)


class _Scan:
    """One walk through a cell's own level."""

    def __init__(self, tree: ast.Module) -> None:
        self.spots: list[Spot] = []
        self._last = tree.body[-1] if tree.body else None
        self._samples = find_averaged(tree) | {
            name.id
            for loop in ast.walk(tree)
            if isinstance(loop, LOOPS)
            for name in ast.walk(loop)
            if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
        }
        """Lists that are no history: averaged in the end, or begun anew by each round of a loop."""

    def visit(self, node: ast.AST, depth: int, subjects: frozenset[str], *, in_folds: bool = False) -> None:
        if isinstance(node, _SCOPES):
            return
        if isinstance(node, ast.Call) and writes(node):
            self._written(list(pieces_of(node)), depth, subjects)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and depth and not in_folds:
            self._collected(node.value, depth)
        elif node is self._last and isinstance(node, ast.Expr) and is_text(node.value):
            self._written(list(text_pieces(Place(node, "value"))), depth, subjects)
        if isinstance(node, LOOPS):
            depth += 1
            if not isinstance(node, ast.While):
                subjects |= {name.id for name in ast.walk(node.target) if isinstance(name, ast.Name)}
                in_folds = in_folds or is_over_folds(node)
        for child in ast.iter_child_nodes(node):
            self.visit(child, depth, subjects, in_folds=in_folds)

    def _written(self, pieces: list[str | Place], depth: int, subjects: frozenset[str]) -> None:
        """Note the metrics in a written text."""
        labels = iter(name_places(tuple(piece if isinstance(piece, str) else None for piece in pieces)))
        subject, words_between = None, ["nothing written yet"]
        for piece in pieces:
            if isinstance(piece, str):
                words_between += split_words(piece)
                continue
            label, node = next(labels), piece.node
            is_subject = isinstance(node, ast.Name) and node.id in subjects and not is_metric_name(node.id)
            spot = read_spot(piece, None if is_subject else label, depth)
            if spot is None and subject is not None and not words_between:
                spot = Spot(piece, None, "labelled", depth, variable=variable_of(node, depth))
            if spot is not None:
                self.spots.append(replace(spot, subject=subject))
            if is_subject and isinstance(node, ast.Name):
                subject, words_between = node.id, []
            else:
                words_between.append("a value")

    def _collected(self, call: ast.Call, depth: int) -> None:
        """Note the metric that a loop appends to a history."""
        match call:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="append"), args=[item]):
                is_history = name not in self._samples
            case ast.Call(
                func=ast.Attribute(value=ast.Subscript(slice=ast.Constant(value=str(name))), attr="append"), args=[item]
            ):
                is_history = True
            case _:
                return
        single, own = name_of_one(name), name_expression(item)
        if not is_metric_name(single):
            single = own.text if own and own.is_its_own else ""
        if is_history and is_metric_name(single):
            self.spots.append(
                Spot(
                    Place(call.args, 0), single, "collected", depth, variable=variable_of(item, depth), other_name=name
                )
            )


def _distinct(spots: list[Spot]) -> Iterator[Spot]:
    """Yield the spots such that no round of a loop tells one metric twice.

    Of loops within loops the outer one counts; what is collected is not told again where it is written.
    """
    spots = list(_told_apart(spots))
    outermost = {s.name: s.depth for s in sorted(spots, key=lambda s: s.depth, reverse=True) if s.depth}
    spots = [s for s in spots if s.name is None or s.depth <= outermost.get(s.name, 0)]
    collected = {key for spot in spots if spot.kind == "collected" for key in (spot.name, spot.variable) if key}
    elsewhere = {spot.name for spot in spots if spot.kind != "report"}
    for spot in spots:
        is_collected_too = (
            spot.depth and spot.kind != "collected" and not collected.isdisjoint({spot.name, spot.variable})
        )
        is_last_round = not spot.depth and spot.kind == "named" and spot.name in outermost
        is_told_better = spot.kind == "report" and spot.name in elsewhere
        if not (is_collected_too or is_last_round or is_told_better):
            yield spot


def _told_apart(spots: list[Spot]) -> Iterator[Spot]:
    """Give written spots of the same name and depth their other names, where those differ."""
    others: dict[tuple[str | None, int], set[str | None]] = {}
    for spot in spots:
        if spot.kind in ("named", "labelled"):
            others.setdefault((spot.name, spot.depth), set()).add(spot.other_name)
    for spot in spots:
        is_ambiguous = spot.kind != "collected" and len(others.get((spot.name, spot.depth), ())) > 1
        yield replace(spot, name=spot.other_name, kind="labelled") if is_ambiguous and spot.other_name else spot


def _trainings(tree: ast.Module) -> Iterator[Spot]:
    """Yield where an object is trained that is trained or tested more than once: it still tells of this time there."""
    times = Counter(_trained(node) for node in ast.walk(tree))
    for statement in tree.body:
        owner = _trained(statement.value) if isinstance(statement, (ast.Expr, ast.Assign)) else None
        if owner is not None and times[owner] > 1:
            yield Spot(Place(statement, "value"), None, "training", 0, variable=owner)


def _trained(node: ast.AST) -> str | None:
    """Return the variable whose object a call trains or tests."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=name)) if name in _TRAININGS:
            return owner
        case _:
            return None
