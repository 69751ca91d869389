"""The named questions a browser may ask about a set of runs, answered from the store.

A view's comm, the server and saved outputs all speak through here. No SQL and no path ever comes from a browser: a
question names runs, a metric, a range; a filter's text is evaluated in a locked-down database of its own.
"""

from __future__ import annotations

import base64
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
import numpy as np

from trackside import wire
from trackside.capture.numbers import spell_number
from trackside.errors import InputError, StoreBusyError, TracksideError
from trackside.history import Floats, LineData, Window, select_history
from trackside.model import is_run_id, short_labels
from trackside.query import Column, RunFrame, Scope, select_runs
from trackside.store.sandbox import match_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from trackside.store.store import Store

_RUN_COLUMNS: dict[str, tuple[str, str]] = {
    "name": ("name", "text"),
    "status": ("status", "text"),
    "started_at": ("started", "time"),
    "duration": ("duration", "number"),
    "experiment": ("experiment", "text"),
    "group": ("group", "text"),
    "user": ("user", "text"),
    "notebook": ("notebook", "text"),
}
_LIVE_WAIT = 0.3  # seconds a question waits for the newest points; the view asks again anyway
_KEPT_ANSWERS = 8
_MOST_LINES = 1000

T = TypeVar("T")


def table_of(frame: RunFrame) -> wire.RunTable:
    """Return a frame as the browser's table of runs."""
    columns = [
        _run_column(key, frame.labels() if key == "name" else None, frame.attributes[key])
        for key in _RUN_COLUMNS
        if not np.ma.getmaskarray(frame.attributes[key]).all()
    ]
    short = short_labels(frame.params)
    columns += [_column("param", key, column, name=short[key]) for key, column in frame.params.items()]
    columns += [_column("metric", key, column, goal=frame.goals.of(key)) for key, column in frame.metrics.items()]
    columns += [_column("run", f"tag:{key}", column) for key, column in frame.tags.items()]
    main = frame.main_metric or next(iter(frame.metrics), None)
    return wire.RunTable(
        run_ids=frame.run_ids,
        columns=columns,
        total=frame.total,
        metrics=[key for key in frame.metrics if frame.points[key] > 1],
        main=f"metric:{main}" if main else None,
    )


def filter_columns(frame: RunFrame) -> dict[str, Any]:
    """Return a frame's columns by the names that filters use.

    A param ``SVC.C`` is ``C`` too while no other param ends so. A metric and a param of one name are ``metric.x`` and
    ``param.x``; of two such names the bare one means the metric.
    """
    named: dict[str, Any] = {}
    short = short_labels(frame.params)
    bare: dict[str, Any] = {}
    for prefix, group in (
        ("metric", frame.metrics),
        ("param", frame.params),
        ("tag", frame.tags),
        ("run", {key: frame.attributes[key] for key in _RUN_COLUMNS}),
    ):
        for key, column in group.items():
            plain = _plain(column)
            named[f"{prefix}.{key}"] = plain
            bare.setdefault(key, plain)
            if prefix == "param":
                bare.setdefault(short[key], plain)
    return bare | named


def filter_rows(frame: RunFrame, expression: str) -> list[int]:
    """Return the rows of a frame that fulfil a filter; an empty one lets all pass."""
    if not expression.strip():
        return list(range(len(frame.run_ids)))
    return match_rows(filter_columns(frame), expression)


def line_of(data: LineData) -> wire.Line:
    """Return one run's line as the browser reads it."""
    return wire.Line(
        run_id=data.run_id,
        x=encode_floats(data.x),
        low=encode_floats(data.low),
        high=encode_floats(data.high),
        mean=encode_floats(data.mean),
        thinned=data.thinned,
        points=data.points,
        non_finite=wire.NonFinite(
            x=encode_floats(np.array([x for x, _ in data.non_finite], dtype=np.float64)),
            kinds=[kind for _, kind in data.non_finite],  # type: ignore[misc]  # the three literals, by construction
        ),
    )


def encode_floats(values: Floats) -> wire.Floats:
    """Return numbers as base64 of little-endian 64-bit floats."""
    return base64.b64encode(np.ascontiguousarray(values, "<f8").tobytes()).decode("ascii")


def decode_floats(text: wire.Floats) -> Floats:
    """Return the numbers that `encode_floats` was given."""
    return np.frombuffer(base64.b64decode(text), dtype="<f8")


@dataclass
class BrowserApi:
    """Answers a browser's questions about the runs in a scope of one store. Safe to call from several threads.

    Where the store is busy for longer than a question may wait, the last answer to the same question is given again,
    with its age.
    """

    store: Store
    scope: Scope
    _last: dict[bytes, tuple[float, Any]] = field(default_factory=dict, repr=False)
    _guard: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def answer(self, question: object) -> wire.Answer:
        """Answer a question given as JSON-like data. Never raises for what a browser sent or the store said."""
        try:
            asked = msgspec.convert(question, wire.Question)
        except msgspec.ValidationError as error:
            return wire.Failure(message=f"The question was not understood: {error}")
        try:
            msgspec.json.encode(asked)  # raises for half a character, which JSON can carry and UTF-8 cannot
            if isinstance(asked, wire.RunsQuestion):
                return self.runs()
            if isinstance(asked, wire.FilterQuestion):
                return self.filter(asked.expression)
            return self.history(asked)
        except TracksideError as error:
            return wire.Failure(message=str(error))
        except UnicodeEncodeError:
            return wire.Failure(message="The question has half a character in it; expected text; type it anew.")

    def runs(self) -> wire.RunTable:
        """Return the runs in scope."""
        return self._fresh_or_last(b"runs", lambda: table_of(select_runs(self.store, self.scope)))

    def filter(self, expression: str) -> wire.Matches:
        """Return which runs in scope fulfil an expression."""
        frame = select_runs(self.store, self.scope)
        return wire.Matches(run_ids=[frame.run_ids[row] for row in filter_rows(frame, expression)])

    def history(self, question: wire.HistoryQuestion) -> wire.History:
        """Return how a metric went in some runs."""
        if len(question.run_ids) > _MOST_LINES:
            raise InputError(
                f"{len(question.run_ids)} runs were asked for in one chart; expected at most {_MOST_LINES}. "
                "Filter or brush to choose among them."
            )
        for run_id in question.run_ids:
            if not is_run_id(run_id):
                raise InputError(f"{run_id[:80]!r} is no id of a run; expected one of the ids in the table")
        window = Window(x=question.x, pixels=question.pixels, range=question.range, log_x=question.log_x)

        def ask() -> wire.History:
            lines = select_history(self.store, question.run_ids, question.metric, window)
            return wire.History(
                metric=question.metric,
                x=question.x,
                lines=[line_of(line) for line in lines],
                range=question.range,
                log_x=question.log_x,
            )

        return self._fresh_or_last(msgspec.json.encode(question), ask)

    def _fresh_or_last(self, key: bytes, ask: Callable[[], T]) -> T:
        self.store.refresh(_LIVE_WAIT)
        try:
            answer = ask()
        except StoreBusyError:
            with self._guard:
                if key not in self._last:
                    raise
                when, last = self._last[key]
            aged: T = msgspec.structs.replace(last, age=time.monotonic() - when)
            return aged
        with self._guard:
            self._last[key] = (time.monotonic(), answer)
            while len(self._last) > _KEPT_ANSWERS:
                self._last.pop(next(iter(self._last)))
        return answer


def _run_column(key: str, values: Sequence[Any] | None, column: Column) -> wire.Column:
    name, kind = _RUN_COLUMNS[key]
    if kind == "time":
        seconds = np.ma.getdata(column).astype("datetime64[us]").astype(np.int64) / 1e6
        column = np.ma.masked_array(seconds, np.ma.getmaskarray(column))
    cells = list(values) if values is not None else _cells(column)
    return wire.Column(key=f"run:{key}", name=name, group="run", kind=kind, values=cells)  # type: ignore[arg-type]  # the literals above


def _column(
    group: Any, key: str, column: Column, *, name: str | None = None, goal: wire.Goal | None = None
) -> wire.Column:
    kind: Any = {"f": "number", "i": "number", "b": "bool"}.get(column.dtype.kind, "text")
    cells = _plain(column).tolist() if kind == "text" else _cells(column)
    return wire.Column(
        key=f"{group}:{key}",
        name=name or key.removeprefix("tag:"),
        group=group,
        kind=kind,
        values=cells,
        goal=goal,
    )


def _cells(column: Column) -> list[Any]:
    cells: list[Any] = column.tolist()
    if column.dtype.kind == "f":
        for row in np.flatnonzero(~np.isfinite(np.ma.getdata(column)) & ~np.ma.getmaskarray(column)):
            cells[row] = spell_number(float(column[row]))
    return cells


def _plain(column: Column) -> Any:
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


def _text(value: object) -> str:
    """Return a param's value as text. Python's own None is a value like another; *missing* is said by the mask."""
    if isinstance(value, (list, dict)):
        return msgspec.json.encode(value).decode()
    return str(spell_number(value) if isinstance(value, float) else value)
