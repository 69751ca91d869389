"""Forked workers log to their parent's run, whatever becomes of the parent, of its threads and of all descriptors."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from typing import TYPE_CHECKING

from tests.faults import scripts
from tests.faults.support import archive_all, assert_rebuild_changes_nothing, counts_by_key, drained
from tests.store.support import one

if TYPE_CHECKING:
    from pathlib import Path

    from trackside.store.store import Store


PLACES = {"owner": 0, "worker": 8}
"""Where in the mapped file stands how many points of each metric were acknowledged."""


def test_four_workers_at_a_time_log_while_threads_of_their_parent_do(store: Store, *, is_long: bool) -> None:
    rounds = 50 if is_long else 2
    logged = json.loads(scripts.run("fork_workers.py", store, rounds, 4, 300, seconds=10 * scripts.LONGEST))
    assert drained(store, "SELECT status FROM runs") == "finished"
    assert counts_by_key(store) == logged
    assert one(store, "SELECT count(*) FROM journal_offsets") == 1 + 4 * rounds
    assert store.problems() == []
    assert_rebuild_changes_nothing(store)


class OwnerAndWorker:
    """A process that logs with a worker forked from it, until they are killed."""

    def __init__(self, store: Store, counts: Path) -> None:
        counts.write_bytes(bytes(16))
        self._counts = counts
        self._owner = scripts.start("log_with_a_worker.py", store, counts)
        assert self._owner.stdout is not None
        self._worker = int(self._owner.stdout.readline())
        scripts.wait_until(lambda: all(self.acknowledged().values()))

    def acknowledged(self) -> dict[str, int]:
        data = self._counts.read_bytes()
        return {metric: int.from_bytes(data[place : place + 8], "little") for metric, place in PLACES.items()}

    def kill_owner(self) -> None:
        os.kill(self._owner.pid, signal.SIGKILL)
        self._owner.wait()

    def kill_worker(self) -> None:
        os.kill(self._worker, signal.SIGKILL)
        self._owner.communicate()  # the worker has its output, too


def test_a_killed_run_is_interrupted_while_its_worker_goes_on(store: Store, tmp_path: Path, *, is_long: bool) -> None:
    moments = random.Random(5)  # noqa: S311  moments need no secrecy
    for number in range(30 if is_long else 2):
        both = OwnerAndWorker(store, tmp_path / str(number))
        time.sleep(moments.uniform(0.0, 0.1))
        both.kill_owner()
        assert drained(store, "SELECT status FROM runs ORDER BY run_id DESC LIMIT 1") == "interrupted"
        archive_all(store)
        wait_for_more(both)
        both.kill_worker()
        kept = drained(store, "SELECT max(run_id) FROM runs")
        for metric, acknowledged in both.acknowledged().items():
            chosen = "FROM metrics WHERE run_id = ? AND key = ?"
            count = one(store, f"SELECT count(DISTINCT value) {chosen}", kept, metric)
            assert acknowledged <= count <= acknowledged + 1
            assert one(store, f"SELECT count(*) {chosen}", kept, metric) == count
    assert one(store, "SELECT count(*) FROM runs WHERE status != 'interrupted'") == 0
    assert store.problems() == []
    assert_rebuild_changes_nothing(store)


def wait_for_more(both: OwnerAndWorker) -> None:
    before = both.acknowledged()["worker"]
    scripts.wait_until(lambda: both.acknowledged()["worker"] > before)


def test_a_daemon_logs_to_the_run_it_came_from(store: Store, tmp_path: Path) -> None:
    done = tmp_path / "done"
    scripts.run("become_daemon.py", store, done)
    scripts.wait_until(done.exists)
    scripts.wait_until(lambda: drained(store, "SELECT count(DISTINCT value) FROM metrics") == 4 * 50)
    assert one(store, "SELECT count(*) FROM metrics") == 4 * 50
    assert one(store, "SELECT status FROM runs") == "interrupted"
    assert store.problems() == []


def test_a_process_that_closes_all_descriptors_goes_on_in_another_journal(store: Store) -> None:
    assert scripts.run("close_descriptors.py", store) == "0\n"
    assert drained(store, "SELECT count(DISTINCT value) FROM metrics") == 5 * 50
    assert one(store, "SELECT count(*) FROM metrics") == 5 * 50
    assert one(store, "SELECT count(*) FROM journal_offsets") == 4
    assert one(store, "SELECT status FROM runs") == "finished"
    assert store.problems() == []
    assert_rebuild_changes_nothing(store)
