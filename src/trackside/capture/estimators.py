"""What an estimator was told: the params that differ from its class's defaults."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from trackside.capture.names import is_for_the_eyes
from trackside.capture.values import simple_params

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trackside.model import Param

MAX_DEPTH = 4


def estimator_params(value: Any, depth: int = MAX_DEPTH) -> Iterator[Param]:
    """Yield ``SVC.C`` and the like of a scikit-learn estimator and of those inside it (pipelines, searches).

    Estimators of other libraries that follow scikit-learn's base class count, too.
    """
    if not _is_estimator(value) or depth == 0:
        return
    kind = type(value)
    defaults = inspect.signature(kind.__init__).parameters
    for name, setting in value.get_params(deep=False).items():
        yield from _inner_params(setting, depth)
        default = defaults[name].default if name in defaults else inspect.Parameter.empty
        if not is_for_the_eyes(name) and not _is_same(setting, default):
            yield from simple_params(f"{kind.__name__}.{name}", setting, "context")


def _inner_params(setting: Any, depth: int) -> Iterator[Param]:
    parts = setting if isinstance(setting, list) else [("", setting)]
    for part in parts:
        if isinstance(part, tuple):
            for inner in part:
                yield from estimator_params(inner, depth - 1)


def _is_estimator(value: Any) -> bool:
    return not isinstance(value, type) and any(
        base.__name__ == "BaseEstimator" and base.__module__.startswith("sklearn.") for base in type(value).__mro__
    )


def _is_same(setting: Any, default: Any) -> bool:
    return setting is default or (type(setting) is type(default) and bool(setting == default))
