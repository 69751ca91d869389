"""Workers that are started anew, not forked, log to the run they were started for."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from tests.faults import scripts
from tests.faults.support import assert_rebuild_changes_nothing, drained
from tests.store.support import one

if TYPE_CHECKING:
    from pathlib import Path

    from trackside.store.store import Store

RUNS, TASKS = 2, 4
TOLD = "log(…) was not kept: no run is live; call it inside `with ts.run():`"


@pytest.mark.parametrize("kind", ["spawn", "forkserver", "loky", "data loader", "subprocess"])
def test_workers_log_each_point_once_to_the_run_of_their_task(store: Store, kind: str, *, is_long: bool) -> None:
    points = 2_000 if is_long else 50
    assert scripts.run("start_workers.py", store, kind, points, seconds=4 * scripts.LONGEST) == ""
    assert drained(store, "SELECT count(*) FROM runs WHERE status = 'finished'") == RUNS
    of_run = "FROM metrics JOIN runs USING (run_id) WHERE key = 'value' AND name = ?"
    for number in range(RUNS):
        assert one(store, f"SELECT count(*) {of_run}", f"run {number}") == TASKS * points
        assert one(store, f"SELECT count(DISTINCT value) {of_run}", f"run {number}") == TASKS * points
    assert store.problems() == []
    assert_rebuild_changes_nothing(store)


@pytest.mark.parametrize(("ending", "status"), [("finished", "finished"), ("killed", "interrupted")])
def test_a_worker_that_outlives_the_run_is_told_once(store: Store, tmp_path: Path, ending: str, status: str) -> None:
    process = scripts.start("spawn_and_leave.py", store, tmp_path, ending)
    scripts.wait_until((tmp_path / "begun").exists)
    assert process.wait(scripts.LONGEST) == (-signal.SIGKILL if ending == "killed" else 0)
    assert drained(store, "SELECT status FROM runs") == status
    (tmp_path / "go on").touch()
    scripts.wait_until((tmp_path / "told").exists)
    process.communicate()
    assert (tmp_path / "told").read_text() == TOLD
    assert drained(store, "SELECT count(*) FROM metrics") == 20
    assert store.problems() == []
