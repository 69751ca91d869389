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
    try:
        tree = parse(_MAGIC.sub(r"\1pass", source or ""))
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None
    found = {_describe(value) for value in _values(tree, metric, _DEEPEST)}
    return found.pop() if len(found) == 1 else None


def _values(tree: ast.Module, name: str, depth: int) -> Iterator[ast.expr]:
    """Yield what a cell keeps, or logs, under a name; names that stand for it are looked up."""
    for node in ast.walk(tree):
        for value in map(_bare, _given(node, name)):
            if isinstance(value, ast.Name) and value.id != name and depth > 0:
                yield from _values(tree, value.id, depth - 1)
            elif not isinstance(value, ast.Name):
                yield value


def _given(node: ast.AST, name: str) -> Iterator[ast.expr]:
    if isinstance(node, ast.Assign) and any(isinstance(each, ast.Name) and each.id == name for each in node.targets):
        yield node.value
    elif isinstance(node, ast.Call) and called_name(node) == "log":
        yield from (keyword.value for keyword in node.keywords if keyword.arg == name)
    elif isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        yield from (value for key, value in pairs if isinstance(key, ast.Constant) and key.value == name)


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
