"""The named fields of what people keep settings in: mappings, dataclasses, namespaces, models, plain classes."""

from __future__ import annotations

import dataclasses
import inspect
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_ENDINGS = tuple(
    "config cfg conf configdict args arguments params hyperparameters hparams settings options opts namespace"
    " param_grid param_dist distributions search_space".split()
)


def is_config_name(name: str) -> bool:
    """Tell whether settings go by such a name.

    Examples
    --------
    >>> is_config_name("lgb_params"), is_config_name("TrainingArguments"), is_config_name("data")
    (True, True, False)
    """
    return name.lower().endswith(_ENDINGS)


def fields_of(value: Any) -> dict[str, Any] | None:
    """Return the named fields of a mapping or config object, or None where ``value`` is neither.

    Config objects are dataclasses, namespaces, named tuples, models of attrs and pydantic, objects whose class is
    called a config, and plain classes that only hold values. A field that cannot be read is left out.

    Examples
    --------
    >>> fields_of({"lr": 0.1})
    {'lr': 0.1}
    """
    if is_mapping(value):
        names = list(value)
        return _read(value.__getitem__, names) if all(isinstance(name, str) for name in names) else None
    if type(value).__module__ == "builtins" and not isinstance(value, type):
        return None  # numbers and texts are most of what comes here
    names = _names_in_class(value) if isinstance(value, type) else _names_in_object(value)
    return _read(lambda name: getattr(value, name), names) if names else None


def changed_fields(value: Any) -> dict[str, Any]:
    """Return the fields of a config object that differ from its class's defaults.

    A field whose default is None or empty, or that holds a config object, is one that the class fills in itself.
    """
    fields = fields_of(value) or {}
    defaults = defaults_of(type(value))
    return {
        name: field
        for name, field in fields.items()
        if defaults.get(name) not in (None, "") and not fields_of(field) and not _is_choice(field, defaults[name])
    }


def is_of_library(value: Any) -> bool:
    """Tell whether an object's class comes from an installed library, which knows many options besides the user's."""
    package = sys.modules.get(type(value).__module__.partition(".")[0])
    file = getattr(package, "__file__", None) or ""
    return "site-packages" in file or "dist-packages" in file


def is_mapping(value: Any) -> bool:
    """Tell whether ``value`` maps names to values, as also ml_collections' dicts do, which do not say so."""
    if isinstance(value, Mapping):
        return type(value).__module__ != "os"  # the environment is no config
    return any(base.__name__ == "ConfigDict" and hasattr(base, "keys") for base in type(value).__mro__)


def is_same(value: Any, default: Any) -> bool:
    """Tell whether a setting is what it would be if nobody had set it."""
    try:
        if value is default or (value != value and default != default):  # noqa: PLR0124 - only NaN differs from itself
            return True
        return type(value) is type(default) and bool(value == default)
    except Exception:  # noqa: BLE001 - arrays and the like do not compare to one truth
        return False


def defaults_of(kind: type) -> dict[str, Any]:
    """Return what a class's settings are where nobody sets them; XGBoost's leave most to the class they extend."""
    if dataclasses.is_dataclass(kind):
        return {field.name: _default(field) for field in dataclasses.fields(kind) if field.init}
    if "__signature__" in vars(kind):  # it tells more than a constructor that takes anything: pydantic's
        return {p.name: p.default for p in inspect.signature(kind).parameters.values()}
    defaults: dict[str, Any] = {}
    for base in kind.__mro__[:-1]:
        if construct := vars(base).get("__init__"):
            defaults = {p.name: p.default for p in inspect.signature(construct).parameters.values()} | defaults
    return defaults


def _read(get: Callable[[str], Any], names: Iterable[str]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name in names:
        try:
            fields[str.__str__(name)] = get(name)
        except Exception:  # noqa: BLE001, S112 - a property of the user's that raises costs itself only
            continue
    return fields


def _names_in_object(value: Any) -> list[str]:
    """Return the names of a config object's fields."""
    kind = type(value)
    if dataclasses.is_dataclass(kind):
        return [field.name for field in dataclasses.fields(kind)]
    if attributes := getattr(kind, "__attrs_attrs__", None):
        return [attribute.name for attribute in attributes]
    if model := getattr(kind, "model_fields", None):
        return list(model)
    if isinstance(value, Sequence):
        return list(getattr(kind, "_fields", ())) if is_config_name(kind.__name__) else []
    if not is_config_name(kind.__name__) and not _holds_only_values(kind):
        return []
    own = (name for name in getattr(value, "__dict__", ()) if not name.startswith("_"))
    return list(dict.fromkeys((*_values_of_class(kind), *own)))


def _names_in_class(kind: type) -> list[str]:
    """Return the names of what a class like ``class CFG: lr = 1e-3`` holds; none where it is there to be called."""
    is_config = type(kind) is type and (is_config_name(kind.__name__) or _holds_only_values(kind))
    return _values_of_class(kind) if is_config and "__init__" not in _members(kind) else []


def _holds_only_values(kind: type) -> bool:
    """Tell whether a class has no methods, properties or slots."""
    members = _members(kind)
    return "__init__" not in members and len(_values_of_class(kind)) == sum(name[0] != "_" for name in members)


def _values_of_class(kind: type) -> list[str]:
    return [name for name, member in _members(kind).items() if name[0] != "_" and not hasattr(type(member), "__get__")]


def _members(kind: type) -> dict[str, Any]:
    return {name: member for base in kind.__mro__[-2::-1] for name, member in vars(base).items()}


def _is_choice(field: Any, default: Any) -> bool:
    """Tell whether a field holds its default, perhaps as the member of an enum that it names."""
    return is_same(getattr(field, "value", field), getattr(default, "value", default))


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default_factory is dataclasses.MISSING:
        return field.default
    try:
        return field.default_factory()
    except Exception:  # noqa: BLE001 - the user's function
        return dataclasses.MISSING
