"""Archives, segments and blobs damaged or lost: what is whole is kept, the rest is named; restored, it counts again."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from tests.faults.support import archive_all, drained
from tests.store.support import all_tables, end_run, log_history, log_steps, one, start_run
from trackside.cli import OK, PROBLEMS, main
from trackside.journal.layout import ended_folder, segments_folder
from trackside.store.blobs import save_blob

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from trackside.journal import JournalWriter
    from trackside.store.store import Store

LINES = 3_000
"""As many as take several blocks of a compressed journal."""


def doctor(store: Store, capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, list[str]]:
    """Examine a store; return the exit code and what is said."""
    capsys.readouterr()
    code = main(["doctor", "--store", str(store.folder), *options])
    return code, capsys.readouterr().out.splitlines()


def ended_run(store: Store, lines: int) -> JournalWriter:
    journal = start_run(store)
    log_steps(journal, lines)
    end_run(journal)
    return journal


def flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 0x15]) + data[place + 1 :]


def archive_faults(size: int, is_long: bool) -> dict[str, Callable[[bytes], bytes]]:  # noqa: FBT001
    """Return what may happen to an archive of so many bytes, by name."""
    places = random.Random(5).sample(range(size), 60 if is_long else 4)  # noqa: S311  no secret
    faults: dict[str, Callable[[bytes], bytes]] = {
        "empty": lambda _data: b"",
        "noise": lambda data: random.Random(6).randbytes(len(data)),  # noqa: S311  no secret
        "no magic number": lambda data: flipped(data, 0),
        "another header": lambda data: flipped(data, 4),
        "no checksum": lambda data: data[:-4],
        "another checksum": lambda data: flipped(data, len(data) - 1),
        "something behind": lambda data: data + b"more",
        "half": lambda data: data[: len(data) // 2],
    }
    for place in places:
        faults[f"cut at {place}"] = lambda data, place=place: data[:place]  # type: ignore[misc]  # its default
        faults[f"flipped at {place}"] = lambda data, place=place: flipped(data, place)  # type: ignore[misc]  # mypy infers no type for a default
    return faults


WHOLE = ("no checksum", "another checksum", "something behind")
"""Faults that hit none of the lines."""


def test_a_damaged_archive_gives_what_is_whole_and_no_other_run_is_touched(
    store: Store,
    capsys: pytest.CaptureFixture[str],
    is_long: bool,  # noqa: FBT001
) -> None:
    victim = ended_run(store, LINES)
    others = [ended_run(store, 10) for _ in range(3)]
    archive_all(store)
    before = all_tables(store)
    (archive,) = ended_folder(store.folder).glob(f"*/{victim.run_id}.*")
    data = archive.read_bytes()
    for name, fault in archive_faults(len(data), is_long).items():
        archive.write_bytes(fault(data))
        code, said = doctor(store, capsys, "--rebuild")
        assert code == PROBLEMS, name
        assert any(archive.name in line and "the archive is damaged from here on" in line for line in said), name
        kept, right = kept_points(store, victim)
        assert kept == right, name
        assert kept == LINES if name in WHOLE else kept < LINES, name
        assert kept > LINES / 4 or name != "half", name
        assert [kept_points(store, other)[0] for other in others] == [10, 10, 10]
    archive.write_bytes(data)
    assert doctor(store, capsys, "--rebuild")[0] == OK
    assert all_tables(store) == before


def kept_points(store: Store, journal: JournalWriter) -> tuple[int, int]:
    """Return how many of a run's steps the tables have, and how many of them are right."""
    sql = """SELECT (count(*), count(*) FILTER (value = 1 / (step + 1)))
        FROM (SELECT DISTINCT step, value FROM metrics WHERE run_id = ? AND key = 'loss')"""
    kept, right = one(store, sql, journal.run_id)
    return kept, right


SEGMENT_FAULTS: dict[str, Callable[[Path], object]] = {
    "lost": lambda path: path.unlink(),
    "empty": lambda path: path.write_bytes(b""),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-8]),
    "longer": lambda path: path.write_bytes(path.read_bytes() + b"more"),
    "another header": lambda path: path.write_bytes(flipped(path.read_bytes(), 20)),
    "another value": lambda path: path.write_bytes(flipped(path.read_bytes(), -10)),
    "noise": lambda path: path.write_bytes(random.Random(7).randbytes(2_000)),  # noqa: S311  no secret
}


def test_a_damaged_segment_costs_its_points_only(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    originals: dict[Path, bytes] = {}
    for fault in SEGMENT_FAULTS.values():
        journal = start_run(store)
        log_history(journal, 100)
        log_history(journal, 50)
        end_run(journal)
        segment = min(segments_folder(store.folder).glob(f"{journal.run_id}.*"))
        originals[segment] = segment.read_bytes()
        fault(segment)
    runs = len(SEGMENT_FAULTS)
    assert drained(store, "SELECT count(*) FROM metrics") == runs * 50 * 2
    assert one(store, "SELECT count(*) FROM journal_offsets WHERE damaged = 1") == runs
    assert one(store, "SELECT count(*) FROM runs WHERE status = 'finished'") == runs
    code, said = doctor(store, capsys)
    assert code == PROBLEMS
    assert [sum(segment.name in line for line in said) for segment in originals] == [1] * runs
    for segment, data in originals.items():
        segment.write_bytes(data)
    assert doctor(store, capsys, "--rebuild")[0] == OK
    assert one(store, "SELECT count(*) FROM metrics") == runs * 150 * 2
    assert one(store, "SELECT sum(damaged) FROM journal_offsets") == 0


BLOB_FAULTS: dict[str, Callable[[Path], object]] = {
    "lost": lambda path: path.unlink(),
    "empty": lambda path: path.write_bytes(b""),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "another byte": lambda path: path.write_bytes(flipped(path.read_bytes(), 3)),
}


@pytest.mark.parametrize("fault", BLOB_FAULTS.values(), ids=BLOB_FAULTS)
def test_a_damaged_blob_costs_its_environment_only(
    store: Store, capsys: pytest.CaptureFixture[str], fault: Callable[[Path], Any]
) -> None:
    content = b'{"python":"3.11"}'
    digest = save_blob(store.folder, content)
    journal = start_run(store)
    journal.append("environment", digest=digest)
    log_steps(journal, 3)
    end_run(journal)
    fault(store.folder / "blobs" / digest[:2] / digest)
    assert drained(store, "SELECT count(*) FROM metrics") == 6
    code, said = doctor(store, capsys)
    assert code == PROBLEMS
    assert len([line for line in said if digest in line]) == 1
    (store.folder / "blobs" / digest[:2] / digest).unlink(missing_ok=True)
    save_blob(store.folder, content)  # as the next run on this machine does
    assert doctor(store, capsys, "--rebuild")[0] == OK
    assert one(store, "SELECT CAST(content AS VARCHAR) FROM environments") == content.decode()


def test_a_blob_of_another_length_is_kept_anew(store: Store) -> None:
    digest = save_blob(store.folder, b"environment")
    path = store.folder / "blobs" / digest[:2] / digest
    path.write_bytes(b"envir")
    assert save_blob(store.folder, b"environment") == digest
    assert path.read_bytes() == b"environment"


def test_a_journal_that_is_gone_or_shorter_than_the_index_is_named(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    lost, shorter = ended_run(store, 10), ended_run(store, 10)
    assert drained(store, "SELECT count(*) FROM metrics") == 40
    whole = shorter.path.read_bytes()
    lost.path.unlink()
    shorter.path.write_bytes(whole[: whole.rindex(b"\n", 0, -1) + 1])
    code, said = doctor(store, capsys)
    assert code == PROBLEMS
    assert any(lost.path.name in line and "it is gone, and the index still has" in line for line in said)
    assert any(shorter.path.name in line and "bytes are gone here that the index has" in line for line in said)
    assert one(store, "SELECT count(*) FROM metrics") == 40


def test_a_journal_that_cannot_be_read_is_named(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    journal = ended_run(store, 10)
    archive_all(store)
    (archive,) = ended_folder(store.folder).glob(f"*/{journal.run_id}.*")
    archive.unlink()
    archive.mkdir()
    code, said = doctor(store, capsys)
    assert code == PROBLEMS
    assert any(archive.name in line and "it cannot be read (Is a directory)" in line for line in said)
