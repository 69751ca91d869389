"""Finds in a cell's code what it does to names; see `Traces`."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from trackside.capture.code.traces import Touch, Traces
from trackside.capture.words.python import parse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trackside.capture.code.traces import How

_MAGIC = re.compile(r"^\s*[%!].*$", re.MULTILINE)
_PASSING_ON = frozenset("zip enumerate reversed sorted list tuple iter next dict set filter map getattr".split())
_ITEMS = frozenset("values items keys get pop setdefault".split())
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def trace(code: str) -> Traces:
    """Return what a cell's code does; nothing is known of code that is no Python."""
    try:
        tree = parse(code)
        body = _magic_body(tree)
        if body is not None:
            tree = parse(_MAGIC.sub("", body))
        tracer = _Tracer(frozenset())
        for statement in tree.body:
            tracer.visit(statement)
    except (SyntaxError, ValueError, RecursionError):
        return Traces()
    tracer.call_own_functions()
    return tracer.traces


def _magic_body(tree: ast.Module) -> str | None:
    """Return the Python that a cell magic such as ``%%time`` runs."""
    match tree.body:
        case [ast.Expr(value=ast.Call(func=ast.Attribute(attr="run_cell_magic"), args=[kind, _, body]))]:
            is_python = isinstance(kind, ast.Constant) and kind.value in {"time", "capture", "prun", "timeit"}
            return body.value if is_python and isinstance(body, ast.Constant) and isinstance(body.value, str) else None
    return None


class _Tracer(ast.NodeVisitor):
    """One walk through a cell or a function in the order in which it runs. ``own`` are a function's own names."""

    def __init__(self, own: frozenset[str], *, in_class: bool = False) -> None:
        self.traces = Traces(is_class=in_class)
        self._own = own
        self._hidden: list[set[str]] = []
        self._aliases: dict[str, set[tuple[str, int]]] = {}
        self._discarded: ast.expr | None = None

    def call_own_functions(self) -> None:
        """Add what the functions read that the cell both defines and uses."""
        traces = self.traces
        names = list(traces.uses)
        for name in names:  # grows meanwhile
            function = traces.functions.get(name)
            for read in function.reads if function else ():
                before = traces.uses[name]
                if read not in before:
                    traces.reads.setdefault(read, before)
                if read not in traces.uses:
                    traces.uses[read] = before
                    names.append(read)

    def visit_Name(self, node: ast.Name) -> None:
        if self._is_hidden(node.id):
            return
        if isinstance(node.ctx, ast.Load):
            self._read(node.id)
        elif isinstance(node.ctx, ast.Store):
            self._bind(node.id)
        else:
            self._read(node.id)
            self.traces.sure.discard(node.id)
            self.traces.deleted.add(node.id)

    def visit_Assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        for target in node.targets:
            self._assign(target, node.value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)
            self._assign(node.target, node.value)
        self.visit(node.annotation)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.visit(node.value)
        if isinstance(node.target, ast.Name) and not self._is_hidden(node.target.id):
            self._read(node.target.id)
            self._touch(node.target.id, 0, "store")  # a list or array is changed in place
        self._assign(node.target, None)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        self._assign(node.target, node.value)

    def visit_Delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            self._assign(target, None)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self.visit(node.value)
        if not isinstance(node.ctx, ast.Load):
            self._touch_all(node.value, 0, "store")

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self.visit(node.value)
        self.visit(node.slice)
        if not isinstance(node.ctx, ast.Load):
            self._touch_all(node.value, 0, "store")

    def visit_Expr(self, node: ast.Expr) -> None:
        self._discarded = node.value.value if isinstance(node.value, ast.Await) else node.value
        self.visit(node.value)

    def visit_Call(self, node: ast.Call) -> None:
        is_discarded = node is self._discarded
        self.generic_visit(node)
        verb, callee, is_method = "", "", isinstance(node.func, ast.Attribute)
        if isinstance(node.func, ast.Attribute):
            verb = node.func.attr
            in_place = any(
                k.arg == "inplace" and isinstance(k.value, ast.Constant) and k.value.value for k in node.keywords
            )
            callee = next((root for root, _ in self._roots(node.func.value)), "")
            self._touch_all(node.func.value, 0, "call", verb=verb, is_discarded=is_discarded, is_in_place=in_place)
        elif isinstance(node.func, ast.Name):
            verb = callee = node.func.id
            self._touch(callee, 0, "call", verb=verb, is_discarded=is_discarded)
        places: list[tuple[int | str | None, ast.expr]] = [*enumerate(node.args)]
        places += [(keyword.arg, keyword.value) for keyword in node.keywords]
        for place, argument in places:
            for root, depth in self._roots(argument):
                self._touch(
                    root,
                    depth,
                    "argument",
                    verb=verb,
                    callee=callee,
                    place=place,
                    is_method=is_method,
                    is_discarded=is_discarded,
                )

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self._bind(alias.asname or alias.name.partition(".")[0])

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            if alias.name != "*":  # what it brings shows in the namespace afterwards
                self._bind(alias.asname or alias.name)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._visit_all([*node.decorator_list, *_defaults(node.args)])
        function = _trace_function(node)
        self._define(node.name, function, is_called=bool(node.decorator_list))

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815 - ast's names

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._visit_all(_defaults(node.args))
        self._take_in(_trace_function(node))

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._visit_all([*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords)])
        body = _Tracer(frozenset(_stored(node.body)), in_class=True)
        for statement in node.body:
            body.visit(statement)
        made = body.traces
        for name, before in made.reads.items():
            if not self._is_hidden(name):
                self._read(name, before)
        made.reads = {name: frozenset[str]() for name in made.deferred} | made.reads
        self._define(node.name, made, is_called=bool(node.decorator_list))

    def visit_If(self, node: ast.If) -> None:
        self.visit(node.test)
        yes = self._branch(node.body)
        no = self._branch(node.orelse)
        self.traces.sure |= yes & no

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self.visit(node.iter)
        before = set(self.traces.sure)
        self._assign(node.target, node.iter)
        self._branch(node.body)
        self._forget_since(before)
        self._branch(node.orelse)

    visit_AsyncFor = visit_For  # noqa: N815 - ast's names

    def visit_While(self, node: ast.While) -> None:
        self.visit(node.test)
        self._branch(node.body)
        self._branch(node.orelse)

    def visit_Try(self, node: ast.Try | ast.TryStar) -> None:
        self._branch(node.body)
        for handler in node.handlers:
            if handler.name:
                self.traces.perhaps.add(handler.name)
            self._branch([*([handler.type] if handler.type else []), *handler.body], also=handler.name)
        self._branch(node.orelse)
        self._visit_all(node.finalbody)

    visit_TryStar = visit_Try  # noqa: N815 - ast's names

    def visit_Match(self, node: ast.Match) -> None:
        self.visit(node.subject)
        for case in node.cases:
            before = set(self.traces.sure)
            for part in ast.walk(case.pattern):
                name = getattr(part, "rest", None) or (part.name if hasattr(part, "name") else None)
                if isinstance(name, str):
                    self._bind(name)
            self.visit(case.pattern)
            self._branch([*([case.guard] if case.guard else []), *case.body])
            self._forget_since(before)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self.visit(node.test)
        self._branch([node.body])
        self._branch([node.orelse])

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        self.visit(node.values[0])
        self._branch(node.values[1:])

    def visit_ListComp(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> None:
        self._comprehend(node.generators, [node.elt])

    visit_SetComp = visit_ListComp  # noqa: N815 - ast's names

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> None:
        before = set(self.traces.reads)
        self.visit_ListComp(node)
        self.traces.deferred |= self.traces.reads.keys() - before  # it runs whenever it is asked

    def visit_DictComp(self, node: ast.DictComp) -> None:
        self._comprehend(node.generators, [node.key, node.value])

    def _comprehend(self, generators: list[ast.comprehension], results: list[ast.expr]) -> None:
        names = {n.id for g in generators for n in ast.walk(g.target) if isinstance(n, ast.Name)}
        self.visit(generators[0].iter)
        self._hidden.append(names)
        for at, generator in enumerate(generators):
            if at:
                self.visit(generator.iter)
            self._alias(generator.target, generator.iter)
            self._visit_all(generator.ifs)
        before = set(self.traces.sure)
        self._visit_all(results)
        self._forget_since(before)
        self._hidden.pop()

    def _branch(self, nodes: Iterable[ast.AST], also: str | None = None) -> set[str]:
        """Visit what may not run; return what it binds where it does."""
        before = set(self.traces.sure)
        if also:
            self.traces.sure.add(also)
        self._visit_all(nodes)
        after = self.traces.sure - before
        self._forget_since(before)
        return after

    def _forget_since(self, before: set[str]) -> None:
        self.traces.perhaps |= self.traces.sure - before
        self.traces.sure &= before

    def _visit_all(self, nodes: Iterable[ast.AST]) -> None:
        for node in nodes:
            self.visit(node)

    def _is_hidden(self, name: str) -> bool:
        return name in self._own or any(name in names for names in self._hidden)

    def _read(self, name: str, also_bound: frozenset[str] = frozenset()) -> None:
        before = frozenset(self.traces.sure) | also_bound
        self.traces.uses.setdefault(name, before)
        if name not in self.traces.sure:
            self.traces.reads.setdefault(name, before)

    def _bind(self, name: str) -> None:
        if not self._is_hidden(name):
            self.traces.sure.add(name)
            self.traces.deleted.discard(name)

    def _assign(self, target: ast.expr, value: ast.expr | None) -> None:
        self.visit(target)
        self._alias(target, value)

    def _alias(self, target: ast.expr, value: ast.expr | None) -> None:
        roots = set(self._roots(value)) if value is not None else set()
        for name in ast.walk(target):
            if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store):
                self._aliases.setdefault(name.id, set()).update(root for root in roots if root[0] != name.id)

    def _define(self, name: str, function: Traces, *, is_called: bool) -> None:
        if self._is_hidden(name) and not self.traces.is_class:  # within a function, which may call it
            self._take_in(function)
            return
        self._bind(name)
        if name in self.traces.functions:  # which of the two there will be, the run decides
            function = _either(self.traces.functions[name], function)
        self.traces.functions[name] = function
        self.traces.deferred |= function.reads.keys()
        if is_called:
            self._take_in(function)

    def _take_in(self, function: Traces) -> None:
        """Take a function that may be called here and now for what it does."""
        mine = set(function.parameters)
        for name in function.reads:
            if not self._is_hidden(name):
                self._read(name)
                self.traces.deferred.add(name)
        for touch in function.touches:
            if touch.root not in mine:
                self._touch(touch.root, touch.depth, touch.how, **_rest(touch))
        self.traces.perhaps |= function.perhaps | function.sure

    def _touch_all(self, node: ast.expr, depth: int, how: How, **more: Any) -> None:
        for root, further in self._roots(node):
            self._touch(root, depth + further, how, **more)

    def _touch(self, root: str, depth: int, how: How, **more: Any) -> None:
        seen: set[str] = set()
        waiting = [(root, depth)]
        while waiting:
            name, at = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            if not any(name in names for names in self._hidden):
                self.traces.touches.append(Touch(name, how, at, **more))
            waiting += [(other, at + further) for other, further in self._aliases.get(name, ())]

    def _roots(self, node: ast.expr) -> list[tuple[str, int]]:  # noqa: PLR0911 - one for each kind of expression
        """Return the names by which an expression's object, or what it holds, is reached, and over how many steps."""
        match node:
            case ast.Name(id=name):
                return [(name, 0)]
            case ast.Attribute(value=value) | ast.Subscript(value=value) | ast.Starred(value=value):
                return [(name, depth + 1) for name, depth in self._roots(value)]
            case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.BoolOp(values=parts):
                return [root for part in parts for root in self._roots(part)]
            case ast.Dict(values=parts):
                return [root for part in parts for root in self._roots(part)]
            case ast.IfExp(body=body, orelse=other):
                return self._roots(body) + self._roots(other)
            case ast.NamedExpr(value=value) | ast.Await(value=value):
                return self._roots(value)
            case ast.Call(func=ast.Attribute(value=value, attr=attr)) if attr in _ITEMS:
                return [(name, depth + 1) for name, depth in self._roots(value)]
            case ast.Call(func=ast.Name(id=name), args=args) if name in _PASSING_ON:
                return [(root, depth + 1) for part in args for root, depth in self._roots(part)]
        return []


def _trace_function(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Traces:
    args = node.args
    every = [*args.posonlyargs, *args.args, *args.kwonlyargs, *filter(None, (args.vararg, args.kwarg))]
    parameters = [arg.arg for arg in every]
    body = [node.body] if isinstance(node, ast.Lambda) else node.body
    outside = {name for part in _own_nodes(body) if isinstance(part, ast.Global) for name in part.names}
    own = frozenset({*parameters, *_stored(body)} - outside)
    tracer = _Tracer(own)
    for statement in body:
        tracer.visit(statement)
    traces = tracer.traces
    traces.parameters = parameters
    traces.perhaps |= traces.sure
    traces.sure = set()
    local = own - set(parameters)
    traces.touches = [touch for touch in traces.touches if touch.root not in local]
    return traces


def _either(one: Traces, other: Traces) -> Traces:
    """Return what either of two functions may do."""
    return Traces(
        reads={**one.reads, **other.reads},
        perhaps=one.perhaps | other.perhaps,
        touches=one.touches + other.touches,
        functions={**one.functions, **other.functions},
        deferred=one.deferred | other.deferred,
        parameters=other.parameters + [name for name in one.parameters if name not in other.parameters],
        is_class=one.is_class or other.is_class,
    )


def _own_nodes(body: Iterable[ast.AST]) -> Iterable[ast.AST]:
    """Yield what stands in a function, without what stands in functions within it."""
    waiting = list(body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            waiting += ast.iter_child_nodes(node)


def _stored(body: Iterable[ast.AST]) -> Iterable[str]:
    for node in _own_nodes(body):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            yield node.name


def _defaults(args: ast.arguments) -> list[ast.expr]:
    return [*args.defaults, *(default for default in args.kw_defaults if default)]


def _rest(touch: Touch) -> dict[str, Any]:
    rest = touch._asdict()
    for name in ("root", "how", "depth"):
        del rest[name]
    return rest
