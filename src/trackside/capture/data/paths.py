"""Paths of files that code opens, as far as they stand in it or in names it reads; nothing is run to find them."""

from __future__ import annotations

import ast
import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from trackside.capture.code.expressions import called_name
from trackside.capture.words.secrets import redact_source

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_OPENERS = re.compile(
    r"^(?:read_(?!sql|clipboard|html)\w+|scan_\w+|load|loadtxt|genfromtxt|fromfile|memmap|open|open_\w+|imread|loadmat"
    r"|load_file|load_npz|load_svmlight_file|ParquetFile|from_csv|from_json|from_parquet)$"
)
_OF_PATHS = frozenset({"open", "read_text", "read_bytes"})
_KEYWORDS = frozenset("filepath_or_buffer filepath path source file fname filename io fp data_files f".split())


def opened_path(call: ast.Call, namespace: Mapping[str, Any]) -> str | None:
    """Return the path or address that a call opens for reading, or None where it opens none or that cannot be told.

    Examples
    --------
    >>> call = ast.parse('pd.read_csv(folder / "train.csv")', mode="eval").body
    >>> opened_path(call, {"folder": PurePath("data")})
    'data/train.csv'
    """
    name = called_name(call)
    if _OPENERS.match(name) is None and name not in _OF_PATHS:
        return None
    owner = call.func.value if isinstance(call.func, ast.Attribute) and name in _OF_PATHS else None
    path = resolve_path(owner, namespace) if owner is not None else None
    if path is None:
        node = call.args[0] if call.args else next((k.value for k in call.keywords if k.arg in _KEYWORDS), None)
        path, mode = resolve_path(node, namespace), call.args[1:2]
    else:
        mode = call.args[:1]
    return path if path and not (name == "open" and _writes(call, mode)) else None


def is_address(path: str) -> bool:
    """Tell whether a path is the address of something elsewhere: ``https://…``, ``s3://…``."""
    return "://" in path


def without_secrets(path: str) -> str:
    """Return a path or an address without what should not be kept of it: passwords, and what follows ``?``."""
    return redact_source(path.partition("?")[0] if is_address(path) else path)


def _writes(call: ast.Call, mode: list[ast.expr]) -> bool:
    node = mode[0] if mode else next((k.value for k in call.keywords if k.arg == "mode"), None)
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and not {"w", "a", "x"}.isdisjoint(node.value)


def resolve_path(node: ast.expr | None, namespace: Mapping[str, Any]) -> str | None:  # noqa: PLR0911 - one case for each kind of expression
    """Return the path that an expression stands for: a literal, a name, what is joined of both."""
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.Name(id=name):
            return _text(namespace.get(name))
        case ast.JoinedStr(values=parts):
            return _join(parts, namespace, "".join)
        case ast.FormattedValue(value=ast.Name(id=name), conversion=-1, format_spec=None):
            return _text(namespace.get(name), even_number=True)
        case ast.BinOp(left=left, op=(ast.Div() | ast.Add()) as sign, right=right):
            is_path = isinstance(sign, ast.Div)
            return _join([left, right], namespace, lambda known: str(PurePath(*known)) if is_path else "".join(known))
        case ast.Call(args=args, keywords=[]) if args and called_name(node) in ("Path", "join", "str", "PurePath"):
            return _join(args, namespace, lambda known: str(PurePath(*known)))
        case _:
            return None


def _join(parts: list[ast.expr], namespace: Mapping[str, Any], join: Callable[[list[str]], str]) -> str | None:
    texts = [resolve_path(part, namespace) for part in parts]
    known = [text for text in texts if text is not None]
    return join(known) if len(known) == len(texts) else None


def _text(value: Any, *, even_number: bool = False) -> str | None:
    is_text = type(value) is str or isinstance(value, PurePath) or (even_number and type(value) is int)
    return str(value) if is_text else None
