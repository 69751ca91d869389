"""Values of params: from Python objects to typed JSON."""

from __future__ import annotations

import enum
import hashlib
import types
from decimal import Decimal
from itertools import islice
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from trackside.capture.params.configs import changed_fields, fields_of, is_mapping, is_of_library
from trackside.capture.words.numbers import is_0d_array, spell_number
from trackside.capture.words.secrets import (
    REDACTED,
    is_password_name,
    is_secret,
    is_secret_name,
    redact,
    redact_shapes,
    remember,
)
from trackside.legible import legible
from trackside.model import Param

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from trackside.model import JSONValue, Kind, Origin

LONG_TEXT = 200
"""Longer texts from the context, in characters, are kept as digest and length."""

LONGEST_TEXT = 10_000
"""Longer texts of any origin are."""

MAX_ITEMS = 50
"""A container with more values is data, not a param."""

MAX_LEAVES = 100
"""Nested config objects may have more values in all."""

MAX_DEPTH = 4


def simple_params(key: str, value: Any, origin: Origin) -> list[Param]:
    """Return the params that ``value`` holds under ``key``, or none where it holds more or other than that.

    A mapping, dataclass, namespace or config object gives one param for each of its fields, ``key.field``; a large one,
    or one of a library's, for each that differs from its default. Likely secrets are redacted. What cannot be read is
    left out.

    Examples
    --------
    >>> [p.key for p in simple_params("optim", {"name": "adam", "lr": 1e-3}, "given")]
    ['optim.name', 'optim.lr']
    """
    leaves = list(islice(_leaves(key, value, _few_fields, MAX_DEPTH), MAX_LEAVES + 1))
    if len(leaves) > MAX_LEAVES:
        return []
    params = (_simple_param(leaf_key, leaf, origin, is_field=leaf_key != key) for leaf_key, leaf in leaves)
    return [param for param in params if param is not None]


def numbered(label: str, number: int) -> str:
    """Return what the ``number``-th of a name is called: the first has no number."""
    return label if number == 1 else f"{label}[{number}]"


def given_params(values: Mapping[str, Any]) -> list[Param]:
    """Return params that the user handed over: every one is kept, as text where it is nothing simpler."""
    leaves = [leaf for key, value in values.items() for leaf in _leaves(str(key), value, _all_fields, MAX_DEPTH)]
    return [
        _simple_param(key, value, "given") or _param(key, _describe(value), "str", "given") for key, value in leaves
    ]


def _leaves(
    key: str, value: Any, fields_of: Callable[[Any], dict[str, Any] | None], depth: int
) -> Iterator[tuple[str, Any]]:
    fields = fields_of(value) if depth else None
    if fields is None:
        yield key, value
        return
    for name, field in fields.items():
        yield from _leaves(f"{key}.{name}", field, fields_of, depth - 1)


def _all_fields(value: Any) -> dict[str, Any] | None:
    """Return an object's fields, or None where it has none or cannot be read."""
    try:
        return fields_of(value) or None
    except Exception:  # noqa: BLE001 - an object of the user's may raise whatever it is asked
        return None


def _few_fields(value: Any) -> dict[str, Any] | None:
    """Return an object's fields as `_all_fields` does, but none of one with so many that it is data."""
    try:
        if is_mapping(value) and len(value) > MAX_ITEMS:
            return {}
        fields = fields_of(value) or None
        if fields and not is_mapping(value) and (len(fields) > MAX_ITEMS or is_of_library(value)):
            fields = changed_fields(value)
    except Exception:  # noqa: BLE001 - an object of the user's may raise whatever it is asked
        return None
    return fields if fields is None or len(fields) <= MAX_ITEMS else {}


def _simple_param(key: str, value: Any, origin: Origin, *, is_field: bool = True) -> Param | None:
    try:
        if is_field and getattr(type(value), "ndim", None) is not None and value.ndim == 1 and len(value) <= MAX_ITEMS:
            value = value.tolist()  # the values that a search tries; on its own, a row of numbers is data
        longest = LONG_TEXT if origin == "context" else LONGEST_TEXT
        typed = _typed(_without_secret(key, value), longest)
    except Exception:  # noqa: BLE001 - an object of the user's may raise whatever it is asked
        return None
    return _param(key, typed[0], typed[1], origin) if typed else None


def _without_secret(key: str, value: Any) -> Any:
    """Return a value, or what stands for it where its name or that of what it is a field of promises a secret."""
    is_row = _is_container(value)
    if not (_is_secret_row(key, value) if is_row else _is_secret(key, value)):
        return value
    for text in islice(_items(value), MAX_ITEMS) if is_row else [value]:
        remember(text.value if isinstance(text, enum.Enum) else text)
    return REDACTED


def _is_secret_row(key: str, row: Any) -> bool:
    texts = [str(item) for item in islice(_items(row), MAX_ITEMS) if isinstance(item, (str, bytes))]
    return any(is_secret(part, text, is_listed=True) for part in key.split(".") for text in texts)


def _is_secret(key: str, value: Any) -> bool:
    around, _, name = key.rpartition(".")
    if not (is_secret_name(name) or any(is_secret_name(part) and part != "token" for part in around.split("."))):
        return isinstance(value, str) and is_secret(name, value)
    if isinstance(value, enum.Enum):
        value = value.value
    if isinstance(value, (str, bytes)) or is_0d_array(value):
        return bool(value)
    return type(value) is int and is_password_name(name)


def _param(key: str, value: JSONValue, kind: Kind, origin: Origin) -> Param:
    return Param(key=legible(redact_shapes(key)), value=value, kind=kind, origin=origin)


def _typed(value: Any, longest: int) -> tuple[JSONValue, Kind] | None:  # noqa: PLR0911 - one return for each kind
    if is_0d_array(value):
        value = value.item()
    if isinstance(value, enum.Enum):
        return _short_text(value.value, longest) if type(value.value) is str else legible(value.name), "str"
    if value is None:
        return None, "none"
    if isinstance(value, bool):
        return value, "bool"
    if isinstance(value, int):
        return _typed_int(int(value))
    if isinstance(value, (float, Decimal)):
        return spell_number(float(value)), "float"
    if isinstance(value, str):
        return _short_text(value, longest), "str"
    if _is_container(value):
        is_data = len(list(islice(_items(value), MAX_ITEMS + 1))) > MAX_ITEMS
        items = None if is_data else _json_items(value, longest, MAX_DEPTH)
        return None if items is None else (items, "json")
    return _typed_other(value)


def _typed_int(value: int) -> tuple[JSONValue, Kind]:
    """Return an int as it is, or as text where JSON readers could not take it exactly."""
    return (value, "int") if -(2**63) <= value < 2**63 else (str(value), "str")


def _typed_other(value: Any) -> tuple[JSONValue, Kind] | None:
    """Return the short name of a dtype or a device, or the call that makes a distribution: ``uniform(0, 1)``."""
    kind = type(value)
    package = kind.__module__.partition(".")[0]
    if kind.__name__ in ("dtype", "device") and package in ("numpy", "torch"):
        return str(value), "str"
    if kind.__name__.endswith("_frozen") and package == "scipy":
        arguments = [*map(repr, value.args), *(f"{name}={item!r}" for name, item in value.kwds.items())]
        return f"{value.dist.name}({', '.join(arguments)})", "str"
    return None


def _is_container(value: Any) -> bool:
    """Tell whether ``value`` holds values: Python's containers, and OmegaConf's list, which is none of these."""
    return (
        isinstance(value, (list, tuple, set, frozenset, range))
        or is_mapping(value)
        or type(value).__name__ == "ListConfig"
    )


def _items(container: Any) -> Iterator[Any]:
    """Yield what a container and those in it hold."""
    for item in container.values() if is_mapping(container) else container:
        if _is_container(item):
            yield from _items(item)
        else:
            yield item


def _json_items(value: Any, longest: int, depth: int) -> JSONValue | None:
    """Return a container as JSON, or None where it is deep or holds other things."""
    if depth == 0:
        return None
    if is_mapping(value):
        pairs = {
            legible(redact_shapes(str(key))): _json_item(_without_secret(str(key), item), longest, depth)
            for key, item in value.items()
        }
        return None if any(item is ... for item in pairs.values()) else pairs
    ordered = sorted(value, key=repr) if isinstance(value, (set, frozenset)) else list(value)
    flags = ["", *map(_flag, ordered)]
    items = [
        _json_item(_without_secret(flag, item), longest, depth) for flag, item in zip(flags, ordered, strict=False)
    ]
    return None if any(item is ... for item in items) else items


def _flag(item: Any) -> str:
    """Return what a command's argument says that the next one is: ``["--password", "…"]``."""
    return item.lstrip("-") if isinstance(item, str) and item.startswith("--") else ""


def _json_item(value: Any, longest: int, depth: int) -> Any:
    """Return one item as JSON, or ``...`` where that cannot be."""
    if _is_container(value):
        items = _json_items(value, longest, depth - 1)
        return ... if items is None else items
    typed = _typed(value, longest)
    return ... if typed is None else typed[0]


def _short_text(text: str, longest: int = LONGEST_TEXT) -> str:
    """Return the text, redacted; one that is longer than that as its digest and length."""
    if len(text) > longest:
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        return f"sha256:{digest[:16]} ({len(text)} characters)"
    return redact(legible(str.__str__(text)))  # a text of the user's own kind becomes a plain one


def _describe(value: Any) -> str:
    """Return a short text for any object, the same in the next process: no memory address."""
    try:
        if isinstance(value, (type, types.FunctionType, types.BuiltinFunctionType)):
            return value.__qualname__
        text = str(value) if isinstance(value, PurePath) else repr(value)
    except Exception:  # noqa: BLE001 - an object of the user's may raise whatever it is asked
        return type(value).__qualname__
    return type(value).__qualname__ if " at 0x" in text else _short_text(text)
