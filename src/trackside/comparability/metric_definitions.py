"""By what a metric was computed, as far as the text of its cell says.

A number that is handed to ``ts.log(x=value)`` does not say where it comes from: its definition is unknown. It is known
where the same cell computes it by a call whose name says a metric: ``ts.log(val_f1=f1_score(y, p, average="macro"))``,
``val_acc = model.score(X_val, y_val)``. The definition is the function's name and those settings that stand there as
literals; what the function does inside is not looked at.
"""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from trackside.capture.code.expressions import called_name
from trackside.capture.code.literals import NotConstant, fold
from trackside.capture.words.python import parse
from trackside.goals import has_metric_word

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAGIC = re.compile(r"^(\s*)[%!].*$", re.MULTILINE)
_CASTS = frozenset("float int round item".split())
_DEEPEST = 4


@lru_cache(maxsize=1024)
def find_definition(source: str | None, metric: str) -> str | None:
    r"""Return by what a metric was computed, or None where that is not known or there are several ways.

    Parameters
    ----------
    source
        The cell, magics and all.

    Examples
    --------
    >>> find_definition("%%track\nf1 = f1_score(y, p, average='macro')\nts.log(val_f1=float(f1))", "val_f1")
    "f1_score(average='macro')"
    >>> find_definition("ts.log(loss=train(epoch))", "loss")
    """
    given = _read_given(source or "")
    found = {_describe(value) for value in _values(given, metric, _DEEPEST)}
    return found.pop() if len(found) == 1 else None


@lru_cache(maxsize=4)
def _read_given(source: str) -> dict[str, list[ast.expr]]:
    """Return what a cell keeps, or logs, by names: read once for all its metrics."""
    try:
        tree = parse(_MAGIC.sub(r"\1pass", source))
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return {}
    given: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        for name, value in _given(node):
            given.setdefault(name, []).append(value)
    return given


def _values(given: dict[str, list[ast.expr]], name: str, depth: int) -> Iterator[ast.expr]:
    """Yield what a cell keeps, or logs, under a name; names that stand for it are looked up."""
    for value in map(_bare, given.get(name, ())):
        if isinstance(value, ast.Name) and value.id != name and depth > 0:
            yield from _values(given, value.id, depth - 1)
        elif not isinstance(value, ast.Name):
            yield value


def _given(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node, ast.Assign):
        yield from ((each.id, node.value) for each in node.targets if isinstance(each, ast.Name))
    elif isinstance(node, ast.Call) and called_name(node) == "log":
        yield from ((keyword.arg, keyword.value) for keyword in node.keywords if keyword.arg)
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value, value


def _bare(value: ast.expr) -> ast.expr:
    """Return a value without what makes a plain number of it."""
    while isinstance(value, ast.Call) and called_name(value) in _CASTS:
        inner = value.args[0] if value.args else value.func.value if isinstance(value.func, ast.Attribute) else None
        if inner is None:
            break
        value = inner
    return value


def _describe(value: ast.expr) -> str | None:
    if not isinstance(value, ast.Call) or not has_metric_word(called_name(value)):
        return None
    settings = sorted(f"{keyword.arg}={text}" for keyword in value.keywords if (text := _literal(keyword.value)))
    return f"{called_name(value)}({', '.join(settings)})"


def _literal(value: ast.expr) -> str | None:
    try:
        return repr(fold(value))
    except NotConstant:
        return None
