"""Config objects, whatever library they come from, give a param for each field."""

from __future__ import annotations

import argparse
import dataclasses
import enum
import types
from collections import namedtuple
from typing import Any

import attrs
import ml_collections
import numpy as np
import omegaconf
import pydantic
import pytest
import sklearn
from tests.capture.cells import created, found, kernel

from trackside.capture.params.configs import fields_of
from trackside.capture.params.values import simple_params


class Scheme(enum.Enum):
    COSINE = "cosine"


@dataclasses.dataclass
class Optim:
    lr: float = 0.1
    scheme: Scheme = Scheme.COSINE


@dataclasses.dataclass
class Nested:
    optim: Optim = dataclasses.field(default_factory=Optim)
    epochs: int = 3


@attrs.define
class Attrs:
    lr: float = 0.1


class Pydantic(pydantic.BaseModel):
    lr: float = 0.1
    optim: Optim = Optim()


class Plain:
    lr = 0.1
    layers = (8, 4)


class Smaller(Plain):
    lr = 0.01


class MyConfig:
    seed = 0

    def __init__(self) -> None:
        self.lr = 0.1
        self._state = 3

    def to_dict(self) -> dict[str, Any]:
        return vars(self)


class Model:
    lr = 0.1

    def forward(self) -> None:
        pass


HParams = namedtuple("HParams", "lr epochs")  # noqa: PYI024 - as people write it
Result = namedtuple("Result", "statistic pvalue")  # noqa: PYI024 - likewise

NESTED = {"optim": {"lr": 0.1, "name": "adam"}, "epochs": 3}
FLAT = {"v.optim.lr": 0.1, "v.optim.name": "adam", "v.epochs": 3}


@pytest.mark.parametrize(
    ("config", "params"),
    [
        (Nested(), {"v.optim.lr": 0.1, "v.optim.scheme": "cosine", "v.epochs": 3}),
        (argparse.Namespace(lr=0.1), {"v.lr": 0.1}),
        (types.SimpleNamespace(lr=0.1, inner=types.SimpleNamespace(a=1)), {"v.lr": 0.1, "v.inner.a": 1}),
        (Attrs(), {"v.lr": 0.1}),
        (Pydantic(), {"v.lr": 0.1, "v.optim.lr": 0.1, "v.optim.scheme": "cosine"}),
        (omegaconf.OmegaConf.create(NESTED), FLAT),
        (omegaconf.OmegaConf.create({"lr": 0.1, "layers": [8, 4]}), {"v.lr": 0.1, "v.layers": [8, 4]}),
        (omegaconf.OmegaConf.create({"lr": 0.1, "a": "???", "b": "${nowhere}"}), {"v.lr": 0.1}),
        (omegaconf.OmegaConf.create({"lr": 0.1, "a": "${lr}"}), {"v.lr": 0.1, "v.a": 0.1}),
        (ml_collections.ConfigDict(NESTED), FLAT),
        (ml_collections.FrozenConfigDict(NESTED), FLAT),
        (Plain, {"v.lr": 0.1, "v.layers": [8, 4]}),
        (Plain(), {"v.lr": 0.1, "v.layers": [8, 4]}),
        (Smaller, {"v.lr": 0.01, "v.layers": [8, 4]}),
        (MyConfig(), {"v.seed": 0, "v.lr": 0.1}),
        (HParams(0.1, 3), {"v.lr": 0.1, "v.epochs": 3}),
        ({"lr": 0.1, "grid": np.array([1.0, 10.0])}, {"v.lr": 0.1, "v.grid": [1.0, 10.0]}),
        ({"lr": 0.1, "model": object()}, {"v.lr": 0.1}),
        ({"lr": 0.1, "words": {str(n): n for n in range(60)}}, {"v.lr": 0.1}),
        (Scheme, {}),
        (Nested, {}),
        (Pydantic, {}),
        (Model, {}),
        (Model(), {}),
        (MyConfig, {}),
    ],
)
def test_config_that_a_cell_reads(config: Any, params: dict[str, Any]) -> None:
    assert found("train(v)", v=config) == params


def test_a_named_tuple_is_a_config_by_its_name_only() -> None:
    assert fields_of(HParams(0.1, 3)) == {"lr": 0.1, "epochs": 3}
    assert fields_of(Result(0.5, 0.01)) is None


@pytest.mark.parametrize("name", ["numeric_cols", "FEATURES", "class_names"])
def test_names_of_columns_are_data(name: str) -> None:
    assert found(f"train({name})", **{name: ["age", "size"]}) == {}


@pytest.mark.parametrize(
    "value",
    [
        {
            "data": np.zeros((9, 2)),
            "target": np.zeros(99),
            "images": np.zeros((9, 2)),
            "about": "digits",
            "frame": None,
        },
        {"train": 100, "val": 20},
        {},
        [],
    ],
)
def test_containers_of_data_are_no_configs(value: Any) -> None:
    assert found("train(dataset_sizes)", dataset_sizes=value) == {}


Large = dataclasses.make_dataclass(
    "Large",
    [(f"option_{n}", int, dataclasses.field(default=n)) for n in range(60)]
    + [("filled", Any, None), ("scheme", Any, "cosine"), ("lr", float, 0.1), ("debug", str, "")],
)


def test_of_a_large_config_only_what_was_changed_counts() -> None:
    config = Large(option_3=5, lr=0.2, filled=Optim(), scheme=Scheme.COSINE, debug=[])
    assert found("train(args)", args=config) == {"args.option_3": 5, "args.lr": 0.2}


class ModelConfig:
    def __init__(self, width: int = 8, depth: int = 3, **more: Any) -> None:
        self.width, self.depth, self.cache = width, depth, more


Options = dataclasses.make_dataclass("Options", [("scheme", str, "cosine"), ("lr", float, 0.1)])
ModelConfig.__module__ = Options.__module__ = f"{sklearn.__name__}.options"


@pytest.mark.parametrize(
    ("config", "params"), [(Options(lr=0.2), {"v.lr": 0.2}), (ModelConfig(16, a=1), {"v.width": 16})]
)
def test_of_a_librarys_config_only_what_was_changed_counts(config: Any, params: dict[str, Any]) -> None:
    assert found("train(v)", v=config) == params


def test_given_configs_are_kept_whole() -> None:
    from trackside.capture.params.values import given_params

    assert len(given_params({"args": Large()})) == 64


@pytest.mark.parametrize(
    ("code", "params"),
    [
        ("cfg = Optim(lr=lr / 2)", {"cfg.lr": 0.5, "cfg.scheme": "cosine"}),
        ("cfg = OmegaConf.create({'lr': lr / 2})", {"cfg.lr": 0.5}),
        ("args = parse()", {"args.lr": 0.1, "args.epochs": 3}),
        ("params = {'lr': lr / 2, 'depth': 3}", {"params.lr": 0.5}),
        ("param_grid = {'C': np.logspace(0, 1, 2)}", {"param_grid.C": [1.0, 10.0]}),
        ("params = {'lr': lr}", {}),
        ("best_params = grid.best_params_", {}),
        ("results = {'lr': lr / 2}", {}),
        ("for n in range(2):\n    params = {'depth': n}", {}),
    ],
)
def test_config_that_a_cell_makes(code: str, params: dict[str, Any]) -> None:
    names = {
        "lr": 1.0,
        "np": np,
        "Optim": Optim,
        "OmegaConf": omegaconf.OmegaConf,
        "grid": types.SimpleNamespace(best_params_={"C": 1}),
        "parse": lambda: argparse.Namespace(lr=0.1, epochs=3),
    }
    assert created(code, **names) == params


@pytest.mark.parametrize(
    ("code", "params"),
    [
        ("params = dict(lr=0.1, depth=3)", {"params.lr": 0.1, "params.depth": 3}),
        ("for n in draws:\n    config = {'lr': n, 'epochs': 5}", {"config.epochs": 5}),
        ("class CFG:\n    lr = 0.1\n    half = lr / 2", {"CFG.lr": 0.1, "CFG.half": 0.05}),
        ("class Scheme(Enum):\n    COSINE = 1", {}),
        ("@dataclass\nclass Config:\n    lr: float = 0.1\nConfig(lr=0.5)", {"Config.lr": 0.5}),
        ("ConfigDict({'lr': 0.1})", {}),
    ],
)
def test_config_in_the_code(code: str, params: dict[str, Any]) -> None:
    assert found(code) == params


def test_a_class_of_an_earlier_cell_is_read_by_its_name() -> None:
    namespace = kernel("class CFG:\n    lr = 0.1\n    epochs = 3")
    assert found("optimizer = make(lr=CFG.lr)", **namespace) == {"CFG.lr": 0.1, "CFG.epochs": 3}


def test_secrets_within_configs() -> None:
    config = omegaconf.OmegaConf.create({"api_key": "pa55", "clients": [{"token": "pa55"}]})
    assert all("pa55" not in str(param.value) for param in simple_params("cfg", config, "context"))
