"""What estimators were told, and the best that a search has found."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import loguniform
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier, VotingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from tests.capture.cells import created, found

X = np.random.default_rng(0).normal(size=(40, 2))
Y = (X[:, 0] > 0).astype(int)
NAMES: dict[str, Any] = {
    "np": np,
    "X": X,
    "y": Y,
    **{
        thing.__name__: thing
        for thing in (
            GridSearchCV,
            LogisticRegression,
            RandomForestClassifier,
            RandomizedSearchCV,
            SVC,
            StandardScaler,
            make_pipeline,
        )
    },
    "loguniform": loguniform,
}


class Boosted:
    """An estimator as XGBoost and LightGBM write them: no scikit-learn in its bases, defaults in a base's signature."""

    def __init__(self, max_depth: int | None = None, missing: float = float("nan"), **others: Any) -> None:
        self.params = {"max_depth": max_depth, "missing": missing, **others}

    def get_params(self, deep: bool = True) -> dict[str, Any]:  # noqa: FBT001, FBT002 - scikit-learn's signature
        assert not deep
        return self.params

    def set_params(self, **params: Any) -> None:
        self.params |= params

    def fit(self) -> Boosted:
        return self


class BoostedClassifier(Boosted):
    def __init__(self, *, objective: str = "binary", **others: Any) -> None:
        super().__init__(objective=objective, **others)


@pytest.mark.parametrize(
    ("value", "params"),
    [
        (SVC(), {}),
        (SVC(C=10, verbose=True), {"SVC.C": 10}),
        (make_pipeline(StandardScaler(with_mean=False), SVC(C=10)), {"StandardScaler.with_mean": False, "SVC.C": 10}),
        (
            make_column_transformer((SimpleImputer(strategy="median"), [0]), (SimpleImputer(fill_value=0), [1])),
            {"SimpleImputer.strategy": "median", "SimpleImputer.fill_value": 0},
        ),
        (VotingClassifier([("a", SVC(C=10)), ("b", SVC(C=20))]), {"SVC.C": 10, "SVC[2].C": 20}),
        ({"svc": SVC(C=10), "logistic": LogisticRegression(C=10)}, {"SVC.C": 10, "LogisticRegression.C": 10}),
        ([SVC(C=10), SVC(C=10)], {"SVC.C": 10}),
        (
            GridSearchCV(SVC(gamma=0.5), {"C": [1, 10]}, cv=3),
            {"GridSearchCV.param_grid.C": [1, 10], "GridSearchCV.cv": 3, "SVC.gamma": 0.5},
        ),
        (
            RandomizedSearchCV(SVC(), {"C": loguniform(0.1, 10)}),
            {"RandomizedSearchCV.param_distributions.C": "loguniform(0.1, 10)"},
        ),
        (BoostedClassifier(max_depth=3, eta=0.3), {"BoostedClassifier.max_depth": 3, "BoostedClassifier.eta": 0.3}),
        (BoostedClassifier(objective="multi:softprob"), {}),
        (SVC, {}),
    ],
)
def test_estimators_that_a_cell_reads(value: Any, params: dict[str, Any]) -> None:
    assert found("model.fit(X, y)", model=value) == params


def test_what_a_name_or_the_code_says_is_not_said_again() -> None:
    assert found("model.fit(X, y)\nC = 10", model=SVC(C=10)) == {"C": 10}
    assert found("model.fit(X, y)\nSVC(C=10)", model=SVC(C=10)) == {"SVC.C": 10}
    assert found("model.fit(X, y)\nSVC(C=20)", model=SVC(C=10)) == {"SVC.C": 20, "SVC[2].C": 10}


@pytest.mark.parametrize(
    ("code", "params"),
    [
        ("clf = make_pipeline(StandardScaler(), SVC(C=best_c)); clf.fit(X, y)", {"SVC.C": 10}),
        ("make_pipeline(StandardScaler(), SVC(C=best_c)).fit(X, y)", {"SVC.C": 10}),
        ("clf = SVC(C=2, gamma=best_c / 20)", {"SVC.gamma": 0.5}),
        ("clf = SVC(C=2, kernel='linear')", {}),
        ("clf = SVC(random_state=SEED)", {}),
        ("forest = RandomForestClassifier(n_estimators=n_estimators)", {}),
        ("params = {'C': 3}; clf = SVC(**params)", {}),
        ("models = {'a': SVC(C=best_c), 'b': SVC(C=best_c * 2)}", {"SVC.C": 10, "SVC[2].C": 20}),
        ("for c in [1, 2]:\n    clf = SVC(C=c + best_c)", {}),
        ("other = model", {}),
        ("best = search.best_estimator_", {}),
    ],
)
def test_estimators_that_a_cell_makes(code: str, params: dict[str, Any]) -> None:
    search = GridSearchCV(SVC(), {"C": [30]}, cv=2).fit(X, Y)
    names = NAMES | {"best_c": 10, "SEED": 0, "n_estimators": 5, "model": SVC(C=7), "search": search}
    assert {key: value for key, value in created(code, **names).items() if not key.startswith("best.")} == params


def test_the_best_params_of_a_search() -> None:
    code = "search = GridSearchCV(SVC(), {'C': np.logspace(1, 1, 1)}, cv=2).fit(X, y)"
    assert created(code, **NAMES) == {"GridSearchCV.param_grid.C": [10.0], "best.C": 10.0}


def test_the_best_params_of_a_search_that_an_earlier_cell_made() -> None:
    search = GridSearchCV(make_pipeline(SVC()), {"svc__C": [10]}, cv=2)
    assert "best.svc__C" not in found("search.fit(X, y)", search=search)
    assert created("search.fit(X, y)", search=search, X=X, y=Y) == {"best.svc__C": 10}


def test_the_best_params_of_an_optuna_study() -> None:
    class Study:
        def __init__(self) -> None:
            self.trials: list[Any] = []

        def optimize(self) -> None:
            self.trials.append(1)

        @property
        def best_params(self) -> dict[str, float]:
            if not self.trials:
                raise ValueError("no trials are completed yet")
            return {"x": 0.5}

    Study.__module__ = "optuna.study.study"
    assert created("study.optimize()", study=Study()) == {"best.x": 0.5}
    assert created("study.trials", study=Study()) == {}
