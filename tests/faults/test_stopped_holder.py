"""Whoever holds the store is stopped in the middle: writers never wait, readers not for long, and all goes on."""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import trackside as ts
from tests.faults import scripts
from tests.faults.support import assert_rebuild_changes_nothing, counts_by_key, drained
from tests.store.support import one
from trackside import wire
from trackside.browser_api import BrowserApi
from trackside.errors import StoreBusyError
from trackside.query import Scope

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

    from trackside.store.store import Store

SOON = 10.0
"""Seconds after which a wait of a fraction of a second is one without end; the machine may be busy."""


@contextmanager
def taking_less_than(seconds: float) -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds


@contextmanager
def stopped(store: Store, within: str) -> Iterator[subprocess.Popen[str]]:
    """Give a process that holds the store and is stopped; what is left of it at the end is killed."""
    process = scripts.start("stop_within.py", store, within)
    try:
        scripts.wait_until(lambda: Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T")
        yield process
    finally:
        if process.poll() is None:
            scripts.kill(process)


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def waiting_threads() -> int:
    return sum(thread.name == "trackside-lock" for thread in threading.enumerate())


@pytest.mark.parametrize(
    ("within", "then"),
    [("drain", signal.SIGCONT), ("drain", signal.SIGKILL), ("gate", signal.SIGKILL), ("read", signal.SIGCONT)],
)
@pytest.mark.usefixtures("store_folder")
def test_all_goes_on_beside_it_and_after_it(store: Store, within: str, then: signal.Signals) -> None:
    run = ts.run("live")
    run.log(loss=0.5)
    assert store.refresh(scripts.LONGEST)
    api = BrowserApi(store, Scope())
    question = wire.HistoryQuestion(run_ids=[run.id], metric="loss", x="step", pixels=100)
    assert api.history(question).age is None
    run.log(loss=0.25)
    with stopped(store, within) as holder:
        with taking_less_than(SOON):
            for _ in range(1000):
                run.log(during=1)
            assert not store.refresh(0.3)
            answer = api.history(question)
        assert [line.points for line in answer.lines] == [1]
        if within != "read":
            assert answer.age is not None
            with taking_less_than(SOON), pytest.raises(StoreBusyError, match="stayed locked"), store.read(0.2):
                pass
        with taking_less_than(SOON):
            run.finish()
            ts.run("after").finish()
        os.kill(holder.pid, then)
        holder.communicate(timeout=scripts.LONGEST)
    assert drained(store, "SELECT count(*) FROM runs WHERE status = 'finished'") == 2
    assert counts_by_key(store) == {"loss": 2, "during": 1000}
    assert store.problems() == []
    assert_rebuild_changes_nothing(store)


def test_others_read_while_a_drain_waits_for_a_reader_that_is_stopped(store: Store) -> None:
    store.rebuild()
    with stopped(store, "read"):
        drain = scripts.start("log_and_archive.py", store, 10)
        scripts.wait_until(lambda: list(store.folder.glob("journals/live/*.ndjson")))
        end = time.monotonic() + 2.0
        while time.monotonic() < end:
            with taking_less_than(SOON), store.read(SOON) as connection:
                assert connection.execute("SELECT count(*) FROM metrics").fetchall() == [(0,)]
            time.sleep(0.01)
        assert drain.poll() is None
    scripts.output_of(drain)
    assert drained(store, "SELECT count(*) FROM metrics") == 10


def test_a_reader_that_asks_again_and_again_gathers_nothing(store: Store, *, is_long: bool) -> None:
    store.rebuild()
    with stopped(store, "gate"):
        files = open_files()
        for _ in range(1000 if is_long else 100):
            with pytest.raises(StoreBusyError), store.read(0.01):
                pass
        assert waiting_threads() <= 1
        assert open_files() <= files + 4
    scripts.wait_until(lambda: not waiting_threads())
    assert one(store, "SELECT count(*) FROM runs") == 0
    assert open_files() < files
