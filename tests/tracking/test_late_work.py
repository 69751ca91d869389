"""What is made beside a run and is not done at its end: the run ends all the same, and nothing of it is lost."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from trackside.errors import RunFinishedError
from trackside.journal import has_open_writers
from trackside.records import PARTS, Code, PartName
from trackside.store.store import Store
from trackside.tracking import Run
from trackside.tracking.late_work import wait_for_late_work

if TYPE_CHECKING:
    from pathlib import Path


def parts_of(store_folder: Path) -> list[tuple[str, str]]:
    store = Store(store_folder)
    assert store.refresh(30.0)
    with store.read() as connection:
        return connection.execute("SELECT part, status FROM parts JOIN runs USING (run_id)").fetchall()


def test_a_record_that_is_made_after_the_runs_end_is_kept(store_folder: Path) -> None:
    release = threading.Event()
    run = Run.start(store_folder, name="x")

    def work() -> None:
        release.wait()
        run.recording.keep_part("code", Code(branch="main"))

    run.recording.later("its code", work)
    began = time.monotonic()
    run.finish()
    assert time.monotonic() - began < 60  # it did not wait for the record, which waits for us
    assert parts_of(store_folder) == []
    with pytest.raises(RunFinishedError):
        run.log(loss=1.0)
    with pytest.raises(RunFinishedError):
        run.recording.keep_part("code", Code(branch="other"))
    release.set()
    while has_open_writers(store_folder) or not parts_of(store_folder):
        time.sleep(0.01)
    assert parts_of(store_folder) == [("code", "finished")]
    assert run.notes == []


PROGRAM = """
import sys, time
from pathlib import Path
from trackside.records import PARTS, Code, PartName
from trackside.tracking import Run
from trackside.tracking.late_work import wait_for_late_work
run = Run.start(Path(sys.argv[1]), name="x")
run.recording.later("its code", lambda: (time.sleep(1), run.recording.keep_part("code", Code(branch="main"))))
run.finish()
"""


def test_a_program_ends_only_when_its_runs_records_are_made(store_folder: Path) -> None:
    subprocess.run([sys.executable, "-c", PROGRAM, str(store_folder)], check=True)
    assert parts_of(store_folder) == [("code", "finished")]


def test_work_that_fails_is_told(store_folder: Path) -> None:
    def fail() -> None:
        raise OSError(28, "No space left on device")

    run = Run.start(store_folder, name="x")
    run.recording.later("its code", fail)
    run.finish()
    assert run.notes == ["its code is not kept: [Errno 28] No space left on device"]


def test_records_that_are_made_at_the_same_moment_are_all_kept(store_folder: Path) -> None:
    for number in range(10):
        release, run = threading.Event(), Run.start(store_folder, name=f"{number}")
        for part in ("code", "notebook"):

            def work(part: PartName = part, run: Run = run, release: threading.Event = release) -> None:
                release.wait()
                run.recording.keep_part(part, PARTS[part]())

            run.recording.later(part, work)
        run.finish()
        release.set()
    wait_for_late_work()
    assert sorted(parts_of(store_folder)) == [("code", "finished")] * 10 + [("notebook", "finished")] * 10


def test_who_waits_for_the_last_record_is_told_once(store_folder: Path) -> None:
    release, told, run = threading.Event(), list[str](), Run.start(store_folder, name="x")
    run.recording.later("its code", release.wait)
    run.finish()
    run.recording.when_kept(lambda: told.append("kept"))
    assert told == []
    release.set()
    wait_for_late_work()
    assert told == ["kept"]
    run.recording.when_kept(lambda: told.append("was kept already"))
    assert told == ["kept", "was kept already"]
