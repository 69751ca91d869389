from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trackside.errors import StoreVersionError
from trackside.journal import Damage, JournalReader
from trackside.journal.lines import encode_line
from trackside.model import AnyEvent, MetricsLogged, Opened


def opened(version: int = 1) -> bytes:
    return encode_line(Opened(seq=0, time=0.0, version=version, run_id="r", writer="w", owner=True, host="h", pid=1))


def point(seq: int) -> bytes:
    return encode_line(MetricsLogged(seq=seq, time=float(seq), step=seq, values={"loss": 0.5, "a\rb": 1.0}))


def journal(count: int) -> bytes:
    return opened() + b"".join(point(seq) for seq in range(1, count))


def read(data: bytes) -> tuple[list[AnyEvent], list[Damage]]:
    found = list(JournalReader("file").read_lines(data))
    return (
        [event for event in found if not isinstance(event, Damage)],
        [event for event in found if isinstance(event, Damage)],
    )


def test_blank_lines_are_skipped_and_carriage_returns_are_no_line_ends() -> None:
    events, damage = read(opened() + b"\n\n" + point(1) + b"\n" + point(2))
    assert [event.seq for event in events] == [0, 1, 2]
    assert damage == []


def test_an_unfinished_last_line_is_left_for_later() -> None:
    data = journal(3)
    reader = JournalReader("file")
    assert len(list(reader.read_lines(data[:-10]))) == 2
    rest = list(reader.read_lines(data[reader.offset :]))
    assert len(rest) == 1
    assert reader.offset == len(data)


def test_a_damaged_line_is_named_and_costs_only_itself() -> None:
    lines = [opened(), point(1), point(2).replace(b"0.5", b"0.6"), point(3)]
    events, damage = read(b"".join(lines))
    assert [event.seq for event in events] == [0, 1, 3]
    assert damage == [Damage("file", len(lines[0] + lines[1]), "its checksum does not fit its bytes")]
    assert str(damage[0]) == f"file, byte {damage[0].offset}: its checksum does not fit its bytes"


@pytest.mark.parametrize("between", [b"\x00", b"?", b"\x00" * 90], ids=["zero", "another byte", "zeros"])
def test_damage_between_lines_is_named_and_costs_none(between: bytes) -> None:
    lines = [opened(), point(1), point(2), point(3)]
    events, damage = read(lines[0] + lines[1][:-1] + between + lines[2] + lines[3])
    assert [event.seq for event in events] == [0, 1, 2, 3]
    assert damage == [Damage("file", len(lines[0]), "the newline after it is damaged")]
    before = b"".join(lines[:3]) + lines[3][:-1] + between + b"\n"
    events, damage = read(before + b"torn\n" + point(4))
    assert [event.seq for event in events] == [0, 1, 2, 3, 4]
    assert [problem.offset for problem in damage] == [len(b"".join(lines[:3])), len(before)]


def test_missing_lines_are_named() -> None:
    events, damage = read(opened() + point(1) + point(5))
    assert [event.seq for event in events] == [0, 1, 5]
    assert [problem.why for problem in damage] == ["lines 2 to 4 are missing before it"]


def test_a_line_that_stands_there_twice_counts_once() -> None:
    events, damage = read(opened() + point(1) + point(1) + point(2))
    assert [event.seq for event in events] == [0, 1, 2]
    assert [problem.why for problem in damage] == ["line 1 stands there a second time"]


def test_a_good_checksum_over_no_event_is_damage() -> None:
    line = point(1).replace(b'"metrics"', b'"gossip!"')
    body = re.sub(rb',"crc":.*', b"", line.strip())
    from zlib import crc32

    _, damage = read(opened() + b'%b,"crc":"%08x"}\n' % (body, crc32(body)))
    assert "no event of this version" in damage[0].why


@pytest.mark.parametrize("values", [b'{"loss":"high"}', b'{"loss":null}', b'{"loss":1e999}'])
def test_a_value_that_is_no_number_is_damage(values: bytes) -> None:
    from zlib import crc32

    body = b'{"event":"metrics","seq":1,"time":1.0,"step":1,"values":' + values
    events, damage = read(opened() + b'%b,"crc":"%08x"}\n' % (body, crc32(body)) + point(2))
    assert [event.seq for event in events] == [0, 2]
    assert len(damage) == 1


def test_a_newer_journal_is_refused() -> None:
    with pytest.raises(StoreVersionError, match="has format 2; expected at most 1; upgrade Trackside"):
        read(opened(version=2) + point(1))


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=6), st.booleans())
def test_damage_costs_only_the_lines_it_touches(place: int, new: bytes, insert: bool) -> None:  # noqa: FBT001
    data = journal(12)
    place %= len(data) - 1
    removed = 0 if insert else len(new)
    damaged = data[:place] + new + data[place + removed :]
    touched = set(range(data[:place].count(b"\n"), data[: place + max(removed, 1)].count(b"\n") + 1))
    events, _ = read(damaged + b"\n")
    survivors = {event.seq for event in events}
    assert survivors >= set(range(12)) - touched
    assert survivors <= set(range(12))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 2_000), max_size=6), st.integers(0, 2_000), st.integers(1, 200))
def test_reading_in_pieces_is_reading_at_once(cuts: list[int], place: int, zeros: int) -> None:
    data = bytearray(journal(15))
    place %= len(data) - zeros
    data[place : place + zeros] = bytes(zeros)
    whole = list(JournalReader("file").read_lines(bytes(data)))
    reader, pieces = JournalReader("file"), []
    for cut in [*sorted(cut % len(data) for cut in cuts), len(data)]:
        pieces += list(reader.read_lines(bytes(data[reader.offset : cut])))
    assert pieces == whole
