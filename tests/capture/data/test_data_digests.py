"""The same content has the same digest, whatever its layout; other content, or another order, has another one."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from tests.capture.data.looking import digest

ARRAYS = hnp.arrays(
    dtype=st.one_of(
        hnp.integer_dtypes(),
        hnp.floating_dtypes(),
        hnp.boolean_dtypes(),
        hnp.datetime64_dtypes(),
        hnp.unicode_string_dtypes(),
    ),
    shape=hnp.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=6),
)
TEXTS = st.lists(st.one_of(st.none(), st.text(st.characters(exclude_categories=[]), max_size=5)), max_size=8)


@given(ARRAYS)
def test_layout_does_not_matter(array: np.ndarray[Any, Any]) -> None:
    expected = digest(array)
    assert digest(np.asfortranarray(array)) == expected
    assert digest(array.copy()) == expected
    assert digest(pickle.loads(pickle.dumps(array))) == expected  # noqa: S301 - made here
    twice = np.repeat(array, 2, axis=0)[::2]
    assert digest(twice) == expected


@given(ARRAYS, st.randoms(use_true_random=False))
def test_another_order_of_rows_is_another_digest(array: np.ndarray[Any, Any], random: Any) -> None:
    order = list(range(len(array)))
    random.shuffle(order)
    is_same = np.ascontiguousarray(array[order]).tobytes() == np.ascontiguousarray(array).tobytes()
    assert (digest(array[order]) == digest(array)) == is_same


@given(
    st.lists(st.integers(-100, 100), min_size=1, max_size=8), st.sampled_from(["int8", "int32", "float32", "float64"])
)
def test_another_dtype_is_another_digest(values: list[int], dtype: str) -> None:
    assert digest(np.array(values, dtype)) != digest(np.array(values, "int64"))


def test_another_shape_is_another_digest() -> None:
    assert len({digest(np.zeros(shape)) for shape in [(4,), (2, 2), (4, 1), (1, 4), (0, 4), (4, 0)]}) == 6


@given(TEXTS, TEXTS)
def test_columns_of_objects_are_told_apart(one: list[str | None], other: list[str | None]) -> None:
    arrays = [np.array([*texts, 0], object)[:-1] for texts in (one, other)]
    assert (digest(arrays[0]) == digest(arrays[1])) == (one == other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (["nan", "a"], [None, "a"]),
        ([1, "a"], ["1", "a"]),
        ([1, "a"], [1.0, "a"]),
        ([True, "a"], [1, "a"]),
        (["ab", "c"], ["a", "bc"]),
        (["", None], [None, ""]),
        ([(1, 2), 0], [[1, 2], 0]),
        ([{"a": 1}, 0], [{"a": 2}, 0]),
        ([float("nan"), "a"], [None, "a"]),
    ],
)
def test_objects_that_look_alike_are_told_apart(one: list[Any], other: list[Any]) -> None:
    series = [pd.Series(values, dtype=object) for values in (one, other)]
    assert digest(series[0]) != digest(series[1])


def test_objects_with_no_lasting_spelling_have_no_digest() -> None:
    from tests.capture.data.looking import look

    assert look(np.array([object()] * 60, object)).digest is None


FRAME = pd.DataFrame(
    {
        "number": [1.5, np.nan, 3.0],
        "count": pd.array([1, None, 3], dtype="Int64"),
        "text": ["a", "b", None],
        "kind": pd.Categorical(["x", "y", "x"]),
        "when": pd.date_range("2024-03-30", periods=3, tz="Europe/Berlin"),
        "mixed": [1, "a", None],
        "flag": [True, False, True],
    }
)


@pytest.mark.parametrize(
    "change",
    [
        lambda f: f.iloc[::-1],
        lambda f: f.iloc[:2],
        lambda f: f.rename(columns={"number": "Number"}),
        lambda f: f[f.columns[::-1]],
        lambda f: f.set_axis(["p", "q", "r"], axis=0),
        lambda f: f.set_axis([0, 1, 3], axis=0),
        lambda f: f.rename_axis("row"),
        lambda f: f.astype({"number": "float32"}),
        lambda f: f.assign(number=[1.5, np.nan, 3.5]),
        lambda f: f.assign(count=pd.array([1, 0, 3], dtype="Int64")),
        lambda f: f.assign(text=["a", "b", "c"]),
        lambda f: f.assign(kind=pd.Categorical(["x", "x", "x"], categories=["x", "y"])),
        lambda f: f.assign(kind=f.kind.cat.rename_categories(["x", "z"])),
        lambda f: f.assign(kind=f.kind.cat.as_ordered()),
        lambda f: f.assign(when=f.when.dt.tz_convert("UTC")),
        lambda f: f.assign(when=f.when + pd.Timedelta(1, "s")),
        lambda f: f.assign(mixed=["1", "a", None]),
    ],
)
def test_any_change_to_a_frame_is_another_digest(change: Any) -> None:
    assert digest(change(FRAME.copy())) != digest(FRAME)


def test_how_a_frame_came_about_does_not_matter() -> None:
    numbers = np.arange(12.0).reshape(4, 3)
    by_array = pd.DataFrame(numbers, columns=list("abc"))
    by_columns = pd.DataFrame({name: numbers[:, at].copy() for at, name in enumerate("abc")})
    assert digest(by_array) == digest(by_columns) == digest(pd.concat([by_array.iloc[:2], by_array.iloc[2:]]))
    assert digest(pickle.loads(pickle.dumps(FRAME))) == digest(FRAME.copy()) == digest(FRAME)  # noqa: S301 - made here


def test_a_column_of_texts_is_the_same_wherever_they_are_stored() -> None:
    python = pd.Series(["a", None, "b"], dtype=pd.StringDtype("python", na_value=np.nan))
    arrow = pd.Series(["a", None, "b"], dtype=pd.StringDtype("pyarrow", na_value=np.nan))
    assert digest(python) == digest(arrow)


def test_chunks_do_not_matter() -> None:
    whole = pa.table(
        {"a": [1, None, 3, 4], "s": ["x", None, "y", "z"], "t": pa.array([1, 2, None, 4], pa.timestamp("us"))}
    )
    pieces = pa.concat_tables([whole.slice(0, 1), whole.slice(1)])
    assert pieces.column(0).num_chunks == 2
    assert digest(pieces) == digest(whole)
    assert digest(pa.chunked_array([[1, 2], [3]])) == digest(pa.chunked_array([[1], [2, 3]]))
    frame = pl.from_arrow(whole)
    assert isinstance(frame, pl.DataFrame)
    assert digest(pl.concat([frame[:1], frame[1:]], rechunk=False)) == digest(frame)


def test_a_null_is_no_zero() -> None:
    assert digest(pa.table({"a": [1, None]})) != digest(pa.table({"a": [1, 0]}))
    assert digest(pl.DataFrame({"a": [1, None]})) != digest(pl.DataFrame({"a": [1, 0]}))


def test_a_tensors_strides_and_gradient_do_not_matter() -> None:
    tensor = torch.arange(12.0).reshape(3, 4)
    expected = digest(tensor)
    assert digest(tensor.t().contiguous().t()) == expected
    assert digest(tensor.clone().requires_grad_()) == expected
    assert digest(tensor.to(torch.bfloat16)) != expected
    assert digest(tensor.flip(0)) != expected
