"""The code of functions and classes that stand in other cells of the notebook."""

from __future__ import annotations

import ast
import inspect
import linecache
from functools import lru_cache
from types import FunctionType
from typing import Any, TypeAlias

from trackside.capture.words.python import parse

Definition: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
LOOPS = (ast.For, ast.AsyncFor, ast.While)


def find_definition(value: Any) -> Definition | None:
    """Return the definition of a function or class that the user wrote in a cell, or None where it has none there."""
    is_defined = issubclass(type(value), (FunctionType, type))  # isinstance would ask the object itself
    if not is_defined or value.__module__ != "__main__":
        return None
    if isinstance(value, type):
        function = next((member for member in vars(value).values() if isinstance(member, FunctionType)), None)
    else:
        function = inspect.unwrap(value)
    if function is None:
        return None
    name = value.__name__ if isinstance(value, type) else function.__name__
    return _definitions("".join(linecache.getlines(function.__code__.co_filename))).get(name)


@lru_cache(maxsize=64)
def _definitions(source: str) -> dict[str, Definition]:
    """Return the definitions at the top level of a cell's code, which IPython keeps for its tracebacks."""
    try:
        tree = parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return {}
    return {node.name: node for node in tree.body if isinstance(node, DEFINITIONS)}
