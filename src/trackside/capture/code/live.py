"""Which version of its source a module runs: autoreload replaces functions and constants in place, and tells nobody."""

from __future__ import annotations

import ast
import inspect
from functools import reduce
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, TypeAlias

from trackside.capture.code.literals import NotConstant, fold
from trackside.capture.words.python import parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_Definition: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Assign

_GONE = object()


def is_live(namespace: Mapping[str, Any], source: str, before: str | None) -> bool:
    """Tell whether a module runs ``source``, as far as its functions and constants show.

    Parameters
    ----------
    namespace
        The module's names.
    before
        What it ran before; what both have in common tells nothing. None if that is not known: then all of the source
        must show, and be there.

    Examples
    --------
    >>> is_live({"WIDTH": 16}, "WIDTH = 16", before="WIDTH = 8")
    True
    """
    try:
        tree = parse(source)
        codes = dict(_codes(compile(tree, "<module>", "exec", dont_inherit=True)))
        now, old = dict(_definitions(tree)), None if before is None else dict(_definitions(parse(before)))
    except (SyntaxError, ValueError, RecursionError):  # half written: nothing can run it
        return False
    if old is None:
        return _shows_all(tree) and all(_fits(namespace, name, now[name], codes) for name in now)
    changed = [name for name, node in now.items() if name not in old or ast.dump(old[name]) != ast.dump(node)]
    has_removed = any(_find(namespace, name) is _GONE for name in old.keys() - now.keys())
    return has_removed or any(_fits(namespace, name, now[name], codes) for name in changed)


def _definitions(tree: ast.Module | ast.ClassDef, place: str = "") -> Iterator[tuple[str, _Definition]]:
    """Yield the functions and assignments of a module and its classes, by their qualified names."""
    for node in tree.body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield place + node.name, node
            case ast.ClassDef():
                yield from _definitions(node, f"{place}{node.name}.")
            case ast.Assign(targets=[ast.Name(id=name)]):
                yield place + name, node


def _shows_all(tree: ast.Module) -> bool:
    """Tell whether all that a module does can be seen in what it holds: it imports and defines, no more."""
    shown = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Assign)
    docstring = tree.body[:1] if ast.get_docstring(tree) is not None else []
    return all(isinstance(node, shown) or node in docstring for node in tree.body)


def _codes(code: CodeType) -> Iterator[tuple[str, CodeType]]:
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield const.co_qualname, const
            if not const.co_flags & inspect.CO_OPTIMIZED:  # a class
                yield from _codes(const)


def _fits(namespace: Mapping[str, Any], name: str, node: _Definition, codes: Mapping[str, CodeType]) -> bool:
    live = _find(namespace, name)
    if isinstance(node, ast.Assign):
        return _is_written(node.value, live) is True
    function = _function_in(live)
    if function is None or name not in codes or _comparable(function.__code__) != _comparable(codes[name]):
        return False
    defaults = [*node.args.defaults, *(default for default in node.args.kw_defaults if default is not None)]
    values = [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]
    return len(defaults) == len(values) and all(
        _is_written(default, value) is not False for default, value in zip(defaults, values, strict=True)
    )


def _is_written(node: ast.expr, value: Any) -> bool | None:
    """Tell whether a value is what is written; None where that stands elsewhere."""
    try:
        written = fold(node)
    except NotConstant:
        return None
    return type(value) is type(written) and repr(value) == repr(written)  # numbers and texts, also within lists


def _find(namespace: Mapping[str, Any], name: str) -> Any:
    """Return what goes by a qualified name; classes are asked for what they hold themselves."""

    def inner(holder: Any, part: str) -> Any:
        return vars(holder).get(part, _GONE) if isinstance(holder, type) else _GONE

    first, *rest = name.split(".")
    return reduce(inner, rest, namespace.get(first, _GONE))


def _function_in(value: Any) -> FunctionType | None:
    """Return a function, also one that a method or property wraps, or a decorator that says so."""
    for _ in range(10):
        if type(value) is property:
            value = value.fget
        elif type(value) in {staticmethod, classmethod}:
            value = value.__func__
        elif type(value) is FunctionType and "__wrapped__" in value.__dict__:
            value = value.__dict__["__wrapped__"]
    return value if type(value) is FunctionType else None


def _comparable(value: Any) -> Any:
    """Return a code object, or a constant of one, without where it stands: autoreload indents what it compiles."""
    if isinstance(value, CodeType):
        names = (value.co_names, value.co_varnames, value.co_freevars, value.co_cellvars)
        return value.co_code, names, [_comparable(const) for const in value.co_consts]
    return " ".join(value.split()) if isinstance(value, str) else (type(value), value)
