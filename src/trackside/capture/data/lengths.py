"""How long data is, where asking costs nothing."""

from __future__ import annotations

from types import FunctionType
from typing import Any

_LIBRARIES = frozenset(
    "torch torchvision torchaudio torchtext datasets tensorflow keras sklearn numpy pandas polars pyarrow scipy xarray"
    " lightgbm xgboost catboost jax cupy dask h5py monai lightning transformers".split()
)
"""Libraries whose own lengths are looked up, not computed."""

_CONTAINERS = (int, list, tuple, dict, set, frozenset, str, bytes, range)
_LOOKED_UP = frozenset(("len", "shape", "size", "int"))
_DEEPEST = 4


def length_of(value: Any) -> int | None:
    """Return how long a value says that it is; None where it says nothing, or only the user's code would find out.

    A length of the user's own may read files or ask a database. It is asked where its code only looks at containers
    that the object holds: ``return len(self.files)``.

    Raises
    ------
    Exception
        Whatever the object raises.

    Examples
    --------
    >>> length_of([1, 2, 3]), length_of(3)
    (3, None)
    """
    return len(value) if hasattr(type(value), "__len__") and _is_free(value, _DEEPEST) else None


def _is_free(value: Any, depth: int) -> bool:
    ask = getattr(type(value), "__len__", None)
    if not isinstance(ask, FunctionType):  # there is none, or it is written in C
        return isinstance(value, _CONTAINERS) or (ask is not None and _is_of_library(ask))
    if _is_of_library(ask):
        return True
    held = getattr(value, "__dict__", {})
    names = set(ask.__code__.co_names) - _LOOKED_UP
    is_plain = not any(hasattr(each, "co_code") for each in ask.__code__.co_consts)
    return depth > 0 and is_plain and names <= held.keys() and all(_is_free(held[name], depth - 1) for name in names)


def _is_of_library(ask: Any) -> bool:
    owner = getattr(ask, "__objclass__", ask)  # of a method written in C, its class
    return str(getattr(owner, "__module__", "")).partition(".")[0] in _LIBRARIES | {"builtins", "collections"}
