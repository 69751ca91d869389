"""Values of params: from Python objects to typed JSON."""

from __future__ import annotations

import dataclasses
import enum
import hashlib
import types
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import islice
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from trackside.capture.numbers import is_0d_array, spell_number
from trackside.capture.secrets import REDACTED, is_secret_name, redact
from trackside.model import Param

if TYPE_CHECKING:
    from trackside.model import JSONValue, Kind, Origin

LONG_TEXT = 200
"""Longer texts, in characters, are kept as digest and length."""

MAX_ITEMS = 50
"""A container with more values is data, not a param."""

MAX_DEPTH = 4

_CONFIG_ENDINGS = ("config", "cfg", "args", "arguments", "params", "hyperparameters", "hparams", "settings")


def simple_params(key: str, value: Any, origin: Origin) -> list[Param]:
    """Return the params that ``value`` holds under ``key``, or none where it holds more or other than that.

    A mapping, dataclass, namespace or config object gives one param for each of its fields, ``key.field``.
    Likely secrets are redacted.

    Examples
    --------
    >>> [p.key for p in simple_params("optim", {"name": "adam", "lr": 1e-3}, "given")]
    ['optim.name', 'optim.lr']
    """
    leaves = list(islice(_leaves(key, value, MAX_DEPTH), MAX_ITEMS + 1))
    if len(leaves) > MAX_ITEMS:
        return []
    return [param for leaf_key, leaf in leaves if (param := _simple_param(leaf_key, leaf, origin)) is not None]


def given_params(values: Mapping[str, Any]) -> list[Param]:
    """Return params that the user handed over: every one is kept, as text where it is nothing simpler."""
    leaves = [leaf for key, value in values.items() for leaf in _leaves(str(key), value, MAX_DEPTH)]
    return [
        _simple_param(key, value, "given") or _param(key, _describe(value), "str", "given") for key, value in leaves
    ]


def fields_of(value: Any) -> Mapping[str, Any] | None:
    """Return the named fields of a mapping or config object, or None where ``value`` is neither."""
    if isinstance(value, Mapping):
        return value if all(isinstance(key, str) for key in value) else None
    if isinstance(value, type):
        return None
    if dataclasses.is_dataclass(value):
        return {f.name: getattr(value, f.name) for f in dataclasses.fields(value) if hasattr(value, f.name)}
    name = type(value).__name__.lower()
    if type(value).__name__ in ("SimpleNamespace", "Namespace") or name.endswith(_CONFIG_ENDINGS):
        fields = getattr(value, "__dict__", None)
        return {k: v for k, v in fields.items() if not k.startswith("_")} if fields else None
    return None


def _leaves(key: str, value: Any, depth: int) -> Iterator[tuple[str, Any]]:
    fields = fields_of(value) if depth else None
    if not fields:
        yield key, value
        return
    for name, field in fields.items():
        yield from _leaves(f"{key}.{name}", field, depth - 1)


def _simple_param(key: str, value: Any, origin: Origin) -> Param | None:
    typed = _typed(_without_secret(key.rsplit(".", 1)[-1], value))
    return _param(key, typed[0], typed[1], origin) if typed else None


def _without_secret(name: str, value: Any) -> Any:
    return REDACTED if isinstance(value, (str, bytes)) and is_secret_name(name) else value


def _param(key: str, value: JSONValue, kind: Kind, origin: Origin) -> Param:
    return Param(key=key, value=value, kind=kind, origin=origin)


def _typed(value: Any) -> tuple[JSONValue, Kind] | None:  # noqa: PLR0911 - one return for each kind
    if is_0d_array(value):
        value = value.item()
    if isinstance(value, enum.Enum):
        return value.name, "str"
    if value is None:
        return None, "none"
    if isinstance(value, bool):
        return value, "bool"
    if isinstance(value, int):
        return _typed_int(int(value))
    if isinstance(value, (float, Decimal)):
        return spell_number(float(value)), "float"
    if isinstance(value, str):
        return _short_text(value), "str"
    if isinstance(value, (list, tuple, set, frozenset, range, Mapping)):
        items = _json_items(value, MAX_DEPTH)
        return None if items is None else (items, "json")
    return _typed_other(value)


def _typed_int(value: int) -> tuple[JSONValue, Kind]:
    """Return an int as it is, or as text where JSON readers could not take it exactly."""
    return (value, "int") if -(2**63) <= value < 2**63 else (str(value), "str")


def _typed_other(value: Any) -> tuple[JSONValue, Kind] | None:
    """Return the short name of a dtype or a device."""
    if type(value).__name__ in ("dtype", "device") and type(value).__module__.partition(".")[0] in ("numpy", "torch"):
        return str(value), "str"
    return None


def _json_items(value: Any, depth: int) -> JSONValue | None:
    """Return a small container as JSON, or None where it is large, deep or holds other things."""
    if len(value) > MAX_ITEMS or depth == 0:
        return None
    if isinstance(value, Mapping):
        pairs = {str(key): _json_item(_without_secret(str(key), item), depth) for key, item in value.items()}
        return None if any(item is ... for item in pairs.values()) else pairs
    ordered = sorted(value, key=repr) if isinstance(value, (set, frozenset)) else value
    items = [_json_item(item, depth) for item in ordered]
    return None if any(item is ... for item in items) else items


def _json_item(value: Any, depth: int) -> Any:
    """Return one item as JSON, or ``...`` where that cannot be."""
    if isinstance(value, (list, tuple, set, frozenset, range, Mapping)):
        items = _json_items(value, depth - 1)
        return ... if items is None else items
    typed = _typed(value)
    return ... if typed is None else typed[0]


def _short_text(text: str) -> str:
    """Return the text, redacted; a long one as its digest and length."""
    if len(text) > LONG_TEXT:
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        return f"sha256:{digest[:16]} ({len(text)} characters)"
    return redact(text)


def _describe(value: Any) -> str:
    """Return a short text for any object, the same in the next process: no memory address."""
    if isinstance(value, (type, types.FunctionType, types.BuiltinFunctionType)):
        return value.__qualname__
    if isinstance(value, PurePath):
        return _short_text(str(value))
    text = repr(value)
    return type(value).__qualname__ if " at 0x" in text else _short_text(text)
