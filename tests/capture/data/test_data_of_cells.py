"""The data of a cell: what it reads and makes, the files it opens, the split and the source they came from."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import KFold, ShuffleSplit, train_test_split
from tests.capture import cells

from trackside.capture.code.cell import Cell
from trackside.capture.data.datasets import DataCapture, Described
from trackside.capture.data.splits import lacks_seed
from trackside.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path

X = np.random.default_rng(0).random((100, 4))
IMPORTS = """import pandas as pd, torch
from sklearn.model_selection import KFold, TimeSeriesSplit, train_test_split
from sklearn.datasets import load_iris"""


def capture(code: str, *earlier: str, **namespace: Any) -> DataCapture:
    """Run cells as a kernel does, and capture the data of the last."""
    namespace = {"__name__": "__main__", "X": X, "y": X[:, 0] > 0.5, "In": [""]} | namespace
    for cell in (IMPORTS, *earlier):
        cells.run(cell, namespace)
        namespace["In"].append(cell)
    found = DataCapture(Cell.parse(code, namespace), namespace, lambda name: not name.startswith("tmp"))
    found.look_before()
    cells.run(code, namespace)
    found.look_after()
    return found


def profile_split(described: Described) -> dict[str, Any]:
    return described.profile.split if described.profile else {}


def test_data_that_a_cell_reads_is_found_as_it_was_before() -> None:
    found = capture("X += 1\ntotal = X.sum()", X=X.copy()).found
    assert found["X"].dataset.digest == capture("X.sum()").found["X"].dataset.digest


def test_data_that_a_cell_makes_is_found_where_its_name_says_what_for() -> None:
    made = capture("X_train = X[:80]\nX_test = X[80:]\ny_pred = y * 1\nloss = X.mean(axis=1)").found
    assert {name: found.dataset.role for name, found in made.items()} == {
        "X": None,
        "y": None,
        "X_train": "train",
        "X_test": "test",
    }


def test_names_that_nobody_wants_are_left_out() -> None:
    assert set(capture("X.sum() + tmp.sum()", tmp=X).found) == {"X"}


@pytest.mark.parametrize(
    ("code", "split"),
    [
        ("train_test_split(X, y, test_size=0.25, random_state=7)", {"test_size": 0.25, "random_state": 7}),
        ("train_test_split(X, y, test_size=share, stratify=y)", {"test_size": 0.5, "stratify": "y"}),
        ("train_test_split(X, y, **options)", {}),
    ],
)
def test_the_arguments_of_a_split_stay_with_what_it_made(code: str, split: dict[str, Any]) -> None:
    made = capture(f"X_train, X_test, y_train, y_test = {code}", share=0.5, options={}).found
    for name in ("X_train", "X_test", "y_train", "y_test"):
        assert profile_split(made[name]) == {"by": "train_test_split", **split}


def test_a_split_in_another_cell_is_followed_through_what_was_done_since() -> None:
    split, scale = "A, B = train_test_split(X, test_size=0.2)", "A = A * 2\nC = A[:20] + 1"
    found = capture("A.sum() + C.sum() + D.sum()", split, scale, D=X)
    assert profile_split(found.found["A"]) == {"by": "train_test_split", "test_size": 0.2}
    assert profile_split(found.found["C"]) == profile_split(found.found["A"])
    assert profile_split(found.found["D"]) == {}


def test_a_name_that_was_made_anew_has_no_split() -> None:
    found = capture("A.sum()", "A, B = train_test_split(X)", "import numpy as np\nA = np.ones((90, 2))").found
    assert profile_split(found["A"]) == {}


@pytest.mark.parametrize(
    ("code", "split"),
    [
        ("folds = KFold(5, shuffle=True)\nscore = X.sum()", {"by": "KFold", "n_splits": 5, "shuffle": True}),
        ("next(TimeSeriesSplit(n_splits=3).split(X))", {"by": "TimeSeriesSplit", "n_splits": 3}),
        ("list(folds.split(X))", {"by": "KFold", "n_splits": 4, "shuffle": False, "random_state": None}),
    ],
)
def test_folds_stay_with_the_data_they_divide(code: str, split: dict[str, Any]) -> None:
    assert profile_split(capture(code, folds=KFold(4)).found["X"]) == split


def test_parts_of_torchs_random_split_are_known() -> None:
    code = """
from torch.utils.data import *
data = TensorDataset(torch.tensor(X))
train_set, val_set = random_split(data, [80, 20], generator=torch.Generator().manual_seed(3))"""
    found = capture(code).found
    assert (found["train_set"].dataset.shape, found["val_set"].dataset.role) == ("80", "val")
    split = {"by": "random_split", "lengths": [80, 20], "generator": "torch.Generator().manual_seed(3)"}
    assert profile_split(found["train_set"]) == split


@pytest.mark.parametrize(
    ("split", "lacks"),
    [
        ({"by": "train_test_split"}, True),
        ({"by": "train_test_split", "random_state": 0}, False),
        ({"by": "train_test_split", "random_state": None}, True),
        ({"by": "train_test_split", "shuffle": False}, False),
        ({"by": "KFold", "n_splits": 5}, False),
        ({"by": "KFold", "shuffle": True}, True),
        ({"by": "random_split", "lengths": [1, 2]}, True),
        ({"by": "GroupKFold"}, False),
        ({}, False),
    ],
)
def test_a_split_that_draws_with_no_seed_is_told(split: dict[str, Any], lacks: bool) -> None:  # noqa: FBT001 - a case
    assert lacks_seed(split) is lacks


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    pd.DataFrame(X, columns=list("abcd")).to_csv("points.csv", index=False)
    return tmp_path


@pytest.mark.parametrize(
    "code",
    [
        'df = pd.read_csv("points.csv")',
        "df = pd.read_csv(FILE)",
        'from pathlib import Path\ndf = pd.read_csv(Path(".") / "points.csv")',
        'df = pd.read_csv(f"{NAME}.csv").dropna()',
        'with open("points.csv") as file:\n    df = file.read()',
        "df = read()",
    ],
)
@pytest.mark.usefixtures("folder")
def test_files_are_found_by_their_names_in_the_code(code: str, folder: Path) -> None:
    read = 'def read():\n    return pd.read_csv("points.csv")'
    dataset = capture(code, read, FILE="points.csv", NAME="points").found["points.csv"].dataset
    content = (folder / "points.csv").read_bytes()
    assert (dataset.kind, dataset.memory, dataset.source) == ("file", len(content), "points.csv")
    assert dataset.digest == f"v1:{hashlib.sha256(content).hexdigest()[:32]}"


@pytest.mark.usefixtures("folder")
def test_frames_know_the_file_they_were_read_from() -> None:
    found = capture("df.sum()\nX_train = df[['a', 'b']]", "df = pd.read_csv('points.csv')").found
    assert [found[name].dataset.source for name in ("df", "X_train")] == ["points.csv", "points.csv"]
    assert capture("X, y = load_iris(return_X_y=True)\nX.sum()").found["y"].dataset.source == "load_iris()"


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    "code", ['open("new.csv", "w").close()', 'pd.read_csv("gone.csv") if 0 else 1', 'open("pipe") if 0 else 1']
)
def test_what_is_written_or_cannot_be_read_is_no_data(code: str, folder: Path) -> None:
    os.mkfifo(folder / "pipe")  # to open it would wait for ever
    assert capture(code).found == {}


def test_nothing_in_a_store_is_opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store.create(folder / "some store").folder
    (folder / "link").symlink_to(store)
    paths = [store / "lock", folder / "link" / "gate", folder / "trackside.duckdb", folder / "other.sqlite"]
    for path in paths:
        path.touch()
    opened: list[Any] = []
    monkeypatch.setattr("trackside.capture.data.files.os.open", lambda *which: opened.append(which))
    namespace = {f"p{at}": path for at, path in enumerate(paths)}
    found = DataCapture(Cell.parse("\n".join(f"open(p{at})" for at in range(4)), namespace), namespace, lambda _: True)
    found.look_before()
    assert (found.found, opened) == ({}, [])


def test_addresses_are_kept_without_their_secrets() -> None:
    code = 'pd.read_csv("https://ada:pa55@host/train.csv?key=abc") if 0 else 1'
    (found,) = capture(code).found.values()
    assert (found.dataset.kind, found.dataset.role) == ("address", "train")
    assert "pa55" not in repr(found)
    assert "abc" not in repr(found)


def test_a_large_file_is_sampled(folder: Path) -> None:
    with (folder / "large.bin").open("wb") as file:
        file.truncate(10**12)
    dataset = capture('open("large.bin", "rb").close()').found["large.bin"].dataset
    assert (dataset.sampled, dataset.memory) == (True, 10**12)


def rows(data: Any) -> list[str]:
    train, test = train_test_split(data, test_size=0.2, random_state=0)
    test = pd.concat([test, train[3:8]]) if isinstance(test, pd.DataFrame) else np.concatenate([test, train[3:8]])
    return capture("X_train.sum() + X_test.sum()", X_train=train, X_test=test).notes


FRAME = pd.DataFrame(X).assign(text=[f"t{n}" for n in range(100)]).rename(columns=str)
PICTURES = np.random.default_rng(0).integers(0, 255, (100, 9, 9), dtype=np.uint8)


@pytest.mark.parametrize(
    "data", [X, X.astype("float32"), FRAME, PICTURES], ids=["array", "floats", "frame", "pictures"]
)
def test_rows_to_test_on_that_were_trained_on_are_told(data: Any) -> None:
    assert rows(data) == ["5 of 25 rows of X_test are also in X_train"]


def test_an_overlap_is_kept_with_the_data() -> None:
    found = capture("X_test.sum()", X_train=X, X_test=X[:30])
    assert found.notes == []  # the cell does not read X_train
    found = capture("X_train.sum() + X_test.sum()", X_train=X, X_test=X[:30])
    profile = found.found["X_test"].profile
    assert profile is not None
    assert profile.notes == found.notes == ["30 of 30 rows of X_test are also in X_train"]


@pytest.mark.parametrize(
    ("train", "test"),
    [(X, X[:, :3]), (X, X[:30].astype("float32")), (X[:, 0], X[:30, 0]), (X[:50], X[50:]), (FRAME, FRAME[["0", "1"]])],
)
def test_labels_and_data_of_other_columns_are_not_compared(train: Any, test: Any) -> None:
    assert (
        capture(
            "train.sum() + test.sum()" if isinstance(train, np.ndarray) else "train, test", train=train, test=test
        ).notes
        == []
    )


def test_of_large_data_a_sample_is_looked_for_in_all_of_it() -> None:
    large = np.random.default_rng(0).random((1_000_000, 20))
    test = np.concatenate([large[500_000:500_040], np.random.default_rng(1).random((39_960, 20))])
    (note,) = capture("X_train.sum() + X_test.sum()", X_train=large, X_test=test).notes
    assert note == "20 of 20000 rows of X_test (a sample of its 40000) are also in X_train"


def test_a_splitter_is_told_from_a_class_of_the_same_name() -> None:
    class KFold:  # the user's own
        n_splits = 3

    assert profile_split(capture("list(folds.split(X)) if 0 else X", folds=KFold()).found["X"]) == {}
    assert (
        profile_split(capture("list(folds.split(X))", folds=ShuffleSplit(2, test_size=0.5)).found["X"])["by"]
        == "ShuffleSplit"
    )
