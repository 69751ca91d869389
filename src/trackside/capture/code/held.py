"""What a name of the kernel holds, as far as telling what changes with it asks for: which objects it reaches."""

from __future__ import annotations

import datetime as dt
import sys
from collections import OrderedDict, defaultdict, deque
from decimal import Decimal
from itertools import chain, islice
from pathlib import PosixPath
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

Kind: TypeAlias = Literal[
    "scalar", "container", "module", "function", "class", "array", "frame", "tensor", "own", "other"
]

MOST_OBJECTS = 200
"""How many objects are looked at to tell what one name reaches."""

_SCALARS = frozenset(
    (
        *(int, float, complex, bool, str, bytes, type(None), range, slice, type(...), PosixPath, Decimal),
        *(dt.date, dt.datetime, dt.timedelta),
    )
)
_MAPPINGS = frozenset((dict, defaultdict, OrderedDict))
_CONTAINERS = _MAPPINGS | {list, tuple, set, frozenset, deque}
_FIXED = frozenset((tuple, frozenset))
_FUNCTIONS = (FunctionType, BuiltinFunctionType, MethodType)
_DATA: dict[str, Kind] = {
    "numpy": "array",
    "pandas": "frame",
    "polars": "frame",
    "pyarrow": "frame",
    "scipy": "frame",
    "torch": "tensor",
}


class Held(NamedTuple):
    """What a name holds.

    ``detail`` is a module's name, the class of an object of the user's own, or what a function or class of theirs was
    defined as. ``reaches`` are the identities of the
    objects that may be changed through it; ``runs_code`` tells whether functions of the user's may be among them.
    """

    identity: int
    kind: Kind
    detail: str = ""
    reaches: frozenset[int] = frozenset()
    runs_code: bool = False


def look_at(value: Any) -> Held:
    """Return what a value is, without asking it anything."""
    kind, detail = kind_of(value)
    identity = id(value)
    if kind in {"scalar", "module"}:
        return Held(identity, kind, detail)
    if kind in {"frame", "tensor"}:
        return Held(identity, kind, detail, frozenset((identity,)))
    if kind == "array":
        base = getattr(value, "base", None)
        return Held(identity, kind, detail, frozenset((identity, identity if base is None else id(base))))
    reaches, runs_code = _reach(value)
    return Held(identity, kind, detail, reaches, runs_code)


def kind_of(value: Any) -> tuple[Kind, str]:  # noqa: PLR0911 - one for each kind
    """Return what kind of thing a value is, and the name that tells it from others of its kind."""
    kind = type(value)
    if kind in _SCALARS:
        return "scalar", ""
    if kind in _CONTAINERS:
        return "container", ""
    if issubclass(kind, ModuleType):
        name = ModuleType.__getattribute__(value, "__dict__").get("__name__")
        return "module", name if isinstance(name, str) else ""
    if issubclass(kind, _FUNCTIONS):
        return "function", _own_name(value)
    if issubclass(kind, type):
        return "class", _own_name(value)
    module = kind.__module__ if isinstance(kind.__module__, str) else ""
    if module == "__main__":
        return "own", kind.__name__
    root = module.partition(".")[0]
    if root in _DATA and _is_data(root, kind):
        is_number = root == "numpy" and issubclass(kind, sys.modules["numpy"].generic)
        return ("scalar" if is_number else _DATA[root]), ""
    return "other", ""


def _own_name(value: Any) -> str:
    """Return what a function or class of the user's was defined as: another name may hold it by now."""
    is_own = type(value) in {FunctionType, type} and value.__module__ == "__main__"
    return str(value.__name__) if is_own else ""


def _is_data(root: str, kind: type) -> bool:
    if root == "torch":
        return kind.__name__ in {"Tensor", "Parameter"}
    if root == "numpy":
        return not kind.__module__.startswith("numpy.random")
    return root != "scipy" or kind.__module__.startswith("scipy.sparse")


def _reach(value: Any) -> tuple[frozenset[int], bool]:
    seen: set[int] = set()
    fixed: set[int] = set()
    runs_code = False
    waiting = [value]
    while waiting and len(seen) < MOST_OBJECTS:
        each = waiting.pop()
        kind = type(each)
        if kind in _SCALARS:
            continue
        identity = id(each)
        if identity in seen:
            continue
        seen.add(identity)
        if kind in _CONTAINERS:
            if kind in _FIXED:
                fixed.add(identity)
            waiting += islice(_items(each), MOST_OBJECTS)
        elif issubclass(kind, (*_FUNCTIONS, type)):
            runs_code = True
            fixed.add(identity)
            waiting += islice(_enclosed(each), MOST_OBJECTS)
        elif kind_of(each)[0] in {"own", "other"}:
            runs_code = True
            waiting += islice(_attributes(each).values(), MOST_OBJECTS)
            if kind.__module__ == "__main__":
                waiting.append(kind)
        elif issubclass(kind, ModuleType):
            fixed.add(identity)
    return frozenset(seen - fixed), runs_code


def _items(container: Any) -> Iterable[Any]:
    return chain(container.keys(), container.values()) if type(container) in _MAPPINGS else container


def _enclosed(function: Any) -> Iterable[Any]:
    """Yield what a function or class brings along besides its module's names."""
    if isinstance(function, type):
        if function.__module__ == "__main__":
            yield from list(vars(function).values())
        return
    if isinstance(function, MethodType):
        yield function.__self__
    yield from getattr(function, "__defaults__", None) or ()
    for cell in getattr(function, "__closure__", None) or ():
        try:
            yield cell.cell_contents
        except ValueError:  # not filled yet
            continue


def _attributes(instance: Any) -> dict[str, Any]:
    try:
        attributes = object.__getattribute__(instance, "__dict__")
    except AttributeError:
        return {}
    return attributes if type(attributes) is dict else {}
