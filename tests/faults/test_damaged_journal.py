"""Journals cut, zeroed, scribbled on: only the damaged lines are lost, and are counted and named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import pytest

from tests.faults.support import archive_all, assert_rebuild_changes_nothing
from tests.store.support import start_run
from trackside.cli import PROBLEMS, main
from trackside.journal.archive import list_live, remove_leftovers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from trackside.journal import JournalWriter
    from trackside.store.store import Store

EVERY = 7
"""Of the bytes of a small journal, the short form damages each seventh, the long form each."""


@dataclass
class Damaged:
    """What is left of a journal: its bytes, the numbers of the lines that nothing has touched, whether one is torn."""

    data: bytes
    whole: list[int]
    is_torn: bool


Lines: TypeAlias = list[bytes]


def cut(lines: Lines, place: int) -> Damaged:
    starts, ends = spans(lines)
    return Damaged(
        b"".join(lines)[:place],
        [number for number, end in enumerate(ends) if end <= place],
        any(start < place < end for start, end in zip(starts, ends, strict=True)),
    )


def zero_tail(lines: Lines, place: int) -> Damaged:
    data = b"".join(lines)
    return Damaged(data[:place] + bytes(len(data) - place), cut(lines, place).whole, is_torn=True)


def scribble(byte: Callable[[int], int]) -> Callable[[Lines, int], Damaged]:
    """Return what puts another byte in the place of one."""

    def change(lines: Lines, place: int) -> Damaged:
        data, (starts, ends) = b"".join(lines), spans(lines)
        new = byte(data[place])
        hit = [n for n, (start, end) in enumerate(zip(starts, ends, strict=True)) if start <= place < end]
        left = [number for number in range(len(lines)) if number not in hit or new == data[place]]
        return Damaged(data[:place] + bytes([new]) + data[place + 1 :], left, is_torn=new != data[place])

    return change


def spans(lines: Lines) -> tuple[list[int], list[int]]:
    """Return where lines begin, and where they end but for their newlines."""
    starts = [sum(map(len, lines[:number])) for number in range(len(lines))]
    return starts, [start + len(line) - 1 for start, line in zip(starts, lines, strict=True)]


@dataclass
class Victim:
    """A journal that something happened to."""

    run_id: str
    file: str
    lines: Lines
    left: Damaged

    @property
    def steps(self) -> list[int]:
        return [number for number in self.left.whole if b'"metrics"' in self.lines[number]]

    @property
    def status(self) -> str:
        return "finished" if len(self.lines) - 1 in self.left.whole else "interrupted"


def write_journal(store: Store) -> JournalWriter:
    """Write a small journal of a finished run; the steps of its points are the numbers of their lines."""
    journal = start_run(store)
    for step in range(2, 6):
        journal.append_metrics(step, {"loss": 0.5, "ok": 1.0})
    journal.append("ended", status="finished", active=1.0)
    journal.close()
    return journal


def damage_one(store: Store, damage: Callable[[Lines, int], Damaged], place: int) -> Victim:
    journal = write_journal(store)
    lines = journal.path.read_bytes().splitlines(keepends=True)
    left = damage(lines, min(place, sum(map(len, lines)) - 1))  # times are spelled with more digits or fewer
    journal.path.write_bytes(left.data)
    return Victim(journal.run_id, journal.path.name, lines, left)


def damage_everywhere(store: Store, damage: Callable[[Lines, int], Damaged], step: int) -> list[Victim]:
    """Make a journal for each place, and damage it there."""
    size = write_journal(store).path.stat().st_size
    return [damage_one(store, damage, place) for place in range(0, size, step)]


def by_run(store: Store, sql: str) -> dict[str, object]:
    with store.read() as connection:
        return dict(connection.execute(sql).fetchall())


def assert_only_damage_is_lost(store: Store, victims: Iterable[Victim], capsys: pytest.CaptureFixture[str]) -> None:
    """Hold what the tables have of each journal, and what the doctor names, against what is left of it."""
    archive_all(store)
    remove_leftovers(store.folder)  # journals of which nothing is left
    assert list_live(store.folder) == {}
    points = by_run(
        store,
        """SELECT CAST(run_id AS VARCHAR), array_agg(step ORDER BY step) FROM metrics
        WHERE key = 'loss' GROUP BY run_id""",
    )
    statuses = by_run(store, "SELECT CAST(run_id AS VARCHAR), status FROM runs")
    counts = by_run(store, "SELECT CAST(run_id AS VARCHAR), damaged FROM journal_offsets")
    assert main(["doctor", "--store", str(store.folder)]) == PROBLEMS
    told = capsys.readouterr().out
    for victim in victims:
        assert points.get(victim.run_id, []) == victim.steps, victim.left
        assert statuses.get(victim.run_id, "interrupted") == victim.status, victim.left
        assert (counts.get(victim.run_id, 0) != 0) == victim.left.is_torn, victim.left
        assert (victim.file in told) == victim.left.is_torn, victim.left
    assert_rebuild_changes_nothing(store)


@pytest.mark.parametrize("damage", [cut, zero_tail])
def test_a_journal_whose_end_is_lost_keeps_the_lines_before(
    store: Store,
    damage: Callable[[Lines, int], Damaged],
    capsys: pytest.CaptureFixture[str],
    is_long: bool,  # noqa: FBT001
) -> None:
    victims = damage_everywhere(store, damage, 1 if is_long else EVERY)
    assert_only_damage_is_lost(store, victims, capsys)


def test_another_byte_costs_its_line_only(store: Store, capsys: pytest.CaptureFixture[str], is_long: bool) -> None:  # noqa: FBT001
    changes: list[Callable[[int], int]] = [lambda byte: byte ^ 0x01, lambda _byte: ord("\n"), lambda _byte: 0]
    if is_long:
        changes += [lambda byte: byte ^ 0x80, lambda byte: byte ^ 0x20, lambda _byte: ord("{")]
    step = 1 if is_long else EVERY * len(changes)
    victims = [victim for change in changes for victim in damage_everywhere(store, scribble(change), step)]
    newlines = [damage_one(store, scribble(lambda byte: byte ^ 0x01), place) for place in spans(victims[0].lines)[1]]
    assert_only_damage_is_lost(store, [*victims, *newlines], capsys)


def test_a_journal_nobody_wrote_is_named_and_left_alone(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    journal = write_journal(store)
    copy = journal.path.with_name(f"{journal.path.stem} (copy).ndjson")
    copy.write_bytes(journal.path.read_bytes())
    archive_all(store)
    assert main(["doctor", "--store", str(store.folder)]) == PROBLEMS
    assert "(copy).ndjson, byte 0: its name is not a journal's" in capsys.readouterr().out
    assert by_run(store, "SELECT status, count(*) FROM runs GROUP BY status") == {"finished": 1}
    assert by_run(store, "SELECT key, count(*) FROM metrics GROUP BY key") == {"loss": 4, "ok": 4}
    assert copy.exists()
