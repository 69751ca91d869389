"""What people write of a view, read with an error that says where it is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import inspect

from trackside.errors import InputError, suggest
from trackside.wire import ViewState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trackside.wire import SavedView


def find_view(name: str, saved: Sequence[SavedView]) -> ViewState:
    """Return what was saved by a name.

    Raises
    ------
    InputError
        There is no such view.
    """
    known = {view.name: view.state for view in saved}
    name = " ".join(name.split())
    if name not in known:
        raise InputError(
            f"No view {name!r} was saved for this experiment.{suggest(name, list(known))} "
            f"There are: {', '.join(known) or 'none yet; the menu Views of a comparison saves one'}."
        )
    return known[name]


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
    _check(given, _STATE, "view")
    try:
        return msgspec.convert({**msgspec.to_builtins(default), **given}, ViewState)
    except msgspec.ValidationError as error:
        found, _, place = str(error).partition(" - at `$")
        raise InputError(f"view{place.rstrip('`')} cannot be used: {found}; see trackside.wire.ViewState") from error


_STATE = inspect.type_info(ViewState)


def _check(value: Any, kind: inspect.Type, place: str) -> None:
    """Refuse unknown fields and words, for which `msgspec` has no such message, wherever they stand."""
    match kind:
        case inspect.UnionType(types=types) if value is not None:
            for each in types:
                _check(value, each, place)
        case inspect.StructType(fields=fields) if isinstance(value, Mapping):
            kinds = {field.name: field.type for field in fields}
            for name, part in value.items():
                _check_word(name, kinds, f"a field of {place}")
                _check(part, kinds[name], f"{place}[{name!r}]")
        case inspect.LiteralType(values=words):
            _check_word(value, words, place)
        case inspect.ListType(item_type=item) if isinstance(value, list | tuple):
            for row, part in enumerate(value):
                _check(part, item, f"{place}[{row}]")
        case inspect.DictType(value_type=item) if isinstance(value, Mapping):
            for name, part in value.items():
                _check(part, item, f"{place}[{name!r}]")


def _check_word(word: Any, known: Iterable[Any], place: str) -> None:
    words = [str(each) for each in known]
    if word not in words:
        raise InputError(f"found {word!r} as {place}; expected {', '.join(words)}.{suggest(str(word), words)}")
