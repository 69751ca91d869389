"""What people write of a view, read with an error that says where it is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import inspect

from trackside.errors import InputError, suggest
from trackside.wire import ViewState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def read_choices(given: Mapping[str, Any], default: ViewState) -> ViewState:
    """Return a view's state with what is given of it, fields of `ViewState`, in place of the default.

    Raises
    ------
    InputError
        There is no such field, or its value is of another kind.

    Examples
    --------
    >>> read_choices({"filter": "lr < 0.01", "sorts": [{"key": "metric:loss"}]}, ViewState(panels=["table"])).filter
    'lr < 0.01'
    """
    if not isinstance(given, Mapping):
        raise InputError(
            f"view is {given!r}; expected the name of a saved view, or what is chosen in it: "
            "view={'panels': ['history', 'table'], 'filter': 'lr < 0.01'}"
        )
    chosen = {**msgspec.to_builtins(default), **given}
    _check(chosen, _STATE, "view")
    return msgspec.convert(chosen, ViewState)


_STATE = inspect.type_info(ViewState)
_KINDS: dict[type[inspect.Type], str] = {
    inspect.BoolType: "True or False",
    inspect.IntType: "a whole number",
    inspect.FloatType: "a number",
    inspect.StrType: "a text",
    inspect.ListType: "a list",
    inspect.DictType: "a dict",
    inspect.StructType: "a dict",
}
"""What people call the kinds of values that a view's fields have."""


def _check(value: Any, kind: inspect.Type, place: str) -> None:
    """Refuse what `msgspec` would, and unknown fields, which it would not, in people's words, wherever they stand."""
    match kind:
        case inspect.UnionType(types=(wanted, inspect.NoneType())):
            if value is not None:
                _check(value, wanted, place)
        case inspect.StructType(fields=fields) if isinstance(value, Mapping):
            _check_fields(value, fields, place)
        case inspect.LiteralType(values=words):
            _check_word(value, words, place)
        case inspect.ListType(item_type=item) if isinstance(value, list | tuple):
            for row, part in enumerate(value):
                _check(part, item, f"{place}[{row}]")
        case inspect.DictType(key_type=key, value_type=item) if isinstance(value, Mapping):
            for name, part in value.items():
                _check(name, key, f"a key of {place}")
                _check(part, item, f"{place}[{name!r}]")
        case _ if not _is_one(value, kind):
            raise InputError(f"found {repr(value)[:80]} as {place}; expected {_describe(kind)}")


def _check_fields(value: Mapping[str, Any], fields: Sequence[inspect.Field], place: str) -> None:
    kinds = {field.name: field.type for field in fields}
    for name, part in value.items():
        _check_word(name, kinds, f"a field of {place}")
        _check(part, kinds[name], f"{place}[{name!r}]")
    if missing := [field.name for field in fields if field.required and field.name not in value]:
        raise InputError(f"found no {missing[0]!r} in {place}; expected {', '.join(kinds)}")


def _is_one(value: Any, kind: inspect.Type) -> bool:
    match kind:
        case inspect.BoolType():
            return isinstance(value, bool)
        case inspect.IntType():
            return isinstance(value, int) and not isinstance(value, bool)
        case inspect.FloatType(ge=least, lt=bound):
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            return is_number and (least is None or least <= value) and (bound is None or value < bound)
        case inspect.StrType(pattern=pattern):
            return isinstance(value, str) and (pattern is None or re.search(pattern, value) is not None)
    return False


def _describe(kind: inspect.Type) -> str:
    match kind:
        case inspect.FloatType(ge=least, lt=bound) if least is not None:
            return f"a number from {least} up to, but not, {bound}"
        case inspect.StrType(pattern=pattern) if pattern is not None:
            return pattern.strip("^()$").replace("|", ", ").replace(".+", "…")
    return _KINDS[type(kind)]


def _check_word(word: Any, known: Iterable[Any], place: str) -> None:
    words = [str(each) for each in known]
    if word not in words:
        raise InputError(f"found {word!r} as {place}; expected {', '.join(words)}.{suggest(str(word), words)}")
