"""Summaries of series, folded exactly: whichever way the points come in pieces, the same comes out.

Only the sum depends on the order of additions (to about 1e-12 relative).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from trackside.store.batch import Points

_LOW = ("min", "min_step")
_HIGH = ("max", "max_step")
_FIRST = ("first", "first_step", "first_time")
_LAST = ("last", "last_step", "last_time")
_TOTALS = ("sum", "count", "non_finite")


def summarise(blocks: Sequence[Points], key_numbers: Mapping[str, int]) -> dict[str, NDArray[Any]]:
    """Return one row for each series in a batch.

    Parameters
    ----------
    blocks
        The batch's points.
    key_numbers
        The number that stands for each key.

    Returns
    -------
    dict
        Columns ``journal``, ``key`` (numbers), those of the table ``summaries`` (times in seconds; ``min`` and ``max``
        NaN where no point is finite).
    """
    parts = [_summarise_block(block, key_numbers) for block in blocks]
    table = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return _fold(table)


def _summarise_block(points: Points, key_numbers: Mapping[str, int]) -> dict[str, NDArray[Any]]:
    values = points.values
    rows, width = values.shape
    finite = np.isfinite(values)
    lowest = np.where(finite, values, np.inf).argmin(axis=0)
    highest = np.where(finite, values, -np.inf).argmax(axis=0)
    any_finite = finite.any(axis=0)
    columns = np.arange(width)
    with np.errstate(over="ignore"):
        total = np.where(finite, values, 0.0).sum(axis=0)

    def repeat(value: Any) -> NDArray[Any]:
        return np.full(width, value)

    return {
        "journal": repeat(points.journal),
        "key": np.array([key_numbers[key] for key in points.keys]),
        "first": values[0],
        "first_step": repeat(points.step[0]),
        "first_time": repeat(points.time[0]),
        "first_seq": repeat(points.seq[0]),
        "last": values[-1],
        "last_step": repeat(points.step[-1]),
        "last_time": repeat(points.time[-1]),
        "last_seq": repeat(points.seq[-1]),
        "min": np.where(any_finite, values[lowest, columns], np.nan),
        "min_step": points.step[lowest],
        "min_seq": points.seq[lowest],
        "max": np.where(any_finite, values[highest, columns], np.nan),
        "max_step": points.step[highest],
        "max_seq": points.seq[highest],
        "sum": total,
        "count": repeat(rows),
        "non_finite": rows - finite.sum(axis=0),
    }


def _fold(table: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Join the rows of one series, which came from lines with different sets of keys.

    Of equal extremes the earlier one counts, by the line's number.
    """
    series = (table["journal"], table["key"])
    in_order = np.lexsort((table["first_seq"], *series[::-1]))
    starts = _starts(table, in_order)
    ends = np.append(starts[1:], len(in_order)) - 1
    picks = {
        _FIRST: in_order[starts],
        _LAST: np.lexsort((table["last_seq"], *series[::-1]))[ends],
        _LOW: np.lexsort((table["min_seq"], table["min"], *series[::-1]))[starts],
        _HIGH: np.lexsort((table["max_seq"], -table["max"], *series[::-1]))[starts],
    }
    folded = {name: table[name][in_order[starts]] for name in ("journal", "key")}
    for names, rows in picks.items():
        folded |= {name: table[name][rows] for name in names}
    return folded | {name: np.add.reduceat(table[name][in_order], starts) for name in _TOTALS}


def _starts(table: Mapping[str, NDArray[Any]], order: NDArray[np.intp]) -> NDArray[np.intp]:
    journal, key = table["journal"][order], table["key"][order]
    changes = (journal[1:] != journal[:-1]) | (key[1:] != key[:-1])
    return np.concatenate([[0], np.flatnonzero(changes) + 1])
