"""Models are kept by their own library's saver, when asked for, and described where a cell trains them."""

from __future__ import annotations

import io
import sys
from typing import Any

import joblib
import pytest
import torch
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import trackside as ts
from trackside.capture.code.cell import Cell
from trackside.capture.models.parts import MAX_LAYERS
from trackside.capture.models.trained import find_models
from trackside.errors import InputError

X, Y = [[float(n), n % 3] for n in range(12)], [n % 2 for n in range(12)]


@pytest.mark.usefixtures("store_folder")
def test_a_network_is_kept_as_its_state_and_loads_without_pickle() -> None:
    network = torch.nn.Linear(2, 3)
    with ts.run("r"):
        artifact = ts.log_artifact(network, "net.pt", kind="model")
    assert artifact is not None
    assert "weights_only=True" in artifact.about["load"]
    state = torch.load(io.BytesIO(ts.runs("last").artifacts()["net.pt"].read()), weights_only=True)
    assert torch.equal(state["weight"], network.weight)


@pytest.mark.usefixtures("store_folder")
def test_an_estimator_is_kept_and_says_how_to_load_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "skops", None)
    estimator = LogisticRegression().fit(X, Y)
    with ts.run("r"):
        artifact = ts.log_artifact(estimator, kind="model")
    assert artifact is not None
    assert (artifact.name, artifact.kind) == ("LogisticRegression", "model")
    assert artifact.about["class"] == "sklearn.linear_model._logistic.LogisticRegression"
    kept = ts.runs("last").artifacts()[artifact.name]
    assert joblib.load(io.BytesIO(kept.read())).predict(X).tolist() == estimator.predict(X).tolist()
    with pytest.raises(InputError, match="only for files that you trust"):
        kept.load()


@pytest.mark.usefixtures("store_folder")
def test_a_model_is_kept_only_when_asked_for() -> None:
    with ts.run("r"):
        with pytest.raises(InputError, match='say kind="model"'):
            ts.log_artifact(LogisticRegression())
        with pytest.raises(InputError, match="found dict as a model; expected one of torch"):
            ts.log_artifact({"a": 1}, kind="model")
        artifact = ts.log_artifact(b"weights", "net.bin", kind="model")
    assert artifact is not None
    assert artifact.kind == "model"


CELLS: dict[str, str] = {
    "method": "model.fit(X, Y)",
    "bound": "model = LogisticRegression().fit(X, Y)",
    "handed over": "train_one_epoch(model, X)",
    "cross-validated": "scores = cross_val_score(model, X, Y)",
    "held in a dict": "for name in models: models[name].fit(X, Y)",
    "a trainer's": "trainer.train()",
}


class Trainer:
    def __init__(self, model: Any) -> None:
        self.model = model

    def train(self) -> None: ...


@pytest.mark.parametrize("code", CELLS.values(), ids=CELLS.keys())
def test_a_trained_model_is_found(code: str) -> None:
    model = LogisticRegression()
    names = {"model": model, "models": {"a": model}, "trainer": Trainer(model), "X": X, "Y": Y}
    found = find_models(Cell.parse(code, names), names)
    assert [each.kind for each in found.models] == ["LogisticRegression"]


def test_a_network_that_the_cell_steps_is_found_and_what_only_scales_its_data_is_not() -> None:
    names = {"net": torch.nn.Linear(2, 1), "scaler": StandardScaler(), "criterion": torch.nn.MSELoss()}
    code = "for x in loader:\n    loss = criterion(net(scaler.transform(x)), y)\n    loss.backward(); optimizer.step()"
    assert [each.name for each in find_models(Cell.parse(code, names), names).models] == ["net"]


@pytest.mark.parametrize("code", ["model.predict(X)", "model.score(X, Y)", "train_test_split(model)", "print(model)"])
def test_a_model_that_is_only_used_is_not(code: str) -> None:
    names = {"model": LogisticRegression()}
    assert not find_models(Cell.parse(code, names), names).models


def described(model: Any) -> Any:
    (found,) = find_models(Cell.parse("m.fit(X)", {"m": model}), {"m": model}).models
    return found


def test_a_networks_layers_and_parameters_are_counted() -> None:
    network = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.ReLU(), torch.nn.Linear(3, 2))
    network[2].weight.requires_grad = False
    found = described(network)
    assert (found.parameters, found.trainable) == (23, 17)
    assert [(layer.name, layer.kind, layer.parameters) for layer in found.layers] == [
        ("0", "Linear", 15),
        ("1", "ReLU", 0),
        ("2", "Linear", 8),
    ]


def test_shared_and_lazy_parameters_are_not_miscounted() -> None:
    layer = torch.nn.Linear(2, 2)
    assert described(torch.nn.Sequential(layer, layer, torch.nn.LazyLinear(3))).parameters == 6


def test_very_many_layers_are_summed_up() -> None:
    found = described(torch.nn.Sequential(*(torch.nn.Linear(1, 1) for _ in range(MAX_LAYERS + 5))))
    assert found.layers[-1].name == "5 more"
    assert found.layers[-1].parameters == 10


def test_estimators_tell_their_steps() -> None:
    pipeline = described(make_pipeline(StandardScaler(), LogisticRegression()).fit(X, Y))
    assert [(layer.name, layer.parameters) for layer in pipeline.layers] == [
        ("standardscaler", None),
        ("logisticregression", 3),
    ]
    assert pipeline.parameters == 3
    assert described(RandomForestClassifier(5).fit(X, Y)).layers[0].kind == "5 × DecisionTreeClassifier"
    search = GridSearchCV(LogisticRegression(), {"C": [1, 2]}, cv=2).fit(X, Y)
    assert described(search).layers[0].kind == "LogisticRegression"
    network = MLPClassifier((3,), max_iter=300, solver="lbfgs").fit(X, Y)
    assert [layer.kind for layer in described(network).layers] == ["2→3", "3→1"]
    assert described(network).parameters == 13


def test_a_model_that_raises_is_only_named() -> None:
    class Hostile(torch.nn.Module):
        def named_modules(self, *_: Any, **__: Any) -> Any:
            raise RuntimeError

    assert described(Hostile()).kind == "Hostile"
