"""How the kernel's names came to their values: the file they were read from, the split that made them.

Told from the code of the cells in the order in which they were executed, statement by statement; what a name was made
from hands on its origin: ``X_train = scaler.fit_transform(X_train)`` is still of the same file and the same split.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from trackside.capture.code.expressions import called_name
from trackside.capture.data.paths import opened_path, without_secrets
from trackside.capture.data.splits import DIVIDERS, read_split
from trackside.capture.words.python import parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_LOADERS = re.compile(
    r"^(?:load_(?!npz|file|state)\w+|fetch_\w+|make_(?:classification|regression|blobs|moons|circles|\w*friedman\w*))$"
)
_LAST_CELLS = 200
_LONGEST = 20_000
"""Characters of a cell that is read; data of a cell's own makes it longer."""


@dataclass(frozen=True)
class Origin:
    """Where a value came from; ``split`` are the arguments of what divided it.

    ``is_own`` tells whether the name itself was read or split so, not what it was made from.
    """

    source: str | None = None
    split: Mapping[str, Any] = field(default_factory=dict)
    is_own: bool = False


def find_origins(codes: Sequence[str], tree: ast.Module | None, namespace: Mapping[str, Any]) -> dict[str, Origin]:
    """Return the origins of names, as far as the code tells.

    Parameters
    ----------
    codes
        The cells that were executed, oldest first.
    tree, namespace
        A cell that was executed after them, and names with their values as it used them.
    """
    origins = dict(_followed.origins_after(codes))
    if tree is not None:
        for names, value in _assignments(tree):
            _follow(names, value, origins, namespace)
    return origins


class _Followed:
    """The origins after the cells that were followed so far: of a session's cells, each is followed once."""

    def __init__(self) -> None:
        self._codes: list[str] = []
        self._origins: dict[str, Origin] = {}

    def origins_after(self, codes: Sequence[str]) -> Mapping[str, Origin]:
        done = len(self._codes)
        if list(codes[:done]) != self._codes:  # another session's
            self._codes, self._origins, done = [], {}, max(len(codes) - _LAST_CELLS, 0)
        for code in codes[done:]:
            for names, value in _assignments_of(code):
                _follow(names, value, self._origins, {})
        self._codes = list(codes)
        return self._origins


_followed = _Followed()


def _assignments_of(code: str) -> list[tuple[list[str], ast.expr]]:
    if len(code) > _LONGEST or "=" not in code:
        return []
    try:
        return list(_assignments(parse(code)))
    except (SyntaxError, ValueError, RecursionError):
        return []


def _assignments(tree: ast.AST) -> Iterator[tuple[list[str], ast.expr]]:
    """Yield what the code binds outside of functions: names, and what they are bound to."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [name.id for target in targets for name in _bound(target)]
            yield names, node.value
        elif isinstance(node, ast.stmt):
            yield from _assignments(node)


def _bound(target: ast.expr) -> Iterator[ast.Name]:
    return (node for node in ast.walk(target) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))


def _follow(names: list[str], value: ast.expr, origins: dict[str, Origin], namespace: Mapping[str, Any]) -> None:
    origin = _origin(value, origins, namespace)
    for name in names:
        if origin is None:
            origins.pop(name, None)
        else:
            origins[name] = origin


def _origin(value: ast.expr, origins: Mapping[str, Origin], namespace: Mapping[str, Any]) -> Origin | None:
    before: Origin | None = None
    for node in ast.walk(value):
        if isinstance(node, ast.Call):
            if called_name(node) in DIVIDERS:
                whole = next((origins[name] for name in _read_names(node) if name in origins), Origin())
                return replace(whole, split=read_split(node, namespace), is_own=True)
            if source := _source(node, namespace):
                return Origin(source, is_own=True)
        elif isinstance(node, ast.Name) and before is None:
            before = origins.get(node.id)
    return before and replace(before, is_own=False)


def _source(call: ast.Call, namespace: Mapping[str, Any]) -> str | None:
    path = opened_path(call, namespace)
    return without_secrets(path) if path else _loader(call)


def _loader(call: ast.Call) -> str | None:
    """Return the call that fetches one of the data sets libraries bring along, ``load_digits()``."""
    name = called_name(call)
    if not _LOADERS.match(name):
        return None
    first = call.args[0] if call.args else None
    which = repr(first.value) if isinstance(first, ast.Constant) else ""
    return f"{name}({which})"


def _read_names(node: ast.AST) -> list[str]:
    return [part.id for part in ast.walk(node) if isinstance(part, ast.Name)]
