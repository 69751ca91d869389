"""Objects that raise, lie or claim to be others cost their digest, never the cell."""

from __future__ import annotations

from typing import Any

import pytest
from torch.utils.data import Dataset

from trackside.capture.code.cell import Cell
from trackside.capture.data.datasets import DataCapture


class RaisesDataset:
    """Raises whatever it is asked."""

    def __getattribute__(self, name: str) -> Any:
        raise RuntimeError(name)


class LyingDataset(Dataset[Any]):
    """Has no length that a list could have."""

    def __len__(self) -> int:
        return -5  # noqa: PLE0303 - on purpose

    def __getitem__(self, index: int) -> Any:
        raise SystemExit


class ShapelessFrame:
    """Has a shape that cannot be had."""

    dtype = "float64"

    @property
    def shape(self) -> tuple[int, ...]:
        raise ZeroDivisionError


class HugeDataFrame:
    """Says that it is larger than the machine."""

    dtype = "float64"
    shape = (10**12, 10**12)

    def __array__(self) -> Any:
        raise MemoryError


class LiesOfFeatures:
    """Looks like a dataset of Hugging Face's."""

    features = column_names = ("a",)

    def __len__(self) -> int:
        return 10**9

    def __getitem__(self, rows: slice) -> Any:
        raise KeyError(rows)


@pytest.mark.parametrize("kind", [RaisesDataset, LyingDataset, ShapelessFrame, HugeDataFrame, LiesOfFeatures])
def test_a_hostile_object_costs_nothing_but_its_digest(kind: type[Any]) -> None:
    namespace = {"value": kind(), "X_train": [1]}
    capture = DataCapture(Cell.parse("fit(value)", namespace), namespace, lambda _: True)
    capture.look_before()
    assert capture.look_after() == []
    assert [found.dataset.digest for found in capture.found.values()] in ([], [None])
