"""The data of boosting libraries: XGBoost's ``DMatrix`` and LightGBM's ``Dataset``, with their labels and weights."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from trackside.capture.data.arrays import array_column
from trackside.capture.data.content import Column, Content, Values
from trackside.capture.data.tensors import read_plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_LARGEST_COPIED = 5_000_000
"""Numbers that are asked of a DMatrix, which hands out a copy only; it takes 0.15 s."""

_COPIED = 3
"""How much longer numbers take that are copied first."""


def read_boosting_data(value: Any) -> Content | None:
    """Return what a DMatrix or a Dataset of LightGBM holds.

    LightGBM frees the rows it was given when it has put them into bins: of a Dataset that has been trained on, the
    shape is left.
    """
    matrix = getattr(sys.modules.get("xgboost"), "DMatrix", None)
    if matrix is not None and isinstance(value, matrix):
        return _read_matrix(value)
    dataset = getattr(sys.modules.get("lightgbm"), "Dataset", None)
    return _read_dataset(value) if dataset is not None and isinstance(value, dataset) else None


def _read_matrix(matrix: Any) -> Content:
    rows, width, entries = int(matrix.num_row()), int(matrix.num_col()), int(matrix.num_nonmissing())
    content = Content(kind=type(matrix).__name__, family="xgboost.DMatrix", shape=(rows, width))
    if entries > _LARGEST_COPIED:
        return content
    copied = cache(matrix.get_data)  # only where it is read

    def column(name: str, dtype: str, length: int, size: int, read: Any) -> Column:
        return Column(
            name=name,
            dtype=dtype,
            rows=length,
            size=size,
            slowness=_COPIED,
            read=lambda part: Values(read(copied())[part]),
        )

    if entries == rows * width:
        columns = [column("", "<f4", rows, 4 * entries, lambda data: data.data.reshape(rows, width))]
    else:
        columns = [
            column("data", "<f4", entries, 4 * entries, lambda data: data.data),
            column("indices", "<i4", entries, 4 * entries, lambda data: data.indices),
            column("indptr", "<i8", rows + 1, 8 * (rows + 1), lambda data: data.indptr.astype("<i8")),
        ]
    given = {"label": matrix.get_label(), "weight": matrix.get_weight()}
    return replace(content, columns=[*columns, *_columns_of(given)])


def _read_dataset(dataset: Any) -> Content:
    kind = Content(kind=type(dataset).__name__, family="lightgbm.Dataset", shape=None)
    inner = read_plain(dataset.data)
    if inner is not None and inner.columns is not None:
        given = {"label": dataset.label, "weight": dataset.weight}
        columns = [*inner.columns, *_columns_of(given)]
        facts = (inner.family, *inner.facts)
        return replace(kind, shape=inner.shape, columns=columns, memory=inner.memory, facts=facts)
    is_binned = getattr(dataset, "_handle", None) is not None
    return replace(kind, shape=(dataset.num_data(), dataset.num_feature())) if is_binned else kind


def _columns_of(given: dict[str, Any]) -> Iterator[Column]:
    """Yield what stands beside the rows, in the type to which both libraries bring it sooner or later."""
    import numpy as np

    for name, values in given.items():
        numbers: NDArray[Any] = np.asarray([] if values is None else values, dtype=np.float32).reshape(-1)
        if len(numbers):
            yield array_column(name, numbers)
