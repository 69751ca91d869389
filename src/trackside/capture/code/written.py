"""What a call writes for its reader: the text in order, and the places in it where values are written."""

from __future__ import annotations

import ast
import re
import string
from typing import TYPE_CHECKING, TypeAlias

from trackside.capture.code.expressions import Place, called_name, find_inner

if TYPE_CHECKING:
    from collections.abc import Iterator

Piece: TypeAlias = str | Place

_WRITERS = frozenset(
    "print pprint display write info debug warning set_postfix set_postfix_str set_description set_description_str"
    " title set_title suptitle".split()
)
_LOGGERS = frozenset("info debug warning".split())
_DICTS = frozenset("dict OrderedDict".split())
_PERCENT = re.compile(r"%(?:\((?P<key>\w+)\))?[-+ #0]*(?:\*|\d+)?(?:\.(?:\*|\d+))?(?P<kind>[diouxXeEfFgGcrsa%])")


def writes(call: ast.Call) -> bool:
    """Tell whether a call writes something for a reader."""
    return called_name(call) in _WRITERS


def pieces_of(call: ast.Call) -> Iterator[Piece]:
    """Yield what a writing call writes, in order."""
    args = [Place(call.args, at) for at in range(len(call.args))]
    if len(args) > 1 and called_name(call) in _LOGGERS and (text := _text(call.args[0])) is not None:
        yield from _percent_pieces(text, args[1:])
        return
    for place in args:
        yield from text_pieces(place)
        yield " "
    if called_name(call).startswith("set_"):
        yield from _named_pieces(call.keywords)


def text_pieces(place: Place) -> Iterator[Piece]:  # noqa: C901, PLR0912 - one case for each way to put a text together
    """Yield the text of an expression in order, with the places of the values in it."""
    match place.node:
        case ast.Constant(value=value):
            yield str(value)
        case ast.JoinedStr(values=parts):
            for part in _places(parts):
                yield from text_pieces(part)
        case ast.FormattedValue() as shown:
            yield from text_pieces(Place(shown, "value"))
        case ast.BinOp(op=ast.Add()) as sum_ if is_text(sum_):
            yield from text_pieces(Place(sum_, "left"))
            yield from text_pieces(Place(sum_, "right"))
        case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Mod()) as filled:
            right = filled.right
            places = _places(right.elts) if isinstance(right, ast.Tuple) else [Place(filled, "right")]
            yield from _percent_pieces(text, places)
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")) as call:
            yield from _format_pieces(text, call)
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="join"), args=[only]):
            yield from _joined(text, only)
        case ast.Call(keywords=keywords) as call if called_name(call) in _DICTS:
            yield from _named_pieces(keywords)
        case ast.Call(args=[first, *_]) as call if is_text(first) and not find_inner(call):
            yield from text_pieces(Place(call.args, 0))
        case ast.List() | ast.Tuple() as row:
            yield from _joined(" ", row)
        case ast.Dict(keys=keys, values=values):
            for at, key in enumerate(keys):
                yield f" {_text(key) or '?'}: "
                yield from text_pieces(Place(values, at))
        case ast.Starred():
            yield " "
        case node:
            inner = find_inner(node)
            yield from text_pieces(inner) if inner else (place,)


def _places(nodes: list[ast.expr]) -> list[Place]:
    return [Place(nodes, at) for at in range(len(nodes))]


def _named_pieces(keywords: list[ast.keyword]) -> Iterator[Piece]:
    for keyword in keywords:
        if keyword.arg is not None:
            yield f" {keyword.arg}: "
            yield from text_pieces(Place(keyword, "value"))


def _joined(separator: str, row: ast.expr) -> Iterator[Piece]:
    for place in _places(row.elts) if isinstance(row, (ast.List, ast.Tuple)) else ():
        yield from text_pieces(place)
        yield separator


def _percent_pieces(text: str, places: list[Place]) -> Iterator[Piece]:
    """Yield the pieces of ``"loss %.3f" % loss``."""
    rest, end = iter(places), 0
    for mark in _PERCENT.finditer(text):
        yield text[end : mark.start()]
        end = mark.end()
        if mark["kind"] == "%":
            yield "%"
        elif mark["key"] is None and (place := next(rest, None)):
            yield from text_pieces(place)
    yield text[end:]


def _format_pieces(text: str, call: ast.Call) -> Iterator[Piece]:
    """Yield the pieces of ``"loss {:.3f}".format(loss)``."""
    named = {keyword.arg: Place(keyword, "value") for keyword in call.keywords}
    numbered = {str(at): place for at, place in enumerate(_places(call.args))}
    count = 0
    try:
        fields = list(string.Formatter().parse(text))
    except ValueError:  # the cell's own error to come
        return
    for before, field, _, _ in fields:
        yield before
        if field is None:
            continue
        place = (numbered | named).get(field or str(count))
        count += not field
        if place is not None and not isinstance(place.node, ast.Starred):
            yield from text_pieces(place)


def _text(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def is_text(node: ast.expr) -> bool:
    """Tell whether an expression is a text that is put together."""
    match node:
        case ast.Constant(value=str()) | ast.JoinedStr():
            return True
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return is_text(left) or is_text(right)
        case ast.BinOp(left=left, op=ast.Mod()):
            return is_text(left)
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str()), attr=("format" | "join"))):
            return True
        case _:
            return False
