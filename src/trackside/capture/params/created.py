"""The params of what a cell has made: they stand in no literal, and are read from its objects after it ran."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from trackside.capture.code.literals import is_constant
from trackside.capture.params.configs import fields_of, is_config_name
from trackside.capture.params.estimators import best_of
from trackside.capture.params.find import named_params
from trackside.capture.params.listing import Listing
from trackside.capture.params.objects import made_params
from trackside.capture.params.values import simple_params

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from trackside.capture.code.cell import Cell
    from trackside.model import Param


_REFERENCES = (ast.Name, ast.Attribute, ast.Subscript)
"""Expressions that make nothing new."""


def created_params(cell: Cell, namespace: Mapping[str, Any], result: Any, known: Iterable[Param]) -> list[Param]:
    """Return the params that a cell which has run adds to those that `find_params` found before.

    They are the fields of config objects and the settings of estimators that it made, and the best params that a
    search found. What is known already, perhaps by another name, is left out: after ``max_depth = 3``,
    ``Forest(max_depth=max_depth)`` says nothing new.

    Parameters
    ----------
    namespace
        The kernel's names with their values after the cell.
    result
        The value that the cell showed last.
    known
        The params that the run has.
    """
    listing = Listing(known)
    made = dict(_made(cell, namespace))
    for name, value in made.items():
        for param in _config_params(name, value):
            listing.add(param)
    for param in made_params([*made.values(), result]):
        listing.add_told(param)
    for value in [*made.values(), *(namespace.get(name) for name in cell.reads)]:
        for name, setting in best_of(value).items():
            for param in simple_params(f"best.{name}", setting, "call"):
                listing.add_told(param)
    return listing.new


def _made(cell: Cell, namespace: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield what the cell has made and kept in names, but for what a loop makes again and again."""
    for binding in cell.bindings:
        is_old = binding.value is None or isinstance(binding.value, _REFERENCES) or is_constant(binding.value)
        if not is_old and binding.place != "loop":
            yield binding.name, namespace.get(binding.name)


def _config_params(name: str, value: Any) -> list[Param]:
    """Return the fields of a config object, or of a dict that goes by a config's name."""
    try:
        is_config = (is_config_name(name) or is_config_name(type(value).__name__)) and bool(fields_of(value))
    except Exception:  # noqa: BLE001 - an object of the user's may raise whatever it is asked
        return []
    return named_params(name, value, "cell") if is_config else []
