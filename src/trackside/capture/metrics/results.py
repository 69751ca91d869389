"""What a result holds: a number, a row of them, or several under names of their own."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from trackside.capture.words.names import is_metric_name, is_size_name, is_time_name, name_of_one
from trackside.capture.words.numbers import is_0d_array, read_number
from trackside.goals import ROLES, split_words

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_FOLDS = 100
MAX_POINTS = 1_000_000
MAX_ENTRIES = 30
"""A dict with more numbers is a table, not a set of metrics."""

_RESULTS = frozenset("result results metric metrics report evaluation summary".split())


class Series(NamedTuple):
    """A metric's values in order; their steps count from 0 where None are given."""

    values: list[float]
    steps: list[int] | None = None


@dataclass
class Found:
    """Metrics found.

    Attributes
    ----------
    values
        One number for each metric.
    histories
        One series for each metric that has one.
    problems
        One line about each thing that could not be read.
    """

    values: dict[str, float] = field(default_factory=dict)
    histories: dict[str, Series] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.values or self.histories)

    def __or__(self, other: Found) -> Found:
        return Found(self.values | other.values, self.histories | other.histories, self.problems + other.problems)

    def without(self, known: Found) -> Found:
        """Return what ``known`` does not tell already; one value of a known history is told already."""
        values = {n: v for n, v in self.values.items() if v != known.values.get(n) and v not in known.points(n)}
        histories = {n: s for n, s in self.histories.items() if s.values != known.points(n)}
        return Found(values, histories, self.problems)

    def points(self, name: str) -> list[float]:
        """Return the values of a metric's history; none where it has none."""
        return self.histories[name].values if name in self.histories else []

    @property
    def names(self) -> set[str]:
        """The metrics' names."""
        return self.values.keys() | self.histories.keys()

    def under(self, owner: str) -> Found:
        """Return the same with ``owner.`` before every name."""
        return Found(
            {f"{owner}.{name}": value for name, value in self.values.items()},
            {f"{owner}.{name}": series for name, series in self.histories.items()},
            self.problems,
        )


def read_result(name: str, value: Any, *, is_folds: bool = False) -> Found:
    """Return the metrics that the value of ``name`` holds.

    Parameters
    ----------
    is_folds
        Whether a row of numbers is the scores of a cross-validation's folds, of which the mean and the deviation are
        told. Other rows are histories where the name says so.
    """
    if isinstance(value, Mapping):
        return _read_mapping(name, value)
    if isinstance(value, list) and value and all(isinstance(entry, Mapping) for entry in value):
        return _read_records(value)
    row = read_row(value)
    if row is not None:
        return _read_folds(name, row) if is_folds and len(row) <= MAX_FOLDS else _read_history(name, value, row)
    number = _measured(name, value)
    return Found() if number is None else Found({name: number})


def read_row(value: Any) -> list[float] | None:
    """Return a list, tuple or 1-d array of measured numbers as floats, or None where it is something else."""
    is_array = getattr(type(value), "ndim", None) is not None and hasattr(type(value), "dtype")
    if is_array:
        if value.ndim != 1 or not str(value.dtype).startswith(("float", "torch.float", "bfloat")):
            return None
    elif type(value) not in (list, tuple):
        return None
    if not 0 < len(value) <= MAX_POINTS:
        return None
    items = value.tolist() if is_array else value
    numbers = [item if type(item) is float else _measured("score", item) for item in items]
    return None if None in numbers else numbers  # type: ignore[return-value]  # no None is left


def is_excerpt(printed: list[float], values: list[float]) -> bool:
    """Tell whether printed values are some of ``values``, in their order and rounded.

    Examples
    --------
    >>> is_excerpt([0.8, 0.33333], [0.8, 0.5, 1 / 3]), is_excerpt([0.5, 0.8], [0.8, 0.5])
    (True, False)
    """
    following = iter(values)
    return all(any(math.isclose(one, value, rel_tol=1e-4, abs_tol=1e-4) for value in following) for one in printed)


def is_scores_name(name: str) -> bool:
    """Tell whether a name is that of several runs' or folds' scores."""
    return "scores" in name.lower().split("_")


def _read_folds(name: str, row: list[float]) -> Found:
    if len(row) == 1:
        return Found()
    return Found({f"{name}.mean": statistics.fmean(row), f"{name}.std": statistics.pstdev(row)})


def _read_history(name: str, value: Any, row: list[float]) -> Found:
    """Return a list as a history; an array holds a value for each example more often than for each epoch."""
    single = name_of_one(name)
    is_history = isinstance(value, list) and is_metric_name(single) and single != name
    return Found(histories={single: Series(row)}) if is_history else Found()


def _measured(name: str, value: Any) -> float | None:
    """Return a number that was measured: whole numbers only where the name says so, and no truths."""
    number = read_number(value)
    if number is None or isinstance(value, bool):
        return None
    dtype = str(value.dtype) if is_0d_array(value) else type(value).__name__
    if dtype.endswith("bool"):
        return None
    is_whole = dtype.removeprefix("torch.").startswith(("int", "uint"))
    return None if is_whole and not is_metric_name(name) else number


def _read_mapping(name: str, results: Mapping[Any, Any]) -> Found:
    """Return the entries under metrics' names; where there is none, all numbers of what calls itself results."""
    found = _read_entries(results)
    if not found and (is_metric_name(name_of_one(name)) or not _RESULTS.isdisjoint(name.lower().split("_"))):
        found = Found({f"{name}.{key}": number for key, number in _numbers(results)})
    return found if len(found.names) <= MAX_ENTRIES else Found()


def _read_entries(results: Mapping[Any, Any]) -> Found:
    found = Found()
    is_report = "macro avg" in results  # scikit-learn's, with a row for each class besides
    for key, value in results.items():
        if not isinstance(key, str) or not key.isprintable():
            continue
        if isinstance(value, Mapping):
            if not is_report or key.endswith(" avg"):
                found |= (_read_rounds(key, value) or _read_entries(value)).under(key) or _read_mapping(key, value)
        elif is_metric_name(name_of_one(key)):
            found |= _read_entry(key, value)
    return found


def _read_rounds(data: str, rows: Mapping[Any, Any]) -> Found:
    """Return what a boosting library records of some data, round by round: all that is there is a metric."""
    read = {str(name): read_row(row) for name, row in rows.items() if isinstance(row, list)}
    is_record = not ROLES.isdisjoint(split_words(data)) and len(read) == len(rows) and None not in read.values()
    return Found(histories={name: Series(row) for name, row in read.items() if row}) if is_record else Found()


def _numbers(results: Mapping[Any, Any]) -> Iterator[tuple[str, float]]:
    for key, value in results.items():
        if isinstance(key, str) and key.isprintable() and not is_time_name(key) and not is_size_name(key):
            number = _measured(key, value)
            if number is not None:
                yield key, number


def _read_entry(key: str, value: Any) -> Found:
    row = read_row(value)
    if row is None:
        number = _measured(key, value)
        return Found() if number is None else Found({key: number})
    if isinstance(value, list) and not is_scores_name(key):
        return Found(histories={key: Series(row)})
    return _read_folds(key, row) if len(row) <= MAX_FOLDS else Found()


def _read_records(records: list[Mapping[Any, Any]]) -> Found:
    """Return the metrics of a list of dicts: by the text that tells them apart, if there is one, else as histories."""
    names = [name for name in records[0] if isinstance(name, str) and is_metric_name(name)]
    label = next((key for key, value in records[0].items() if isinstance(value, str)), None)
    labels = [str(record.get(label)) for record in records]
    if label is not None and len(set(labels)) == len(records):
        return _read_mapping("results", dict(zip(labels, records, strict=True)))
    rows = {name: read_row([record.get(name) for record in records]) for name in names}
    return Found(histories={name: Series(row) for name, row in rows.items() if row is not None})
