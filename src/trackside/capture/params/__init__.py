"""The params of a cell: what it sets, calls with, reads and makes.

Its names load what they need at first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trackside.capture.params.created import created_params as created_params
    from trackside.capture.params.declared import declared_names as declared_names
    from trackside.capture.params.find import find_params as find_params

_MODULES = {"created_params": "created", "declared_names": "declared", "find_params": "find"}

__all__ = ["created_params", "declared_names", "find_params"]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
