"""The helper process: started when needed, one at a time, gone when idle."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.store.support import end_run, log_steps, one, start_helper, start_run
from trackside.errors import StoreError
from trackside.journal.archive import list_live
from trackside.locks import is_held
from trackside.store import helper

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from trackside.store.store import Store


@pytest.fixture(autouse=True)
def _no_helper_left(store: Store) -> Iterator[None]:
    yield
    elsewhere = store.folder.rename(store.folder.with_name("elsewhere"))
    while is_held(elsewhere / "drain.lock"):
        time.sleep(0.02)


def wait_for_end(store: Store) -> None:
    while is_held(store.folder / "drain.lock"):
        time.sleep(0.05)


def test_a_process_with_a_live_run_has_its_points_drained_elsewhere(store: Store) -> None:
    journal = start_run(store)
    log_steps(journal, 10)
    assert store.refresh(30.0)
    assert is_held(store.folder / "drain.lock")
    assert one(store, "SELECT count(*) FROM metrics") == 20
    log_steps(journal, 10, first=10)
    assert store.refresh(30.0)
    assert one(store, "SELECT count(*) FROM metrics") == 40
    end_run(journal)


def test_the_helper_archives_what_ended_and_goes(store: Store) -> None:
    journal = start_run(store)
    log_steps(journal, 10)
    end_run(journal)
    store.wake_drain()
    while list_live(store.folder) or not store.database.exists():
        time.sleep(0.02)
    wait_for_end(store)
    assert one(store, "SELECT status FROM runs") == "finished"


def test_a_store_has_one_helper(store: Store) -> None:
    store.wake_drain()
    while not is_held(store.folder / "drain.lock"):
        time.sleep(0.01)
    assert start_helper(store).wait(30) == 0
    assert is_held(store.folder / "drain.lock")


def test_what_a_helper_fails_of_is_told_to_those_who_wait(store: Store) -> None:
    journal = start_run(store)
    store.database.write_bytes(b"no database" * 1000)
    with pytest.raises(StoreError, match=r"StoreDamagedError: .*trackside doctor --rebuild"):
        store.refresh(30.0)
    assert any("the last helper failed" in problem.why for problem in store.problems())
    store.rebuild()
    wait_for_end(store)
    assert store.refresh(30.0)
    end_run(journal)


def test_a_refresh_that_may_not_take_long_says_that_it_is_not_done(store: Store) -> None:
    journal = start_run(store)
    assert not store.refresh(0.0)
    end_run(journal)


def test_a_helper_that_cannot_start_is_not_started_again_and_again(
    store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    starts = tmp_path / "starts"
    interpreter = tmp_path / "python"
    interpreter.write_text(f"#!/bin/sh\necho >> {starts}\nexit 1\n")
    interpreter.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(interpreter))
    journal = start_run(store)
    assert not store.refresh(0.5)
    assert starts.read_text() == "\n"
    end_run(journal)


def test_a_helper_of_a_deleted_store_ends(store: Store) -> None:
    helper.ask(store.folder)
    process = start_helper(store)
    while not is_held(store.folder / "drain.lock"):
        time.sleep(0.01)
    elsewhere = store.folder.rename(store.folder.with_name("deleted"))
    assert process.wait(30) == 0
    elsewhere.rename(store.folder)


_WAKE = """
import sys, warnings
from pathlib import Path
from trackside.store.store import Store
Store.create(Path(sys.argv[1])).wake_drain()
assert not {"duckdb", "numpy", "pandas"} & set(sys.modules)
"""


def test_a_process_that_wakes_the_helper_ends_at_once_and_without_a_word(store: Store) -> None:
    ended = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", _WAKE, str(store.folder)],
        capture_output=True,
        check=False,
        timeout=30,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")


def test_one_helper_is_used_again(store: Store) -> None:
    journal = start_run(store)
    for number in range(5):
        log_steps(journal, 1, first=number)
        assert store.refresh(30.0)
        assert one(store, "SELECT count(*) FROM metrics") == 2 * (number + 1)
    end_run(journal)
