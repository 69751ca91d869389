"""Which results are metrics, and which are sizes, times and steps on the way."""

from __future__ import annotations

import ast
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from trackside.capture.code.cell import Cell
from trackside.capture.metrics.find import Meanwhile, find_metrics, measured_before

if TYPE_CHECKING:
    from trackside.capture.metrics.results import Found


def find(code: str, meanwhile: Meanwhile | None = None, **namespace: Any) -> Found:
    """Run a cell as IPython does, and return what is found in it."""
    names = {"np": np, "torch": torch, "f": lambda *_, **__: 0.5, "y": np.array([0.0, 1.0])} | namespace
    cell = Cell.parse(code, names)
    before = measured_before(cell, names)
    tree = ast.parse(code)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)  # noqa: S102 - a cell of this test
    shown = eval(compile(ast.Expression(last.value), "cell", "eval"), names) if isinstance(last, ast.Expr) else None  # noqa: S307 - likewise
    return find_metrics(cell, names, shown, before, meanwhile)


def run(code: str, **namespace: Any) -> dict[str, float]:
    """Run a cell and return the single numbers that are found in it."""
    found = find(code, **namespace)
    assert not found.problems
    return found.values


def histories(code: str, **namespace: Any) -> dict[str, list[float]]:
    """Run a cell and return the histories that are found in it."""
    found = find(code, **namespace)
    assert not found.problems
    return {name: series.values for name, series in found.histories.items()}


@pytest.mark.parametrize(
    ("code", "metrics"),
    [
        ("acc = f()", {"acc": 0.5}),
        ("r = f()\nprint(f'{r:.2f}', round(r, 2))", {"r": 0.5}),
        ("acc = 0.5", {}),
        ("acc = float('0.5')", {}),
        ("accuracy = y[1] / len(y)", {"accuracy": 0.5}),
        ("acc = (y.argmax() == y).mean()", {"acc": 0.5}),
        ("correct, total = f(), 4\naccuracy = correct / total", {"accuracy": 0.125}),
        ("loss, acc = f(), 1 - f()", {"loss": 0.5, "acc": 0.5}),
        ("def g():\n    return 0.25, 0.75\nloss, acc = g()", {"loss": 0.25, "acc": 0.75}),
        ("m = dict(loss=f(), acc=0.5, n_samples=3, fit_time=1.5, name='x')", {"loss": 0.5, "acc": 0.5}),
        ("m = {'val_f1': f(), 'lr': f(), 'epoch': 3.0, 'eval_runtime': 2.5}", {"val_f1": 0.5}),
        ("n = len(y)", {}),
        ("n_errors = f()\nerror_count = f()", {}),
        ("size = y.sum()", {}),
        ("mu = y.mean()\nz = y - mu", {}),
        ("mu = y.mean()", {}),
        ("threshold = np.quantile(y, 0.5)\npos_weight = (y == 0).sum() / (y == 1).sum()", {}),
        ("loss_weight, score_threshold = f(), f()", {}),
        ("best = f()\nmodel = [f(best)]", {}),
        ("import time\nstart = time.time()\nspent = time.time() - start", {}),
        ("epochs = int(3.2)", {}),
        ("ok = bool(f())", {}),
        ("loss = np.float32(0.25)", {"loss": 0.25}),
        ("loss = torch.tensor([1.0, 2.0]).mean()", {"loss": 1.5}),
        ("loss = f() / (f() - 0.5 + 1e-300)\nerror = float('inf') * f()", {"loss": 5e299, "error": math.inf}),
        ("for i in range(3):\n    loss = f() * i", {"loss": 1.0}),
        ("val_loss = 0\nfor i in range(2):\n    val_loss += f()\nval_loss /= 4", {"val_loss": 0.25}),
        ("val_loss = 0\nfor i in range(2):\n    val_loss += f()", {}),
        ("total_loss = f()", {}),
        ("for i in range(3):\n    z = f()", {}),
        ("_acc = f()", {}),
        ("pred = np.array([0.5, 0.25])", {}),
        ("errors = np.abs(y - f())", {}),
        ("if True:\n    acc = f()", {"acc": 0.5}),
        ("f()", {"f": 0.5}),
        ("round(f(), 1)", {"f": 0.5}),
        ("100 * f()", {"f": 50.0}),
        ("f(), np.float64(mse)", {"f": 0.5, "mse": 0.25}),
        ("np.sqrt(np.float64(mse)), np.mean(y == y)", {"rmse": 0.5, "accuracy": 1.0}),
        ("len(y)", {}),
        ("y.shape", {}),
        ("y.mean()", {"y.mean": 0.5}),
        ("'text'.upper()", {}),
        ("acc = f()\nacc", {"acc": 0.5}),
    ],
)
def test_what_a_cell_finds_out(code: str, metrics: dict[str, float]) -> None:
    assert run(code, mse=0.25) == pytest.approx(metrics)


def test_a_number_that_is_none_is_kept() -> None:
    assert math.isnan(run("loss = f() * float('nan')")["loss"])


@pytest.mark.parametrize("mean", ["scores.mean()", "np.mean(scores)", "float(scores.mean())"])
def test_the_mean_of_scores_goes_by_the_name_it_is_kept_in(mean: str) -> None:
    found = run(f"scores = np.array([0.5, 1.0])\ncv_mean = {mean}\nprint(cv_mean)")
    assert found == {"cv_mean": 0.75, "scores.std": 0.25}


def test_scores_of_folds_become_mean_and_deviation() -> None:
    found = run("scores = cross_val_score()", cross_val_score=lambda: np.array([0.5, 1.0]))
    assert found == {"scores.mean": 0.75, "scores.std": 0.25}


@pytest.mark.parametrize(
    "loop",
    [
        "for train, test in kf.split(y):\n    accs.append(f() + len(test) * 0)",
        "for i in range(2):\n    accs.append(f())\nprint(np.mean(accs))",
    ],
)
def test_what_is_collected_fold_by_fold_is_told_as_scores_of_folds(loop: str) -> None:
    from sklearn.model_selection import KFold

    assert run(f"accs = []\n{loop}", kf=KFold(2)) == {"accs.mean": 0.5, "accs.std": 0.0}


def test_a_cross_validations_times_are_left_out() -> None:
    results = {"fit_time": np.array([1.0, 2.0]), "test_score": np.array([0.5, 1.0])}
    assert run("cv = cross_validate()", cross_validate=lambda: results) == {
        "test_score.mean": 0.75,
        "test_score.std": 0.25,
    }


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("train_losses = fit()", {"train_loss": [1.0, 0.5]}),
        ("train_losses, val_accs = fit(), fit()", {"train_loss": [1.0, 0.5], "val_acc": [1.0, 0.5]}),
        ("loss_history = fit()", {"loss": [1.0, 0.5]}),
        ("history = {'loss': fit(), 'lr': [0.1, 0.1], 'epoch': [0, 1], 'preds': fit()}", {"loss": [1.0, 0.5]}),
        ("log = {'loss': [], 'acc': []}\nfor e in (1, 2):\n    log['loss'].append(1.0 / e)", {"loss": [1.0, 0.5]}),
        ("from collections import defaultdict\nh = defaultdict(list)\nh['loss'] += fit()", {"loss": [1.0, 0.5]}),
        ("losses = []\nlosses.extend(torch.tensor([1.0, 0.5]))", {"loss": [1.0, 0.5]}),
        ("evals = {}\nevals['eval'] = {'auc': fit()}", {"eval.auc": [1.0, 0.5]}),
        ("log = []\nfor e in (1, 2):\n    log.append({'epoch': e, 'loss': 1 / e})", {"loss": [1.0, 0.5]}),
        ("preds = fit()\nweights = fit()", {}),
        ("losses = [1.0, 0.5]", {}),
        ("errors = [v for v in fit()]", {}),
        ("for e in (1, 2):\n    losses = []\n    losses.append(1.0)", {}),
        ("losses = np.array(fit())", {}),
    ],
)
def test_a_row_of_values_under_a_metrics_name_is_its_history(code: str, found: dict[str, list[float]]) -> None:
    assert histories(code, fit=lambda: [1.0, 0.5]) == found


def test_a_table_of_models_is_told_model_by_model() -> None:
    code = "rows = []\nfor n in ('svm', 'knn'):\n    rows.append({'model': n, 'acc': f(), 'seconds': 1.5})"
    assert run(code) == {"svm.acc": 0.5, "knn.acc": 0.5}
    assert run("results = {}\nfor n in ('svm', 'knn'):\n    results[n] = f()") == {
        "results.svm": 0.5,
        "results.knn": 0.5,
    }


def test_a_classification_report_is_told_without_its_classes() -> None:
    from sklearn.metrics import classification_report

    found = run("report = classification_report(y, y, output_dict=True)", classification_report=classification_report)
    assert found == {
        "accuracy": 1.0,
        **{
            f"{average}.{name}": 1.0
            for average in ("macro avg", "weighted avg")
            for name in ("precision", "recall", "f1-score")
        },
    }


def test_what_is_told_already_is_not_told_twice_and_what_is_not_is_told_by_whom() -> None:
    code = "history = {'loss': fit()}\nfinal = {'loss': history['loss'][-1]}\nresults = {'loss': f(), 'acc': f()}"
    found = find(code, fit=lambda: [1.0, 0.25])
    assert (found.values, set(found.histories)) == ({"results.loss": 0.5, "results.acc": 0.5}, {"loss"})
    assert histories("best = {'loss': f()}\nhistory = {'loss': fit()}", fit=lambda: [1.0, 0.5]) == {"loss": [1.0, 0.5]}


def test_a_dict_of_many_numbers_is_no_set_of_metrics() -> None:
    assert run("scores = {}\nfor i in range(31):\n    scores[str(i)] = f()") == {}


def test_what_the_user_logs_is_not_found_again() -> None:
    assert run("acc = f()\nts.log(accuracy=acc)", ts=_Tracker()) == {}
    assert run("for i in range(2):\n    loss = f()\n    ts.log(train=1)", ts=_Tracker()) == {}


def test_what_was_recorded_while_the_cell_ran_is_not_found_again() -> None:
    code = "acc = f()\nfor e in range(2):\n    for b in range(2):\n        loss = f()\n    epoch_loss = loss"
    assert set(run(code)) == {"acc", "epoch_loss"}
    assert set(find(code, Meanwhile(names={"acc"}, variables={"epoch_loss"})).values) == {"loss"}
    assert set(find(code, Meanwhile(names={"accuracy", "train_loss"}, variables={"acc", "epoch_loss"})).values) == set()


def test_a_branch_not_taken_finds_out_nothing() -> None:
    assert run("if not y.any():\n    acc = f()", acc=0.123) == {}


def test_the_users_objects_are_not_asked() -> None:
    class Touchy:
        def __getattr__(self, name: str) -> Any:
            raise RuntimeError(name)

    assert run("score = Touchy()", Touchy=Touchy) == {}


def test_an_object_that_raises_costs_only_itself() -> None:
    class Hostile:
        ndim = 0

        @property
        def shape(self) -> Any:
            raise OSError

        @property
        def dtype(self) -> Any:
            raise MemoryError

    found = find("score = Hostile()\nacc = f()", Hostile=Hostile)
    assert found.values == {"acc": 0.5}
    assert found.problems == ["score could not be looked at for metrics: OSError"]


class _Tracker:
    def log(self, **_: Any) -> None:
        pass
