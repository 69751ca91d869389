"""What estimators were told: the settings that differ from their class's defaults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from trackside.capture.params.configs import defaults_of, is_same

if TYPE_CHECKING:
    from collections.abc import Iterable

_SET_BY_FIT = ("objective", "multi:softprob")
"""What XGBoost puts among the settings by itself when there are more than two classes."""

_METHODS = ("fit", "get_params", "set_params")


def is_estimator(value: Any) -> bool:
    """Tell whether ``value`` can ``fit``, ``get_params`` and ``set_params`` as scikit-learn's estimators do."""
    return all(callable(getattr(type(value), method, None)) for method in _METHODS)


def settings_of(estimator: Any) -> dict[str, Any]:
    """Return the settings of an estimator that differ from its class's defaults."""
    settings = unlike_defaults(type(estimator), estimator.get_params(deep=False))
    return {name: setting for name, setting in settings.items() if (name, setting) != _SET_BY_FIT}


def parts_of(estimator: Any) -> Iterable[Any]:
    """Return what an estimator was handed: the steps of a pipeline, the estimator of a search."""
    parts: Mapping[str, Any] = estimator.get_params(deep=False)
    return parts.values()


def unlike_defaults(kind: type, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of an object's settings that are not the defaults of its class."""
    defaults = defaults_of(kind)
    return {name: setting for name, setting in settings.items() if not is_same(setting, defaults.get(name, ...))}


def best_of(value: Any) -> Mapping[str, Any]:
    """Return the params that a search has found to be the best, or nothing where ``value`` is no search that has.

    Searches are scikit-learn's and Optuna's studies.
    """
    is_study = type(value).__name__ == "Study" and type(value).__module__.startswith("optuna.")
    try:
        best = value.best_params if is_study else value.best_params_ if is_estimator(value) else None
    except Exception:  # noqa: BLE001 - the search has not found any yet
        return {}
    return best if isinstance(best, Mapping) else {}
