"""Data of every library is recognised, with its shape, its bytes, its columns and its digest."""

from __future__ import annotations

from typing import Any

import datasets
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import scipy.sparse as sp
import torch
from sklearn.datasets import load_iris
from tests.capture.data.looking import digest, look
from torch.utils.data import ConcatDataset, DataLoader, Dataset, Subset, TensorDataset

from trackside.capture.data.content import shape_text
from trackside.capture.data.recognition import expand, recognise

X = np.arange(300.0).reshape(100, 3)
TENSORS = TensorDataset(torch.tensor(X), torch.arange(100))


class Pictures(Dataset[Any]):
    """A dataset of a user's own, which reads a file when asked for an item."""

    def __init__(self, images: Any, transform: Any = None) -> None:
        self.images = images
        self.transform = transform

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> Any:
        raise AssertionError("no item is to be asked for")


HUGGING_FACE = datasets.Dataset.from_dict({"text": ["a", "b"] * 50, "label": [0, 1] * 50})

CASES: list[tuple[Any, str, str | None, list[str]]] = [
    (X, "ndarray", "100×3", [""]),
    (np.ma.masked_less(X, 5), "MaskedArray", "100×3", ["", "mask"]),
    (np.zeros(60, [("a", "i4"), ("b", "f8")]), "ndarray", "60", [""]),
    (pd.DataFrame(X, columns=list("abc")), "DataFrame", "100×3", ["a", "b", "c"]),
    (pd.DataFrame(np.zeros((2, 600))), "DataFrame", "2×600", ["600 columns"]),
    (pd.Series(X[:, 0]), "Series", "100", [""]),
    (pd.MultiIndex.from_product([range(10), range(10)]), "MultiIndex", "100", ["", ""]),
    (pl.DataFrame({"a": [1], "b": ["x"], "c": [[1, 2]]}), "DataFrame", "1×3", ["a", "b", "c"]),
    (pl.Series([1, 2]), "Series", "2", [""]),
    (pa.table({"a": [1], "b": ["x"]}), "Table", "1×2", ["a", "b"]),
    (pa.record_batch({"a": [1.5]}), "RecordBatch", "1×1", ["a"]),
    (pa.array([1, 2]), "Int64Array", "2", [""]),
    (torch.tensor(X), "Tensor", "100×3", [""]),
    (torch.tensor(X).to_sparse(), "Tensor", "100×3", ["indices", "values"]),
    (TENSORS, "TensorDataset", "100", ["0", "1"]),
    (Subset(TENSORS, range(5)), "Subset", "5", ["0", "1"]),
    (ConcatDataset([TENSORS, TENSORS]), "ConcatDataset", "200", ["0.0", "0.1", "1.0", "1.1"]),
    (DataLoader(TENSORS, batch_size=7), "DataLoader", "100", ["0", "1"]),
    (Pictures(X), "Pictures", "100", ["images"]),
    (sp.random_array((50, 4), density=0.5, format="csr", rng=0), "csr_array", "50×4", ["data", "indices", "indptr"]),
    (sp.random_array((50, 4), density=0.5, format="coo", rng=0), "coo_array", "50×4", ["data", "indices", "indptr"]),
    (HUGGING_FACE, "Dataset", "100×2", ["text", "label"]),
    (load_iris(), "Bunch", "150×4", ["data", "target"]),
    (load_iris(as_frame=True).frame, "DataFrame", "150×5", [*load_iris().feature_names, "target"]),
]


@pytest.mark.parametrize(("value", "kind", "shape", "columns"), CASES, ids=[f"{case[1]} {case[2]}" for case in CASES])
def test_data_is_recognised(value: Any, kind: str, shape: str | None, columns: list[str]) -> None:
    content = recognise(value)
    assert content is not None or kind == "Int64Array"
    content = recognise(value, even_small=True)
    assert content is not None
    assert (content.kind, shape_text(content.shape)) == (kind, shape)
    assert [column.name for column in content.columns or () if not column.is_aside] == columns
    seen = look(value)
    assert seen.digest is not None
    assert not seen.is_sampled


@pytest.mark.parametrize(
    "value",
    [None, 1, "text", np.zeros(3), [1, 2], {}, X.dtype, np, np.ndarray, torch.nn.Parameter(torch.ones(99)), print],
)
def test_other_values_are_no_data(value: Any) -> None:
    assert recognise(value) is None


def test_a_lazy_frame_is_not_computed() -> None:
    lazy = pl.LazyFrame({"a": [1]}).map_batches(lambda _: 1 / 0)  # type: ignore[arg-type,return-value]  # never called
    content = recognise(lazy)
    assert content is not None
    assert (content.kind, content.shape, content.columns) == ("LazyFrame", None, None)


def test_a_loader_holds_what_its_dataset_holds() -> None:
    assert digest(DataLoader(TENSORS, shuffle=True)) == digest(DataLoader(TENSORS, batch_size=50)) == digest(TENSORS)


def test_a_subset_holds_its_rows_in_their_order() -> None:
    rows = [7, 3, 3, 99]
    taken = TensorDataset(*(tensor[rows] for tensor in TENSORS.tensors))
    one, other = recognise(Subset(TENSORS, rows)), recognise(taken)
    assert one is not None
    assert other is not None
    for mine, theirs in zip(one.columns or (), other.columns or (), strict=True):
        assert np.array_equal(mine.read(slice(0, 4)).values, theirs.read(slice(0, 4)).values)
    assert digest(Subset(TENSORS, rows)) != digest(Subset(TENSORS, sorted(rows)))


def test_a_users_dataset_is_known_by_the_data_in_it() -> None:
    assert digest(Pictures(X)) == digest(Pictures(X.copy(), transform=print))
    assert digest(Pictures(X)) != digest(Pictures(X + 1))
    content = recognise(Pictures(["a.png", "b.png"]))
    assert content is not None
    assert content.columns is None


def test_how_hugging_face_keeps_rows_does_not_matter() -> None:
    shuffled = HUGGING_FACE.shuffle(seed=1)
    assert digest(shuffled) != digest(HUGGING_FACE)
    assert digest(shuffled.flatten_indices()) == digest(shuffled)
    assert digest(HUGGING_FACE.with_format("numpy")) == digest(HUGGING_FACE)


class LikeHuggingFace:
    """What has the same looks."""

    column_names = ("text",)
    features = ("text",)

    def __len__(self) -> int:
        return 3

    def __getitem__(self, rows: slice) -> dict[str, list[str]]:
        return {"text": ["a", "b", "c"][rows]}


def test_what_looks_like_hugging_face_is_read_by_slices() -> None:
    content = recognise(LikeHuggingFace())
    assert content is not None
    assert shape_text(content.shape) == "3×1"
    assert look(LikeHuggingFace()).digest is not None


def test_parts_of_dictionaries_of_data_go_by_their_keys() -> None:
    parts = datasets.DatasetDict({"train": HUGGING_FACE, "test": HUGGING_FACE})
    assert [name for name, _ in expand("data", parts)] == ['data["train"]', 'data["test"]']
    assert [name for name, _ in expand("loaders", {"train": X, "classes": 3})] == ['loaders["train"]']


def test_stored_entries_of_a_sparse_matrix_may_stand_in_any_order() -> None:
    rows, columns, values = [0, 0, 1], [2, 1, 0], [1.0, 2.0, 3.0]
    one = sp.csr_array((values, (rows, columns)), shape=(2, 3))
    other = sp.csr_array((np.array([2.0, 1.0, 3.0]), np.array([1, 2, 0]), np.array([0, 2, 3])), shape=(2, 3))
    unsorted = sp.csr_array((np.array([1.0, 2.0, 3.0]), np.array([2, 1, 0]), np.array([0, 2, 3])), shape=(2, 3))
    assert digest(unsorted) == digest(one) == digest(other)
    assert not unsorted.has_sorted_indices


def test_a_matrix_in_a_file_is_an_array_like_others(tmp_path: Any) -> None:
    np.save(tmp_path / "x.npy", X)
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    assert type(mapped) is np.memmap
    assert digest(mapped) == digest(X)
