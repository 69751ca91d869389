"""Python objects as bytes that are the same in every process: no address, no hash seed, no order of a set in them."""

from __future__ import annotations

import datetime as dt
import decimal
import fractions
import pathlib
import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_BY_REPR = (
    bool,
    int,
    float,
    complex,
    bytes,
    type(None),
    decimal.Decimal,
    fractions.Fraction,
    uuid.UUID,
    dt.date,
    dt.time,
    dt.timedelta,
    pathlib.PurePath,
)
_BY_REPR_OF = frozenset({"numpy", "pandas"})
"""Libraries whose scalars spell all that they hold."""

_DEEPEST = 8


class UnspeakableError(Exception):
    """An object has no spelling that another process would give it, too."""


def spell_objects(values: list[Any]) -> Iterator[bytes | NDArray[Any]]:
    """Yield buffers that tell these objects, their types and their order from any others.

    `pandas.util.hash_pandas_object` is not used: to it the text ``"nan"`` and a missing value are the same, and so
    are ``1`` and ``"1"`` in a column of both. Texts go in one piece, which is as fast.

    Raises
    ------
    UnspeakableError
        One of them cannot be spelled.
    """
    import numpy as np

    kinds = set(map(type, values))
    if kinds <= {str, type(None)}:
        yield f"t{len(values)}:".encode()
        yield np.array([-1 if value is None else len(value) for value in values], dtype="<i8")
        yield "".join(filter(None, values)).encode("utf-8", "surrogatepass")
    else:
        yield f"o{len(values)}:".encode()
        for value in values:
            text = _spell(value, 0)
            yield f"{len(text)}:{text}".encode("utf-8", "surrogatepass")


def _spell(value: Any, depth: int) -> str:
    kind = type(value)
    if kind is str:
        return f"str{value!r}"
    if kind in _BY_REPR or isinstance(value, pathlib.PurePath):
        return f"{kind.__name__}{value!r}"
    if depth > _DEEPEST:
        raise UnspeakableError(kind.__name__)
    if kind in (list, tuple):
        return f"{kind.__name__}[{','.join(_spell(item, depth + 1) for item in value)}]"
    if kind is dict:
        items = (f"{_spell(key, depth + 1)}={_spell(item, depth + 1)}" for key, item in value.items())
        return f"dict[{','.join(items)}]"
    if kind in (set, frozenset):
        return f"{kind.__name__}[{','.join(sorted(_spell(item, depth + 1) for item in value))}]"
    return _spell_foreign(value, depth)


def _spell_foreign(value: Any, depth: int) -> str:
    kind = type(value)
    library = kind.__module__.partition(".")[0]
    if kind.__name__ == "ndarray" and library == "numpy":
        return f"array{value.dtype.str}{value.shape}{_spell(value.tolist(), depth + 1)}"
    if kind.__name__ in ("Series", "DataFrame") and library in ("pandas", "polars"):
        raise UnspeakableError(kind.__name__)  # its repr is cut short
    if library in _BY_REPR_OF or issubclass(kind, (dt.date, dt.time)):
        return f"{kind.__name__}{value!r}"
    raise UnspeakableError(kind.__name__)
