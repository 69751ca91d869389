"""What an object is, told by the names of its classes: no library is imported for it, and no object is asked."""

from __future__ import annotations

from typing import Any


def is_instance_of(value: Any, *kinds: str) -> bool:
    """Tell whether a value is of one of these classes, each named by its package: ``"torch.Module"``.

    Examples
    --------
    >>> import pandas as pd
    >>> is_instance_of(pd.DataFrame(), "pandas.DataFrame"), is_instance_of(3, "pandas.DataFrame")
    (True, False)
    """
    return not set(kinds).isdisjoint(_names_of(type(value)))


def class_name(value: Any) -> str:
    """Return the full name of a value's class.

    Examples
    --------
    >>> class_name(Path()).partition(".")[0]
    'pathlib'
    """
    kind = type(value)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _names_of(kind: type) -> set[str]:
    return {f"{base.__module__.partition('.')[0]}.{base.__name__}" for base in kind.__mro__}
