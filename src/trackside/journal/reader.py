"""Reads a journal's lines from where it was left, and names what is damaged."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from trackside.errors import StoreVersionError
from trackside.journal.lines import decode_line
from trackside.model import FORMAT_VERSION, AnyEvent, Opened

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOST_NEWLINE = re.compile(rb'(?<=,"crc":"[0-9a-f]{8}"}).+?(?={"event":"|\Z)', re.DOTALL)
"""What stands between the end of a line and the beginning of another; within a line, quotes are escaped."""


class Damage(NamedTuple):
    """A place in a file that cannot be read, or whose lines are missing."""

    file: str
    offset: int
    why: str

    def __str__(self) -> str:
        return f"{self.file}, byte {self.offset}: {self.why}"


class JournalReader:
    """Reads one journal, a piece at a time.

    Parameters
    ----------
    file
        Name of the file, for what is said about damage.
    offset, seq, unread
        Where an earlier reader left off.

    Attributes
    ----------
    start : int
        Byte at which the line that was read last begins.
    offset : int
        Byte after it.
    seq : int
        Number that the next line bears if nothing is missing.
    unread : int
        Damaged lines since the last good one: so many numbers may be missing without further word.

    Examples
    --------
    >>> reader = JournalReader("run.writer.ndjson")
    >>> list(reader.read_lines(b""))
    []
    """

    def __init__(self, file: str, *, offset: int = 0, seq: int = 0, unread: int = 0) -> None:
        self.file = file
        self.start = self.offset = offset
        self.seq = seq
        self.unread = unread

    def read_lines(self, data: bytes) -> Iterator[AnyEvent | Damage]:
        """Yield the events and the damage in ``data``, which begins at `offset`.

        An unfinished last line is left for later: its writer may be at it.

        Raises
        ------
        StoreVersionError
            The journal was written by a newer Trackside.
        """
        lines = data.split(b"\n")
        lines.pop()
        for line in lines:
            self.start = self.offset
            self.offset += len(line) + 1
            if not line:
                continue
            try:
                event = decode_line(line)
            except ValueError:
                yield from self._read_damaged(line)
                continue
            if event.seq == self.seq and event.seq:
                self.seq += 1
                self.unread = 0
                yield event
            else:
                yield from self._check(event)

    def _read_damaged(self, line: bytes) -> Iterator[AnyEvent | Damage]:
        """Read what is no line. Where the damage hit only the newline after one, that and the next are whole."""
        begin, end = self.start, self.offset
        gaps = [match.span() for match in _LOST_NEWLINE.finditer(line)]
        for (_, first), (last, resume) in pairwise([(0, 0), *gaps, (len(line), end - begin)]):
            if first == last:
                continue
            self.start, self.offset = begin + first, begin + resume
            try:
                event = decode_line(line[first:last])
            except ValueError as error:
                self.unread += 1
                yield self._damage(str(error))
                continue
            if last < len(line):
                yield self._damage("the newline after it is damaged")
            yield from self._check(event)
        self.offset = end

    def _check(self, event: AnyEvent) -> Iterator[AnyEvent | Damage]:
        """Judge a line that is the first, or bears another number than expected."""
        if event.seq < self.seq:
            yield self._damage(f"line {event.seq} stands there a second time")
            return
        if event.seq > self.seq + self.unread:
            yield self._damage(f"lines {self.seq} to {event.seq - 1} are missing before it")
        self.seq = event.seq + 1
        self.unread = 0
        if type(event) is Opened and event.version > FORMAT_VERSION:
            raise StoreVersionError(
                f"The journal {self.file} has format {event.version}; expected at most {FORMAT_VERSION}; "
                "upgrade Trackside (pip install --upgrade trackside)."
            )
        yield event

    def _damage(self, why: str) -> Damage:
        return Damage(self.file, self.start, why)
