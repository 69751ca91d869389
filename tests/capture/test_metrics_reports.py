"""What frameworks keep of a training. Those that are not installed here run for real in `tests.corpus`."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import GridSearchCV
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from tests.capture.test_metrics import find, run

from trackside.capture.metrics.find import Meanwhile
from trackside.capture.metrics.reports import find_record

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(60, 3))
Y = (X[:, 0] > 0).astype(int)


def keeper(package: str, kind: str, **attributes: Any) -> Any:
    """Return an object of a framework's class, as far as it is looked at."""
    made = type(kind, (), {"__module__": f"{package}.inner"})()
    vars(made).update(attributes)
    return made


def test_a_search_tells_its_best_score_and_that_of_each_candidate() -> None:
    found = find(
        "search = GridSearchCV(SVC(), {'C': [0.1, 1, 10]}, cv=3).fit(X, Y)",
        GridSearchCV=GridSearchCV,
        SVC=SVC,
        X=X,
        Y=Y,
    )
    scores = found.histories.pop("mean_test_score").values
    assert (len(scores), max(scores)) == (3, found.values["best_score"])
    assert (set(found.values), found.histories) == ({"best_score"}, {})


def test_a_search_with_several_scores_tells_each() -> None:
    code = "s = GridSearchCV(SVC(), {'C': [1, 10]}, cv=3, scoring=['accuracy', 'f1'], refit=False)\ns.fit(X, Y);"
    found = find(code, GridSearchCV=GridSearchCV, SVC=SVC, X=X, Y=Y)
    assert (found.values, set(found.histories)) == ({}, {"mean_test_accuracy", "mean_test_f1"})


@pytest.mark.filterwarnings("ignore:Stochastic Optimizer")
def test_a_perceptron_tells_its_losses_also_at_the_end_of_a_pipeline() -> None:
    code = "model = make_pipeline(StandardScaler(), MLPClassifier(max_iter=5, early_stopping=True)).fit(X, Y)"
    found = find(
        code, make_pipeline=make_pipeline, StandardScaler=StandardScaler, MLPClassifier=MLPClassifier, X=X, Y=Y
    )
    assert {name: len(series.values) for name, series in found.histories.items()} == {"loss": 5, "validation_score": 5}


def test_fitted_estimators_tell_what_they_measured() -> None:
    assert run("km = KMeans(2).fit(X)", KMeans=KMeans, X=X).keys() == {"inertia"}
    forest = "rf = RandomForestClassifier(30, oob_score=True, random_state=0).fit(X, Y)"
    assert run(forest, RandomForestClassifier=RandomForestClassifier, X=X, Y=Y).keys() == {"oob_score"}


def test_what_an_earlier_cell_trained_is_not_told_again() -> None:
    kmeans = KMeans(2, random_state=0).fit(X)
    assert run("labels = kmeans.predict(X)", kmeans=kmeans, X=X) == {}
    assert run("labels = kmeans.fit(X)", kmeans=kmeans, X=X) == {"inertia": kmeans.inertia_}


def test_two_objects_that_tell_the_same_are_told_apart() -> None:
    found = run("a = KMeans(2, random_state=0).fit(X)\nb = KMeans(3, random_state=0).fit(X)\nc = b", KMeans=KMeans, X=X)
    assert found.keys() == {"inertia", "b.inertia"}


def test_of_an_object_for_each_round_the_last_is_better_than_nothing() -> None:
    loop = "for k in (2, 3):\n    km = KMeans(k, random_state=0).fit(X)"
    assert run(loop, KMeans=KMeans, X=X).keys() == {"inertia"}
    assert find(loop, Meanwhile(names={"score"}), KMeans=KMeans, X=X).values == {}


def keras_history() -> Any:
    log = {"loss": [1.0, 0.5], "val_mae": [2.0, 1.5], "learning_rate": [0.1, 0.1]}
    return keeper("keras", "History", epoch=[0, 1], history=log)


LOG = [
    {"loss": 0.75, "grad_norm": 2.0, "learning_rate": 0.01, "epoch": 0.5, "step": 4},
    {"eval_loss": 0.5, "eval_runtime": 0.1, "eval_samples_per_second": 9.0, "epoch": 1.0, "step": 8},
    {"loss": 0.25, "grad_norm": 1.0, "learning_rate": 0.01, "epoch": 1.0, "step": 8},
    {"train_runtime": 1.0, "total_flos": 5.0, "train_loss": 0.5, "epoch": 1.0, "step": 8},
]


@pytest.mark.parametrize(
    ("kept", "values", "histories"),
    [
        (keras_history(), {}, {"loss": ([1.0, 0.5], [0, 1]), "val_mae": ([2.0, 1.5], [0, 1])}),
        (
            keeper("keras", "Model", history=keras_history()),
            {},
            {"loss": ([1.0, 0.5], [0, 1]), "val_mae": ([2.0, 1.5], [0, 1])},
        ),
        (keeper("keras", "Model", history=None), {}, {}),
        (
            keeper("transformers", "Trainer", state=SimpleNamespace(log_history=LOG)),
            {"eval_loss": 0.5, "train_loss": 0.5},
            {"loss": ([0.75, 0.25], [4, 8])},
        ),
        (keeper("transformers", "TrainOutput", metrics=LOG[-1]), {"train_loss": 0.5}, {}),
        (
            keeper("lightning", "Trainer", callback_metrics={"val_acc": np.float32(0.5), "lr": 0.1}, global_step=3),
            {"val_acc": 0.5},
            {},
        ),
        (
            keeper("xgboost", "XGBModel", evals_result_={"validation_0": {"l2": [0.5, 0.25]}}),
            {},
            {"validation_0.l2": ([0.5, 0.25], None)},
        ),
        (
            keeper("lightgbm", "LGBMModel", _evals_result={"valid_0": {"auc": [0.5, 0.75]}}),
            {},
            {"valid_0.auc": ([0.5, 0.75], None)},
        ),
        (keeper("lightgbm", "Booster", best_score={"valid_0": {"l1": 0.75}}), {"valid_0.l1": 0.75}, {}),
        (
            keeper("catboost", "CatBoost", is_fitted=lambda: True, evals_result_={"learn": {"MAE": [0.5, 0.25]}}),
            {},
            {"learn.MAE": ([0.5, 0.25], None)},
        ),
        (keeper("catboost", "CatBoost", is_fitted=lambda: False), {}, {}),
        (keeper("statsmodels", "ResultsWrapper", rsquared=0.5, aic=9.0, nobs=50.0), {"rsquared": 0.5, "aic": 9.0}, {}),
        (keeper("mine", "Trainer", state=SimpleNamespace(log_history=LOG)), {}, {}),
    ],
)
def test_each_framework_is_read_in_its_own_way(kept: Any, values: dict[str, float], histories: dict[str, Any]) -> None:
    found = find("trainer = make()", make=lambda: kept)
    assert found.values == values
    assert {name: (series.values, series.steps) for name, series in found.histories.items()} == histories
    assert not found.problems


def test_a_trainers_log_that_grew_in_this_cell_is_told() -> None:
    trainer = keeper("transformers", "Trainer", state=SimpleNamespace(log_history=LOG[:1]))
    assert run("trainer.x = 0", trainer=trainer) == {}
    assert run("trainer.state.log_history.append(entry)", trainer=trainer, entry=LOG[1]) == {"eval_loss": 0.5}


def test_what_was_kept_before_a_trainer_went_on_is_told_too() -> None:
    trainer = keeper("lightning", "Trainer", callback_metrics={"val_loss": 0.5}, global_step=3)
    record = find_record(trainer)
    assert record
    found = find("trainer.callback_metrics = {'test_loss': 0.75}", Meanwhile(records=[record]), trainer=trainer)
    assert found.values == {"val_loss": 0.5, "test_loss": 0.75}


@pytest.mark.parametrize("code", ["score = model.evaluate(x_test)", "model.evaluate(x_test)"])
def test_the_parts_of_an_evaluation_have_the_models_names(code: str) -> None:
    class Model:
        __module__ = "keras.src"
        history = None

        def evaluate(self, _: Any) -> list[float]:
            return [0.25, 0.875]

        def get_metrics_result(self) -> dict[str, float]:
            return {"loss": 0.25, "accuracy": 0.875}

    assert run(code, model=Model(), x_test=X) == {"test_loss": 0.25, "test_accuracy": 0.875}


def test_a_keeper_that_raises_costs_only_itself() -> None:
    found = find("trainer = make()\nacc = f()", make=lambda: keeper("transformers", "Trainer"))
    assert found.values == {"acc": 0.5}
    assert found.problems == ["trainer could not be looked at for metrics: AttributeError"]
