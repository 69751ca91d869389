"""A store that is deleted or moved while runs go on: one clear line, no hang, and the next run has a new store."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

import trackside as ts
from tests.faults.failing import failing
from tests.faults.support import counts_by_key, drained, wait_for
from tests.magic.kernel import Kernel
from tests.store.support import all_tables, end_run, log_steps, one, start_helper, start_run
from trackside.errors import JournalError, TracksideError
from trackside.journal import syncing
from trackside.locks import is_held
from trackside.store.store import Store
from trackside.tracking import Run, current_run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

GONE = "was deleted; expected it to stay; nothing of this run is recorded any more; start another run"


def log_until_told(run: Run, seconds: float = 30.0) -> str:
    """Log until a call says what has happened; return what it says."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            run.log(loss=0.5)
        except JournalError as error:
            return str(error)
        time.sleep(0.005)
    raise AssertionError("nobody says that the store is gone")


def delete(folder: Path) -> None:
    """Delete a folder, also one that a thread still writes to."""
    while folder.exists():
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("removed", [".", "journals", "journals/live"])
def test_a_run_whose_store_is_deleted_says_so_and_the_next_has_a_new_one(store_folder: Path, removed: str) -> None:
    run = ts.run("unlucky", params={"lr": 0.1})
    run.log(loss=1.0)
    delete(store_folder / removed)
    told = log_until_told(run, seconds=5.0)
    assert GONE in told
    assert "\n" not in told
    for _ in range(3):
        with pytest.raises(JournalError, match=GONE):
            run.log(loss=0.5)
    with pytest.raises(JournalError, match=GONE):
        run.finish()
    assert current_run() is None
    with ts.run("lucky") as next_run:
        next_run.log(loss=0.25)
    assert ts.runs().df["name"].tolist() == ["lucky"]
    assert counts_by_key(Store(store_folder)) == {"loss": 1}
    assert Store(store_folder).problems() == []


def test_where_every_line_waits_for_the_disk_the_first_one_says_so(store: Store) -> None:
    run = Run.start(store.folder, name="careful", durability="sync")
    run.log(loss=1.0)
    delete(store.folder)
    with pytest.raises(JournalError, match=GONE):
        run.log(loss=0.5)
    with pytest.raises(JournalError, match=GONE):
        run.finish()


def test_a_run_goes_on_in_a_store_that_is_moved(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syncing, "INTERVAL", 0.01)
    journal = start_run(store)
    log_steps(journal, 5)
    moved = Store(store.folder.rename(tmp_path / "moved"))
    log_steps(journal, 5, first=5)
    time.sleep(0.2)
    log_steps(journal, 5, first=10)
    end_run(journal)
    assert drained(moved, "SELECT count(*) FROM metrics") == 30
    assert one(moved, "SELECT status FROM runs") == "finished"


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    kernel = Kernel(tmp_path_factory.mktemp("kernel"), dict(os.environ))
    assert kernel.run("%load_ext trackside\nimport shutil, time, trackside as ts").status == "ok"
    yield kernel
    kernel.close()


def test_a_cell_whose_store_is_deleted_runs_on_and_its_card_says_so(kernel: Kernel) -> None:
    executed = kernel.run(
        f"%%track\nts.log(loss=1.0)\ntime.sleep(1)\nshutil.rmtree({str(kernel.store)!r})\n"
        "for _ in range(20):\n    time.sleep(0.1)\n    ts.log(loss=0.5)\n42"
    )
    assert (executed.status, executed.text.count("UserWarning")) == ("ok", 1), "it is said at once, and once"
    assert executed.outputs[-1][1]["data"]["text/plain"] == "42"
    (line,) = (line for line in executed.card["text/plain"].splitlines() if "was deleted" in line)
    assert "of this run's lines could not be kept" in line
    executed = kernel.run("%%track\nts.log(loss=0.25)")
    assert (executed.status, executed.text) == ("ok", "")
    assert "finished" in executed.card["text/plain"]
    assert drained(Store(kernel.store), "SELECT count(*) FROM metrics") == 1


def delete_first(store: Store) -> Callable[..., Any]:
    """Return what stands for ``os.open`` where the store is deleted just before."""
    real = os.open

    def open_too_late(*args: Any, **kwargs: Any) -> Any:
        shutil.rmtree(store.folder)
        return real(*args, **kwargs)

    return open_too_late


def test_whoever_reads_while_the_store_is_deleted_gets_an_answer_or_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    is_long: bool,  # noqa: FBT001
) -> None:
    for nth in count(1, 1 if is_long else 4):
        store = Store.create(tmp_path / str(nth))
        journal = start_run(store)
        log_steps(journal, 5)
        end_run(journal)
        with failing(monkeypatch, "open", nth, delete_first(store)) as call:
            for ask in (store.refresh, store.problems, store.rebuild, partial(all_tables, store)):
                with suppress(TracksideError):
                    ask()
        if not call.has_failed:
            return


_LOG = """
import sys, time
from pathlib import Path
from trackside.errors import TracksideError
from trackside.tracking import Run
run = Run.start(Path(sys.argv[1]), name="chaos")
print("began", flush=True)
end = time.monotonic() + 30
while time.monotonic() < end:
    try:
        run.log(loss=0.5)
    except TracksideError as error:
        print(type(error).__name__, error)
        break
try:
    run.finish()
except TracksideError as error:
    print(type(error).__name__, error)
"""


def test_deleting_under_writers_and_a_helper_stops_nobody_from_ending(store: Store) -> None:
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", _LOG, str(store.folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(2)
    ]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"began\n"
    store.wake_drain()
    helper = start_helper(store)
    wait_for(lambda: is_held(store.folder / "drain.lock"))
    subprocess.run(["rm", "-rf", store.folder], check=False)  # may find the folder filled again
    for writer in writers:
        said, complaints = writer.communicate(timeout=30)
        assert (writer.returncode, complaints) == (0, b"")
        lines = said.decode().splitlines()
        assert [GONE in line for line in lines] == [True, True]
    helper.wait(30)
    shutil.rmtree(store.folder, ignore_errors=True)
