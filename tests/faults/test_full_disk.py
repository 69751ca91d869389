"""A disk that is full in mid-run and free again later: what cannot be kept is told, and nothing else is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

import trackside as ts
from tests.faults.support import archive_all, assert_rebuild_changes_nothing, counts_by_key, drained, wait_for
from tests.magic.kernel import Kernel
from tests.store.support import end_run, log_history, log_steps, one, start_run
from trackside.errors import JournalError, StoreError
from trackside.journal.archive import list_live
from trackside.store import helper
from trackside.store.blobs import read_blob, save_blob
from trackside.store.drain import Drain
from trackside.store.store import Store
from trackside.tracking import current_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.faults.disks import Disk

FULL = "No space left on device"
KILOBYTE = 1024


@pytest.fixture
def store(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Return a store on the small disk, which ``ts.run`` uses too."""
    store = Store.create(disk.folder / ".trackside")
    monkeypatch.setenv("TRACKSIDE_STORE", str(store.folder))
    monkeypatch.setenv("TRACKSIDE_EXPERIMENT", "full")
    return store


def log_until_refused(run: ts.Run) -> int:
    """Log until the disk is full; return how many steps were acknowledged."""
    step = 0
    with pytest.raises(JournalError, match=f"{FULL}|bytes fitted") as refused:  # noqa: PT012  the call that fails is one of many
        while True:
            run.log(loss=0.5, step=step)
            step += 1
    assert "\n" not in str(refused.value)
    return step


def test_what_log_acknowledged_is_there_and_the_run_goes_on(disk: Disk, store: Store) -> None:
    run = ts.run("full", params={"lr": 0.1})
    run.log(loss=1.0, step=-1)
    disk.fill()
    acknowledged = log_until_refused(run)
    with pytest.raises(JournalError, match=rf"{FULL}; .* free or repair the disk"):
        run.log(loss=0.5)
    with pytest.raises(JournalError, match="points of a history"):
        run.log_history(loss=np.zeros(10_000))
    disk.free()
    for step in range(10):
        run.log(later=1.0, step=step)
    run.log_history(bulk=np.zeros(1_000))
    run.finish()
    assert ts.runs().df["status"].tolist() == ["finished"]
    assert counts_by_key(store) == {"loss": 1 + acknowledged, "later": 10, "bulk": 1_000}
    assert all("checksum" in problem.why for problem in store.problems())


def test_a_run_that_cannot_begin_says_so_and_leaves_nothing(disk: Disk, store: Store) -> None:
    disk.fill()
    with pytest.raises(JournalError, match=FULL):
        ts.run("never")
    assert current_run() is None
    assert list_live(store.folder) == {}
    disk.free()
    with ts.run("later"):
        pass
    assert ts.runs().df["name"].tolist() == ["later"]
    assert store.problems() == []


def test_a_run_that_ends_on_a_full_disk_keeps_its_points(disk: Disk, store: Store) -> None:
    run = ts.run("full")
    disk.fill()
    acknowledged = log_until_refused(run)
    with pytest.raises(JournalError, match=FULL):
        run.finish()
    assert current_run() is None
    disk.free()
    assert drained(store, "SELECT status FROM runs") == "interrupted"
    assert one(store, "SELECT count(*) FROM metrics") == acknowledged


def test_what_a_block_raises_is_not_covered_by_the_full_disk(disk: Disk, store: Store) -> None:
    with pytest.raises(ZeroDivisionError) as raised, ts.run("full") as run:  # noqa: PT012  it is this block's error
        disk.fill()
        raise ZeroDivisionError(log_until_refused(run))
    (note,) = raised.value.__notes__
    assert FULL in note
    assert current_run() is None
    disk.free()
    assert drained(store, "SELECT status FROM runs") == "interrupted"


_LEAVE_OPEN = """
import sys, time, trackside as ts
runs = [ts.run(name) for name in ("one", "two")]
for run in runs:
    while run.environment is None:
        time.sleep(0.01)
    for step in range(100):
        run.log(loss=0.5)
with open(sys.argv[1], "wb", buffering=0) as ballast:
    try:
        while ballast.write(bytes(4096)):
            pass
    except OSError:
        pass
for run in runs:
    try:
        while True:
            run.log(loss=0.5)
    except OSError:
        pass
"""


def test_runs_left_open_on_a_full_disk_are_told_one_by_one(disk: Disk, store: Store) -> None:
    ballast = disk.folder / "filling"
    ended = subprocess.run(
        [sys.executable, "-c", _LEAVE_OPEN, ballast], capture_output=True, text=True, check=False, timeout=60
    )
    first, second = ended.stderr.splitlines()
    assert first.startswith("trackside: Writing a line")
    assert second.startswith("trackside: Writing a line")
    ballast.unlink()
    assert drained(store, "SELECT count(*) FROM runs WHERE status = 'interrupted'") == 2


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    kernel = Kernel(tmp_path_factory.mktemp("kernel"), dict(os.environ))
    assert kernel.run("%load_ext trackside\nimport pathlib, trackside as ts").status == "ok"
    yield kernel
    kernel.close()


_CELL = """%%track
lr = 0.1
for step in range(2_000):
    ts.log(loss=step)
    if step == 1_000:
        ballast = pathlib.Path({ballast!r}).open("wb")
        try:
            ballast.write(bytes(1 << 26))
        except OSError:
            pass
    if step == 1_900:
        pathlib.Path({ballast!r}).unlink()
        ballast.close()
lr * 2"""


def test_a_cell_on_a_full_disk_runs_on_and_its_card_says_what_is_lost(disk: Disk, store: Store, kernel: Kernel) -> None:
    kernel.run(f"%track store {store.folder}")
    executed = kernel.run(_CELL.format(ballast=str(disk.folder / "filling")))
    assert (executed.status, executed.text.count("UserWarning")) == ("ok", 1), "it is said at once, and once"
    assert executed.outputs[-1][1]["data"]["text/plain"] == "0.2"
    (line,) = (line for line in executed.card["text/plain"].splitlines() if FULL in line or "bytes fitted" in line)
    lost = int(line.split()[0])
    assert "of this run's lines could not be kept" in line
    assert 0 < lost < 900
    assert drained(store, "SELECT count(*) FROM metrics") == 2_000 - lost
    assert one(store, "SELECT status FROM runs") == "finished"


def test_a_cell_that_finds_the_disk_full_runs_all_the_same(disk: Disk, store: Store, kernel: Kernel) -> None:
    kernel.run(f"%track store {store.folder}")
    disk.fill()
    executed = kernel.run("%%track\nts.log(loss=1.0)\n7")
    disk.free()
    assert executed.status == "ok"
    assert executed.outputs[-1][1]["data"]["text/plain"] == "7"
    (line,) = (line for line in executed.card["text/plain"].splitlines() if FULL in line)
    assert "this run is not kept" in line


def test_the_tables_take_all_or_nothing_and_all_once_there_is_room(disk: Disk, store: Store, is_long: bool) -> None:  # noqa: FBT001
    refused = 0
    for number, free in enumerate(range(0, 1_200, 25 if is_long else 240)):
        journal = start_run(store)
        log_steps(journal, 500)
        log_history(journal, 2_000)
        end_run(journal)
        disk.fill(leave=free * KILOBYTE)
        try:
            assert Drain(store.folder).catch_up()
        except StoreError as error:
            refused += 1
            line = str(error)
            assert (FULL in line, "\n" in line) == (True, False), line
            assert number == 0 or one(store, "SELECT count(*) FROM metrics") == number * 5_000
        disk.free()
        assert drained(store, "SELECT count(*) FROM metrics") == (number + 1) * 5_000
    assert refused > 1
    assert store.problems() == []
    assert_rebuild_changes_nothing(store)


def test_a_rebuild_that_does_not_fit_leaves_the_old_tables_and_no_litter(disk: Disk, store: Store) -> None:
    journal = start_run(store)
    log_history(journal, 150_000)  # so many go to the file before the commit, too
    end_run(journal)
    assert drained(store, "SELECT count(*) FROM metrics") == 300_000
    before = sorted(path.name for path in store.folder.iterdir())
    for free in (0, 3_000):
        disk.fill(leave=free * KILOBYTE)
        with pytest.raises(StoreError, match=FULL):
            store.rebuild()
        assert sorted(path.name for path in store.folder.iterdir()) == before
        assert one(store, "SELECT count(*) FROM metrics") == 300_000
        disk.free()
    assert_rebuild_changes_nothing(store)


def test_a_journal_that_cannot_be_compressed_stays(disk: Disk, store: Store) -> None:
    journal = start_run(store)
    log_steps(journal, 1_000)
    end_run(journal)
    drain = Drain(store.folder)
    assert drain.catch_up()
    disk.fill()
    with pytest.raises(JournalError, match=rf"could not be compressed \(.*{FULL}.*\); it stays as it is"):
        drain.archive(1)
    assert list((store.folder / "journals" / "ended").glob("*/*")) == []
    disk.free()
    archive_all(store)
    assert list_live(store.folder) == {}
    assert_rebuild_changes_nothing(store)


def test_what_a_helper_fails_of_on_a_full_disk_is_told_and_forgotten(disk: Disk, store: Store) -> None:
    journal = start_run(store)
    log_steps(journal, 1_000)
    disk.fill()
    with pytest.raises(StoreError, match=f"{FULL}|could not write down why; free the disk"):
        store.refresh(30.0)
    disk.free()
    end_run(journal)
    assert store.refresh(30.0)
    assert helper.last_error(store.folder) is None
    assert one(store, "SELECT count(*) FROM metrics") == 2_000


def test_a_blob_is_kept_whole_or_not_at_all(disk: Disk, store: Store) -> None:
    data = os.urandom(50_000)
    disk.fill(leave=20_000)
    with pytest.raises(OSError, match=FULL):
        save_blob(store.folder, data)
    assert [path for path in (store.folder / "blobs").rglob("*") if path.is_file()] == []
    disk.free()
    assert read_blob(store.folder, save_blob(store.folder, data)) == data


def test_a_run_without_its_environment_says_so(disk: Disk, store: Store) -> None:
    disk.fill(leave=4 * KILOBYTE)
    with ts.run("poor") as run:
        wait_for(lambda: run.notes)
    assert len(run.notes) == 1
    assert FULL in run.notes[0]
    disk.free()
    assert drained(store, "SELECT status FROM runs") == "finished"


def test_a_disk_without_inodes_takes_lines_but_no_new_files(disk: Disk, store: Store, tmp_path: Path) -> None:
    run = ts.run("old")
    disk.use_up_inodes()
    run.log(loss=0.5)
    with pytest.raises(JournalError, match=FULL):
        run.log_history(bulk=np.zeros(10))
    with pytest.raises(JournalError, match=FULL):
        ts.run("new")
    with pytest.raises(JournalError, match=rf"cannot be written \(.*{FULL}"):
        Store.create(disk.folder / "another")
    assert current_run() is run
    run.finish()
    with pytest.raises(StoreError, match=FULL):
        ts.runs()
    disk.free()
    assert ts.runs().df["status"].tolist() == ["finished"]
    assert counts_by_key(store) == {"loss": 1}
    assert store.problems() == []
    assert list(tmp_path.iterdir()) == [disk.folder]
