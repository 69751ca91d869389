"""XGBoost's and LightGBM's own data is described by what it holds: rows, labels and weights."""

from __future__ import annotations

from typing import Any

import lightgbm as lgb
import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
import xgboost as xgb
from tests.capture.data.looking import digest, look

from trackside.capture.data import boosting
from trackside.capture.data.recognition import recognise

X = np.random.default_rng(0).random((100, 3))
Y = (X[:, 0] > 0.5).astype(float)
FRAME = pd.DataFrame(X, columns=["a", "b", "c"])
SPARSE = sp.csr_matrix(np.where(X > 0.5, X, 0))


def shape(value: Any) -> Any:
    content = recognise(value)
    return content and content.shape


def matrix(data: Any = X, label: Any = Y, **given: Any) -> Any:
    return xgb.DMatrix(data, label=label, **given)


def dataset(data: Any = X, label: Any = Y, **given: Any) -> Any:
    return lgb.Dataset(data, label, params={"verbose": -1, "num_threads": 1}, **given)


@pytest.mark.parametrize("make", [matrix, dataset])
def test_other_rows_labels_or_weights_are_other_data(make: Any) -> None:
    same = [make(), make(X.copy(), Y.copy()), make(label=list(Y))]
    others = [make(X + 1), make(label=1 - Y), make(label=None), make(weight=Y + 1), make(SPARSE)]
    assert len({digest(value) for value in same}) == 1
    assert len({digest(value) for value in [same[0], *others]}) == 6
    assert {shape(value) for value in [*same, *others]} == {(100, 3)}


def test_missing_is_not_nought() -> None:
    with_nan = np.where(X > 0.5, X, np.nan)
    assert len({digest(matrix(data)) for data in (with_nan, np.nan_to_num(with_nan), SPARSE)}) == 2


def test_a_quantile_matrix_is_described_too() -> None:
    assert (shape(xgb.QuantileDMatrix(FRAME, Y)), look(xgb.QuantileDMatrix(X, Y)).digest is None) == ((100, 3), False)


def test_a_matrix_that_is_too_large_to_copy_has_its_shape_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boosting, "_LARGEST_COPIED", 299)
    assert (shape(matrix()), look(matrix()).digest) == ((100, 3), None)


def test_a_dataset_is_the_same_when_it_has_been_trained_on() -> None:
    data = dataset(FRAME, free_raw_data=False)
    before = digest(data)
    lgb.train({"objective": "binary", "verbose": -1, "num_threads": 1}, data, 2)
    assert digest(data) == before


def test_of_a_dataset_whose_rows_were_freed_the_shape_is_left() -> None:
    data = dataset()
    lgb.train({"objective": "binary", "verbose": -1, "num_threads": 1}, data, 2)
    assert (data.data, shape(data), look(data).digest) == (None, (100, 3), None)


def test_a_dataset_is_not_put_into_bins_to_be_described() -> None:
    data = dataset()
    digest(data)
    assert data._handle is None
