"""Which results are metrics, and which are sizes, times and steps on the way."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np
import pytest

from trackside.capture.cell import Cell
from trackside.capture.metrics import find_metrics, measured_before


def run(code: str, **namespace: Any) -> dict[str, float]:
    """Run a cell as IPython does, and return what is found in it."""
    names = {"np": np, "f": lambda *_, **__: 0.5, "y": np.array([0.0, 1.0])} | namespace
    cell = Cell.parse(code, names)
    before = measured_before(cell, names)
    tree = ast.parse(code)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)  # noqa: S102 - a cell of this test
    shown = eval(compile(ast.Expression(last.value), "cell", "eval"), names) if isinstance(last, ast.Expr) else None  # noqa: S307 - likewise
    return find_metrics(cell, names, shown, before)


@pytest.mark.parametrize(
    ("code", "metrics"),
    [
        ("acc = f()", {"acc": 0.5}),
        ("r = f()\nprint(f'{r:.2f}', round(r, 2))", {"r": 0.5}),
        ("acc = 0.5", {}),
        ("acc = float('0.5')", {}),
        ("accuracy = y[1] / len(y)", {}),
        ("correct, total = f(), 4\naccuracy = correct / total", {"accuracy": 0.125}),
        ("loss, acc = f(), 1 - f()", {"loss": 0.5, "acc": 0.5}),
        ("def g():\n    return 0.25, 0.75\nloss, acc = g()", {"loss": 0.25, "acc": 0.75}),
        ("m = dict(loss=f(), acc=0.5, n_samples=3, fit_time=1.5, name='x')", {"loss": 0.5, "acc": 0.5}),
        ("n = len(y)", {}),
        ("size = y.sum()", {}),
        ("mu = y.mean()\nz = y - mu", {}),
        ("best = f()\nmodel = [f(best)]", {}),
        ("import time\nstart = time.time()\nspent = time.time() - start", {}),
        ("epochs = int(3.2)", {}),
        ("ok = bool(f())", {}),
        ("loss = np.float32(0.25)", {"loss": 0.25}),
        ("for i in range(3):\n    loss = f() * i", {"loss": 1.0}),
        ("for i in range(3):\n    z = f()", {}),
        ("_acc = f()", {}),
        ("pred = np.array([0.5, 0.25])", {}),
        ("if True:\n    acc = f()", {"acc": 0.5}),
        ("f()", {"f": 0.5}),
        ("round(f(), 1)", {"f": 0.5}),
        ("100 * f()", {"f": 50.0}),
        ("f(), np.float64(f())", {"f": 0.5, "float64": 0.5}),
        ("len(y)", {}),
        ("y.shape", {}),
        ("y.mean()", {"y.mean": 0.5}),
        ("'text'.upper()", {}),
        ("acc = f()\nacc", {"acc": 0.5}),
    ],
)
def test_what_a_cell_finds_out(code: str, metrics: dict[str, float]) -> None:
    assert run(code) == pytest.approx(metrics)


def test_scores_of_folds_become_mean_and_deviation() -> None:
    found = run("scores = cross_val_score()", cross_val_score=lambda: np.array([0.5, 1.0]))
    assert found == {"scores.mean": 0.75, "scores.std": 0.25}


def test_a_cross_validations_times_are_left_out() -> None:
    results = {"fit_time": np.array([1.0, 2.0]), "test_score": np.array([0.5, 1.0])}
    assert run("cv = cross_validate()", cross_validate=lambda: results) == {
        "test_score.mean": 0.75,
        "test_score.std": 0.25,
    }


def test_what_the_user_logs_is_not_found_again() -> None:
    assert run("acc = f()\nts.log(accuracy=acc)", ts=_Tracker()) == {}
    assert run("for i in range(2):\n    loss = f()\n    ts.log(train=1)", ts=_Tracker()) == {}


def test_a_branch_not_taken_finds_out_nothing() -> None:
    assert run("if not y.any():\n    acc = f()", acc=0.123) == {}


def test_the_users_objects_are_not_asked() -> None:
    class Touchy:
        def __getattr__(self, name: str) -> Any:
            raise RuntimeError(name)

    assert run("score = Touchy()", Touchy=Touchy) == {}


class _Tracker:
    def log(self, **_: Any) -> None:
        pass
