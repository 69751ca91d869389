"""What estimators were told: the settings that differ from their class's defaults."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from trackside.capture.configs import is_same
from trackside.capture.names import is_for_the_eyes
from trackside.capture.values import numbered, simple_params

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trackside.model import Param

MAX_DEPTH = 5
MAX_PARTS = 20
"""A container with more entries is no set of models."""

_METHODS = ("fit", "get_params", "set_params")


def estimator_params(values: Iterable[Any]) -> Iterator[Param]:
    """Yield ``SVC.C`` and the like of the estimators in ``values``; a second one of the class is ``SVC[2]``."""
    seen: Counter[str] = Counter()
    for estimator in distinct_estimators(values):
        settings = dict(settings_of(estimator))
        kind = type(estimator).__name__
        seen[kind] += bool(settings)
        for name, setting in settings.items():
            yield from simple_params(f"{numbered(kind, seen[kind])}.{name}", setting, "context")


def distinct_estimators(values: Iterable[Any]) -> list[Any]:
    """Return the estimators that ``values`` are, hold in a small container, or are made of (pipelines, searches).

    An estimator is whatever can ``fit``, ``get_params`` and ``set_params`` as scikit-learn's do.
    """
    found: dict[int, Any] = {}
    for value in values:
        try:
            found |= {id(estimator): estimator for estimator in _estimators_in(value, MAX_DEPTH)}
        except Exception:  # noqa: BLE001, S112 - an object of the user's may raise whatever it is asked
            continue
    return list(found.values())


def settings_of(estimator: Any) -> Iterator[tuple[str, Any]]:
    """Yield the settings of an estimator that differ from its class's defaults."""
    defaults = _defaults(type(estimator))
    for name, setting in _params(estimator).items():
        if not is_for_the_eyes(name) and not _is_default(setting, defaults.get(name, ...)):
            yield name, setting


def best_of(value: Any) -> Mapping[str, Any]:
    """Return the params that a search has found to be the best, or nothing where ``value`` is no search that has."""
    best = getattr(value, "best_params_", None) if _is_estimator(value) else None
    return best if isinstance(best, Mapping) else {}


def _estimators_in(value: Any, depth: int) -> Iterator[Any]:
    if depth == 0:
        return
    if isinstance(value, (list, tuple, Mapping)):
        parts = value.values() if isinstance(value, Mapping) else value
        for part in islice(parts, MAX_PARTS):
            yield from _estimators_in(part, depth - 1)
    elif _is_estimator(value):
        yield value
        for part in _params(value).values():
            yield from _estimators_in(part, depth - 1)


def _is_estimator(value: Any) -> bool:
    kind = type(value)
    return kind is not type and all(callable(getattr(kind, method, None)) for method in _METHODS)


def _params(estimator: Any) -> Mapping[str, Any]:
    try:
        params = estimator.get_params(deep=False)
    except Exception:  # noqa: BLE001 - an estimator of the user's may raise whatever it is asked
        return {}
    return params if isinstance(params, Mapping) else {}


def _defaults(kind: type) -> dict[str, Any]:
    """Return the defaults of a class's settings; XGBoost's classes leave most to the class that they extend."""
    defaults: dict[str, Any] = {}
    for base in kind.__mro__[:-1]:
        if construct := vars(base).get("__init__"):
            parameters = inspect.signature(construct).parameters.values()
            defaults = {p.name: p.default for p in parameters if p.default is not p.empty} | defaults
    return defaults


def _is_default(setting: Any, default: Any) -> bool:
    try:
        return is_same(setting, default)
    except Exception:  # noqa: BLE001 - arrays and the like do not compare to one truth
        return False
