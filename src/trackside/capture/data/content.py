"""What data is made of, whichever library holds it: columns that can be read a few rows at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

OBJECT_SIZE = 100
"""Bytes of numbers that are digested in the time that one Python object takes."""


class Values(NamedTuple):
    """Some rows of a column: an array of numbers and the like, or a list of objects, and which of them are missing.

    ``nulls`` is None where the values themselves say what is missing: NaN, NaT, None.
    """

    values: NDArray[Any] | list[Any]
    nulls: NDArray[Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a table, or the whole of an array.

    Attributes
    ----------
    rows
        How many there are; columns of one dataset need not have as many.
    size
        Bytes of all its values, however they lie in the memory; an object counts as `OBJECT_SIZE`.
    slowness
        How many times longer reading it takes than plain numbers in order.
    read
        Returns the rows of a slice. It copies no more than these.
    is_aside
        Whether it only names the rows, as an index does, or what their codes stand for.
    is_coded
        Whether its numbers stand for something else: the ticks of a clock, the place of a category.
    """

    name: str
    dtype: str
    rows: int
    size: int
    read: Callable[[slice], Values]
    slowness: int = 1
    is_aside: bool = False
    is_coded: bool = False

    def take(self, rows: NDArray[Any]) -> Column:
        """Return a column of some rows, in the order in which they are named."""
        share = len(rows) / self.rows if self.rows else 1.0
        return replace(
            self, rows=len(rows), size=int(self.size * share), slowness=self.slowness + 1, read=self._taken(rows)
        )

    def _taken(self, rows: NDArray[Any]) -> Callable[[slice], Values]:
        def read(part: slice) -> Values:
            import numpy as np

            wanted = rows[part]
            if not len(wanted):
                return self.read(slice(0, 0))
            first, last = int(wanted.min()), int(wanted.max())
            values, nulls = self.read(slice(first, last + 1))
            inner = wanted - first
            chosen = [values[at] for at in inner] if isinstance(values, list) else np.asarray(values)[inner]
            return Values(chosen, None if nulls is None else nulls[inner])

        return read


@dataclass(frozen=True, kw_only=True)
class Content:
    """What is known of data without running anything of the user's.

    Attributes
    ----------
    kind
        The name of its type, for people.
    family
        What tells it from others that hold the same values: its library and type.
    shape
        Its shape, or None where that cannot be told.
    columns
        What it holds; None where only running the user's code would tell.
    memory
        Bytes it takes, where they are known at no cost.
    facts
        What else belongs to its identity, such as the range that is its index.
    is_sparing
        Whether reading it is slow, because it lies on a disk: a sample of it is smaller.
    """

    kind: str
    family: str
    shape: tuple[int, ...] | None
    columns: list[Column] | None = None
    memory: int | None = None
    facts: tuple[str, ...] = ()
    is_sparing: bool = False

    @property
    def size(self) -> int:
        """Bytes of all its values, however they lie in the memory."""
        return sum(column.size for column in self.columns or ())

    @property
    def cost(self) -> int:
        """What it takes to digest all of it, in bytes of plain numbers."""
        return sum(column.size * column.slowness for column in self.columns or ())

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return max((column.rows for column in self.columns or ()), default=0)


def shape_text(shape: tuple[int, ...] | None) -> str | None:
    """Return a shape as people write it.

    Examples
    --------
    >>> shape_text((1797, 64))
    '1797×64'
    """
    return None if shape is None else "×".join(map(str, shape))
