from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.store.support import all_tables, kill, one, start_process
from trackside.model import new_run_id

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from trackside.store.store import Store

KILLS = 50
AT_ONCE = 5


@dataclass
class Writer:
    """A process that logs until it is killed."""

    process: subprocess.Popen[bytes]
    run_id: str
    counter: Path

    def acknowledged(self) -> int:
        return int.from_bytes(self.counter.read_bytes(), "little")


def _start_writer(store: Store, folder: Path) -> Writer:
    run_id = new_run_id()
    counter = folder / run_id
    counter.write_bytes(bytes(8))
    return Writer(start_process("log_until_killed.py", store.folder, run_id, counter), run_id, counter)


def test_every_acknowledged_point_survives_a_kill_and_no_run_stays_running(store: Store, tmp_path: Path) -> None:
    moments = random.Random(2)  # noqa: S311  moments need no secrecy
    logged = 0
    for _ in range(KILLS // AT_ONCE):
        writers = [_start_writer(store, tmp_path) for _ in range(AT_ONCE)]
        for writer in writers:
            time.sleep(moments.uniform(0.0, 0.15))
            kill(writer.process)
        assert store.refresh(30.0)
        assert one(store, "SELECT count(*) FROM runs WHERE status = 'running'") == 0
        for writer in writers:
            kept = one(store, "SELECT count(*) FROM metrics WHERE run_id = ? AND key = 'loss'", writer.run_id)
            assert writer.acknowledged() <= kept <= writer.acknowledged() + 1
            logged += kept
    assert logged > 0
    before = all_tables(store)
    store.rebuild()
    assert all_tables(store) == before


def test_a_killed_run_is_interrupted_at_its_last_line(store: Store, tmp_path: Path) -> None:
    writer = _start_writer(store, tmp_path)
    while not writer.acknowledged():
        time.sleep(0.01)
    assert store.refresh(10.0)
    assert one(store, "SELECT status FROM runs") == "running"
    kill(writer.process)
    assert store.refresh(10.0)
    assert one(store, "SELECT status FROM runs") == "interrupted"
    assert one(store, "SELECT ended_at = (SELECT max(time) FROM metrics) FROM runs")
