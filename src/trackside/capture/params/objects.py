"""What the objects in a kernel were told when they were made: estimators, optimizers, loaders, models, trainers.

They are known by the names of their classes and packages, so that no library is imported for it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeAlias

from trackside.capture.params.configs import changed_fields
from trackside.capture.params.estimators import is_estimator, parts_of, settings_of, unlike_defaults
from trackside.capture.params.values import simple_params
from trackside.capture.words.names import is_for_the_eyes, is_place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trackside.model import Origin, Param

MAX_DEPTH = 5
MAX_PARTS = 20
"""A container with more entries is no set of models."""

Told: TypeAlias = tuple[str, Mapping[str, Any]]
"""What an object's class is called, and its settings."""

Readers: TypeAlias = Mapping[tuple[str, str], Callable[[Any], Told]]
"""How to read an object, by the package and the name of a class that it extends."""


def told_params(values: Iterable[Any]) -> Iterator[Param]:
    """Yield the settings of the objects that ``values`` are, hold in a small container, or are made of.

    ``make_pipeline(StandardScaler(), SVC(C=10))`` has ``SVC.C``, a torch optimizer ``Adam.lr``. Of several loaders only
    the first counts: the others are there to evaluate.
    """
    has_loader = False
    for kind, settings in _read_all(values, _READERS):
        if kind != "DataLoader" or not has_loader:
            yield from _params(kind, settings, "context")
        has_loader |= kind == "DataLoader"


def made_params(values: Iterable[Any]) -> Iterator[Param]:
    """Yield the settings of the estimators and optimizers in what a cell has made.

    Of other objects the cell's code says what they were told, and training may have changed what they say.
    """
    for kind, settings in _read_all(values, _OPTIMIZERS):
        yield from _params(kind, settings, "call")


def _params(kind: str, settings: Mapping[str, Any], origin: Origin) -> Iterator[Param]:
    for name, setting in settings.items():
        if not is_for_the_eyes(name) and not is_place(name, setting):
            yield from simple_params(f"{kind}.{name}", setting, origin)


def _read_all(values: Iterable[Any], readers: Readers) -> Iterator[Told]:
    objects = {id(item): item for value in values for item in _objects_in(value, readers, MAX_DEPTH)}
    for item in objects.values():
        try:
            told = _read(item, readers)
        except Exception:  # noqa: BLE001, S112 - an object of the user's may raise whatever it is asked
            continue
        yield told


def _objects_in(value: Any, readers: Readers, depth: int) -> Iterator[Any]:
    try:
        is_object = is_estimator(value) or _reader(value, readers) is not None
        parts = _parts(value)
    except Exception:  # noqa: BLE001 - an object of the user's may raise whatever it is asked
        return
    if is_object:
        yield value
    for part in parts if depth else ():
        yield from _objects_in(part, readers, depth - 1)


def _parts(value: Any) -> list[Any]:
    """Return what a small container holds, or what an estimator was handed."""
    if isinstance(value, Mapping):
        return list(islice(value.values(), MAX_PARTS))
    if isinstance(value, (list, tuple)):
        return list(islice(value, MAX_PARTS))
    return list(parts_of(value)) if is_estimator(value) else []


def _read(value: Any, readers: Readers) -> Told:
    read = _reader(value, readers)
    return read(value) if read else (type(value).__name__, settings_of(value))


def _reader(value: Any, readers: Readers) -> Callable[[Any], Told] | None:
    bases = ((base.__module__.partition(".")[0], base.__name__) for base in type(value).__mro__)
    return next((readers[base] for base in bases if base in readers), None)


def _read_optimizer(value: Any) -> Told:
    return _read_own(value, value.defaults)


def _read_scheduler(value: Any) -> Told:
    settings = {name: setting for name, setting in vars(value).items() if isinstance(setting, (int, float, str))}
    settings.pop("last_epoch", None)  # how far it has come
    return _read_own(value, settings)


def _read_own(value: Any, settings: Mapping[str, Any]) -> Told:
    """Return the settings that an object's own class takes, and not only one that it extends."""
    own = inspect.signature(type(value)).parameters
    changed = unlike_defaults(type(value), settings)
    return type(value).__name__, {name: setting for name, setting in changed.items() if name in own}


def _read_loader(value: Any) -> Told:
    return "DataLoader", {"batch_size": value.batch_size} if value.batch_size else {}


def _read_keras(value: Any) -> Told:
    settings = value.optimizer.get_config()
    numbers = {name: float(f"{s:.6g}") for name, s in settings.items() if isinstance(s, float)}  # kept in 32 bits
    return _read_own(value.optimizer, numbers)


def _read_module(value: Any) -> Told:
    return type(value).__name__, dict(value.hparams)


def _read_lightning(value: Any) -> Told:
    return type(value).__name__, {"max_epochs": value.max_epochs}


def _read_transformers(value: Any) -> Told:
    return type(value.args).__name__, changed_fields(value.args) or {}


_OPTIMIZERS: Readers = {("torch", "Optimizer"): _read_optimizer}

_READERS: Readers = {
    **_OPTIMIZERS,
    ("torch", "LRScheduler"): _read_scheduler,
    ("torch", "DataLoader"): _read_loader,
    ("keras", "Model"): _read_keras,
    ("lightning", "LightningModule"): _read_module,
    ("pytorch_lightning", "LightningModule"): _read_module,
    ("lightning", "Trainer"): _read_lightning,
    ("pytorch_lightning", "Trainer"): _read_lightning,
    ("transformers", "Trainer"): _read_transformers,
}
