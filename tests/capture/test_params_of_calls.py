"""Params in the arguments of calls: given by position, by default, as a seed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from sklearn import metrics
from sklearn.decomposition import PCA
from sklearn.model_selection import GridSearchCV
from tests.capture.cells import found, kernel

TRAIN = "def train(model, epochs, lr=0.1, *, scheduler=None, verbose=False, patience=5):\n    return 0.5"


@pytest.mark.parametrize(
    ("code", "params"),
    [
        ("PCA(2)", {"PCA.n_components": 2}),
        ("GridSearchCV(model, {'C': [1, 10]}, cv=5)", {"GridSearchCV.param_grid.C": [1, 10], "GridSearchCV.cv": 5}),
        ("optim.SGD(w, 0.1, momentum=0.9)", {"SGD.lr": 0.1, "SGD.momentum": 0.9}),
        ("from torch.optim import SGD\nSGD(w, 0.1)", {"SGD.lr": 0.1}),
        ("import torch.optim as o\no.SGD(w, 0.1)", {"SGD.lr": 0.1}),
        ("nn.Sequential(nn.Linear(64, 10), nn.Conv2d(3, 8, 3), nn.ReLU())", {}),
        ("nn.Dropout(0.5)", {"Dropout.p": 0.5}),
        ("PCA(*args, 2)", {}),
        ("PCA(*args, whiten=True)", {"PCA.whiten": True}),
        ("np.linspace(0, 1, 5); print('a', 3); w.reshape(3, 4); sorted([2], 1)", {}),
        ("unknown(3, 4)", {}),
    ],
)
def test_positions_have_names(code: str, params: dict[str, Any]) -> None:
    assert found(code, PCA=PCA, GridSearchCV=GridSearchCV, np=np, optim=torch.optim, nn=torch.nn) == params


@pytest.mark.parametrize(
    "code",
    [
        "f1 = f1_score(y, p, average='macro', labels=[0, 1])",
        "print(metrics.roc_auc_score(y, p, multi_class='ovr'))",
        "from sklearn.metrics import fbeta_score as fb\nfb(y, p, beta=2)",
        "import sklearn.metrics\nsklearn.metrics.mean_squared_error(y, p, squared=False)",
        "metrics.make_scorer(f1_score, average='micro')",
        "from torchmetrics.classification import Accuracy\nacc = Accuracy(task='multiclass', num_classes=3)",
    ],
)
def test_how_a_metric_is_counted_is_no_param(code: str) -> None:
    assert found(code, metrics=metrics, f1_score=metrics.f1_score) == {}


def test_kernels_among_the_metrics_are_params() -> None:
    assert found("metrics.pairwise.rbf_kernel(x, gamma=2.0)", metrics=metrics) == {"rbf_kernel.gamma": 2.0}


@pytest.mark.parametrize(
    ("call", "params"),
    [
        ("train(model, 20)", {"train.epochs": 20, "train.lr": 0.1, "train.patience": 5}),
        ("train(model, 20, 1e-3, patience=2)", {"train.epochs": 20, "train.lr": 1e-3, "train.patience": 2}),
        ("train(model, n, **more)", {}),
    ],
)
def test_the_users_function_is_known_with_its_defaults(call: str, params: dict[str, Any]) -> None:
    assert found(call, **kernel(TRAIN)) == params
    assert found(f"{TRAIN}\n{call}") == params


@pytest.mark.parametrize(
    ("definition", "params"),
    [
        ("class Net:\n    def __init__(self, width, depth=3): ...", {"Net.width": 64, "Net.depth": 3}),
        ("@dataclass\nclass Net:\n    width: int\n    depth: int = 3", {"Net.width": 64, "Net.depth": 3}),
        ("class Net:\n    @classmethod\n    def of(cls, width, depth=3): ...", {"of.width": 64, "of.depth": 3}),
        ("class Net:\n    @staticmethod\n    def of(width, depth=3): ...", {"of.width": 64, "of.depth": 3}),
    ],
)
def test_the_users_class_is_known_with_its_defaults(definition: str, params: dict[str, Any]) -> None:
    namespace = kernel("from dataclasses import dataclass", definition)
    assert found("Net.of(64)" if "of(" in definition else "Net(64)", **namespace) | params == params


def test_a_method_is_known_without_self() -> None:
    namespace = kernel("class Trainer:\n    def fit(self, data, epochs=3): ...\ntrainer = Trainer()")
    assert found("trainer.fit(data, 5)", **namespace) == {"fit.epochs": 5}


def test_what_the_cell_defines_counts_before_what_the_kernel_knows() -> None:
    namespace = kernel("def train(model, epochs): ...")
    assert found("def train(model, steps): ...\ntrain(model, 20)", **namespace) == {"train.steps": 20}


def test_a_library_s_defaults_are_no_params() -> None:
    assert found("PCA()", PCA=PCA) == {}


def test_a_call_that_repeats_another_says_nothing_new() -> None:
    assert found("a = Loader(x, batch_size=32)\nb = Loader(y, batch_size=32)\nc = Loader(z, batch_size=64)") == {
        "Loader.batch_size": 32,
        "Loader[2].batch_size": 64,
    }


@pytest.mark.parametrize(
    ("code", "params"),
    [
        ("np.random.seed(0)", {"seed": 0}),
        ("torch.manual_seed(42); torch.cuda.manual_seed_all(42); random.seed(42)", {"seed": 42}),
        ("random.seed(1); np.random.seed(2)", {"seed": 1, "seed[2]": 2}),
        ("rng = np.random.default_rng(0)", {"seed": 0}),
        ("rng = np.random.default_rng(seed=7)", {"seed": 7}),
        ("torch.Generator().manual_seed(3)", {"seed": 3}),
        ("keras.utils.set_random_seed(5)", {"seed": 5}),
        ("seed_everything(42, workers=True)", {"seed": 42}),
        ("def set_seed(seed=9): ...\nset_seed()", {"seed": 9}),
        ("SEED = 4\nnp.random.seed(SEED); torch.manual_seed(SEED)", {"SEED": 4}),
        ("np.random.seed(CONTEXT_SEED)", {"CONTEXT_SEED": 6}),
        ("np.random.seed()", {}),
        ("np.random.seed(int(time.time()))", {}),
    ],
)
def test_seeds(code: str, params: dict[str, Any]) -> None:
    assert found(code, np=np, torch=torch, CONTEXT_SEED=6) == params


@pytest.mark.parametrize(
    "code",
    [
        "plt.figure(figsize=(8, 6)); plt.plot(x, y, 'r-', lw=3); plt.title('a')",
        "print('accuracy', 0.5, sep=': ')",
        "df = pd.read_csv('a.csv', sep=';', nrows=100)",
        "with open('a.txt', 'w') as f:\n    f.write('x')",
        "torch.save(model.state_dict(), 'model.pt'); torch.load('model.pt', weights_only=True)",
        "for xb, yb in get_batches('train', 32):\n    pass",
        "callback = TensorBoard('logs', histogram_freq=1)",
        "df.sample(5); df.sort_values('a', ascending=False).head(10)",
    ],
)
def test_plots_prints_and_files_give_none(code: str) -> None:
    assert {key for key in found(code, torch=torch) if not key.startswith("sample")} == set()
