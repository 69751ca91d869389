"""A power cut at any instant: what each durability promises is there, and there once."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.faults.power import watching
from tests.faults.support import archive_all, assert_rebuild_changes_nothing, drained, wait_for
from tests.store.support import end_run, log_history, log_steps, one, start_run
from trackside.journal import Damage, JournalReader, syncing
from trackside.journal.archive import list_journals, open_journal
from trackside.journal.layout import segments_folder
from trackside.journal.segments import open_segment
from trackside.model import Ended, EnvironmentSeen, HistoryLogged, MetricsLogged
from trackside.store.blobs import read_blob, save_blob
from trackside.store.store import Store
from trackside.tracking import Run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.power import Tail
    from trackside.model import AnyEvent

NAME = ".trackside"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Return a folder whose store is watched from its beginning."""
    base = tmp_path / "base"
    base.mkdir()
    return base


def events_in(store: Path) -> list[AnyEvent]:
    """Read all journals there are; what their lines vouch for must be there with them."""
    events: list[AnyEvent] = []
    for path in list_journals(store).values() if (store / "journals" / "live").is_dir() else ():
        with open_journal(path) as file:
            found = list(JournalReader(path.name).read_lines(file.read()))
        events += [event for event in found if not isinstance(event, Damage)]
    for event in events:
        if isinstance(event, HistoryLogged):
            assert not isinstance(open_segment(segments_folder(store) / event.file, event), str)
        if isinstance(event, EnvironmentSeen):
            read_blob(store, event.digest)
    return events


def steps_in(store: Path) -> list[int]:
    return sorted(event.step for event in events_in(store) if isinstance(event, MetricsLogged))


def test_with_sync_every_call_that_returned_is_safe(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with watching(monkeypatch, base) as disk:
        run = Run.start(base / NAME, name="careful", params={"lr": 0.1}, tags={"a": "b"}, durability="sync")
        for step in range(10):
            run.log(loss=0.5, step=step)
            assert steps_in(disk.cut_power(tmp_path / f"after {step}") / NAME) == list(range(step + 1))
        run.log_history(bulk=np.arange(100.0))
        left = events_in(disk.cut_power(tmp_path / "history") / NAME)
        assert sum(event.rows for event in left if isinstance(event, HistoryLogged)) == 100
        run.finish()
        assert isinstance(events_in(disk.cut_power(tmp_path / "end") / NAME)[-1], Ended)
    cut = Store(tmp_path / "end" / NAME)
    assert drained(cut, "SELECT status FROM runs") == "finished"
    assert one(cut, "SELECT count(*) FROM metrics") == 110
    assert one(cut, "SELECT count(*) FROM params") == one(cut, "SELECT count(*) FROM tags") == 1
    assert cut.problems() == []


def sync_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have nothing synced but what the test syncs: the thread that does so has ended and is not started again."""
    wait_for(lambda: all(thread.name != "trackside-sync" for thread in threading.enumerate()))
    monkeypatch.setattr(syncing, "_start_thread", lambda: True)


def test_a_cut_costs_no_more_than_the_last_second(
    base: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    is_long: bool,  # noqa: FBT001
) -> None:
    assert syncing.INTERVAL <= 1.0
    interval, slack = 0.2, 1.5  # a busy machine lets the thread wait
    monkeypatch.setattr(syncing, "INTERVAL", interval)
    acknowledged: list[float] = []
    with watching(monkeypatch, base) as disk:
        run = Run.start(base / NAME, name="quick")
        end = time.monotonic() + (20.0 if is_long else 3.0)
        cuts = 0
        while time.monotonic() < end:
            for _ in range(20):
                run.log(loss=0.5, step=len(acknowledged))
                acknowledged.append(time.monotonic())
                time.sleep(0.002)
            cut_at = time.monotonic()
            left = steps_in(disk.cut_power(tmp_path / str(cuts)) / NAME)
            safe = sum(moment < cut_at - interval - slack for moment in acknowledged)
            assert left == list(range(len(left)))
            assert safe <= len(left) <= len(acknowledged)
            cuts += 1
        assert len(left) > 0
        run.finish()
        wait_for(lambda: isinstance(events_in(disk.cut_power(tmp_path / str(time.monotonic())) / NAME)[-1], Ended))


@pytest.mark.parametrize("tail", ["lost", "zeroed", "torn"])
def test_what_is_left_is_drained_once_whatever_became_of_the_rest(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tail: Tail
) -> None:
    sync_by_hand(monkeypatch)
    with watching(monkeypatch, base) as disk:
        store = Store.create(base / NAME)
        journal = start_run(store)
        log_steps(journal, 50)
        log_history(journal, 100)
        journal.sync()
        log_steps(journal, 50, first=50)
        log_history(journal, 100)
        assert store.refresh(30.0)
        index = store.database.read_bytes()
        without_index = Store(disk.cut_power(tmp_path / "without index", tail) / NAME)
        with_index = Store(disk.cut_power(tmp_path / "with index", tail) / NAME)
        journal.close()
    with_index.database.write_bytes(index)
    archive_all(without_index)
    archive_all(with_index)
    kept = one(without_index, "SELECT count(*) FROM metrics")
    assert kept == 2 * 150 if tail != "torn" else 2 * 150 <= kept < 2 * 300
    assert one(with_index, "SELECT count(*) FROM metrics") == 2 * 300, "the index has what was drained"
    for cut in (without_index, with_index):
        assert one(cut, "SELECT status FROM runs") == "interrupted"
        assert one(cut, "SELECT count(DISTINCT (writer, seq, line_row, key)) FROM metrics") == one(
            cut, "SELECT count(*) FROM metrics"
        )
    assert_rebuild_changes_nothing(without_index)
    assert with_index.problems() != []
    with_index.rebuild()
    assert one(with_index, "SELECT count(*) FROM metrics") == kept


def test_archiving_loses_and_doubles_nothing_at_any_sync(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cuts: list[list[int]] = []

    def cut_here() -> None:
        for has_deleted in (True, False) if is_archiving else ():
            cuts.append(steps_in(disk.cut_power(tmp_path / str(len(cuts)), has_deleted=has_deleted) / NAME))

    is_archiving = False
    with watching(monkeypatch, base, cut_here) as disk:
        store = Store.create(base / NAME)
        journals = [start_run(store) for _ in range(3)]
        for journal in journals:
            log_steps(journal, 4)
            end_run(journal)
        syncing._close_ended()
        is_archiving = True
        archive_all(store)
        cut_here()
    assert len(cuts) > 5
    assert cuts == [sorted([0, 1, 2, 3] * 3)] * len(cuts)


def test_the_end_of_the_process_leaves_nothing_unsafe(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync_by_hand(monkeypatch)
    with watching(monkeypatch, base) as disk:
        store = Store.create(base / NAME)
        journal = start_run(store)
        log_steps(journal, 10)
        end_run(journal)
        assert steps_in(disk.cut_power(tmp_path / "before") / NAME) == []
        syncing._close_ended()  # as atexit does
        assert steps_in(disk.cut_power(tmp_path / "after") / NAME) == list(range(10))


def test_a_line_that_names_a_blob_is_not_safe_before_it(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with watching(monkeypatch, base) as disk:
        store = Store.create(base / NAME)
        journal = start_run(store)
        digest = save_blob(store.folder, b"environment")
        journal.append("environment", digest=digest)
        journal.sync()
        cut = disk.cut_power(tmp_path / "cut") / NAME
        journal.close()
    assert read_blob(cut, digest) == b"environment"
    assert any(isinstance(event, EnvironmentSeen) for event in events_in(cut))
