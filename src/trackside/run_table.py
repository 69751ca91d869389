"""A frame of runs as the browser's table, column by column."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import msgspec
import numpy as np

from trackside import wire
from trackside.capture.words.numbers import spell_number
from trackside.errors import InputError, list_known, suggest
from trackside.goals import is_system_metric
from trackside.model import TAG_MARK, short_labels
from trackside.quantities import spell_difference

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from trackside.query import Column, RunFrame

_LOG_FACTOR = 100
_CROWD = 1 / 3
"""An axis is logarithmic where its values span the factor, and more than this part of them would share the lowest tenth
of a linear one."""

_NON_FINITE = ("NaN", "Infinity", "-Infinity")

T = TypeVar("T")

RUN_COLUMNS: dict[str, tuple[str, str]] = {
    "name": ("name", "text"),
    "status": ("status", "text"),
    "started_at": ("started", "time"),
    "duration": ("duration", "number"),
    "experiment": ("experiment", "text"),
    "group": ("group", "text"),
    "user": ("user", "text"),
    "notebook": ("notebook", "text"),
    "shelf": ("shelf", "text"),
    "note": ("note", "text"),
    "reproduced": ("reproduced", "text"),
    "decision": ("decision", "text"),
}
"""What is shown of a run itself: its attribute, what people call it, and the kind of its values."""


def table_of(frame: RunFrame) -> wire.RunTable:
    """Return a frame as the browser's table of runs."""
    labels, names = frame.labels(), frame.attributes["name"].tolist()
    columns = [
        _run_column(key, labels if key == "name" else None, frame.attributes[key])
        for key in RUN_COLUMNS
        if not np.ma.getmaskarray(frame.attributes[key]).all()
    ]
    short = short_labels(frame.params)
    columns += [_column("param", key, column, name=short[key]) for key, column in frame.params.items()]
    metrics = {key: _metric_column(frame, key, column) for key, column in frame.metrics.items()}
    results = [key for key in metrics if not is_system_metric(key)]
    columns += [metrics[key] for key in results]
    columns += [_column("run", "tags", frame.tag_texts)] if frame.tags else []
    columns += [_column("run", f"{TAG_MARK}{key}", column) for key, column in frame.tags.items()]
    columns += [column for key, column in metrics.items() if is_system_metric(key)]
    columns = _told_apart(columns)
    main = frame.main_metric or next(iter(results), None)
    repeats = frame.attributes["repeats"].tolist()
    return wire.RunTable(
        run_ids=frame.run_ids,
        columns=columns,
        total=frame.total,
        metrics=drawable_metrics(frame),
        main=f"metric:{main}" if main else None,
        main_is_given=main is not None and main == frame.goals.main,
        ordinals=frame.ordinals,
        repeats=repeats if max(repeats, default=1) > 1 else None,
        names=names if names != labels else None,
        starred=_runs_with(frame, "starred"),
        baseline=frame.baseline if frame.baseline in frame.run_ids else None,
        hidden=wire.Hidden(**frame.hidden) if frame.hidden else None,
        shown_anyway=_runs_with(frame, "left_out"),
    )


def pick_runs(table: wire.RunTable, picked: Container[str]) -> wire.RunTable:
    """Return a table of those of its runs that are picked; ``total`` stays."""
    rows = [row for row, run_id in enumerate(table.run_ids) if run_id in picked]

    def pick(values: Sequence[T]) -> list[T]:
        return [values[row] for row in rows]

    return msgspec.structs.replace(
        table,
        run_ids=pick(table.run_ids),
        columns=[
            msgspec.structs.replace(column, values=pick(column.values), spreads=column.spreads and pick(column.spreads))
            for column in table.columns
        ],
        ordinals=table.ordinals and pick(table.ordinals),
        repeats=table.repeats and pick(table.repeats),
        names=table.names and pick(table.names),
        starred=[run_id for run_id in table.starred if run_id in picked],
        broken=[run_id for run_id in table.broken if run_id in picked],
        shown_anyway=[run_id for run_id in table.shown_anyway if run_id in picked],
        baseline=table.baseline if table.baseline is not None and table.baseline in picked else None,
    )


def drawable_metrics(frame: RunFrame) -> list[str]:
    """Return the metrics that have a history, those that most runs have one of first, and the machine's last.

    The main one goes before all where somebody chose it, or half as many runs have its history as any other result's: a
    chart should open on lines.
    """
    counts = {key: int((frame.points[key] > 1).sum() or 0) for key in frame.metrics}
    drawable = [key for key, count in counts.items() if count]
    most = max((count for key, count in counts.items() if not is_system_metric(key)), default=0)

    def is_main(key: str) -> bool:
        return key == frame.main_metric and (key == frame.goals.main or 2 * counts[key] >= most)

    return sorted(drawable, key=lambda key: (not is_main(key), is_system_metric(key), -counts[key]))


def _told_apart(columns: list[wire.Column]) -> list[wire.Column]:
    """Return columns with the names that several go by made longer: those that filters know, ``param.acc``.

    What is shown of a run itself keeps its name.
    """
    taken = Counter(column.name for column in columns)

    def name_of(column: wire.Column) -> str:
        group, _, key = column.key.partition(":")
        if taken[column.name] == 1 or (group == "run" and not key.startswith(TAG_MARK)):
            return column.name
        return f"tag.{key.removeprefix(TAG_MARK)}" if group == "run" else f"{group}.{key}"

    return [msgspec.structs.replace(column, name=name_of(column)) for column in columns]


def find_column(table: wire.RunTable, name: str, *, prefer: Literal["param", "metric"] = "metric") -> wire.Column:
    """Return the column that people call by a name: as it is shown, in full (``param.lr``), or by its key.

    Where a param and a metric go by it, `prefer` says which is meant.

    Raises
    ------
    InputError
        There is none.
    """

    def is_called(column: wire.Column) -> bool:
        group, _, key = column.key.partition(":")
        return name in (column.name, column.key, key, f"{group}.{key}")

    found = sorted(filter(is_called, table.columns), key=lambda column: column.group != prefer)
    if found:
        return found[0]
    known = [column.name for column in table.columns]
    raise InputError(
        f"No param, metric or tag {name!r} in these {len(table.run_ids)} runs.{suggest(name, known)} "
        f"There are: {list_known(name, known)}."
    )


def deltas(table: wire.RunTable, column: wire.Column | None) -> dict[str, str]:
    """Return how a metric of each run stands to the baseline's, in words, by run; of those of which it can be said."""
    if column is None or column.group != "metric" or column.kind != "number" or table.baseline not in table.run_ids:
        return {}
    numbers = dict(zip(table.run_ids, map(number_of, column.values), strict=True))
    found = {run_id: spell_difference(number, numbers[table.baseline]) for run_id, number in numbers.items()}
    return {run_id: text for run_id, text in found.items() if text and run_id != table.baseline}


def crowds_low(column: wire.Column) -> bool:
    """Tell whether numbers crowd at the low end of a wide range, as learning rates do: they call for a log axis.

    A value counts once, however many runs have it, and zero, which has a place on every axis, not at all. Two say
    nothing.
    """
    if column.kind != "number":
        return False
    values = np.array([number_of(value) for value in column.values])
    values = np.unique(values[np.isfinite(values) & (values != 0)])
    if len(values) <= 2 or values[0] <= 0:  # noqa: PLR2004 - both stand at an end of either axis
        return False
    is_crowd = (values <= values[-1] / 10).mean() > _CROWD
    return bool(values[-1] / values[0] >= _LOG_FACTOR and is_crowd)


def number_of(cell: wire.Cell) -> float:
    """Return the number in a cell of a column of numbers, NaN where it has none."""
    return float(cell) if isinstance(cell, float | int) or cell in _NON_FINITE else np.nan


def number_part(column: Column) -> Column | None:
    """Return the numbers of a param that is one, if need be without the words that a few runs have in their place.

    None in place of a number is such a word, in however many runs, and so is ``"auto"`` in less than half of them. A
    column in which words are the rule, or less than two numbers differ, is no number.
    """
    if column.dtype.kind in "fi":
        return column
    if column.dtype.kind != "O":
        return None
    values = np.ma.getdata(column).tolist()
    is_known = ~np.ma.getmaskarray(column)
    is_number = is_known & [isinstance(value, float | int) and not isinstance(value, bool) for value in values]
    words = is_known & ~is_number & [value is not None for value in values]
    numbers = np.ma.masked_array(np.zeros(len(values)), mask=~is_number)
    numbers[is_number] = [float(value) for value, kept in zip(values, is_number, strict=True) if kept]
    is_rule = words.sum() < is_number.sum() and len(np.unique(numbers.compressed())) > 1
    return numbers if is_rule else None


def plain_values(column: Column) -> Any:
    """Return a column as DuckDB takes it: numbers and times as they are, all else as text, with nulls."""
    if column.dtype.kind in "fiM":
        return column
    missing = np.ma.getmaskarray(column)
    values = np.ma.getdata(column)
    plain = np.empty(len(column), dtype=object)
    bools = column.dtype.kind == "b"
    plain[:] = [
        None if gone else bool(value) if bools else _text(value) for value, gone in zip(values, missing, strict=True)
    ]
    return plain


def first_values(columns: Sequence[Column]) -> Column:
    """Return of each run the first value that one of these columns has."""
    kinds = {column.dtype.kind for column in columns}
    first: Column = np.ma.array(columns[0], dtype=float if kinds <= set("fi") else object, copy=True)
    for column in columns[1:]:
        gaps = np.ma.getmaskarray(first) & ~np.ma.getmaskarray(column)
        first[gaps] = column[gaps]
    return first


def _runs_with(frame: RunFrame, attribute: str) -> list[str]:
    """Return the runs of which an attribute says something."""
    values = frame.attributes[attribute].tolist()
    return [run_id for run_id, value in zip(frame.run_ids, values, strict=True) if value]


def _run_column(key: str, values: Sequence[Any] | None, column: Column) -> wire.Column:
    name, kind = RUN_COLUMNS[key]
    if kind == "time":
        seconds = np.ma.getdata(column).astype("datetime64[us]").astype(np.int64) / 1e6
        column = np.ma.masked_array(seconds, np.ma.getmaskarray(column))
    cells = list(values) if values is not None else _cells(column)
    return wire.Column(key=f"run:{key}", name=name, group="run", kind=kind, values=cells)  # type: ignore[arg-type]  # the literals above


def _metric_column(frame: RunFrame, key: str, column: Column) -> wire.Column:
    goal, is_given = frame.goals.of(key), frame.goals.is_given(key)
    known = frame.spreads[key].tolist() if key in frame.spreads else None
    spreads = known and [None if spread is None else str(spread) for spread in known]
    return msgspec.structs.replace(_column("metric", key, column), goal=goal, goal_is_given=is_given, spreads=spreads)


def _column(group: Any, key: str, column: Column, *, name: str | None = None) -> wire.Column:
    kind: Any = "bool" if column.dtype.kind == "b" else "text" if number_part(column) is None else "number"
    if column.dtype.kind == "O":
        cells = plain_values(column).tolist() if kind == "text" else _numbers_and_words(column)
    else:
        cells = _cells(column)
    return wire.Column(
        key=f"{group}:{key}",
        name=name or key.removeprefix(TAG_MARK),
        group=group,
        kind=kind,
        values=cells,
    )


def _cells(column: Column) -> list[Any]:
    cells: list[Any] = column.tolist()
    if column.dtype.kind == "f":
        for row in np.flatnonzero(~np.isfinite(np.ma.getdata(column)) & ~np.ma.getmaskarray(column)):
            cells[row] = spell_number(float(column[row]))
    return cells


def _numbers_and_words(column: Column) -> list[wire.Cell]:
    """Return a param's finite numbers as they are and all else as text, with nulls."""
    values, words = np.ma.getdata(column).tolist(), plain_values(column).tolist()
    return [value if _is_finite(value) else word for value, word in zip(values, words, strict=True)]


def _is_finite(value: object) -> bool:
    return isinstance(value, float | int) and not isinstance(value, bool) and math.isfinite(value)


def _text(value: object) -> str:
    """Return a param's value as text. Python's own None is a value like another; *missing* is said by the mask."""
    if isinstance(value, (list, dict)):
        return msgspec.json.encode(value).decode()
    return str(spell_number(value) if isinstance(value, float) else value)
