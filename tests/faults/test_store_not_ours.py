"""Stores that this user may only read, or not even that: what can be answered is, and the rest is one clear line."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import trackside as ts
from tests.faults.support import drained
from tests.store.support import end_run, log_steps, one, start_run
from trackside.cli import CANNOT, OK, PROBLEMS, main
from trackside.errors import JournalError, StoreError
from trackside.store.store import Store
from trackside.tracking import current_run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.disks import Disk

READ_ONLY = "Read-only file system"
DENIED = "Permission denied"


@pytest.fixture
def view(disk: Disk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Return the store of the disk as somebody sees it who may change nothing."""
    Store.create(disk.folder / ".trackside")
    disk.show_read_only(tmp_path / "view")
    view = Store(tmp_path / "view" / ".trackside")
    monkeypatch.setenv("TRACKSIDE_STORE", str(view.folder))
    monkeypatch.setenv("TRACKSIDE_PROJECT", "p")
    monkeypatch.setenv("TRACKSIDE_EXPERIMENT", "e")
    return view


@pytest.fixture
def store(disk: Disk, view: Store) -> Store:
    """Return the same store as its owner sees it."""
    assert view.folder.name == ".trackside"
    return Store(disk.folder / ".trackside")


@pytest.mark.parametrize("is_alive", [True, False])
def test_a_read_only_store_shows_what_its_tables_have(store: Store, view: Store, is_alive: bool) -> None:  # noqa: FBT001
    journal = start_run(store)
    log_steps(journal, 5)
    assert drained(store, "SELECT count(*) FROM metrics") == 10
    assert view.refresh()
    assert ts.runs().df["status"].tolist() == ["running"]
    log_steps(journal, 5, first=5)
    if not is_alive:
        journal.close()
    with pytest.warns(UserWarning, match="can only be read here, and its tables lack the newest lines"):
        assert len(ts.runs()) == 1
    assert one(view, "SELECT count(*) FROM metrics") == 10
    assert main(["doctor"]) == OK
    assert drained(store, "SELECT count(*) FROM metrics") == 20
    assert one(view, "SELECT count(*) FROM metrics") == 20
    journal.close()


def test_nothing_is_recorded_in_a_read_only_store(view: Store) -> None:
    with pytest.raises(
        JournalError, match=rf"cannot be written \(.*{READ_ONLY}.*\); nothing is recorded; .*another store"
    ):
        ts.run("never")
    assert current_run() is None
    view.wake_drain()


@pytest.mark.usefixtures("view")
def test_a_read_only_store_without_tables_says_what_it_lacks(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    end_run(start_run(store))
    with pytest.raises(StoreError, match=rf"cannot be used here \(.*{READ_ONLY}") as told:
        ts.runs()
    assert "\n" not in str(told.value)
    assert main(["doctor"]) == PROBLEMS
    assert main(["doctor", "--rebuild"]) == CANNOT
    assert READ_ONLY in capsys.readouterr().err
    assert drained(store, "SELECT status FROM runs") == "finished"
    assert ts.runs().df["status"].tolist() == ["finished"]


_STRANGER = """
import os, sys, warnings
from pathlib import Path

import trackside as ts
from trackside.errors import TracksideError
from trackside.store.store import Store

theirs, ours = map(Path, sys.argv[1:])


def tell(what, call):
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            answer = call()
        except TracksideError as error:
            answer = f"{type(error).__name__}: {error}"
    print(what, "->", answer, *(warning.message for warning in told))


def log():
    with ts.run("mine") as run:
        run.log(loss=1.0)


def ask_everything(folder):
    os.environ["TRACKSIDE_STORE"] = str(folder)
    tell("log", log)
    tell("runs", lambda: len(ts.runs()))
    tell("problems", lambda: len(Store(folder).problems()))
    tell("rebuild", Store(folder).rebuild)


ask_everything(ours)  # what Python imports on the way may be closed to the stranger
if os.getuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
ask_everything(theirs)
"""


def told_to_a_stranger(store: Store) -> dict[str, str]:
    """Ask as another user (as this one where it is not root: for them closed folders are closed just so)."""
    own = store.folder.with_name("own")
    ended = subprocess.run(
        [sys.executable, "-c", _STRANGER, str(store.folder), str(own)],
        env=os.environ | {"TRACKSIDE_EXPERIMENT": "e", "TRACKSIDE_USER": "ada", "TRACKSIDE_PROJECT": "p"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 0, ended.stderr
    lines = ended.stdout.splitlines()
    assert lines[:4] == ["log -> None", "runs -> 1", "problems -> 0", "rebuild -> None"]
    assert len(lines) == 8, "more than one line an answer"
    return dict(line.split(" -> ", 1) for line in lines[4:])


@pytest.fixture
def of_another(tmp_path: Path) -> Store:
    """Return a store that another user has filled, in a folder that all may look into."""
    for folder in (tmp_path, *tmp_path.parents[: 3 if os.environ.get("PYTEST_XDIST_WORKER") else 2]):
        folder.chmod(0o755)
    store = Store.create(tmp_path / ".trackside")
    journal = start_run(store)
    log_steps(journal, 5)
    end_run(journal)
    assert drained(store, "SELECT count(*) FROM metrics") == 10
    return store


def close_to(store: Store, *, folders: int, files: int) -> None:
    for path in store.folder.rglob("*"):
        path.chmod(folders if path.is_dir() else files)
    store.folder.chmod(folders)


def test_a_store_of_another_user_is_closed_and_says_so(of_another: Store) -> None:
    if os.getuid():
        close_to(of_another, folders=0o000, files=0o000)
    told = told_to_a_stranger(of_another)
    of_another.folder.chmod(0o700)
    assert all(DENIED in line for line in told.values()), told
    assert told["runs"].startswith("StoreError: The store")
    assert told["log"].startswith("JournalError: The store")


def test_a_store_of_another_user_that_may_be_read_is_read(of_another: Store) -> None:
    close_to(of_another, folders=0o555, files=0o444)
    told = told_to_a_stranger(of_another)
    close_to(of_another, folders=0o700, files=0o600)
    assert told["runs"] == "1"
    assert told["problems"] == "0"
    assert DENIED in told["log"]
    assert DENIED in told["rebuild"]
    assert one(of_another, "SELECT count(*) FROM metrics") == 10
