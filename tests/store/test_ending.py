"""Journals whose writers are gone: ended for them, compressed, and never lost or doubled in between."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest
import zstandard

from tests.store.support import all_tables, end_run, log_steps, one, start_run
from trackside.journal import JournalWriter, archive
from trackside.journal.archive import list_journals, list_live
from trackside.locks import FileLock
from trackside.store.drain import Drain

if TYPE_CHECKING:
    from pathlib import Path

    from trackside.store.store import Store


def archive_all(store: Store) -> None:
    drain = Drain(store.folder)
    assert drain.catch_up()
    while drain.archive(10):
        pass


def archives(store: Store) -> list[Path]:
    return sorted((store.folder / "journals" / "ended").glob("*/*.ndjson.zst"))


def live_files(store: Store) -> list[str]:
    return sorted(path.name for path in (store.folder / "journals" / "live").iterdir())


def abandon(journal: JournalWriter) -> None:
    """Close a journal without a word, as if its process had died."""
    journal.close()


def test_an_ended_journal_is_compressed_and_only_then_removed(store: Store) -> None:
    journal = start_run(store)
    log_steps(journal, 100)
    end_run(journal)
    original = journal.path.read_bytes()
    archive_all(store)
    assert live_files(store) == []
    (packed,) = archives(store)
    assert zstandard.ZstdDecompressor().decompressobj().decompress(packed.read_bytes()) == original
    drained = all_tables(store)
    store.rebuild()
    assert all_tables(store) == drained


def test_a_journal_of_a_living_writer_stays(store: Store) -> None:
    journal = start_run(store)
    worker = start_run(store, owner=False, run_id=journal.run_id)
    end_run(journal)
    archive_all(store)
    assert list(list_live(store.folder)) == [(worker.run_id, worker.writer)]
    log_steps(worker, 5)
    worker.close()
    archive_all(store)
    assert live_files(store) == []
    assert one(store, "SELECT count(*) FROM metrics") == 10


def test_an_interrupted_run_ends_once_however_many_look(store: Store) -> None:
    journal = start_run(store)
    log_steps(journal, 3)
    abandon(journal)
    for _ in range(3):
        assert Drain(store.folder).catch_up()
    assert journal.path.read_bytes().count(b'"interrupted"') == 1
    assert one(store, "SELECT status FROM runs") == "interrupted"
    drained = all_tables(store)
    store.rebuild()
    assert all_tables(store) == drained


@pytest.mark.parametrize("is_owner", [True, False])
def test_a_torn_tail_of_a_dead_writer_costs_that_line_only(store: Store, is_owner: bool) -> None:  # noqa: FBT001
    journal = start_run(store, owner=is_owner)
    log_steps(journal, 3)
    abandon(journal)
    with journal.path.open("ab") as file:
        file.write(b'{"event":"metrics","seq":5,"ti')
    archive_all(store)
    assert one(store, "SELECT count(*) FROM metrics") == 6
    assert one(store, "SELECT damaged FROM journal_offsets") == 1
    assert one(store, "SELECT status FROM runs") == "interrupted"
    (problem,) = store.problems()
    assert problem.file.endswith(".ndjson.zst")
    drained = all_tables(store)
    store.rebuild()
    assert all_tables(store) == drained


@pytest.mark.parametrize("cut", [1, 100, 150])
def test_a_journal_that_a_power_cut_left_shorter_than_its_tables_ends_too(store: Store, cut: int) -> None:
    journal = start_run(store)
    log_steps(journal, 10)
    journal.sync()
    assert store.refresh(30.0)
    abandon(journal)
    os.truncate(journal.path, journal.path.stat().st_size - cut)
    archive_all(store)
    assert one(store, "SELECT status FROM runs") == "interrupted"
    assert one(store, "SELECT count(*) FROM metrics") == 20
    assert live_files(store) == []
    store.rebuild()
    assert one(store, "SELECT status FROM runs") == "interrupted"
    assert 16 <= one(store, "SELECT count(*) FROM metrics") <= 20


def test_a_last_line_that_only_lacks_its_newline_counts(store: Store) -> None:
    journal = start_run(store)
    log_steps(journal, 3)
    abandon(journal)
    os.truncate(journal.path, journal.path.stat().st_size - 1)
    assert store.refresh(10.0)
    assert one(store, "SELECT count(*) FROM metrics") == 6
    assert one(store, "SELECT damaged FROM journal_offsets") == 0
    assert one(store, "SELECT status FROM runs") == "interrupted"


def test_an_empty_journal_of_a_dead_writer_is_removed(store: Store) -> None:
    journal = start_run(store)
    abandon(journal)
    os.truncate(journal.path, 0)
    archive_all(store)
    archive.remove_leftovers(store.folder)
    assert live_files(store) == []


def test_a_lock_without_its_journal_is_removed_after_a_day(store: Store) -> None:
    live = store.folder / "journals" / "live"
    (live / "run.new.lock").touch()
    (live / "run.old.lock").touch()
    os.utime(live / "run.old.lock", (time.time() - 90_000, time.time() - 90_000))
    archive.remove_leftovers(store.folder)
    assert live_files(store) == ["run.new.lock"]


class Killed(BaseException):
    """Stands for SIGKILL: nothing after it happens."""


@pytest.mark.parametrize("moment", ["put_in_place", "remove_original", "prepare"])
def test_an_archive_cut_off_at_any_moment_is_finished_by_the_next(
    store: Store, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = start_run(store)
    log_steps(journal, 10)
    end_run(journal)

    def die(_self: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(archive.PreparedArchive, moment, die)
        with pytest.raises(Killed):
            archive_all(store)
    drained = all_tables(store)
    store.rebuild()
    assert all_tables(store) == drained
    archive_all(store)
    assert live_files(store) == []
    assert [path.name for path in archives(store)] == [f"{journal.run_id}.{journal.writer}.ndjson.zst"]
    store.rebuild()
    assert all_tables(store) == drained


def test_where_both_stand_the_uncompressed_journal_counts(store: Store) -> None:
    journal = start_run(store)
    log_steps(journal, 10)
    end_run(journal)
    content = journal.path.read_bytes()
    archive_all(store)
    journal.path.write_bytes(content)
    assert list(list_journals(store.folder).values()) == [journal.path]
    store.rebuild()
    assert one(store, "SELECT count(*) FROM metrics") == 20


def test_a_journal_that_another_archives_meanwhile_is_no_trouble(store: Store) -> None:
    journal = start_run(store)
    end_run(journal)
    slow = Drain(store.folder)
    assert slow.catch_up()
    archive_all(store)
    assert not slow.archive(10)
    assert slow.catch_up()
    assert live_files(store) == []


def test_a_writer_on_another_host_lives_while_its_journal_shows_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trackside.journal.writer.host_name", lambda: "elsewhere")
    journal = start_run(store)
    log_steps(journal, 1)
    abandon(journal)  # its lock is not seen here
    assert store.refresh(10.0)
    assert one(store, "SELECT status FROM runs") == "running"
    long_ago = time.time() - 61
    os.utime(journal.path, (long_ago, long_ago))
    assert store.refresh(10.0)
    assert one(store, "SELECT status FROM runs") == "interrupted"


def test_nobody_ends_a_journal_for_a_writer_that_lives(store: Store) -> None:
    journal = start_run(store)
    log_steps(journal, 1)
    before = journal.path.read_bytes()
    assert Drain(store.folder).catch_up()
    assert journal.path.read_bytes() == before
    assert not FileLock(journal.path.with_suffix(".lock")).try_acquire("shared")
    end_run(journal)
