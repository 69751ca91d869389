"""Points that come when their run has ended: a worker's are kept, and its owner is told in one clear line."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

import trackside as ts
from tests.faults import scripts
from tests.faults.support import archive_all, assert_rebuild_changes_nothing, counts_by_key, drained
from tests.store.support import one
from trackside.errors import RunFinishedError

if TYPE_CHECKING:
    from pathlib import Path

    from trackside.store.store import Store

pytestmark = pytest.mark.usefixtures("store_folder")


def test_a_thread_that_outlives_the_run_is_told(store: Store) -> None:
    ended = threading.Event()
    refusals: list[str] = []

    def work() -> None:
        ended.wait()
        try:
            run.log(late=1)
        except RunFinishedError as error:
            refusals.append(str(error))

    with ts.run("short") as run:
        thread = threading.Thread(target=work)
        thread.start()
        run.log(loss=0.5)
    ended.set()
    thread.join()
    assert refusals == [f"The run {run.id} has ended; expected a live run to log to; start one, or log before it ends."]
    assert drained(store, "SELECT count(*) FROM metrics") == 1


def test_a_thread_that_outlives_the_run_is_told_so_by_a_bare_log() -> None:
    ended = threading.Event()
    told: list[int] = []

    def work() -> None:
        ended.wait()
        with pytest.warns(UserWarning, match="no run is live") as warned:
            ts.log(late=1)
        told.append(len(warned))

    thread = threading.Thread(target=work)
    with ts.run("short"):
        thread.start()
    ended.set()
    thread.join()
    assert told == [1]


def test_a_worker_that_outlives_the_run_has_its_points_kept(store: Store, tmp_path: Path) -> None:
    process = scripts.start("outlive_the_run.py", store, tmp_path)
    assert scripts.output_of(process) == ""
    archive_all(store)
    assert drained(store, "SELECT status FROM runs") == "finished"
    ended = one(store, "SELECT ended_at FROM runs")
    (tmp_path / "go on").touch()
    scripts.wait_until(lambda: drained(store, "SELECT count(*) FROM metrics") == 1 + 2 + 2)
    assert counts_by_key(store) == {"owner": 1, "worker": 2, "late": 2}
    assert one(store, "SELECT status FROM runs") == "finished"
    assert one(store, "SELECT ended_at FROM runs") == ended
    scripts.wait_until((tmp_path / "refused").exists)
    archive_all(store)
    assert store.problems() == []
    assert_rebuild_changes_nothing(store)
