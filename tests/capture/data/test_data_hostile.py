"""Objects that raise, lie or claim to be others cost their digest, never the cell."""

from __future__ import annotations

from typing import Any, ClassVar

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


class Queries:
    """Asks a database for all that is asked of it; ``asked`` says what was."""

    asked: ClassVar[list[str]] = []

    def __len__(self) -> int:
        self.asked.append("length")
        return 100

    def __bool__(self) -> bool:
        self.asked.append("truth")
        return True

    @property
    def shape(self) -> tuple[int, ...]:
        self.asked.append("shape")
        return (100,)


class LazyDataFrame(Queries):
    """A frame that would have to be computed to tell how many rows it has."""

    @property
    def shape(self) -> tuple[Any, ...]:
        return (self, 3)

    def __int__(self) -> int:
        self.asked.append("rows")
        return 100


@pytest.mark.parametrize(("kind", "names"), [(Queries, []), (LazyDataFrame, ["value"])])
def test_what_would_have_to_be_computed_is_not_asked_for(kind: type[Any], names: list[str]) -> None:
    Queries.asked.clear()
    namespace = {"value": kind()}
    capture = DataCapture(Cell.parse("fit(value)", namespace), namespace, lambda _: True)
    capture.look_before()
    capture.look_after()
    assert list(capture.found) == names
    assert Queries.asked == []
