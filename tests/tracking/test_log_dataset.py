"""``log_dataset``: what the user says of data is kept with what is seen of it."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import KFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import trackside as ts
from trackside.capture.data import given
from trackside.capture.data.budget import Budget
from trackside.capture.data.datasets import describe
from trackside.capture.data.recognition import recognise
from trackside.errors import InputError
from trackside.records import FilterStep

if TYPE_CHECKING:
    from pathlib import Path

    from trackside.run_data import RunDataset

X = np.arange(400.0).reshape(100, 4)


def logged(*args: Any, **options: Any) -> RunDataset:
    with ts.run("data"):
        ts.log_dataset(*args, **options)
    (found,) = ts.runs("last").datasets
    return found


@pytest.mark.usefixtures("store_folder")
def test_all_that_is_said_is_kept() -> None:
    found = logged(
        "points",
        X,
        role="train",
        source="s3://bucket/points?key=secret",
        version="2024-05",
        split=KFold(5),
        filters=["no duplicates", ("x > 0", 120), ("y known", pd.DataFrame(X))],
        pipeline=make_pipeline(StandardScaler()),
    )
    dataset, profile = found.dataset, found.profile
    assert profile is not None
    assert (dataset.name, dataset.kind, dataset.shape, dataset.role) == ("points", "ndarray", "100×4", "train")
    assert (dataset.source, dataset.version, dataset.memory) == ("s3://bucket/points", "2024-05", 3200)
    assert profile.split == {"by": "KFold", "n_splits": 5, "shuffle": False, "random_state": None}
    assert profile.filters == [
        FilterStep(text="no duplicates"),
        FilterStep(text="x > 0", rows=120),
        FilterStep(text="y known", rows=100),
    ]
    assert profile.pipeline is not None
    assert "StandardScaler" in profile.pipeline
    assert profile.columns[0].quantiles == [0, 99.75, 199.5, 299.25, 399]


@pytest.mark.usefixtures("store_folder")
def test_files_lists_and_few_numbers_are_data_too(tmp_path: Path) -> None:
    (tmp_path / "test.csv").write_bytes(b"a,b\n1,2\n")
    found = logged("held out", tmp_path / "test.csv", role="test")
    assert found.dataset.digest == f"v1:{hashlib.sha256(b'a,b' + bytes([10]) + b'1,2' + bytes([10])).hexdigest()[:32]}"
    assert found.dataset.source == str(tmp_path / "test.csv")
    assert logged("prompts_test", ["a", "b"]).dataset.role == "test"
    assert logged("weights", np.ones(3)).dataset.shape == "3"
    assert logged("corpus", "hf://datasets/imdb").dataset.kind == "address"


@pytest.mark.parametrize(
    ("args", "options", "told"),
    [
        (("a", 3), {}, "found int as the data of 'a'; expected a frame"),
        (("", X), {}, "found '' as a dataset's name"),
        (("a\nb", X), {}, "expected one line of text"),
        (("a", X), {"role": "tset"}, "role of 'a' is 'tset'; expected 'train', 'val' or 'test'. Did you mean 'test'"),
        (("a", "no/such.csv"), {}, "no/such.csv is no file; expected the path of a data file"),
        (("a", "."), {}, ". is a folder; expected the path of a data file"),
        (("a", X), {"filters": "x > 0"}, "filters of 'a' is str; expected a list"),
        (("a", X), {"filters": [3]}, "found 3 among the filters of 'a'"),
        (("a", X), {"filters": [("x > 0", -3)]}, "expected how many rows"),
        (("a", X), {"filters": [("x > 0", "many")]}, "found str 'many'"),
        (("a", X), {"split": 3}, "split of 'a' is int; expected a text, a mapping"),
        (("a", X), {"version": [1]}, "version is list; expected a text"),
    ],
)
@pytest.mark.usefixtures("store_folder")
def test_what_cannot_be_used_is_refused_and_nothing_kept(args: Any, options: dict[str, Any], told: str) -> None:
    with ts.run("data"), pytest.raises(InputError, match=told.replace(".", r"\.").replace("(", r"\(")):
        ts.log_dataset(*args, **options)
    assert len(ts.runs("last").datasets) == 0


@pytest.mark.usefixtures("store_folder")
def test_what_is_said_counts_more_than_what_is_found() -> None:
    content = recognise(X)
    assert content is not None
    with ts.run("data") as run:
        run.note_data([describe("X", X, content, Budget())])
        run.log_dataset("X", X, role="val")
        run.note_data([describe("X", X + 1, content, Budget())])
        assert run.datasets["X"].role == "val"
    (found,) = ts.runs("last").datasets
    assert found.dataset == run.datasets["X"]


def test_without_a_run_a_warning_names_the_fix() -> None:
    from trackside.tracking import current

    current.begin_cell()
    with pytest.warns(UserWarning, match=r"log_dataset\(…\) was not kept: no run is live"):
        ts.log_dataset("a", X)


@pytest.mark.usefixtures("store_folder")
def test_an_array_that_was_changed_in_place_is_looked_at_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(given, "Budget", partial(Budget, 60.0))  # on a busy machine a sample may miss the change
    large = np.zeros(5_000_000)
    first = logged("a", large).dataset
    large[1_234_567] = 1
    assert logged("a", large).dataset.digest != first.digest
