"""What modules of the user's and the rounds that libraries print come to the run, once."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.magic.test_session import run_cell
from tests.recorded import Recorded, last_run
from trackside.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from IPython.core.interactiveshell import InteractiveShell

SETUP = """import lightgbm as lgb, numpy as np, xgboost as xgb
X = np.random.default_rng(0).random((200, 4))
y = (X[:, 0] + X[:, 1] > 1).astype(int)
dtrain, dvalid = xgb.DMatrix(X, y), xgb.DMatrix(X[:50], y[:50])
watch = [(dtrain, 'train'), (dvalid, 'valid')]
params = {'objective': 'binary:logistic', 'eval_metric': 'logloss', 'nthread': 1}
"""
XGBOOST = "xgb.train(params, dtrain, 7, evals=watch, verbose_eval=3{})"


@pytest.fixture
def track(shell: InteractiveShell, store_folder: Path) -> Any:
    """Return a function that runs a tracked cell and returns its record."""

    def run(code: str) -> Recorded:
        run_cell(shell, f"%%track outer --quiet\n{code}")
        return last_run(store_folder)

    return run


@pytest.fixture
def train(track: Any, shell: InteractiveShell) -> Any:
    """Return the same, with data for boosting at hand."""
    run_cell(shell, SETUP)
    return track


def steps(store_folder: Path, name: str) -> dict[str, list[int]]:
    """Return the steps of each metric of the newest run of that name."""
    store = Store(store_folder)
    store.refresh(60)
    with store.read() as connection:
        rows = connection.execute(
            "SELECT key, list(step ORDER BY step) FROM metrics JOIN runs USING (run_id)"
            " WHERE name = ? AND run_id = (SELECT max(run_id) FROM runs WHERE name = ?) GROUP BY key",
            [name, name],
        ).fetchall()
    return dict(rows)


def test_a_module_of_the_users_is_listened_to(track: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "my_training.py").write_text(
        "def fit():\n    for e in range(3):\n        print(f'epoch {e} loss {1 / (e + 1):.2f}')\n"
    )
    assert track("from my_training import fit\nfit()").points("loss") == [(0, 1.0), (1, 0.5), (2, 0.33)]
    (tmp_path / "script.py").write_text("print('test accuracy:', 0.75)\n")
    assert track("%run script.py").last == {"test_accuracy": 0.75}
    assert track("%run -i script.py").last == {"test_accuracy": 0.75}
    del sys.modules["my_training"]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Return a function that installs a module as ``theirs``, as pip does."""
    folder = tmp_path / "site-packages"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    yield (folder / "theirs.py").write_text
    del sys.modules["theirs"]


def test_an_installed_module_is_not(track: Any, install: Any, store_folder: Path) -> None:
    install("def fit():\n    print('accuracy: 0.5')\n    print('Epoch 2: loss 0.5')\n")
    track("from theirs import fit\nfit()")
    assert steps(store_folder, "outer") == {"loss": [0]}


def test_rounds_that_xgboost_prints_are_a_history(train: Any, store_folder: Path) -> None:
    train(XGBOOST.format(""))
    assert steps(store_folder, "outer") == {"train.logloss": [0, 3, 6], "valid.logloss": [0, 3, 6]}


def test_what_is_kept_of_the_rounds_is_better_than_what_is_printed(train: Any, store_folder: Path) -> None:
    train("kept = {}\n" + XGBOOST.format(", evals_result=kept"))
    assert steps(store_folder, "outer") == {"train.logloss": list(range(7)), "valid.logloss": list(range(7))}


def test_folds_of_xgboost_are_told_once(train: Any, store_folder: Path) -> None:
    train("table = xgb.cv(params, dtrain, 4, nfold=2, verbose_eval=True)")
    assert set(steps(store_folder, "outer")) == {
        f"{data}-logloss-{number}" for data in ("train", "test") for number in ("mean", "std")
    }


def test_rounds_that_lightgbm_prints_are_a_history_with_the_best_round(train: Any, store_folder: Path) -> None:
    train(
        "data = lgb.Dataset(X, y)\n"
        "model = lgb.train({'objective': 'binary', 'metric': 'binary_logloss', 'num_threads': 1}, data, 30,"
        " valid_sets=[data], valid_names=['valid'], callbacks=[lgb.log_evaluation(10)])"
    )
    assert steps(store_folder, "outer") == {"valid.binary_logloss": [10, 20, 30]}


def test_rounds_of_a_training_that_was_stopped_are_kept(train: Any, store_folder: Path) -> None:
    run = train(XGBOOST.format("") + "\n1 / 0")
    assert (run.ended.status, steps(store_folder, "outer")["valid.logloss"]) == ("failed", [0, 3, 6])


def test_a_run_within_the_cell_gets_its_rounds(train: Any, store_folder: Path) -> None:
    train("import trackside as ts\nwith ts.run('inner'):\n    " + XGBOOST.format(""))
    assert steps(store_folder, "outer") == {}
    assert steps(store_folder, "inner")["valid.logloss"] == [0, 3, 6]


def test_a_metric_that_a_run_within_the_cell_is_given_is_not_told_to_it_again(
    track: Any, install: Any, store_folder: Path
) -> None:
    loop = "    for e in range(3):\n        tell(loss=0.5)\n        print(f'Epoch {e}: loss 1 acc 0.5')\n"
    install(f"def fit(tell):\n{loop}")
    track("import trackside as ts\nfrom theirs import fit\nwith ts.run('inner') as inner:\n    fit(inner.log)")
    assert steps(store_folder, "inner") == {"loss": [0, 1, 2], "acc": [0, 1, 2]}


def test_what_is_printed_before_it_is_logged_is_kept_once(
    track: Any, shell: InteractiveShell, store_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop = "    for e in range(3):\n        report(e)\n        log(loss=0.5)\n"
    report = "def report(e):\n    print(f'epoch {e} loss 0.5')\n"
    train = f"from trackside import log\n{report}def train():\n{loop}"
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "my_loop.py").write_text(train)
    run_cell(shell, train)
    for code in ("train()", "import my_loop\nmy_loop.train()"):
        track(code)
        assert steps(store_folder, "outer") == {"loss": [0, 1, 2]}
    test = "acc, auc = map(float, ('0.75', '0.5'))\nprint(f'acc {acc} auc {auc}')\nlog(acc=acc)"
    assert track(test).last == {"acc": 0.75, "auc": 0.5}
    assert steps(store_folder, "outer") == {"acc": [0], "auc": [0]}
    del sys.modules["my_loop"]


def test_a_function_that_takes_a_logarithm_logs_nothing(track: Any, shell: InteractiveShell) -> None:
    run_cell(shell, "import numpy as np\ndef test():\n    print('test loss:', -np.log(1.0) + 0.5)")
    assert track("test()").last == {"test_loss": 0.5}
