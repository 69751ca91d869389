"""Profiles: missing values, quantiles and different values, column by column."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.capture.data.looking import look

from trackside.capture.data.profiles import MAX_COLUMNS
from trackside.records import ColumnProfile


@given(st.lists(st.floats(width=32), min_size=1, max_size=30))
def test_quantiles_are_numpys_of_the_finite_numbers(values: list[float]) -> None:
    (column,) = look(np.array(values)).profile.columns
    finite = [value for value in values if np.isfinite(value)]
    assert column.nulls == sum(np.isnan(value) for value in values)
    assert column.quantiles == pytest.approx([*np.quantile(finite, [0, 0.25, 0.5, 0.75, 1])] if finite else [])


def test_each_column_is_described() -> None:
    frame = pd.DataFrame(
        {"n": [1, 2, 2], "x": [0.5, np.nan, 1.5], "t": ["a", None, "a"], "k": pd.Categorical(["u", None, "v"])}
    )
    assert look(frame).profile.columns == [
        ColumnProfile(name="n", dtype="int64", nulls=0, quantiles=[1, 1.5, 2, 2, 2], distinct=2),
        ColumnProfile(name="x", dtype="float64", nulls=1, quantiles=[0.5, 0.75, 1.0, 1.25, 1.5]),
        ColumnProfile(name="t", dtype="str", nulls=1, distinct=1),
        ColumnProfile(name="k", dtype="category", nulls=1, distinct=2),
    ]


@pytest.mark.parametrize(
    ("values", "nulls", "quantiles"),
    [
        (pl.Series([1, None, 3]), 1, [1, 1.5, 2, 2.5, 3]),
        (pl.Series(["a", None]), 1, []),
        (pl.Series([None, dt.date(2024, 1, 1)]), 1, []),
        (pd.Series(pd.array([1, None, 3], dtype="Int8")), 1, [1, 1.5, 2, 2.5, 3]),
        (pd.Series(pd.DatetimeIndex(["2024-01-01", "NaT"])), 1, []),
        (pd.Series([True, False]), 0, [0, 0.25, 0.5, 0.75, 1]),
        (pd.Series([[1, 2], None], dtype=object), 1, []),
        (np.array([], float), 0, []),
        (np.zeros((0, 3)), 0, []),
        (np.array([1 + 2j, np.nan]), 1, []),
    ],
)
def test_what_is_missing_is_counted(values: Any, nulls: int, quantiles: list[float]) -> None:
    (column,) = look(values).profile.columns
    assert (column.nulls, column.quantiles) == (nulls, quantiles)


def test_of_wide_data_the_first_columns_are_described() -> None:
    assert len(look(pd.DataFrame(np.zeros((3, 150)))).profile.columns) == MAX_COLUMNS


def test_of_large_data_a_sample_is_described() -> None:
    profile = look(np.zeros((100_000, 50))).profile
    assert profile.rows is not None
    assert 1_000 < profile.rows < 100_000
    assert look(np.zeros((100, 50))).profile.rows == 100
