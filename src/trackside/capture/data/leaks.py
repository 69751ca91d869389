"""Rows that stand in the data to train on and in the data to test on.

Rows are compared by 64-bit hashes of their values, all columns together, row labels aside. Data of one column is left
out: labels repeat, that is what they are for.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from trackside.capture.data.row_hashes import hash_rows, row_columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from trackside.capture.data.budget import Budget
    from trackside.capture.data.content import Content
    from trackside.model import Role

MAX_TESTED = 20_000
"""Rows to test on that are looked for; of more a sample, evenly spaced."""

MAX_CANDIDATES = 100_000
"""Rows to train on that are looked at whole, where a few of their values were alike."""

SECONDS = 0.1
"""What comparing one run's data may take."""

_FEW = 4
"""Values of a row that tell whether it is worth looking at, where there is no time to hash all of them."""


class Part(NamedTuple):
    """Data whose role is known."""

    name: str
    role: Role
    content: Content


@dataclass(frozen=True, kw_only=True)
class Overlap:
    """How many of the rows that were looked for, of ``rows``, stand in the data to train on, too."""

    name: str
    train: str
    found: int
    looked_for: int
    rows: int

    def __str__(self) -> str:
        sampled = f" (a sample of its {self.rows})" if self.looked_for < self.rows else ""
        return f"{self.found} of {self.looked_for} rows of {self.name}{sampled} are also in {self.train}"


def find_overlap(train: Part, part: Part, budget: Budget) -> Overlap | None:
    """Return how many rows of data to test on, or to choose by, data to train on has, too; None without any.

    Only data of the same columns, or rows of the same shape, is compared, and only while there is time for it.
    """
    import numpy as np

    if not _are_alike(train.content, part.content):
        return None
    rows = _length(part.content)
    step = max(-(-rows // MAX_TESTED), 1)
    tested = np.arange(0, rows, step)
    width = max(len(row_columns(part.content)), math.prod((part.content.shape or (0,))[1:]))
    cost = train.content.cost + part.content.cost // step
    few = None if budget.can_pay(cost) else _FEW
    if few is not None and (width <= few or not budget.can_pay(cost * few // width)):
        return None
    hashes = hash_rows(part.content, tested, few)
    alike = _find_among(hash_rows(train.content, None, few), hashes)
    if few is not None:
        if len(alike) > MAX_CANDIDATES:
            return None
        hashes = hash_rows(part.content, tested)
    found = int(np.isin(hashes, hash_rows(train.content, alike)).sum()) if len(alike) else 0
    if not found:
        return None
    return Overlap(name=part.name, train=train.name, found=found, looked_for=len(tested), rows=rows)


def _find_among(hashes: NDArray[Any], wanted: NDArray[Any]) -> NDArray[Any]:
    """Return where wanted hashes are; sorting a million of them is put off until 20 bits have left out most."""
    import numpy as np

    lower_bits = np.uint64((1 << 20) - 1)
    marked = np.zeros(1 << 20, bool)
    marked[wanted & lower_bits] = True
    near = np.flatnonzero(marked[hashes & lower_bits])
    return near[np.isin(hashes[near], wanted)]


def _are_alike(one: Content, other: Content) -> bool:
    return _structure(one) is not None and _structure(one) == _structure(other)


def _structure(content: Content) -> tuple[Any, ...] | None:
    """Return what two datasets must have in common to be compared row by row; None where there are no such rows."""
    columns = row_columns(content)
    length = _length(content)
    if content.family.startswith("scipy.sparse") or not columns or any(column.rows != length for column in columns):
        return None
    width = max(len(columns), math.prod((content.shape or (0,))[1:]))
    if width < 2 or not length:  # noqa: PLR2004 - one value is a label
        return None
    return (content.family, (content.shape or ())[1:], tuple((column.name, column.dtype) for column in columns))


def _length(content: Content) -> int:
    return content.shape[0] if content.shape else 0
