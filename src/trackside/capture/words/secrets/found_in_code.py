"""Where texts stand in Python that may become the value of something with a secret's name."""

from __future__ import annotations

import ast
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeGuard

from trackside.capture.words.secrets.names import is_bare_token, is_password_name, is_secret_name, may_name_words
from trackside.capture.words.secrets.texts import is_hex_key, is_secret, is_type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_GIVES_SECOND = re.compile(r"^(?:get|getenv|pop|setdefault|getattr|get_secret)$")
"""Calls whose first argument only says what is wanted; the second is what there is otherwise."""

_LOOKS_UP = re.compile(
    r"^(?:get|read|load|open|input|fetch|find|prompt|ask|retrieve|lookup|environ|config|path|decode|encode_plus|join|from"
    r"|split|strip|replace|startswith|endswith|format_map|run|check_output|print)",
    re.IGNORECASE,
)
"""Calls that take a name, a place or a question and give the secret."""

_SETS = re.compile(r"set|put|env|add|header|update|write|store|register", re.IGNORECASE)
_LOGS_IN = re.compile(r"(?:^|_)(?:login|authenticate|auth|log_in|sign_in)$", re.IGNORECASE)
_SCHEMES = re.compile(r"\b(?:bearer|basic|token|apikey|key|digest)\b|\W", re.IGNORECASE)


class SecretTexts:
    """What was found.

    Attributes
    ----------
    secrets
        Literals that are secrets, all of them.
    texts
        The other literals: a part of one may be a secret.
    """

    def __init__(self) -> None:
        self.secrets: list[ast.expr] = []
        self.texts: list[ast.expr] = []


def find_secret_texts(tree: ast.AST) -> SecretTexts:
    """Return the literals of a module, those apart that are secrets by the name that they go by."""
    found, texts = SecretTexts(), list[ast.expr]()
    secrets: dict[ast.expr, None] = {}
    for node in _walk(tree):
        if _is_text(node):
            texts.append(node)
        elif find := _FINDERS.get(type(node)):
            secrets.update(dict.fromkeys(find(node)))
    found.secrets = list(secrets)
    found.texts = [text for text in texts if text not in secrets]
    return found


def _walk(tree: ast.AST) -> Iterator[ast.AST]:
    """Walk through a tree, but not into f-strings: what stands in them has no place of its own before Python 3.12."""
    todo = [tree]
    while todo:
        node = todo.pop()
        yield node
        if isinstance(node, (ast.JoinedStr, ast.Name, ast.Constant)):
            continue
        for field in node._fields:
            part = getattr(node, field, None)
            if isinstance(part, list):
                todo += [each for each in part if isinstance(each, ast.AST)]
            elif isinstance(part, ast.AST):
                todo.append(part)


def _is_text(node: ast.AST) -> TypeGuard[ast.expr]:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)))


def _at_assignment(node: ast.Assign) -> Iterator[ast.expr]:
    for target in node.targets:
        yield from _assigned(target, node.value)


def _at_target(node: ast.AnnAssign | ast.AugAssign | ast.NamedExpr) -> Iterator[ast.expr]:
    if node.value is not None:
        yield from _assigned(node.target, node.value)
    elif isinstance(node, ast.AnnAssign):  # ``password: "…"``, as YAML has it
        yield from (each for each in _assigned(node.target, node.annotation) if not is_type(_text_of(each)))


def _at_keyword(node: ast.keyword) -> Iterator[ast.expr]:
    return _named(node.arg or "", node.value)


def _at_dict(node: ast.Dict) -> Iterator[ast.expr]:
    for key, value in zip(node.keys, node.values, strict=True):
        yield from _named(_text_of(key), value)


def _at_list(node: ast.List) -> Iterator[ast.expr]:
    """Look at a command's arguments: ``["--password", "…"]``."""
    for flag, value in pairwise(node.elts):
        if (name := _text_of(flag)).startswith("--"):
            yield from _named(name, value)


def _at_tuple(node: ast.Tuple) -> Iterator[ast.expr]:
    if len(node.elts) == 2 and not is_bare_token(name := _text_of(node.elts[0])):  # noqa: PLR2004 - a name and a value
        yield from _named(name, node.elts[1])


def _at_comparison(node: ast.Compare) -> Iterator[ast.expr]:
    for one, other in ((node.left, node.comparators[0]), (node.comparators[0], node.left)):
        if not is_bare_token(name := _name_of(one)):
            yield from _named(name, other)


def _assigned(target: ast.expr, value: ast.expr) -> Iterator[ast.expr]:
    if isinstance(target, (ast.Tuple, ast.List)):
        if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts):
            for one, its_value in zip(target.elts, value.elts, strict=True):
                yield from _assigned(one, its_value)
        else:
            for one in target.elts:
                yield from _assigned(one, value)
    else:
        yield from _named(_name_of(target), value)


def _at_parameters(arguments: ast.arguments) -> Iterator[ast.expr]:
    places = [*arguments.posonlyargs, *arguments.args]
    for place, default in zip(places[len(places) - len(arguments.defaults) :], arguments.defaults, strict=True):
        yield from _named(place.arg, default)
    for place, maybe in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if maybe is not None:
            yield from _named(place.arg, maybe)


def _at_call(call: ast.Call) -> Iterator[ast.expr]:
    function = _name_of(call.func)
    names = [_text_of(argument) for argument in call.args]
    if _LOGS_IN.search(function):
        keys = [keyword.value for keyword in call.keywords if keyword.arg in {"key", "pw", "user_key"}]
        for value in (*call.args, *keys):
            yield from _values(value)
    elif is_secret_name(function) and not is_bare_token(function) and not _LOOKS_UP.match(function):
        for value in call.args:
            yield from _values(value)
    for name, value in zip(names, call.args[1:], strict=False):
        if not is_bare_token(name) or _SETS.search(function):
            yield from _named(name, value)
    if any(is_secret_name(name) for name in names if name.startswith("-")):
        for keyword in call.keywords:  # an option: parser.add_argument("--token", default="…")
            if keyword.arg in {"default", "const"}:
                yield from _values(keyword.value)


def _named(name: str, value: ast.expr) -> Iterator[ast.expr]:
    """Yield the literals that may be the value of a name."""
    is_listed = isinstance(value, (ast.List, ast.Tuple, ast.Set, ast.Dict))
    if may_name_words(name) and (is_listed or not is_bare_token(name)):
        yield from (each for each in _values(value) if is_secret(name, _text_of(each), is_listed=True))
    elif is_secret_name(name):
        yield from _values(value)
        if is_password_name(name) and isinstance(value, ast.Constant) and type(value.value) is int:
            yield value
    elif name.lower().endswith("key"):
        yield from (each for each in _values(value) if isinstance(each, ast.Constant) and _is_hex_key(each.value))


def _values(value: ast.expr) -> Iterator[ast.expr]:
    """Yield the literals that an expression may come to."""
    if isinstance(value, ast.Call):
        yield from _given(value)
    elif _is_text(value):
        if _says_something(value):
            yield value
    else:
        for field in _ALTERNATIVES.get(type(value), ()):
            part = getattr(value, field)
            for each in part if isinstance(part, list) else [part]:
                yield from _values(each)


def _given(call: ast.Call) -> Iterator[ast.expr]:
    """Yield the literals that a call may give back: ``SecretStr("…")``, ``"…".encode()``, ``getenv("NAME", "…")``."""
    function = _name_of(call.func)
    if isinstance(call.func, ast.Attribute) and not isinstance(call.func.value, (ast.Name, ast.Attribute)):
        yield from _values(call.func.value)
    arguments: Sequence[ast.expr] = [*call.args, *(keyword.value for keyword in call.keywords)]
    if _GIVES_SECOND.match(function):
        arguments = arguments[1:]
    elif _LOOKS_UP.match(function) or function == "encode":
        return
    for argument in arguments:
        yield from _values(argument)


def _says_something(text: ast.expr) -> bool:
    """Tell whether a literal has more in it than the scheme that it belongs to: ``"Bearer "``, ``"{}:{}"``."""
    parts = text.values if isinstance(text, ast.JoinedStr) else [text]
    told = [part.value for part in parts if isinstance(part, ast.Constant)]
    joined = "".join(each.decode("latin-1") if isinstance(each, bytes) else str(each) for each in told)
    return bool(_SCHEMES.sub("", joined.replace("%s", "")))


def _is_hex_key(value: object) -> bool:
    return isinstance(value, str) and is_hex_key(value)


def _name_of(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(slice=index):
            return _text_of(index)
        case ast.Starred(value=inner):
            return _name_of(inner)
    return ""


def _text_of(node: ast.AST | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


_ALTERNATIVES: dict[type[ast.expr], tuple[str, ...]] = {
    ast.BinOp: ("left", "right"),
    ast.BoolOp: ("values",),
    ast.IfExp: ("body", "orelse"),
    ast.Tuple: ("elts",),
    ast.List: ("elts",),
    ast.Set: ("elts",),
    ast.Dict: ("values",),
    ast.Await: ("value",),
    ast.NamedExpr: ("value",),
    ast.Starred: ("value",),
}
"""What of an expression may be, or be part of, its value."""

_FINDERS: dict[type[ast.AST], Callable[[Any], Iterator[ast.expr]]] = {
    ast.Assign: _at_assignment,
    ast.AnnAssign: _at_target,
    ast.AugAssign: _at_target,
    ast.NamedExpr: _at_target,
    ast.keyword: _at_keyword,
    ast.Dict: _at_dict,
    ast.List: _at_list,
    ast.Tuple: _at_tuple,
    ast.Compare: _at_comparison,
    ast.Call: _at_call,
    ast.arguments: _at_parameters,
}
