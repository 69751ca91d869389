"""Reads lines of a journal into a batch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from trackside.journal import Damage, JournalReader
from trackside.journal.layout import segments_folder
from trackside.journal.segments import open_segment
from trackside.model import AnyEvent, Ended, HistoryLogged, MetricsLogged, Opened, Started
from trackside.store.batch import Batch, JournalState, Points

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

BYTES_PER_POINT = 48
"""A line has about this many for each of its points, so that bytes read bound the points."""


POINTS_PER_EVENT = 20
"""An event that logs no metrics takes the tables about as long as this many points."""


@dataclass
class _Rows:
    """Lines that log the same metrics, as columns that grow."""

    seq: list[int] = field(default_factory=list)
    step: list[int] = field(default_factory=list)
    time: list[float] = field(default_factory=list)
    values: list[float | str] = field(default_factory=list)


class Collector:
    """Collects from the journals of one store.

    A segment's digest is checked once, however many batches its points take.
    """

    def __init__(self, folder: Path) -> None:
        self._segments = segments_folder(folder)
        self._open_segments: dict[str, np.ndarray[Any, Any] | str] = {}

    def collect(self, batch: Batch, state: JournalState, file: BinaryIO, points: int) -> JournalState:
        """Read on from ``state`` until the batch has about as many points as given; return where that ends."""
        data = read_lines(file, state.bytes, max(points - batch.count, 1) * BYTES_PER_POINT)
        if not data:
            return state
        journal = batch.begin_journal(state)
        reading = _Reading(self, batch, journal, JournalReader(file_name(state), **_position(state)))
        return reading.run(data, points)

    def segment(self, line: HistoryLogged) -> np.ndarray[Any, Any] | str:
        """Return the points a line vouches for, or why they cannot be had."""
        if line.file not in self._open_segments:
            self._open_segments[line.file] = open_segment(self._segments / line.file, line)
        return self._open_segments[line.file]

    def release(self, line: HistoryLogged) -> None:
        """Forget a segment whose points are all read."""
        del self._open_segments[line.file]


class _Reading:
    """One journal's part in one batch."""

    def __init__(self, collector: Collector, batch: Batch, journal: int, reader: JournalReader) -> None:
        self._collector, self._batch, self._journal, self._reader = collector, batch, journal, reader
        self._rows: dict[tuple[str, ...], _Rows] = {}
        self._changes: dict[str, Any] = {"rows": 0}
        self._damaged = 0
        self._last_at: float | None = None
        self._other_times: list[float] = []

    def run(self, data: bytes, points: int) -> JournalState:
        rows, room = self._rows, points - self._batch.count
        for event in self._reader.read_lines(data):
            if type(event) is MetricsLogged:
                values = event.values
                group = rows.get(keys := tuple(values))
                if group is None:
                    group = rows[keys] = _Rows()
                group.seq.append(event.seq)
                group.step.append(event.step)
                group.time.append(event.time)
                group.values.extend(values.values())
                self._last_at = event.time
                room -= len(values)
                if room <= 0:
                    break
            elif type(event) is HistoryLogged:
                if not self._take_history(event, points):
                    return self._finish(bytes=self._reader.start, seq=event.seq, unread=0)
            else:
                self._take_other(event)
        return self._finish(bytes=self._reader.offset, seq=self._reader.seq, unread=self._reader.unread)

    def _take_other(self, event: AnyEvent | Damage) -> None:
        if isinstance(event, Damage):
            self._damaged += 1
            return
        if isinstance(event, Opened):
            self._changes |= {"owner": event.owner, "generation": event.generation, "host": event.host}
        elif isinstance(event, Started):
            self._changes["owner"] = True
        elif isinstance(event, Ended):
            self._changes["ended"] = True
        self._note_time(event.time)
        self._batch.events.append((self._journal, event))
        self._batch.count += POINTS_PER_EVENT

    def _take_history(self, line: HistoryLogged, points: int) -> bool:
        """Take as many rows as fit; return whether the line is done."""
        segment = self._collector.segment(line)
        done = self._batch.before[self._journal].rows if self._reader.start == self._start else 0
        if isinstance(segment, str):
            self._damaged += 1
        else:
            self._changes["rows"] = done + self._take_rows(line, segment, done, points)
            if self._changes["rows"] < line.rows:
                return False
        self._changes["rows"] = 0
        self._note_time(line.time)
        self._collector.release(line)
        return True

    def _note_time(self, time: float) -> None:
        self._last_at = time
        self._other_times.append(time)

    @property
    def _start(self) -> int:
        return self._batch.before[self._journal].bytes

    def _take_rows(self, line: HistoryLogged, segment: np.ndarray[Any, Any], done: int, points: int) -> int:
        rows = max((points - self._batch.count) // max(len(line.keys), 1), 1)
        part = segment[done : done + rows]
        self._batch.add_points(
            Points(
                journal=self._journal,
                keys=tuple(line.keys),
                seq=np.full(len(part), line.seq, dtype=np.int64),
                line_row=np.arange(done, done + len(part), dtype=np.int64),
                step=np.ascontiguousarray(part["step"]),
                time=np.ascontiguousarray(part["time"]),
                values=np.column_stack([part[str(field)] for field in range(len(line.keys))]),
            )
        )
        return len(part)

    def _finish(self, **position: int) -> JournalState:
        for keys, rows in self._rows.items():
            self._batch.add_points(_as_points(self._journal, keys, rows))
        if self._last_at is not None:
            latest = max([*self._other_times, *(max(rows.time) for rows in self._rows.values())])
            self._batch.latest[self._journal] = latest
            self._changes["last_at"] = self._last_at
        damaged = self._batch.before[self._journal].damaged + self._damaged
        return self._batch.end_journal(self._journal, damaged=damaged, **self._changes, **position)


def _as_points(journal: int, keys: tuple[str, ...], rows: _Rows) -> Points:
    count = len(rows.seq)
    return Points(
        journal=journal,
        keys=keys,
        seq=np.array(rows.seq, dtype=np.int64),
        line_row=np.zeros(count, dtype=np.int64),
        step=np.array(rows.step, dtype=np.int64),
        time=np.array(rows.time, dtype=np.float64),
        values=np.array(rows.values, dtype=np.float64).reshape(count, len(keys)),
    )


def file_name(state: JournalState) -> str:
    """Return the name of a journal's file as people find it, for what is said about damage."""
    return f"{state.name}.ndjson"


def read_lines(file: BinaryIO, offset: int, size: int) -> bytes:
    """Return about ``size`` bytes of whole lines, or a longer single one; nothing where no line is complete."""
    while True:
        file.seek(offset)
        data = file.read(size)
        end = data.rfind(b"\n") + 1
        if end or len(data) < size:
            return data[:end]
        size *= 2


def _position(state: JournalState) -> dict[str, int]:
    return {"offset": state.bytes, "seq": state.seq, "unread": state.unread}
