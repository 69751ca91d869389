"""What frameworks keep of a training in their own objects: Keras's history, a search's scores, a trainer's log.

Objects are told by the names of their classes, so that no framework is imported and no other object is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from trackside.capture.metrics.results import Found, Series, read_result, read_row
from trackside.capture.words.names import is_metric_name
from trackside.capture.words.numbers import read_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

_STATISTICS = ("rsquared", "prsquared", "aic")
_FITTED = ("oob_score_", "inertia_", "best_score_")


class Record(NamedTuple):
    """What an object has kept of its last training.

    Another training keeps another one, or adds to it: the same ``kept`` of the same size tells of nothing new.
    """

    kept: Any
    size: int
    read: Callable[[int], Found]
    """Reads it from that entry on, if it is a list of them."""

    def is_as(self, other: Record) -> bool:
        """Tell whether nothing was added since ``other``."""
        return self.kept is other.kept and self.size == other.size

    def read_since(self, known: Iterable[Record]) -> Found:
        """Return what was added since the last of ``known``."""
        return self.read(max((other.size for other in known if other.kept is self.kept), default=0))


def find_record(value: Any) -> Record | None:
    """Return what ``value`` has kept of a training, or None where it is no such object."""
    ancestors = {(base.__module__.partition(".")[0], base.__name__) for base in type(value).__mro__}
    for keeper in _KEEPERS:
        if any((package, keeper.kind) in ancestors for package in keeper.packages):
            return keeper.find(value)
    return None


def name_evaluation(model: Any, values: Sequence[Any]) -> dict[str, float]:
    """Return what ``evaluate`` of a Keras model returned, under the names that the model has for it."""
    if not any(base.__name__ == "Model" and base.__module__.startswith(_KERAS) for base in type(model).__mro__):
        return {}
    names = list(model.get_metrics_result())
    numbers = [read_number(value) for value in values]
    pairs = zip(names, numbers, strict=True) if len(names) == len(numbers) else ()
    return {name: number for name, number in pairs if number is not None}


def _record(kept: Any, read: Callable[[Any], Found]) -> Record | None:
    if kept is None:
        return None
    if isinstance(kept, list):
        return Record(kept, len(kept), lambda start: read(kept[start:]))
    return Record(kept, 0, lambda _: read(kept))


def _keras_history(history: Any) -> Record | None:
    def read(kept: Any) -> Found:
        rows = {name: read_row(values) for name, values in kept.history.items() if is_metric_name(name)}
        return Found(histories={name: Series(row, list(kept.epoch)) for name, row in rows.items() if row})

    return _record(history, read)


def _keras_model(model: Any) -> Record | None:
    history = getattr(model, "history", None)
    return None if history is None else find_record(history)


def _search(search: Any) -> Record | None:
    def read(results: Mapping[str, Any]) -> Found:
        best = read_number(vars(search).get("best_score_"))
        found = Found({} if best is None else {"best_score": best})
        for name, column in results.items():
            row = read_row(column) if name.startswith("mean_test_") else None
            if row is not None and len(row) > 1:
                found.histories[name] = Series(row)
        return found

    return _record(vars(search).get("cv_results_"), read)


def _perceptron(network: Any) -> Record | None:
    def read(losses: Sequence[float]) -> Found:
        scores = read_row(vars(network).get("validation_scores_"))
        found = Found(histories={"loss": Series(list(losses))})
        return found if scores is None else found | Found(histories={"validation_score": Series(scores)})

    return _record(vars(network).get("loss_curve_"), read)


def _pipeline(pipeline: Any) -> Record | None:
    return find_record(pipeline.steps[-1][1]) if pipeline.steps else None


def _estimator(estimator: Any) -> Record | None:
    kept = {name: value for name in _FITTED if read_number(value := vars(estimator).get(name)) is not None}
    found = Found({name.strip("_"): read_number(value) or 0.0 for name, value in kept.items()})
    return Record(next(iter(kept.values())), 1, lambda _: found) if kept else None


def _boosted(model: Any) -> Record | None:
    fitted = vars(model)
    if rounds := fitted.get("evals_result_") or fitted.get("_evals_result"):
        return _record(rounds, _read_dict)
    return _record(fitted.get("best_score"), _read_best)


def _catboost(model: Any) -> Record | None:
    rounds = model.evals_result_ if model.is_fitted() else {}  # made anew each time
    rows = {f"{data}.{name}": row for data, metrics in rounds.items() for name, row in metrics.items()}
    found = Found(histories={name: Series(list(row)) for name, row in rows.items()})
    return Record(model, hash(tuple(row[-1] for row in rows.values())), lambda _: found) if rows else None


def _transformers_trainer(trainer: Any) -> Record | None:
    return _record(trainer.state.log_history, _read_log)


def _train_output(output: Any) -> Record | None:
    return _record(output.metrics, _read_dict)


def _lightning_trainer(trainer: Any) -> Record | None:
    metrics = {name: read_number(value) for name, value in trainer.callback_metrics.items()}
    found = Found({name: value for name, value in metrics.items() if value is not None and is_metric_name(name)})
    return Record(trainer, hash((trainer.global_step, *metrics.items())), lambda _: found)


def _statistics(results: Any) -> Record | None:
    def read(fitted: Any) -> Found:
        numbers = {name: read_number(getattr(fitted, name, None)) for name in _STATISTICS}
        return Found({name: number for name, number in numbers.items() if number is not None})

    return _record(results, read)


def _read_dict(entries: Mapping[str, Any]) -> Found:
    return read_result("results", entries)


def _read_best(scores: Mapping[str, Mapping[str, Any]]) -> Found:
    numbers = {f"{data}.{name}": read_number(value) for data, row in scores.items() for name, value in row.items()}
    return Found({name: number for name, number in numbers.items() if number is not None})


def _read_log(entries: Sequence[Mapping[str, Any]]) -> Found:
    """Return the series of a log of dicts, each with the step it was written at; single entries as numbers."""
    points: dict[str, list[tuple[int, float]]] = {}
    for entry in entries:
        for name, value in entry.items():
            number = read_number(value) if is_metric_name(name) else None
            if number is not None:
                points.setdefault(name, []).append((int(entry.get("step", 0)), number))
    return Found(
        {name: row[0][1] for name, row in points.items() if len(row) == 1},
        {name: Series([v for _, v in row], [s for s, _ in row]) for name, row in points.items() if len(row) > 1},
    )


class _Keeper(NamedTuple):
    """A class whose objects keep what their training was like."""

    packages: tuple[str, ...]
    kind: str
    find: Callable[[Any], Record | None]


_KERAS = ("keras", "tf_keras", "tensorflow")
_LIGHTNING = ("lightning", "pytorch_lightning")
_KEEPERS = (
    _Keeper(_KERAS, "History", _keras_history),
    _Keeper(_KERAS, "Model", _keras_model),
    _Keeper(("transformers",), "Trainer", _transformers_trainer),
    _Keeper(("transformers",), "TrainOutput", _train_output),
    _Keeper(_LIGHTNING, "Trainer", _lightning_trainer),
    _Keeper(("xgboost",), "XGBModel", _boosted),
    _Keeper(("lightgbm",), "LGBMModel", _boosted),
    _Keeper(("lightgbm",), "Booster", _boosted),
    _Keeper(("catboost",), "CatBoost", _catboost),
    _Keeper(("sklearn",), "BaseSearchCV", _search),
    _Keeper(("sklearn",), "BaseMultilayerPerceptron", _perceptron),
    _Keeper(("sklearn",), "Pipeline", _pipeline),
    _Keeper(("sklearn",), "BaseEstimator", _estimator),
    _Keeper(("statsmodels",), "ResultsWrapper", _statistics),
)
"""The first that fits counts."""
