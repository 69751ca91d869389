from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.journal.support import damage, events, journals, open_journal
from trackside.journal import has_open_writers
from trackside.locks import StoreLock, is_held
from trackside.model import Opened

if TYPE_CHECKING:
    from collections.abc import Callable


def in_child(work: Callable[[], object]) -> int:
    """Run ``work`` in a forked child and return its pid; the child ends without Python's clean-up, like a worker."""
    pid = os.fork()
    if not pid:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return pid


def ended_well(pid: int) -> bool:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_a_forked_child_writes_a_journal_of_its_own(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    journal.append_metrics(0, {"loss": 1.0})
    children = [in_child(lambda: journal.append_metrics(1, {"loss": 2.0})) for _ in range(2)]
    assert all(ended_well(pid) for pid in children)
    journal.append_metrics(2, {"loss": 3.0})
    journal.close()
    files = journals(tmp_path)
    assert len(files) == 3
    assert all(damage(path) == [] for path in files)
    owners = [event.owner for path in files for event in events(path) if isinstance(event, Opened)]
    assert sorted(owners) == [False, False, True]
    assert len(events(journal.path)) == 3


def test_a_child_that_does_not_write_makes_no_journal(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)

    def check() -> None:
        assert not has_open_writers(tmp_path)
        journal.close()

    assert ended_well(in_child(check))
    assert is_held(journal.path.with_suffix(".lock"))
    journal.append_metrics(0, {"loss": 1.0})
    journal.close()
    assert journals(tmp_path) == [journal.path]


def test_a_child_does_not_inherit_a_lock_held_by_another_thread(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    stop = threading.Event()

    def log() -> None:
        while not stop.is_set():
            journal.append_metrics(0, {"loss": 1.0})

    threads = [threading.Thread(target=log) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        children = [in_child(lambda: journal.append_metrics(1, {"loss": 1.0})) for _ in range(20)]
        assert all(ended_well(pid) for pid in children)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    journal.close()
    assert all(damage(path) == [] for path in journals(tmp_path))


_OWNER_WITH_WORKER = """
import os, sys, time
from pathlib import Path
from trackside.journal import JournalWriter
journal = JournalWriter(Path(sys.argv[1]), "run", owner=True)
begun, beginning = os.pipe()
if not os.fork():
    os.write(beginning, b"x")
    time.sleep(60)
os.read(begun, 1)
print(journal.path, flush=True)
time.sleep(60)
"""


def test_an_owner_that_was_killed_is_dead_though_its_worker_lives(tmp_path: Path) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", _OWNER_WITH_WORKER, str(tmp_path)], stdout=subprocess.PIPE, start_new_session=True
    )
    assert owner.stdout is not None
    lock = Path(owner.stdout.readline().decode().strip()).with_suffix(".lock")
    try:
        assert is_held(lock)
        os.kill(owner.pid, signal.SIGKILL)
        owner.wait()
        assert not is_held(lock)
    finally:
        os.killpg(owner.pid, signal.SIGKILL)
        owner.stdout.close()


def test_a_fork_in_the_middle_does_not_keep_the_store_locked(tmp_path: Path) -> None:
    lock = StoreLock(tmp_path)
    with lock.hold("exclusive"):
        child = in_child(lambda: time.sleep(30))
    with lock.hold("exclusive", timeout=0.5):
        pass
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def test_a_child_forked_inside_the_lock_leaves_it_to_its_parent(tmp_path: Path) -> None:
    lock = StoreLock(tmp_path)

    with lock.hold("exclusive"):
        pid = os.fork()
        if not pid:
            os._exit(0)
        assert ended_well(pid)
        assert is_held(tmp_path / "lock")
    assert not is_held(tmp_path / "lock")
