from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from trackside.errors import StoreBusyError
from trackside.locks import FileLock, StoreLock, is_held

if TYPE_CHECKING:
    from pathlib import Path

_HOLD = """
import sys, time
from pathlib import Path
from trackside.locks import StoreLock
with StoreLock(Path(sys.argv[1])).hold(sys.argv[2]):
    print("held", flush=True)
    time.sleep(60)
"""


def hold_elsewhere(folder: Path, mode: str) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, "-c", _HOLD, str(folder), mode], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    return process


def end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.communicate()


def test_readers_share_and_a_writer_is_alone(tmp_path: Path) -> None:
    lock = StoreLock(tmp_path)
    with lock.hold("shared"):
        with lock.hold("shared", timeout=0.0):
            pass
        with pytest.raises(StoreBusyError), lock.hold("exclusive", timeout=0.05):
            pass
    with lock.hold("exclusive"), pytest.raises(StoreBusyError), lock.hold("shared", timeout=0.05):
        pass


def test_a_holder_that_is_stopped_is_named_as_a_wait(tmp_path: Path) -> None:
    holder = hold_elsewhere(tmp_path, "exclusive")
    os.kill(holder.pid, signal.SIGSTOP)
    busy = pytest.raises(StoreBusyError, match=r"stayed locked by another process; waited 0\.1 s")
    with busy, StoreLock(tmp_path).hold("shared", timeout=0.1):
        pass
    end(holder)


def test_a_lock_that_comes_too_late_is_given_back(tmp_path: Path) -> None:
    holder = hold_elsewhere(tmp_path, "shared")
    with pytest.raises(StoreBusyError), StoreLock(tmp_path).hold("exclusive", timeout=0.05):
        pass
    end(holder)
    with StoreLock(tmp_path).hold("exclusive", timeout=5.0):
        pass
    with StoreLock(tmp_path).hold("exclusive", timeout=5.0):
        pass


def test_a_lock_falls_with_its_process(tmp_path: Path) -> None:
    holder = hold_elsewhere(tmp_path, "exclusive")
    end(holder)
    with StoreLock(tmp_path).hold("exclusive", timeout=1.0):
        pass


def test_readers_in_a_stream_do_not_starve_a_writer(tmp_path: Path) -> None:
    lock, stop = StoreLock(tmp_path), threading.Event()

    def read(seconds: float) -> None:
        while not stop.is_set():
            with lock.hold("shared"):
                stop.wait(seconds)

    readers = [threading.Thread(target=read, args=(seconds,)) for seconds in (0.007, 0.011, 0.013, 0.017)]
    for reader in readers:
        reader.start()
    try:
        for _ in range(20):
            with lock.hold("exclusive", timeout=5.0):
                pass
    finally:
        stop.set()
        for reader in readers:
            reader.join()


def test_two_who_ask_do_not_take_each_other_for_the_holder(tmp_path: Path) -> None:
    path = tmp_path / "x.lock"
    assert not is_held(path)
    first = FileLock(path)
    assert first.try_acquire("shared")
    assert not is_held(path)
    first.release()
    first.release()


def test_a_store_that_cannot_be_written_is_locked_all_the_same(tmp_path: Path) -> None:
    for name in ("gate", "lock"):
        (tmp_path / name).touch(mode=0o444)
    tmp_path.chmod(0o555)
    with StoreLock(tmp_path).hold("shared", timeout=1.0):
        pass
    tmp_path.chmod(0o755)
