"""The lines of a metric as the live view draws them: smoothed, or of groups with a band.

`js/core/history` has the same rules.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trackside.axes import column_of
from trackside.browser_api import decode_floats
from trackside.goals import natural_order
from trackside.run_looks import Look, looks_at, run_names, run_places, shown_runs

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from trackside import wire

Floats: TypeAlias = NDArray[np.float64]

_MOST_PLACES = 1000
"""Of a group's line: more would show nothing more."""


@dataclass(frozen=True, kw_only=True)
class DrawnLine:
    """A run's or a group's line. Gaps are NaN; ``raw`` is there where the line is smoothed, ``low`` with ``high``.

    ``low`` and ``high`` are the minimum and maximum of what a thinned line's points stand for, or a group's band.
    """

    name: str
    x: Floats
    value: Floats
    raw: Floats | None = None
    low: Floats | None = None
    high: Floats | None = None


def draw_lines(record: wire.ViewRecord, history: wire.History) -> list[DrawnLine]:
    """Return the lines of one metric: of runs, or of the groups that the record's state asks for.

    While some runs have more, those with one point only are left out.
    """
    state, shown = record.state, set(shown_runs(record))
    lines = [line for line in history.lines if line.run_id in shown]
    lines = [line for line in lines if line.points > 1] or lines
    groups = group_runs(record)
    if groups is None:
        names = run_names(record.table)
        return [_run_line(names[line.run_id], line, state.smoothing) for line in lines]
    group_of = {run_id: name for name, run_ids in groups.items() for run_id in run_ids}
    members: dict[str, list[wire.Line]] = {name: [] for name in groups}
    for line in lines:
        members[group_of[line.run_id]].append(line)
    return [
        group_line(
            name,
            [(decode_floats(line.x), decode_floats(line.mean)) for line in lines],
            band=state.band,
            weight=state.smoothing,
            log=state.log_x,
        )
        for name, lines in members.items()
        if lines
    ]


def line_looks(record: wire.ViewRecord, drawn: Container[str]) -> dict[str, Look]:
    """Return the looks of the lines that are drawn, of runs or of groups, by name, in the order of the legend."""
    groups = group_runs(record)
    if groups is not None:
        places = {name: place for place, name in enumerate(groups) if name in drawn}
    else:
        names, of_run = run_names(record.table), run_places(record.table)
        places = {names[run_id]: of_run[run_id] for run_id in shown_runs(record) if names[run_id] in drawn}
    return dict(zip(places, looks_at([*places.values()]), strict=True))


def group_runs(record: wire.ViewRecord) -> dict[str, set[str]] | None:
    """Return the runs of each value of the column that a record groups by, in their order; None where it does not.

    Values that read alike to six digits are spelt in full, and so is a text ``missing`` beside runs without a value.
    """
    column = column_of(record.table, record.state.group_by)
    if column is None:
        return None
    values = sorted(set(column.values), key=_order)
    alike = Counter(map(_spell, values))
    names = {value: _spell(value) if value is None or alike[_spell(value)] == 1 else repr(value) for value in values}
    groups: dict[str, set[str]] = {name: set() for name in names.values()}
    for run_id, value in zip(record.table.run_ids, column.values, strict=True):
        groups[names[value]].add(run_id)
    return groups


def _order(value: wire.Cell) -> tuple[int, float, list[tuple[int, str]]]:
    """Numbers by size, then words as people sort them, what is missing last."""
    if value is None:
        return 2, 0.0, []
    return (1, 0.0, natural_order(value)) if isinstance(value, str) else (0, float(value), [])


def _spell(value: wire.Cell) -> str:
    if value is None:
        return "missing"
    return f"{value:.6g}" if isinstance(value, float | int) and not isinstance(value, bool) else str(value)


def debiased_average(values: Floats, weight: float) -> Floats:
    """Return the exponential moving average without bias towards zero, as TensorBoard draws it.

    Each value weighs ``weight`` times the one after it, and the weights add up to 1. Values that are not finite become
    NaN and leave the average untouched. A weight of 0 gives the values back.

    Examples
    --------
    >>> debiased_average(np.array([2.0, 4.0, 0.0]), 0.5).round(4).tolist()
    [2.0, 3.3333, 1.4286]
    """
    finite = pd.Series(values).where(np.isfinite(values))
    return finite.ewm(alpha=1 - weight, ignore_na=True).mean().where(finite.notna()).to_numpy()


def group_line(
    name: str,
    members: Sequence[tuple[Floats, Floats]],
    *,
    band: str = "std",
    weight: float = 0.0,
    log: bool = False,
) -> DrawnLine:
    """Return the line of a group at the places where its runs have points.

    It is the mean of what they are there, with one sample standard deviation on both sides, or the median with the
    quartiles. Between its points a run is taken for straight; before its first and after its last it does not count.

    Parameters
    ----------
    name
        Of the group.
    members
        The x, ascending, and the values of each of its runs.
    band
        ``"std"`` or ``"quartiles"``.
    weight
        By which the line and the edges of its band are smoothed.
    log
        Whether x is on a log axis, where only what is above zero has a place.
    """
    x = _places(np.concatenate([places for places, _ in members]), log=log)
    values = pd.DataFrame({at: _values_at(x, *member) for at, member in enumerate(members)})
    if band == "std":
        middle, spread = values.mean(axis=1), values.std(axis=1).fillna(0.0)
        parts = [middle - spread, middle, middle + spread]
    else:
        parts = [values.quantile(share, axis=1) for share in (0.25, 0.5, 0.75)]
    low, value, high = (debiased_average(part.to_numpy(), weight) for part in parts)
    line = DrawnLine(name=name, x=x, value=value, raw=parts[1].to_numpy() if weight else None)
    return replace(line, low=low, high=high) if len(members) > 1 else line


def _run_line(name: str, line: wire.Line, weight: float) -> DrawnLine:
    mean = decode_floats(line.mean)
    drawn = DrawnLine(
        name=name, x=decode_floats(line.x), value=debiased_average(mean, weight), raw=mean if weight else None
    )
    return replace(drawn, low=decode_floats(line.low), high=decode_floats(line.high)) if line.thinned else drawn


def _places(x: Floats, *, log: bool) -> Floats:
    """Return every x that is there, or as many at equal distances as there may be."""
    places = np.unique(x[x > 0] if log else x)
    if len(places) <= _MOST_PLACES:
        return places
    return (np.geomspace if log else np.linspace)(places[0], places[-1], _MOST_PLACES)


def _values_at(places: Floats, x: Floats, values: Floats) -> Floats:
    """Return what a line is at places: the mean of its points there, else straight between its neighbours."""
    at, index, counts = np.unique(x, return_inverse=True, return_counts=True)
    means = np.bincount(index, values) / counts
    return np.interp(places, at, means, left=np.nan, right=np.nan)
