"""The clock is put back or forward in mid-run, by a month: order, durations, liveness and drains do not hang on it."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import trackside as ts
from tests.faults import scripts
from tests.faults.injected.sitecustomize import set_clock, wrong_clock
from tests.faults.support import archive_all, assert_rebuild_changes_nothing, drained
from tests.store.support import end_run, log_steps, one, start_run
from trackside.journal.archive import list_live
from trackside.journal.ending import is_alive
from trackside.locks import FileLock

if TYPE_CHECKING:
    from trackside.store.store import Store

INJECTED = Path(__file__).parent / "injected"
MONTH = 31 * 86_400.0


class Clock:
    """The clock of this process and of those started from it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.set(0.0)

    def set(self, seconds: float) -> None:
        """Let it be wrong by so many seconds."""
        new = self._file.with_suffix(".new")
        new.write_text(str(seconds))
        new.replace(self._file)


@pytest.fixture
def clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clock:
    file = tmp_path / "clock"
    clock = Clock(file)
    monkeypatch.setenv("CLOCK", str(file))
    monkeypatch.setenv("PYTHONPATH", str(INJECTED))
    set_clock(wrong_clock(file), monkeypatch.setattr)
    return clock


@pytest.mark.parametrize("first", [-MONTH, MONTH])
def test_a_run_goes_on_when_the_clock_is_set(store: Store, tmp_path: Path, clock: Clock, first: float) -> None:
    jumps = [first, 0.0, -first, 0.0]
    process = scripts.start("log_by_the_clock.py", store, tmp_path, len(jumps) + 1)
    assert process.stdout is not None
    for number, seconds in enumerate([*jumps, 0.0]):
        process.stdout.readline()
        if number % 2:
            assert drained(store, "SELECT status FROM runs") == "running"
        clock.set(seconds)
        (tmp_path / str(number)).touch()
    scripts.output_of(process)
    assert drained(store, "SELECT status FROM runs") == "finished"
    assert one(store, "SELECT count(*) FROM metrics") == 20 * (len(jumps) + 1)
    disorder = "SELECT count(*) FROM (SELECT step, value, lag(step) OVER (ORDER BY seq) AS b FROM metrics) WHERE {}"
    assert one(store, disorder.format("step != coalesce(b, -1) + 1 OR value != step")) == 0
    assert one(store, 'SELECT "last" FROM summaries') == 20 * (len(jumps) + 1) - 1
    assert 0 < one(store, "SELECT active FROM runs") < scripts.LONGEST
    assert one(store, "SELECT epoch(max(time)) - epoch(min(time)) FROM metrics") > 1.9 * MONTH
    archive_all(store)
    scripts.wait_until(lambda: not list_live(store.folder))  # a helper may be at it, too
    assert store.problems() == []
    assert_rebuild_changes_nothing(store)


def test_a_run_that_dies_before_it_began_by_the_clock_is_interrupted(store: Store, clock: Clock) -> None:
    journal = start_run(store)
    log_steps(journal, 5)
    clock.set(-MONTH)
    log_steps(journal, 5, first=5)
    journal.close()  # without a word of how it ended, as when it is killed
    assert drained(store, "SELECT status FROM runs") == "interrupted"
    assert one(store, "SELECT count(*) FROM metrics") == 20
    archive_all(store)
    (archive,) = store.folder.glob("journals/ended/*/*.zst")
    assert archive.parent.name == time.strftime("%Y-%m", time.gmtime())
    assert_rebuild_changes_nothing(store)


@pytest.mark.usefixtures("store_folder")
def test_the_helper_serves_whatever_the_clock_says(store: Store, clock: Clock) -> None:
    with ts.run("live") as run:
        for number, wrong_by in enumerate([0.0, MONTH, 0.0, -MONTH, 0.0]):
            clock.set(wrong_by)
            run.log(loss=0.5)
            assert store.refresh(scripts.LONGEST)
            assert one(store, "SELECT count(*) FROM metrics") == number + 1


def test_what_a_helper_fails_of_is_told_whatever_the_clock_says(store: Store, clock: Clock) -> None:
    journal = start_run(store)
    clock.set(MONTH)
    assert store.refresh(scripts.LONGEST)
    clock.set(0.0)
    log_steps(journal, 5)
    store.database.write_bytes(b"no database" * 1000)
    with pytest.raises(ts.TracksideError, match="doctor --rebuild"):
        store.refresh(scripts.LONGEST)
    end_run(journal)


@pytest.mark.parametrize("wrong_by", [-MONTH, MONTH])
def test_a_heartbeat_is_judged_by_the_disks_own_clock(store: Store, clock: Clock, wrong_by: float) -> None:
    journal = start_run(store)
    journal.close()
    clock.set(wrong_by)
    name = next(iter(list_live(store.folder)))
    assert is_alive(store.folder, name, "another host")
    os.utime(journal.path, (0, 0))
    assert not is_alive(store.folder, name, "another host")
    assert FileLock(journal.path.with_suffix(".lock")).try_acquire("exclusive")
    assert is_alive(store.folder, name, "another host")  # a lock that can be seen counts for more
