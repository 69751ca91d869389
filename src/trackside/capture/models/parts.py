"""What a model is made of: its class, layers or steps, and how many parameters it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trackside.capture.words.classes import is_instance_of
from trackside.records import Layer, Model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_LAYERS = 200

_KERAS = ("keras.Model", "tf_keras.Model")
_BOOSTERS = ("xgboost.Booster", "xgboost.XGBModel", "lightgbm.Booster", "lightgbm.LGBMModel")
_FITTED_ARRAYS = ("coef_", "intercept_", "coefs_", "intercepts_", "cluster_centers_", "components_")


def is_model(value: Any) -> bool:
    """Tell whether a value is a model of a library that is known here."""
    if isinstance(value, type):
        return False
    if is_network(value):
        return True
    return is_instance_of(value, "sklearn.BaseEstimator", *_BOOSTERS)


def is_network(value: Any) -> bool:
    """Tell whether a value is a network of torch or Keras; a loss or a metric that torch calls a module is none."""
    if is_instance_of(value, "torch._Loss", "torchmetrics.Metric"):
        return False
    return is_instance_of(value, "torch.Module", *_KERAS) and not isinstance(value, type)


def describe_model(name: str, model: Any) -> Model | None:
    """Return what a model is made of; None where it does not say."""
    try:
        return _describe(name, model)
    except Exception:  # noqa: BLE001 - a model of any library, which may raise what it likes
        return Model(name=name, kind=type(model).__name__)


def _describe(name: str, model: Any) -> Model:
    kind = type(model).__name__
    if is_instance_of(model, *_KERAS):
        trainable = sum(_size(weight) for weight in model.trainable_weights)
        layers = _first(_keras_layers(model))
        return Model(name=name, kind=kind, parameters=model.count_params(), trainable=trainable, layers=layers)
    if is_instance_of(model, "torch.Module"):
        own = [each for each in model.parameters() if not _is_lazy(each)]
        total = sum(each.numel() for each in own)
        trainable = sum(each.numel() for each in own if each.requires_grad)
        return Model(name=name, kind=kind, parameters=total, trainable=trainable, layers=_first(_torch_layers(model)))
    for kinds, layers_of in _TREES:
        if is_instance_of(model, *kinds):
            return Model(name=name, kind=kind, layers=layers_of(model))
    layers = _first(_steps(model))
    return Model(name=name, kind=kind, parameters=_fitted_size(model, layers), layers=layers)


def _torch_layers(model: Any) -> Iterator[Layer]:
    """Yield the modules that have parameters of their own or no parts."""
    for name, module in model.named_modules():
        own = [each for each in module.parameters(recurse=False) if not _is_lazy(each)]
        if own or not next(module.children(), None):
            yield Layer(name=name, kind=type(module).__name__, parameters=sum(each.numel() for each in own))


def _is_lazy(parameter: Any) -> bool:
    return is_instance_of(parameter, "torch.UninitializedTensorMixin")


def _keras_layers(model: Any) -> Iterator[Layer]:
    for layer in model.layers:
        yield Layer(name=layer.name, kind=type(layer).__name__, parameters=layer.count_params())


def _xgboost_trees(model: Any) -> list[Layer]:
    booster = model.get_booster() if is_instance_of(model, "xgboost.XGBModel") else model
    return [Layer(name="trees", kind=f"{booster.num_boosted_rounds()} rounds")]


def _lightgbm_trees(model: Any) -> list[Layer]:
    booster = model.booster_ if is_instance_of(model, "lightgbm.LGBMModel") else model
    return [Layer(name="trees", kind=f"{booster.num_trees()} trees")]


def _steps(model: Any) -> Iterator[Layer]:
    """Yield the steps of a pipeline, the parts of an ensemble, the winner of a search, the layers of a perceptron."""
    fitted = vars(model)
    if is_instance_of(model, "sklearn.Pipeline"):
        for name, step in model.steps:
            yield Layer(name=name, kind=type(step).__name__, parameters=_fitted_size(step, []))
    elif is_instance_of(model, "sklearn.ColumnTransformer"):
        for name, step, _ in fitted.get("transformers_", model.transformers):
            yield Layer(name=name, kind=type(step).__name__)
    elif "best_estimator_" in fitted:
        best = fitted["best_estimator_"]
        yield Layer(name="best_estimator_", kind=type(best).__name__, parameters=_fitted_size(best, []))
        yield from _steps(best)
    elif "estimators_" in fitted:
        members = [part for part in _flat(fitted["estimators_"]) if part is not None and not isinstance(part, str)]
        for kind in dict.fromkeys(type(part).__name__ for part in members):
            count = sum(type(part).__name__ == kind for part in members)
            yield Layer(name="estimators_", kind=f"{count} × {kind}")
    elif isinstance(fitted.get("coefs_"), list):
        for at, (weights, biases) in enumerate(zip(model.coefs_, model.intercepts_, strict=True)):
            yield Layer(
                name=f"layer {at}", kind=f"{weights.shape[0]}→{weights.shape[1]}", parameters=weights.size + biases.size
            )


def _flat(members: Any) -> Iterator[Any]:
    for member in members:
        if hasattr(member, "tolist"):
            yield from member.ravel()
        else:
            yield member


def _fitted_size(model: Any, layers: list[Layer]) -> int | None:
    """Return how many numbers a fitted estimator has learned, where they are coefficients."""
    fitted = getattr(model, "__dict__", {})
    sizes = [_size(part) for name in _FITTED_ARRAYS if name in fitted for part in _parts(fitted[name])]
    return sum(sizes) if sizes else sum(layer.parameters or 0 for layer in layers) or None


def _parts(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _size(value: Any) -> int:
    size = 1
    for length in getattr(value, "shape", ()):
        size *= int(length)
    return size


def _first(layers: Iterator[Layer]) -> list[Layer]:
    """Return the first layers, and a line for those beyond."""
    found: list[Layer] = []
    left_out = parameters = 0
    for layer in layers:
        if len(found) < MAX_LAYERS:
            found.append(layer)
        else:
            left_out, parameters = left_out + 1, parameters + (layer.parameters or 0)
    return found if not left_out else [*found, Layer(name=f"{left_out} more", kind="…", parameters=parameters)]


_TREES: tuple[tuple[tuple[str, ...], Callable[[Any], list[Layer]]], ...] = (
    (_BOOSTERS[:2], _xgboost_trees),
    (_BOOSTERS[2:], _lightgbm_trees),
)
