"""A kernel is restarted, interrupted, stopped, killed or out of memory while a tracked cell runs.

Every acknowledged point is there, the run is over (or goes on, where the kernel does), and the next cell is tracked.
"""

from __future__ import annotations

import os
import queue
import signal
import time
from typing import TYPE_CHECKING

import pytest

from tests.faults import scripts
from tests.faults.support import assert_rebuild_changes_nothing, drained
from tests.magic.kernel import Kernel
from tests.store.support import one
from trackside.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LOOP = """%%track {name}
import os, time
counts = os.open({counts!r}, os.O_RDWR | os.O_CREAT)
for count in range(10**9):
    ts.log(loss=count)
    os.pwrite(counts, (count + 1).to_bytes(8, "little"), 0)
    if count % 20 == 0:
        time.sleep(0.001)
"""

_MEMORY = """%%track memory
import resource
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
limits = resource.getrlimit(resource.RLIMIT_AS)
resource.setrlimit(resource.RLIMIT_AS, (used + 50_000_000, limits[1]))
try:
    hoard = []
    while True:
        ts.log(loss=len(hoard))
        hoard.append(bytearray(500_000))
finally:
    reached = len(hoard)
"""


class Loop:
    """A tracked cell that logs until something stops it."""

    def __init__(self, kernel: Kernel, name: str) -> None:
        self._counts = kernel.store.parent / name
        self._name = name
        self._store = Store(kernel.store)
        self.request = kernel.begin(_LOOP.format(name=name, counts=str(self._counts)))
        self.wait_for_more()

    @property
    def acknowledged(self) -> int:
        return int.from_bytes(self._counts.read_bytes(), "little") if self._counts.exists() else 0

    def wait_for_more(self) -> None:
        before = self.acknowledged
        scripts.wait_until(lambda: self.acknowledged > before)

    def assert_kept(self, status: str) -> None:
        """Every acknowledged point is there, once, and at most the one that was under way besides."""
        assert drained(self._store, "SELECT status FROM runs WHERE name = ?", self._name) == status
        of_run = "FROM metrics JOIN runs USING (run_id) WHERE name = ?"
        kept = one(self._store, f"SELECT count(DISTINCT value) {of_run}", self._name)
        assert self.acknowledged <= kept <= self.acknowledged + 1
        assert one(self._store, f"SELECT count(*) {of_run}", self._name) == kept


def assert_tracks_at_once(kernel: Kernel, name: str) -> None:
    assert kernel.run("import trackside as ts").status == "ok"
    executed = kernel.run(f"%%track {name}\nts.log(loss=1)")
    assert executed.status == "ok"
    assert drained(Store(kernel.store), "SELECT status FROM runs WHERE name = ?", name) == "finished"


@pytest.fixture
def kernel(tmp_path: Path) -> Iterator[Kernel]:
    kernel = Kernel(tmp_path, dict(os.environ))
    assert kernel.run("import trackside as ts").status == "ok"
    yield kernel
    kernel.close()


def test_a_kernel_that_is_restarted_or_killed(kernel: Kernel, *, is_long: bool) -> None:
    store = Store(kernel.store)
    for number in range(5 if is_long else 1):
        loop = Loop(kernel, f"restarted {number}")
        kernel.restart()
        loop.assert_kept("interrupted")
        assert_tracks_at_once(kernel, f"after restart {number}")
        loop = Loop(kernel, f"killed {number}")
        kernel.send_signal(signal.SIGKILL)
        loop.assert_kept("interrupted")
        kernel.restart()
        assert_tracks_at_once(kernel, f"after kill {number}")
    assert store.problems() == []
    assert_rebuild_changes_nothing(store)


def test_a_kernel_that_is_interrupted_and_stopped(kernel: Kernel, *, is_long: bool) -> None:
    store = Store(kernel.store)
    unanswered = 0
    for number in range(20 if is_long else 2):
        loop = Loop(kernel, f"interrupted {number}")
        for _ in range(number + 1):  # people press the button again
            kernel.interrupt()
            time.sleep(0.02)
        try:
            executed = kernel.end_of(loop.request)
        except queue.Empty:  # what comes between a cell's end and its reply costs ipykernel the reply, of any cell
            unanswered += 1
        else:
            assert (executed.status, executed.payload["ename"]) == ("error", "KeyboardInterrupt")
        loop.assert_kept("interrupted")
        assert_tracks_at_once(kernel, f"after interrupt {number}")
    assert unanswered <= max(1, number // 4)
    loop = Loop(kernel, "stopped")
    kernel.send_signal(signal.SIGSTOP)
    assert drained(store, "SELECT status FROM runs WHERE name = 'stopped'") == "running"
    kernel.send_signal(signal.SIGCONT)
    loop.wait_for_more()
    kernel.interrupt()
    kernel.end_of(loop.request)
    loop.assert_kept("interrupted")
    assert store.problems() == []
    assert_rebuild_changes_nothing(store)


def test_a_kernel_that_is_out_of_memory(kernel: Kernel) -> None:
    store = Store(kernel.store)
    executed = kernel.run(_MEMORY)
    assert (executed.status, executed.payload["ename"]) == ("error", "MemoryError")
    assert "MemoryError" in executed.card["text/plain"]
    reached = int(kernel.run("reached").outputs[0][1]["data"]["text/plain"])
    assert drained(store, "SELECT status || ': ' || error[:11] FROM runs") == "failed: MemoryError"
    assert one(store, "SELECT count(DISTINCT value) FROM metrics WHERE key = 'loss'") in (reached, reached + 1)
    kernel.run("del hoard\nresource.setrlimit(resource.RLIMIT_AS, limits)")
    assert_tracks_at_once(kernel, "after memory")
    assert store.problems() == []
