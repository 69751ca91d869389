"""A length is asked where that costs nothing; one that only the user's code would find out is not."""

from __future__ import annotations

from typing import Any

import datasets
import numpy as np
import pandas as pd
import pytest
import torch
from torch.utils.data import ConcatDataset, DataLoader, Dataset, Subset, TensorDataset

from trackside.capture.data.lengths import length_of
from trackside.capture.data.recognition import recognise


class FilesDataset(Dataset[Any]):
    def __init__(self) -> None:
        self.files, self.count, self.frame = ["a", "b"], 5, pd.DataFrame({"a": [1, 2, 3]})

    def __len__(self) -> int:
        return len(self.files)


class CountDataset(FilesDataset):
    def __len__(self) -> int:
        return self.count


class FrameDataset(FilesDataset):
    def __len__(self) -> int:
        return int(self.frame.shape[0])


class QueryDataset(FilesDataset):
    """Asks a database, or would."""

    def __len__(self) -> int:
        return self.query()

    def query(self) -> int:
        raise AssertionError


class LinesDataset(FilesDataset):
    def __len__(self) -> int:
        return sum(1 for _ in self.files)


class AroundDataset(FilesDataset):
    def __init__(self) -> None:
        self.inner = QueryDataset()

    def __len__(self) -> int:
        return len(self.inner)


class PropertyDataset(QueryDataset):
    def __len__(self) -> int:
        return self.rows

    @property
    def rows(self) -> int:
        return self.query()


class QueryLoader:
    """A loader of another library's kind."""

    def __len__(self) -> int:
        raise AssertionError


QueryDataLoader = type("QueryDataLoader", (QueryLoader,), {})
FREE: list[tuple[Any, int]] = [
    (FilesDataset(), 2),
    (CountDataset(), 5),
    (FrameDataset(), 3),
    (ConcatDataset([FilesDataset(), FilesDataset()]), 4),
    (Subset(FilesDataset(), [0]), 1),
    (TensorDataset(torch.zeros(7)), 7),
    (datasets.Dataset.from_dict({"a": [1, 2]}), 2),
    (np.zeros(3), 3),
]
ASKED_OF_NOBODY = [QueryDataset(), LinesDataset(), AroundDataset(), PropertyDataset(), QueryDataLoader()]


@pytest.mark.parametrize(("value", "length"), FREE)
def test_a_length_that_is_only_looked_up_is_told(value: Any, length: int) -> None:
    assert length_of(value) == length


@pytest.mark.parametrize("value", ASKED_OF_NOBODY, ids=lambda value: type(value).__name__)
def test_a_length_that_runs_other_code_is_not_asked(value: Any) -> None:
    assert length_of(value) is None
    content = recognise(value)
    assert content is not None
    assert content.shape is None


def test_a_loader_does_not_ask_its_dataset_either() -> None:
    content = recognise(DataLoader(QueryDataset(), sampler=[0, 1]))
    assert content is not None
    assert content.shape is None
