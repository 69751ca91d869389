"""What optimizers, loaders, models and trainers of earlier cells were told."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from tests.capture.cells import created, found
from torch.optim import lr_scheduler as schedulers
from torch.utils.data import DataLoader

WEIGHTS = [torch.nn.Parameter(torch.zeros(2))]
SGD = torch.optim.SGD(WEIGHTS, lr=0.1)


def loader(batch_size: int | None) -> DataLoader[int]:
    return DataLoader(list(range(100)), batch_size=batch_size)  # type: ignore[arg-type]  # a list will do


@pytest.mark.parametrize(
    ("value", "params"),
    [
        (torch.optim.Adam(WEIGHTS, lr=0.01), {"Adam.lr": 0.01}),
        (torch.optim.AdamW(WEIGHTS, betas=(0.8, 0.9)), {"AdamW.betas": [0.8, 0.9]}),
        (torch.optim.SGD(WEIGHTS, lr=0.1, momentum=0.9), {"SGD.lr": 0.1, "SGD.momentum": 0.9}),
        (schedulers.StepLR(SGD, step_size=5, gamma=0.5), {"StepLR.step_size": 5, "StepLR.gamma": 0.5}),
        (schedulers.CosineAnnealingLR(SGD, T_max=10), {"CosineAnnealingLR.T_max": 10}),
        (schedulers.ReduceLROnPlateau(SGD, patience=3), {"ReduceLROnPlateau.patience": 3}),
        (loader(32), {"DataLoader.batch_size": 32}),
        (loader(None), {}),
        ({"train": loader(32), "val": loader(64)}, {"DataLoader.batch_size": 32}),
        (torch.nn.Linear(3, 4), {}),
    ],
)
def test_torch(value: Any, params: dict[str, Any]) -> None:
    assert found("train(v)", v=value) == params


def test_what_a_name_says_is_not_said_again() -> None:
    optimizer = torch.optim.SGD(WEIGHTS, lr=0.1)
    assert found("train(v, learning_rate)", v=optimizer, learning_rate=0.1) == {"learning_rate": 0.1}
    assert found("train(v, bs)", v=loader(32), bs=32) == {"bs": 32}


@pytest.mark.parametrize(
    ("code", "params"),
    [
        ("opt = torch.optim.SGD(w, lr=base_lr * 4)", {"SGD.lr": 0.4}),
        ("lr = base_lr * 1\nopt = torch.optim.SGD(w, lr=base_lr)", {"SGD.lr": 0.1}),
        ("opt = torch.optim.SGD(w, lr=lr)", {}),
        ("opt = torch.optim.SGD(w, lr=0.5)", {}),
        ("loader = DataLoader(range(9), batch_size=base_lr and 3)", {}),
    ],
)
def test_what_a_cell_makes(code: str, params: dict[str, Any]) -> None:
    assert created(code, torch=torch, w=WEIGHTS, base_lr=0.1, lr=0.2, DataLoader=DataLoader) == params


class Adam:
    """An optimizer as Keras has them: numbers kept in 32 bits, and a name."""

    def __init__(self, learning_rate: float = 0.001, beta_1: float = 0.9, name: str = "adam") -> None:
        self._config = {"learning_rate": learning_rate, "beta_1": beta_1, "name": name + "_1", "clipnorm": 1.0}

    def get_config(self) -> dict[str, Any]:
        return self._config


class Model:
    optimizer = Adam(learning_rate=0.0003000000142492354)


class LightningModule:
    hparams = {"lr": 0.02, "n_hidden": 24}  # noqa: RUF012 - as Lightning has it


class Trainer:
    max_epochs = 5


@dataclasses.dataclass
class TrainingArguments:
    learning_rate: float = 5e-5
    num_train_epochs: float = 3.0
    fp16: bool = False


class HuggingFaceTrainer:
    args = TrainingArguments(learning_rate=1e-3)


def as_of(module: str, name: str, base: type) -> Any:
    """Return an object of the user's own class that extends a library's."""
    library = type(name, (base,), {"__module__": module, "fit": lambda *_: None})
    return type("Mine", (library,), {"__module__": "__main__"})()


@pytest.mark.parametrize(
    ("value", "params"),
    [
        (as_of("keras.src.models.model", "Model", Model), {"Adam.learning_rate": 0.0003}),
        (
            as_of("lightning.pytorch.core.module", "LightningModule", LightningModule),
            {"Mine.lr": 0.02, "Mine.n_hidden": 24},
        ),
        (as_of("pytorch_lightning.trainer", "Trainer", Trainer), {"Mine.max_epochs": 5}),
        (as_of("transformers.trainer", "Trainer", HuggingFaceTrainer), {"TrainingArguments.learning_rate": 1e-3}),
        (as_of("mine", "Model", Model), {}),
        (as_of("keras.src.models.model", "Model", object), {}),
    ],
)
def test_libraries_that_are_known_by_name(value: Any, params: dict[str, Any]) -> None:
    assert found("v.fit(x)", v=value) == params


def test_a_keras_model_is_read_before_training_changes_its_optimizer() -> None:
    model = as_of("keras.src.models.model", "Model", Model)
    assert created("model = build()", build=lambda: model) == {}
    assert found("trainer.fit()", trainer=SimpleNamespace(model=model)) == {}
