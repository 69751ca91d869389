"""Who may read a store: this user alone, or, where the settings say so, its folder's group, which may write it, too."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import trackside as ts
from tests.faults.support import drained
from tests.store.support import end_run, log_history, log_steps, start_run
from trackside.locks import FileLock
from trackside.permissions import allow_file, is_shared, make_folder
from trackside.store.blobs import save_blob
from trackside.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path

GROUP = 54321
"""A group that nobody is in, unless a test says so."""


def modes(folder: Path) -> dict[str, set[str]]:
    """Return the modes of a store's files and folders, its own included."""
    found: dict[str, set[str]] = {"files": set(), "folders": {oct(stat.S_IMODE(folder.stat().st_mode))}}
    for path in folder.rglob("*"):
        found["folders" if path.is_dir() else "files"].add(oct(stat.S_IMODE(path.stat().st_mode)))
    return found


def fill(store: Store) -> None:
    """Have everything in a store that stores have: live and ended journals, segments, blobs, tables, locks, notes."""
    journal = start_run(store)
    log_steps(journal, 5)
    log_history(journal, 5)
    end_run(journal)
    save_blob(store.folder, b"x")
    assert drained(store, "SELECT count(*) FROM metrics") >= 20
    log_steps(start_run(store), 3)
    assert store.refresh(wait=30)
    store.rebuild()


@pytest.mark.parametrize("umask", [0o022, 0o077, 0o000])
def test_a_store_is_for_this_user_alone(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        store = Store.create(tmp_path / ".trackside")
        fill(store)
    finally:
        os.umask(before)
    assert modes(store.folder) == {"files": {"0o600"}, "folders": {"0o700"}}


def test_folders_that_lead_to_a_store_are_not_its_own(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        Store.create(tmp_path / "data" / "deep" / ".trackside")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "data" / "deep").stat().st_mode) & 0o777 == 0o755
    assert stat.S_IMODE((tmp_path / "data" / "deep" / ".trackside").stat().st_mode) == 0o700


@pytest.mark.parametrize("umask", [0o022, 0o077, 0o000])
def test_a_shared_store_is_for_its_group(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        store = Store.create(tmp_path / ".trackside", shared=True)
        fill(store)
    finally:
        os.umask(before)
    assert modes(store.folder) == {"files": {"0o660"}, "folders": {"0o2770"}}


def test_a_store_that_is_shared_later_is_opened_to_its_group(tmp_path: Path) -> None:
    fill(Store.create(tmp_path / ".trackside"))
    store = Store.create(tmp_path / ".trackside", shared=True)
    assert modes(store.folder) == {"files": {"0o660"}, "folders": {"0o2770"}}
    fill(Store.create(tmp_path / ".trackside"))  # who knows nothing of it goes by the folder
    assert modes(store.folder) == {"files": {"0o660"}, "folders": {"0o2770"}}


def test_a_private_store_in_a_shared_folder_stays_private(tmp_path: Path) -> None:
    make_folder(tmp_path / "team", shared=True)
    store = Store.create(tmp_path / "team" / ".trackside")
    fill(store)
    assert not is_shared(store.folder)
    found = modes(store.folder)
    assert found["files"] == {"0o600"}
    assert not any(int(mode, 8) & 0o077 for mode in found["folders"])


def test_a_shared_store_is_the_settings_word(
    store_folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRACKSIDE_SHARE", "group")
    with ts.run("ours") as run:
        run.log(loss=1.0)
    assert len(ts.runs()) == 1
    assert Store(store_folder).refresh(wait=30)
    assert modes(store_folder) == {"files": {"0o660"}, "folders": {"0o2770"}}


def test_lock_files_are_as_open_as_their_folder(tmp_path: Path) -> None:
    for shared, mode in ((True, 0o660), (False, 0o600)):
        folder = tmp_path / str(shared)
        make_folder(folder, shared=shared)
        lock = FileLock(folder / "lock")
        assert stat.S_IMODE((folder / "lock").stat().st_mode) == mode
        lock.release()
        (folder / "other").touch(mode=0o644)
        allow_file(folder / "other")
        assert stat.S_IMODE((folder / "other").stat().st_mode) == mode


_COLLEAGUE = """
import mmap, os, sys, warnings
from pathlib import Path

import trackside as ts

warnings.simplefilter("error")
folder, own, user, groups = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), [int(sys.argv[4])]


def work():
    with ts.run("theirs", params={"lr": 0.1}) as run:
        run.log(loss=1.0)
        run.log_history(loss=[1.0, 2.0])
        run.recording.keep(b"theirs")
    runs = ts.runs()
    runs[0].star()
    runs[0].note("seen")
    return len(ts.runs())


os.environ["TRACKSIDE_STORE"] = own
work()  # what Python imports on the way may be closed to the colleague
os.environ["TRACKSIDE_STORE"] = str(folder)
if os.getuid() == 0:
    os.setgroups(groups)
    os.setgid(user)
    os.setuid(user)
os.umask(0o022)
print(work())
from trackside.store.store import Store
Store(folder).rebuild()
print(len(ts.runs(include_hidden=True)), len(Store(folder).problems()))
"""


def works_for_a_colleague(store: Store, user: int) -> list[str]:
    """Work in a store as another user of its group; where this is not root, as this one."""
    ended = subprocess.run(
        [
            sys.executable,
            "-c",
            _COLLEAGUE,
            str(store.folder),
            str(store.folder.with_name("own")),
            str(user),
            str(GROUP),
        ],
        env=os.environ | {"TRACKSIDE_EXPERIMENT": "e", "TRACKSIDE_USER": "ada", "TRACKSIDE_PROJECT": "p"},
        cwd=store.folder.parent,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout.split()


def test_users_of_one_group_log_read_and_rebuild_one_store(tmp_path: Path) -> None:
    for folder in (tmp_path, *tmp_path.parents[: 3 if os.environ.get("PYTEST_XDIST_WORKER") else 2]):
        folder.chmod(0o755)
    if os.getuid() == 0:
        os.chown(tmp_path, -1, GROUP)
        tmp_path.chmod(0o2755)
    store = Store.create(tmp_path / ".trackside", shared=True)
    journal = start_run(store)
    log_steps(journal, 5)
    end_run(journal)
    assert drained(store, "SELECT count(*) FROM metrics") == 10
    assert works_for_a_colleague(store, 60001) == ["2", "2", "0"]
    assert works_for_a_colleague(store, 60002) == ["3", "3", "0"]
    journal = start_run(store)
    log_steps(journal, 5)
    end_run(journal)
    assert drained(store, "SELECT count(*) FROM runs") == 4
    assert modes(store.folder) == {"files": {"0o660"}, "folders": {"0o2770"}}
    if os.getuid() == 0:
        assert {path.stat().st_gid for path in store.folder.rglob("*")} == {GROUP}
        assert {path.stat().st_uid for path in store.folder.rglob("*")} == {0, 60001, 60002}
