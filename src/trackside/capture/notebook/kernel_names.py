"""The kernel's names at a cell's end: what kinds of objects they hold, and of what shape, but no values."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from trackside.capture.code.executed import is_ipythons
from trackside.capture.code.held import kind_of
from trackside.left_out import NOTHING, LeftOut
from trackside.records import Kernel, KernelName

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

MOST_NAMES = 200

_SHAPED = frozenset("numpy pandas polars torch scipy pyarrow xarray tensorflow jax jaxlib cupy dask h5py".split())
"""Libraries whose objects tell their shape at no cost."""

_SIZED = (list, tuple, dict, set, frozenset)


def list_names(namespace: Mapping[str, Any], hidden: Collection[str] = (), left_out: LeftOut = NOTHING) -> Kernel:
    """Return the names that hold data, newest last: no modules, functions or classes, and none that is IPython's.

    Parameters
    ----------
    hidden
        Names that the shell began with.
    left_out
        Names that are not to be told; they are counted.
    """
    values = {
        name: value
        for name, value in list(namespace.items())
        if not (name.startswith("_") or name in hidden or is_ipythons(name)) and _is_data(value)
    }
    newest = [name for name in values if name not in left_out][-MOST_NAMES:]
    names = [KernelName(name=name, kind=_describe_kind(values[name]), shape=_shape(values[name])) for name in newest]
    return Kernel(names=names, left_out=len(values) - len(newest))


def _is_data(value: Any) -> bool:
    kind, _ = kind_of(value)
    return kind not in {"module", "function", "class"} and not issubclass(type(value), ModuleType)


def _describe_kind(value: Any) -> str:
    kind = type(value)
    module = kind.__module__ if isinstance(kind.__module__, str) else ""
    return kind.__qualname__ if module in {"builtins", "__main__", ""} else f"{module}.{kind.__qualname__}"


def _shape(value: Any) -> str | None:
    kind = type(value)
    if issubclass(kind, _SIZED):
        return str(len(value)) if kind.__len__ in {each.__len__ for each in _SIZED} else None
    root = kind.__module__.partition(".")[0] if isinstance(kind.__module__, str) else ""
    if root not in _SHAPED or root not in sys.modules:
        return None
    try:
        shape = value.shape
        return "×".join(str(int(size)) for size in shape) or None
    except Exception:  # noqa: BLE001 - whatever an object raises, it has no shape then
        return None
