"""A file system that refuses locks, as some network disks do: runs are kept and read, and told alive or dead."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
import signal
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import trackside as ts
from tests.faults import scripts
from tests.faults.injected.sitecustomize import refusing_flock
from tests.faults.support import archive_all, assert_rebuild_changes_nothing, counts_by_key, drained
from tests.store.support import end_run, log_steps, one, start_run
from trackside.errors import JournalError, StoreError
from trackside.locks import FileLock, is_held, takes_locks

if TYPE_CHECKING:
    from trackside.store.store import Store

INJECTED = Path(__file__).parent / "injected"


def refuse(folder: Path, number: int, patch: pytest.MonkeyPatch) -> None:
    """Let no file in the folder be locked, by this process and those started from it."""
    patch.setenv("REFUSED_LOCKS", f"{number} {folder}")
    patch.setenv("PYTHONPATH", str(INJECTED))
    patch.setattr(fcntl, "flock", refusing_flock(number, str(folder)))


@pytest.fixture
def refusing(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Return a store on such a disk."""
    use_own_disk(store.folder.parent, monkeypatch)
    refuse(store.folder, errno.ENOLCK, monkeypatch)
    return store


def use_own_disk(folder: Path, patch: pytest.MonkeyPatch) -> None:
    own = folder / "own disk"
    own.mkdir()
    patch.setenv("TMPDIR", str(own))
    patch.setattr(tempfile, "tempdir", None)


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS])
def test_another_file_is_locked_in_its_place(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_own_disk(tmp_path, monkeypatch)
    folder = tmp_path / "shared"
    folder.mkdir()
    refuse(folder, number, monkeypatch)
    assert not takes_locks(folder)
    lock = FileLock(folder / "x.lock")
    assert lock.try_acquire("exclusive")
    assert is_held(folder / "x.lock")
    assert not FileLock(folder / "x.lock").try_acquire("shared")
    lock.release()
    assert not is_held(folder / "x.lock")


def test_an_error_that_is_no_refusal_is_raised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = FileLock(tmp_path / "x.lock")
    with monkeypatch.context() as patch:
        refuse(tmp_path, errno.EIO, patch)
        with pytest.raises(OSError, match="Input/output error"):
            lock.acquire("exclusive")
    lock.release()


def test_runs_are_kept_and_read(refusing: Store, store_folder: Path) -> None:
    assert refusing.folder == store_folder
    logged = json.loads(scripts.run("fork_workers.py", refusing, 2, 4, 50))
    with ts.run("live") as run:
        run.log(loss=0.5)
        assert refusing.refresh(scripts.LONGEST)  # by a helper process
        assert one(refusing, "SELECT string_agg(status, ' ' ORDER BY name) FROM runs") == "finished running"
    archive_all(refusing)
    assert drained(refusing, "SELECT count(*) FROM runs WHERE status = 'finished'") == 2
    assert counts_by_key(refusing) == logged | {"loss": 1}
    assert refusing.problems() == []
    assert not list(refusing.folder.glob("trackside.duckdb*"))
    assert_rebuild_changes_nothing(refusing)


def test_many_processes_get_along(refusing: Store) -> None:
    elsewhere = "../../store/processes/"
    writers = [scripts.start(elsewhere + "log_for_seconds.py", refusing, refusing.folder, 2) for _ in range(2)]
    readers = [scripts.start(elsewhere + "read_for_seconds.py", refusing, refusing.folder, 2) for _ in range(2)]
    logged = sum(int(scripts.output_of(writer)) for writer in writers)
    assert all(int(scripts.output_of(reader).split()[0]) > 0 for reader in readers)
    assert drained(refusing, "SELECT count(*) FROM metrics") == 2 * logged
    assert one(refusing, "SELECT count(*) FROM runs WHERE status = 'finished'") == 2
    assert refusing.problems() == []


def test_who_lives_is_told_by_the_heartbeat(refusing: Store, tmp_path: Path) -> None:
    counts = tmp_path / "counts"
    counts.write_bytes(bytes(16))
    both = scripts.start("log_with_a_worker.py", refusing, counts)
    scripts.wait_until(lambda: all(counts.read_bytes()[:2]))
    live = refusing.folder / "journals" / "live"
    for journal in live.glob("*.ndjson"):
        os.utime(journal, (0, 0))  # as if stopped for long
    os.kill(both.pid, signal.SIGSTOP)
    assert drained(refusing, "SELECT status FROM runs") == "running"  # whoever shares its disk sees more
    scripts.kill(both)
    for journal in live.glob("*.ndjson"):
        os.utime(journal)
    assert drained(refusing, "SELECT status FROM runs") == "running"
    for journal in live.glob("*.ndjson"):
        os.utime(journal, (0, 0))
    assert drained(refusing, "SELECT status FROM runs") == "interrupted"
    assert refusing.problems() == []


def test_what_others_archive_is_not_missed(refusing: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = start_run(refusing, name="seen")
    log_steps(journal, 10)
    end_run(journal)
    assert drained(refusing, "SELECT count(*) FROM metrics") == 20
    with monkeypatch.context() as patch:
        patch.delenv("REFUSED_LOCKS")  # on the disk's own host locks hold
        scripts.run("log_and_archive.py", refusing, 10)
    assert list(refusing.folder.glob("journals/ended/*/*.zst"))
    assert drained(refusing, "SELECT count(*) FROM metrics") == 30
    assert one(refusing, "SELECT count(*) FROM runs WHERE status = 'finished'") == 2


def test_where_no_disk_takes_locks_one_line_says_so(
    store: Store, store_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ts.run("before") as run:
        run.log(loss=0.5)
    assert drained(store, "SELECT count(*) FROM runs") == 1
    refuse(store_folder.parent, errno.ENOLCK, monkeypatch)
    monkeypatch.setattr(tempfile, "tempdir", str(store_folder.parent))
    with pytest.raises(JournalError, match=re.escape("No locks available; it is not recorded")):
        ts.run("after")
    with pytest.raises(StoreError, match="No locks available"), store.read():
        pass
