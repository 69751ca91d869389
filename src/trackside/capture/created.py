"""The params of what a cell has made: they stand in no literal, and are read from its objects after it ran."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import msgspec

from trackside.capture.configs import fields_of, is_config_name
from trackside.capture.estimators import best_of, distinct_estimators, settings_of
from trackside.capture.literals import is_constant
from trackside.capture.names import is_for_the_eyes, is_place
from trackside.capture.values import numbered, simple_params

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from trackside.capture.cell import Cell
    from trackside.model import Param


def created_params(cell: Cell, namespace: Mapping[str, Any], result: Any, known: Iterable[Param]) -> list[Param]:
    """Return the params that a cell which has run adds to those that `find_params` found before.

    They are the settings of config objects and estimators that it made, and the best params that a search found.
    What is known already, perhaps by another name, is left out: after ``c = 10``, ``SVC(C=c)`` says nothing new.

    Parameters
    ----------
    namespace
        The kernel's names with their values after the cell.
    result
        The value that the cell showed last.
    known
        The params that the run has.
    """
    new = _News(known)
    made = dict(_made(cell, namespace))
    for name, value in made.items():
        for param in _config_params(name, value):
            new.add(param)
    for estimator in distinct_estimators([*made.values(), result]):
        for name, setting in settings_of(estimator):
            for param in simple_params(f"{type(estimator).__name__}.{name}", setting, "call"):
                new.add_numbered(param)
    for value in [*made.values(), *(namespace.get(name) for name in cell.reads)]:
        for name, setting in best_of(value).items():
            for param in simple_params(f"best.{name}", setting, "call"):
                new.add_numbered(param)
    return new.params


class _News:
    """Params that say something new."""

    def __init__(self, known: Iterable[Param]) -> None:
        self.params: list[Param] = []
        self._keys: set[str] = set()
        self._meanings: set[tuple[str, bytes]] = set()
        for param in known:
            self._note(param)

    def add(self, param: Param) -> None:
        """List the param, unless there is one of this key or meaning."""
        if param.key not in self._keys and _meaning(param) not in self._meanings:
            self._note(param)
            self.params.append(param)

    def add_numbered(self, param: Param) -> None:
        """List the param, under a free number where there is one of this key."""
        label, _, name = param.key.partition(".")
        keys = (f"{numbered(label, number)}.{name}" for number in count(1))
        self.add(msgspec.structs.replace(param, key=next(key for key in keys if key not in self._keys)))

    def _note(self, param: Param) -> None:
        self._keys.add(param.key)
        self._meanings.add(_meaning(param))


def _meaning(param: Param) -> tuple[str, bytes]:
    """Return what two params share that say the same: the last part of the name and the value."""
    name = param.key.rpartition(".")[2].rpartition("__")[2].lower()
    is_seed = name == "random_state" or "seed" in name
    return "seed" if is_seed else name, msgspec.json.encode((param.kind, param.value))


def _made(cell: Cell, namespace: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield what the cell has bound to names, but for constants and what a loop binds again and again."""
    for binding in cell.bindings:
        if binding.value is not None and binding.place != "loop" and not is_constant(binding.value):
            yield binding.name, namespace.get(binding.name)


def _config_params(name: str, value: Any) -> list[Param]:
    """Return the fields of a config object, or of a dict that goes by a config's name."""
    try:
        is_config = is_config_name(name) or (is_config_name(type(value).__name__) and not name.startswith("_"))
        if not is_config or fields_of(value) is None:
            return []
    except Exception:  # noqa: BLE001 - an object of the user's may raise whatever it is asked
        return []
    params = simple_params(name, value, "cell")
    return [p for p in params if not is_place(p.key, p.value) and not is_for_the_eyes(p.key.rpartition(".")[2])]
