"""A cell's code as capture sees it: what it binds, reads and calls."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from trackside.capture.code.callees import Callee, Callees
from trackside.capture.code.definitions import LOOPS
from trackside.capture.words.python import parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

Use: TypeAlias = Literal["shown", "logged", "used", "kept"]
"""What happens to a name where it is read: only shown, logged to a run, worked with, or merely passed on."""

Place: TypeAlias = Literal["straight", "branch", "loop"]
"""Where a statement stands: it runs once, perhaps, or many times."""

_BRANCHES = (ast.If, ast.Try, ast.TryStar, ast.Match)
_WORK = (ast.BinOp, ast.Compare, ast.Subscript, ast.UnaryOp, ast.Attribute)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_USE_BY_PURPOSE: dict[str, Use] = {"show": "shown", "log": "logged"}


class Binding(NamedTuple):
    """A name that the cell's own level binds to ``value``; None where the value is not written beside it."""

    name: str
    value: ast.expr | None
    place: Place
    is_part: bool
    """Whether the name takes one part of the value: ``loss, acc = evaluate()``."""
    depth: int = 0
    """The number of loops around it."""


@dataclass
class Cell:
    """A parsed cell.

    Attributes
    ----------
    tree
        The code; None where it is no Python.
    bindings
        What the cell's own level binds, in order.
    callees
        Calls that this cell can make, with what is called; those in functions that it only defines are left out.
    reads
        Names that the cell reads from outside, with what it does with them.
    uses
        What the cell does with each name, its own ones too.
    """

    tree: ast.Module | None
    bindings: list[Binding] = field(default_factory=list)
    callees: dict[ast.Call, Callee] = field(default_factory=dict)
    reads: dict[str, set[Use]] = field(default_factory=dict)
    uses: dict[str, set[Use]] = field(default_factory=dict)

    @classmethod
    def parse(cls, code: str, namespace: Mapping[str, Any]) -> Cell:
        """Read a cell's code, in which magics are calls already; ``namespace`` tells modules from objects."""
        try:
            tree = parse(code)
        except (SyntaxError, ValueError, RecursionError):  # IPython tells the user; there is nothing to find here
            return cls(None)
        return cls.of_tree(tree, namespace)

    @classmethod
    def of_tree(cls, tree: ast.Module, namespace: Mapping[str, Any]) -> Cell:
        """Read a cell's code that is parsed already."""
        cell = cls(tree)
        _Scan(cell, Callees(tree, namespace)).scan(tree)
        return cell

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to run."""
        return self.tree is not None and not self.tree.body

    @property
    def last_expression(self) -> ast.expr | None:
        """The expression whose value the cell shows, if it ends in one."""
        last = self.tree.body[-1] if self.tree and self.tree.body else None
        return last.value if isinstance(last, ast.Expr) else None

    def reads_and_changes(self) -> list[str]:
        """Return the names that the cell reads from outside, and those that it reads to change them: ``X += 1``."""
        nodes = ast.walk(self.tree) if self.tree else ()
        targets = [node.target for node in nodes if isinstance(node, ast.AugAssign)]
        return list(dict.fromkeys([*self.reads, *(target.id for target in targets if isinstance(target, ast.Name))]))

    def callee(self, call: ast.Call) -> Callee | None:
        """Return what a call of this cell calls."""
        return self.callees.get(call)


class _Scan:
    """One walk through a cell, in the order in which it runs, as far as that is written down."""

    def __init__(self, cell: Cell, callees: Callees) -> None:
        self._cell = cell
        self._callees = callees
        self._bound: set[str] = set()
        self._later: list[tuple[ast.AST, set[str]]] = []
        self._changed: set[str] = set()

    def scan(self, tree: ast.Module) -> None:
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
        self._names_used = used
        for statement in tree.body:
            self._statement(statement, place="straight", depth=0)
        for name in self._changed & self._cell.uses.keys():
            self._cell.reads.setdefault(name, set()).update(self._cell.uses[name])
        for function, outer in self._later:  # grows meanwhile: functions within functions
            self._visit_function(function, outer)

    def _statement(self, node: ast.stmt, *, place: Place, depth: int) -> None:
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            self._assignment(node, place=place, depth=depth)
            return
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            self._bound.add(node.name)
            if node.name in self._names_used:
                self._later.append((node, set()))
            return
        if isinstance(node, LOOPS):
            place, depth = "loop", depth + 1
        elif isinstance(node, _BRANCHES) and place != "loop":
            place = "branch"
        for child in _children(node):
            if isinstance(child, ast.stmt):
                self._statement(child, place=place, depth=depth)
            else:
                self._visit(child, "kept")
                self._bind_targets(child)

    def _assignment(self, node: ast.Assign | ast.AnnAssign | ast.AugAssign, *, place: Place, depth: int) -> None:
        if node.value is not None:
            self._visit(node.value, "kept")
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name) and not _counts(node, place):
            self._changed |= {node.target.id} - self._bound
        for target in targets:
            value = _divided(node) if isinstance(node, ast.AugAssign) else node.value
            for binding in _pair(target, value, place=place):
                self._cell.bindings.append(binding._replace(depth=depth))
            if not isinstance(target, ast.Name):
                self._visit(target, "used")
            self._bind_targets(target)

    def _bind_targets(self, node: ast.AST) -> None:
        for name in ast.walk(node):
            if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store):
                if name.id not in self._bound and not any(b.name == name.id for b in self._cell.bindings):
                    self._cell.bindings.append(Binding(name.id, None, place="loop", is_part=False))
                self._bound.add(name.id)

    def _visit(self, node: ast.AST, use: Use, local: frozenset[str] = frozenset()) -> None:
        if isinstance(node, ast.Name):
            self._name(node, use, local)
            return
        if isinstance(node, ast.Call):
            callee = self._callees.of(node)
            self._cell.callees[node] = callee
            use = _USE_BY_PURPOSE.get(callee.purpose, "used")
        elif isinstance(node, _WORK) and use == "kept":
            use = "used"
        elif isinstance(node, ast.Lambda):
            self._later.append((node, set(local)))
            return
        elif isinstance(node, _COMPREHENSIONS):
            local = local | {n.id for g in node.generators for n in ast.walk(g.target) if isinstance(n, ast.Name)}
        elif isinstance(node, ast.NamedExpr):
            self._bind_targets(node.target)
        for child in ast.iter_child_nodes(node):
            self._visit(child, use, local)

    def _name(self, node: ast.Name, use: Use, local: frozenset[str]) -> None:
        if not isinstance(node.ctx, ast.Load) or node.id in local:
            return
        self._cell.uses.setdefault(node.id, set()).add(use)
        if node.id not in self._bound:
            self._cell.reads.setdefault(node.id, set()).add(use)

    def _visit_function(self, node: ast.AST, outer: set[str]) -> None:
        local = outer | set(_local_names(node))
        body = [node.body] if isinstance(node, ast.Lambda) else getattr(node, "body", [])
        for part in body:
            self._visit(part, "kept", frozenset(local))


def _children(node: ast.stmt) -> Iterator[ast.AST]:
    """Yield a statement's parts; those of its handlers and cases among them."""
    for child in ast.iter_child_nodes(node):
        yield from ast.iter_child_nodes(child) if isinstance(child, (ast.ExceptHandler, ast.match_case)) else (child,)


def _counts(node: ast.AugAssign, place: Place) -> bool:
    """Tell whether ``count += 1`` is a count or a sum that a loop makes, and no input that is changed."""
    return place == "loop" and isinstance(node.op, (ast.Add, ast.Sub))


def _divided(node: ast.AugAssign) -> ast.expr | None:
    """Return what ``val_loss /= n`` makes of a total; a total that still grows is no value yet."""
    if not isinstance(node.op, ast.Div):
        return None
    return ast.copy_location(ast.BinOp(node.target, node.op, node.value), node)


def _pair(target: ast.expr, value: ast.expr | None, *, place: Place, is_part: bool = False) -> Iterator[Binding]:
    """Yield each name of an assignment's target with its value: ``a, b = 1, 2`` is two bindings."""
    if isinstance(target, ast.Name):
        yield Binding(target.id, value, place, is_part)
    elif isinstance(target, (ast.Tuple, ast.List)):
        pairs = isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts)
        values = value.elts if pairs and isinstance(value, (ast.Tuple, ast.List)) else [value] * len(target.elts)
        for part, its_value in zip(target.elts, values, strict=True):
            yield from _pair(part, its_value, place=place, is_part=is_part or not pairs)


def _local_names(function: ast.AST) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node is not function:
            yield node.name
