"""Puts the notebook's values into the ``%%track`` line, as IPython does for its magics: ``{lr}``, ``$name``."""

from __future__ import annotations

import ast
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from IPython.utils.text import DollarFormatter

from trackside.capture.code.literals import NotConstant, fold
from trackside.errors import InputError, suggest

if TYPE_CHECKING:
    from collections.abc import Mapping


def expand(line: str, namespace: Mapping[str, Any], cell: str = "") -> str:
    """Return the line with each ``{expression}`` and ``$name`` replaced by its value.

    A name that the cell sets to a constant has that value; what it had before would be the value of the run before.
    Braces that are not in pairs, and such as ``{"a": 1}``, stay as they are, and so does all of their line.

    Raises
    ------
    InputError
        A name is not defined, or by the cell itself only, or an expression is none or fails.

    Examples
    --------
    >>> expand("mlp-{lr * 2} --tag model=$kind", {"lr": 0.1, "kind": "mlp"})
    'mlp-0.2 --tag model=mlp'
    >>> expand("mlp-{lr}", {"lr": 0.1}, "lr = 0.3")
    'mlp-0.3'
    """
    constants, computed = _set_by(cell) if "{" in line or "$" in line else ({}, set())
    values = {name: value for name, value in namespace.items() if name not in computed} | constants
    try:
        return DollarFormatter().vformat(line, [], values)
    except ValueError:  # as from ``lr}``, too
        return line
    except SyntaxError as error:
        raise InputError(
            f"found {line.strip()!r} after %%track, but what stands in braces is no Python ({error.msg}); expected the "
            "like of {lr * 2}, or {{ and }} for braces themselves"
        ) from error
    except Exception as error:
        name = error.name if isinstance(error, NameError) else None
        if name in computed:
            raise InputError(
                f"found {line.strip()!r} after %%track, but {name} is worked out by the cell itself; expected what it "
                "sets to a constant, or what the cells before define"
            ) from error
        known = suggest(name, list(values)) if name else ""
        raise InputError(
            f"found {line.strip()!r} after %%track, but {error}; expected what the cells before define.{known}"
        ) from error


def _set_by(cell: str) -> tuple[dict[str, Any], set[str]]:
    """Return the names that a cell's own lines set, to what constants, and those that they work out."""
    constants, computed = dict[str, Any](), set[str]()
    try:
        body = ast.parse(cell).body
    except (SyntaxError, ValueError):  # IPython's own syntax, or the cell's own error to come
        return constants, computed
    for line in body:
        if not isinstance(line, ast.Assign | ast.AnnAssign | ast.AugAssign) or line.value is None:
            continue
        targets = line.targets if isinstance(line, ast.Assign) else [line.target]
        names = {node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)}
        is_whole = not isinstance(line, ast.AugAssign) and all(isinstance(target, ast.Name) for target in targets)
        constants = {name: value for name, value in constants.items() if name not in names}
        computed |= names
        with suppress(NotConstant):
            if is_whole:
                constants |= dict.fromkeys(names, fold(line.value, constants))
                computed -= names
    return constants, computed
