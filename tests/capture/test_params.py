"""Which params a data scientist would want listed, and which not."""

from __future__ import annotations

import argparse
import dataclasses
import enum
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from trackside.capture.code.cell import Cell
from trackside.capture.params.find import find_params
from trackside.capture.params.values import simple_params


def found(code: str, **namespace: Any) -> dict[str, Any]:
    return {p.key: p.value for p in find_params(Cell.parse(code, namespace), namespace)}


@pytest.mark.parametrize(
    ("code", "params"),
    [
        ("lr = 1e-3", {"lr": 1e-3}),
        ("units = 2 ** 5; half = units / 2", {"units": 32, "half": 16.0}),
        ("a, b = 1, -2.5", {"a": 1, "b": -2.5}),
        ("a = b = 3", {"a": 3, "b": 3}),
        ("lr: float = 0.1", {"lr": 0.1}),
        ("name = 'resnet'; flag = True; nothing = None", {"name": "resnet", "flag": True, "nothing": None}),
        ("layers = (64, 32)", {"layers": [64, 32]}),
        ("config = {'lr': 0.1, 'optim': {'name': 'adam'}}", {"config.lr": 0.1, "config.optim.name": "adam"}),
        ("grid = {'C': [1, 10]}", {"grid.C": [1, 10]}),
        ("limit = float('inf'); n = int(1e4)", {"limit": "Infinity", "n": 10000}),
        ("class CFG:\n    lr = 0.1\n    epochs = 5", {"CFG.lr": 0.1, "CFG.epochs": 5}),
        ("lr = 0.1\nfor i in range(3):\n    lr *= 0.5", {"lr": 0.1}),
        ("if True:\n    lr = 0.1", {"lr": 0.1}),
        ("path = 'data/train.csv'; url = 'https://x.org/a'; out_dir = 'models'", {}),
        ("losses = []; history = {}; seen = set()", {}),
        ("total = 0\nfor x in [1]:\n    total += x", {}),
        ("best = float('inf')\nfor x in [1]:\n    best = min(best, x)", {}),
        ("best_acc = 0.0", {}),
        ("lr = 0.1; score = lr * 2", {"lr": 0.1}),
        ("loss = 0.5; lr = 0.1\nts.log(loss=loss, lr=lr)", {"lr": 0.1}),
        ("min_score = 0.5; lr = min_score / 5", {"min_score": 0.5, "lr": 0.1}),
        ("count = 0\nwhile count < 3:\n    count += 1", {}),
        ("_hidden = 3; verbose = True; figsize = (8, 6); n_jobs = -1", {}),
        ("x = 10 ** 10 ** 10", {}),
        ("x = 1 / 0", {}),
        ("huge = " + repr(list(range(200))), {}),
        ("x = = 1", {}),
    ],
)
def test_what_a_cell_assigns(code: str, params: dict[str, Any]) -> None:
    assert found(code) == params


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ix", {"b": 1, "a": 0, "c": 2}),
        ("chars", ["a", "b", "c"]),
        ("corpus", "the quick brown fox " * 20),
        ("class_sizes", {"cat": 10, "dog": 20}),
    ],
)
def test_what_a_cell_reads_of_its_data_is_no_param(name: str, value: Any) -> None:
    assert found(f"encode({name})", **{name: value}) == {}


@pytest.mark.parametrize(
    ("name", "value", "params"),
    [
        ("config", {"depth": 1, "fold": 0, "leaf": 2}, {"config.depth": 1, "config.fold": 0, "config.leaf": 2}),
        ("steps", {"warm": 0, "cold": 10, "hot": 1}, {"steps.warm": 0, "steps.cold": 10, "steps.hot": 1}),
        ("corpus", "shakespeare", {"corpus": "shakespeare"}),
    ],
)
def test_what_only_looks_like_data_is_a_param(name: str, value: Any, params: dict[str, Any]) -> None:
    assert found(f"train({name})", **{name: value}) == params


@pytest.mark.parametrize(
    ("code", "params"),
    [
        ("clf = SVC(C=10, kernel='rbf', verbose=True)", {"SVC.C": 10, "SVC.kernel": "rbf"}),
        ("model.fit(X, y, epochs=3, batch_size=2 ** 5, verbose=0)", {"fit.epochs": 3, "fit.batch_size": 32}),
        ("split(X, test_size=0.2, random_state=0)", {"split.test_size": 0.2, "split.random_state": 0}),
        ("m = [Dense(units=64), Dense(units=10)]", {"Dense.units": 64, "Dense[2].units": 10}),
        ("for x in [1]:\n    opt = torch.optim.Adam(p, lr=1e-3)", {"Adam.lr": 1e-3}),
        ("import numpy as np, random\nnp.random.seed(42)\nrandom.seed(7)", {"seed": 42, "seed[2]": 7}),
        ("GridSearchCV(SVC(), param_grid={'C': [1, 10]}, n_jobs=2)", {"GridSearchCV.param_grid.C": [1, 10]}),
        ("def build():\n    return SVC(C=3)", {}),
        ("def build():\n    return SVC(C=3)\nbuild()", {"SVC.C": 3}),
        ("import matplotlib.pyplot as plt\nplt.plot([1], lw=3); f, ax = plt.subplots(ncols=3); ax.hist(x, bins=5)", {}),
        ("import pandas as pd\npd.read_csv('x.csv', sep=';', nrows=10); df.to_parquet('y', compression='zstd')", {}),
        ("import seaborn as sns\nsns.heatmap(x, annot=True)", {}),
        ("print('a', end='')\ndisplay(x, raw=True)", {}),
        ("df.groupby('a', as_index=False).agg(n=('a', 'sum')).sort_values('n', ascending=False)", {}),
        ("import numpy as np\nnp.linspace(0, 1, num=5)", {}),
        ("import logging\nlogging.basicConfig(level=10)", {}),
        ("Trainer(output_dir='out/x', lr=0.1)", {"Trainer.lr": 0.1}),
        ("sorted(x, reverse=True); open('f', mode='w')", {}),
        ("SVC(C=c, **more)", {}),
    ],
)  # fmt: skip
def test_what_calls_are_given(code: str, params: dict[str, Any]) -> None:
    assert found(code) == params


class Colour(enum.Enum):
    RED = 1


@dataclasses.dataclass
class Config:
    lr: float = 0.1
    layers: tuple[int, ...] = (8, 4)
    data_path: str = "x.csv"


@pytest.mark.parametrize(
    ("value", "params"),
    [
        (3, {"v": 3}),
        (np.float32(0.5), {"v": 0.5}),
        ("adam", {"v": "adam"}),
        (None, {"v": None}),
        (Colour.RED, {"v": "RED"}),
        (Config(), {"v.lr": 0.1, "v.layers": [8, 4]}),
        (types.SimpleNamespace(lr=0.1), {"v.lr": 0.1}),
        (argparse.Namespace(lr=0.1), {"v.lr": 0.1}),
        ({"lr": 0.1}, {"v.lr": 0.1}),
        ({"b", "a"}, {"v": ["a", "b"]}),
        (make_pipeline(StandardScaler(), SVC(C=10)), {"SVC.C": 10}),
        (SVC(C=10, kernel="rbf"), {"SVC.C": 10}),
        (np.zeros(3), {}),
        (list(range(1000)), {}),
        (np, {}),
        (print, {}),
        (SVC, {}),
        ("data.csv", {}),
        (Path("x"), {}),
        (object(), {}),
    ],
)
def test_what_a_cell_reads(value: Any, params: dict[str, Any]) -> None:
    assert found("w = work(v)", v=value) == params


def test_long_text_from_the_context_is_a_digest_and_a_length() -> None:
    (text,) = found("w = work(v)", v="long " * 100).values()
    assert text.startswith("sha256:")
    assert text.endswith("(500 characters)")


@pytest.mark.parametrize(
    "code",
    [
        "print(v)",
        "print(f'{v:.3f}', v * 100)",
        "import matplotlib.pyplot as plt\nplt.plot(v)",
        "v = 5\nw = work(v)",
        "[v for v in range(3)]",
        "def f(v):\n    return v\nf(1)",
        "def f():\n    return v",
        "ts.log(x=v)",
        "v += 1",
    ],
)
def test_names_that_are_only_shown_or_are_the_cells_own_are_no_context(code: str) -> None:
    assert "v" not in {p.key for p in find_params(Cell.parse(code, {"v": 3}), {"v": 3}) if p.origin == "context"}


@pytest.mark.parametrize("name", ["accuracy", "val_loss", "scores", "best_f1"])
def test_results_of_earlier_cells_are_no_params(name: str) -> None:
    assert found(f"w = work({name})", **{name: 0.9}) == {}


def test_the_value_is_the_one_the_cell_began_to_use() -> None:
    assert found("w = work(lr)\nlr = 0.5\nlr = 0.25", lr=0.1) == {"lr": 0.5}
    assert found("lr = lr / 2", lr=0.1) == {"lr": 0.1}


def test_a_config_class_with_methods_is_no_config() -> None:
    assert found("class Net:\n    lr = 0.1\n    def forward(self): pass") == {}


def test_the_users_objects_are_not_run() -> None:
    class Touchy:
        def __getattr__(self, name: str) -> Any:
            raise RuntimeError(name)

        def __repr__(self) -> str:
            raise RuntimeError("repr")

        def __eq__(self, other: object) -> bool:
            raise RuntimeError("eq")

        def __hash__(self) -> int:
            return 0

    assert found("w = work(v)", v=Touchy()) == {}


def test_a_vocabulary_is_left_after_its_first_entries() -> None:
    read: list[str] = []

    class Vocabulary(dict[str, int]):
        def items(self) -> Any:
            for word, number in super().items():
                read.append(word)
                yield word, number

    assert simple_params("vocabulary", Vocabulary({str(n): n for n in range(10_000)}), "context") == []
    assert len(read) < 100


@pytest.mark.parametrize(
    ("code", "params"),
    [
        ("lr *= 0.1\ntrain(lr)", {"lr": 0.5}),
        ("for _ in range(2):\n    lr *= 0.1\n    train(lr)", {"lr": 0.5}),
        ("count += 1\nprint(count)", {}),
        ("count += 1", {}),
        ("for x in data:\n    count += 1\n    train(count)", {}),
    ],
)
def test_a_name_that_is_changed_in_place_is_read_where_the_cell_works_with_it(
    code: str, params: dict[str, Any]
) -> None:
    assert found(code, lr=0.5, count=7, train=lambda _: None) == params
