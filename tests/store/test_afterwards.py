"""What is said of runs after they ended: marks, decisions, a second owner, nothing left of a purged one."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from tests.store.support import all_tables, end_run, log_steps, one, rows_of, start_run
from trackside.errors import InputError, StoreBusyError
from trackside.journal import JournalWriter
from trackside.journal.archive import list_journals
from trackside.locks import StoreLock
from trackside.model import STORE_ID, Artifact, new_run_id
from trackside.store.blobs import save_blob
from trackside.store.purge import collect_garbage, refuse_live, remove_purged
from trackside.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / ".trackside")


def say(store: Store, event: str, **fields: Any) -> None:
    journal = JournalWriter(store.folder, STORE_ID, owner=False)
    journal.append(event, **fields)
    journal.close()
    store.refresh()


def ended_run(store: Store, name: str = "run") -> str:
    journal = start_run(store, name=name)
    log_steps(journal, 3)
    end_run(journal)
    store.refresh()
    return journal.run_id


def test_of_a_mark_the_last_word_counts_also_after_a_rebuild(store: Store) -> None:
    run_id = ended_run(store)
    say(store, "marked", run_ids=[run_id], marks={"starred": "yes", "shelf": "archived"})
    say(store, "marked", run_ids=[run_id], marks={"shelf": None})
    assert [row[1:3] for row in rows_of(store, "marks")] == [("shelf", None), ("starred", "yes")]
    before = all_tables(store)
    store.rebuild()
    assert all_tables(store) == before


def test_what_is_decided_for_an_experiment_makes_no_run(store: Store) -> None:
    say(store, "decided", project="p", experiment="e", subject="goal", key="loss", value="min")
    say(store, "decided", project="p", experiment="e", subject="goal", key="loss", value="max")
    assert [row[:5] for row in rows_of(store, "decisions")] == [("p", "e", "goal", "loss", "max")]
    assert one(store, "SELECT count(*) FROM runs") == 0


def test_a_second_owner_takes_the_run_up_again_and_ends_it(store: Store) -> None:
    run_id = ended_run(store)
    second = JournalWriter(store.folder, run_id, owner=True, generation=1)
    second.append_metrics(3, {"loss": 0.5})
    store.refresh()
    assert one(store, "SELECT (status, ended_at IS NULL, name) FROM runs") == ("running", True, "run")
    end_run(second, "failed")
    store.refresh()
    assert one(store, "SELECT status FROM runs") == "failed"
    before = all_tables(store)
    store.rebuild()
    assert all_tables(store) == before


def test_the_order_of_owners_counts_and_not_their_clocks(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    run_id = ended_run(store)
    monkeypatch.setattr("trackside.journal.writer._now", lambda: 1e9)
    end_run(JournalWriter(store.folder, run_id, owner=True, generation=1), "failed")
    store.refresh()
    assert one(store, "SELECT status FROM runs") == "failed"
    store.rebuild()
    assert one(store, "SELECT status FROM runs") == "failed"


def test_nothing_is_left_of_a_purged_run(store: Store) -> None:
    kept, gone = ended_run(store, "kept"), ended_run(store, "gone")
    say(store, "purged", run_ids=[gone])
    remove_purged(store.folder)
    assert {str(row[0]) for row in rows_of(store, "runs")} == {kept}
    assert {name.run_id for name in list_journals(store.folder)} == {kept, STORE_ID}
    before = all_tables(store)
    store.rebuild()
    assert all_tables(store) == before


def test_a_purged_run_stays_away_when_a_rebuild_comes_before_its_files_are_gone(store: Store) -> None:
    say(store, "purged", run_ids=[gone := ended_run(store)])
    assert any(name.run_id == gone for name in list_journals(store.folder))
    store.rebuild()
    assert rows_of(store, "runs") == []


def test_what_a_late_worker_logs_to_a_purged_run_is_dropped(store: Store) -> None:
    run_id = ended_run(store)
    worker = JournalWriter(store.folder, run_id, owner=False)
    say(store, "purged", run_ids=[run_id])
    log_steps(worker, 2)
    store.refresh()
    worker.close()
    assert one(store, "SELECT count(*) FROM metrics") == one(store, "SELECT count(*) FROM runs") == 0


def test_what_is_said_of_a_purged_run_is_dropped_and_a_rebuild_is_equal(store: Store) -> None:
    purged, kept = ended_run(store), ended_run(store)
    say(store, "purged", run_ids=[purged])
    marks = {"starred": "yes", "decision": "keep", "forced:loss": "better"}
    say(store, "marked", run_ids=[purged, kept, "no id"], marks=marks)
    review = {"review_id": new_run_id(), "since": 0.0, "until": 1.0, "experiments": []}
    say(store, "reviewed", run_ids=[purged, kept], **review)
    for table in ("marks", "run_decisions", "forced_checks", "reviewed_runs"):
        assert {str(row[0]) for row in rows_of(store, table)} == {kept}
    before = all_tables(store)
    store.rebuild()
    assert all_tables(store) == before


def test_each_forced_check_of_a_metric_stays(store: Store) -> None:
    run_id = ended_run(store)
    for outcome in ("better", "worse", None):
        say(store, "marked", run_ids=[run_id], marks={"forced:loss": outcome})
    assert [row[1:3] for row in rows_of(store, "forced_checks")] == [("loss", "better"), ("loss", "worse")]


def test_a_run_that_is_being_written_is_not_purged(store: Store) -> None:
    journal = start_run(store)
    with pytest.raises(InputError, match="still being written"):
        refuse_live(store.folder, [journal.run_id])
    end_run(journal)
    refuse_live(store.folder, [journal.run_id])


def test_garbage_is_what_no_run_refers_to(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    claimed, unclaimed = save_blob(store.folder, b"{}"), save_blob(store.folder, b"[]")
    journal = start_run(store)
    journal.append("environment", digest=claimed)
    end_run(journal)
    store.refresh()
    before = all_tables(store)
    assert collect_garbage(store.folder).files == 0, "a young blob may still be wanted"
    monkeypatch.setattr("trackside.store.purge._UNCLAIMED_SECONDS", -1.0)
    assert collect_garbage(store.folder).files == 1
    assert not list((store.folder / "blobs").glob(f"*/{unclaimed}"))
    assert all_tables(store) == before
    assert store.problems() == []


def test_garbage_of_a_resumed_run_is_none(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its first environment and what a later line replaced are still what its journals say."""
    digests = [save_blob(store.folder, data) for data in (b"{}", b'{"a":1}', b"first", b"second")]
    monkeypatch.setattr("trackside.store.purge._UNCLAIMED_SECONDS", -1.0)
    first = start_run(store)
    first.append("environment", digest=digests[0])
    for digest in digests[2:]:
        artifact = Artifact(name="model", kind="model", mime="text/plain", bytes=5, sha256=digest)
        first.append("artifacts", artifacts=[artifact])
    end_run(first)
    second = JournalWriter(store.folder, first.run_id, owner=True, generation=1)
    second.append("environment", digest=digests[1])
    end_run(second)
    store.refresh()
    for _ in range(2):
        assert collect_garbage(store.folder).files == 0
        assert store.problems() == []


def test_the_environment_of_a_purged_run_goes_with_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trackside.store.purge._UNCLAIMED_SECONDS", -1.0)
    kept, gone = save_blob(store.folder, b"{}"), save_blob(store.folder, b'{"a":1}')
    journals = [start_run(store), start_run(store)]
    for journal, digest in zip(journals, (kept, gone), strict=True):
        journal.append("environment", digest=digest)
        end_run(journal)
    store.refresh()
    say(store, "purged", run_ids=[journals[1].run_id])
    store.collect_garbage()
    assert [row[0] for row in rows_of(store, "environments")] == [kept]
    assert [path.name for path in (store.folder / "blobs").glob("*/*")] == [kept]
    before = all_tables(store)
    store.rebuild()
    assert all_tables(store) == before
    assert store.problems() == []


def test_a_blob_that_is_kept_again_is_young_again(store: Store) -> None:
    digest = save_blob(store.folder, b"{}")
    (path,) = (store.folder / "blobs").glob(f"*/{digest}")
    os.utime(path, (0, 0))
    assert save_blob(store.folder, b"{}") == digest
    assert collect_garbage(store.folder).files == 0
    assert path.exists()


def test_garbage_is_collected_by_many_at_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trackside.store.purge._UNCLAIMED_SECONDS", -1.0)
    run_ids = [ended_run(store) for _ in range(6)]
    for number in range(200):
        save_blob(store.folder, str(number).encode())
    say(store, "purged", run_ids=run_ids[:3])
    with ThreadPoolExecutor(4) as executor:
        freed = list(executor.map(lambda _: store.collect_garbage().files, range(4)))
    assert sum(freed) >= 200 + 3
    assert {str(row[0]) for row in rows_of(store, "runs")} == set(run_ids[3:])
    assert store.problems() == []


def test_a_store_that_stays_locked_is_told_in_one_line(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trackside.store.purge._LOCK_SECONDS", 0.1)
    ended_run(store)
    with StoreLock(store.folder).hold("exclusive"), pytest.raises(StoreBusyError) as told:
        store.collect_garbage()
    assert "\n" not in str(told.value)
