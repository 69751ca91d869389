"""The data card shows what is known of the data of runs, escaped."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

import trackside as ts
from trackside.errors import InputError

X = np.arange(400.0).reshape(100, 4)

pytestmark = pytest.mark.usefixtures("store_folder")


def test_the_card_says_what_is_known() -> None:
    with ts.run("data"):
        ts.log_dataset(
            "X_train",
            X,
            version="3",
            source="points.csv",
            split={"by": "train_test_split", "test_size": 0.2},
            filters=[("all", 120), ("x > 0", 100)],
            pipeline="scaled",
        )
    html = ts.runs("last").datasets._repr_html_()
    text = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    for part in [
        "X_train train · ndarray 100×4 · 3.2 kB",
        "source points.csv",
        "version 3",
        "split train_test_split(test_size=0.2)",
        "filters all: 120 → x &gt; 0: 100 (−20)",
        "pipeline scaled",
        "the split has no random_state",
        "1 column, 100 rows looked at",
        "X_train float64 0 0 99.75 199.5 299.25 399",
    ]:
        assert part in text
    assert "<script" not in html
    assert "http" not in html


def test_names_are_data_and_stay_text() -> None:
    with ts.run("<img src=x>"):
        frame = pd.DataFrame({"<script>alert(1)</script>": [1, 2]})
        ts.log_dataset("<b>x</b>", frame, source="<i>", version="<u>", filters=["<s>"], pipeline="<p onclick=x>")
    with ts.run("second"):
        ts.log_dataset("second", X)
    html = ts.runs(include_hidden=True).datasets._repr_html_()
    assert not re.search(r"<(script|img|i|u|s|p|b>x)\b", html)
    assert "&lt;script&gt;" in html


def test_the_table_has_a_row_for_each_dataset_of_each_run() -> None:
    for name in ("a", "b"):
        with ts.run(name):
            ts.log_dataset("x", X)
            ts.log_dataset("y_test", ["a", "b"])
    view = ts.runs(include_hidden=True).datasets
    assert len(view) == 4
    assert view.df[["run", "name", "role", "shape", "sampled"]].fillna("").to_numpy().tolist() == [
        ["b", "x", "", "100×4", False],
        ["b", "y_test", "test", "2", False],
        ["a", "x", "", "100×4", False],
        ["a", "y_test", "test", "2", False],
    ]
    assert view.columns("x")["median"].tolist() == [199.5]
    with pytest.raises(InputError, match=r"No dataset 'z' in these runs\..* There are: x, y_test"):
        view.columns("z")


def test_runs_without_data_say_so() -> None:
    with ts.run("a"):
        pass
    view = ts.runs().datasets
    assert (repr(view), len(view.df)) == ("<no datasets>", 0)
    assert "No data is known" in view._repr_html_()


def test_a_lost_profile_costs_only_itself(store_folder: object) -> None:
    from pathlib import Path

    with ts.run("a"):
        ts.log_dataset("x", X)
    (found,) = ts.runs().datasets
    assert found.dataset.profile is not None
    (blob,) = Path(str(store_folder)).glob(f"blobs/*/{found.dataset.profile}*")
    blob.unlink()
    (found,) = ts.runs().datasets
    assert (found.profile, found.dataset.shape) == (None, "100×4")
