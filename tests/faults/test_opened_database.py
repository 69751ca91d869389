"""The user's own code opens the database file while we write: DuckDB's lock falls then, and ours does not."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import duckdb
import pytest

import trackside as ts
from tests.faults import scripts
from tests.faults.support import assert_rebuild_changes_nothing, drained
from tests.store.support import end_run, log_steps, one, start_run
from trackside.errors import StoreError
from trackside.store.drain import Drain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from trackside.store.store import Store


@contextmanager
def reading_the_file(store: Store) -> Iterator[list[int]]:
    """Read the whole file again and again, as a backup does; gives how many times."""
    stop, times = threading.Event(), [0]

    def read() -> None:
        while not stop.wait(0.001):
            times[0] += bool(store.database.read_bytes())

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield times
    finally:
        stop.set()
        thread.join()


def test_no_row_is_lost_to_somebody_who_reads_the_file(store: Store, tmp_path: Path, *, is_long: bool) -> None:
    rounds = 200 if is_long else 8
    store.rebuild()
    other = scripts.start("../../store/processes/drain_repeatedly.py", store, store.folder, tmp_path, rounds)
    journals = [start_run(store) for _ in range(3)]
    with reading_the_file(store) as times:
        for number in range(rounds):
            for journal in journals:
                log_steps(journal, 200, first=200 * number)
            assert Drain(store.folder).catch_up()
    scripts.output_of(other, 10 * scripts.LONGEST)
    for journal in journals:
        end_run(journal)
    assert times[0] > rounds
    assert drained(store, "SELECT count(*) FROM metrics") == 3 * 2 * 200 * rounds
    assert one(store, "SELECT sum(count) FROM summaries") == 3 * 2 * 200 * rounds
    assert_rebuild_changes_nothing(store)


@pytest.mark.usefixtures("store_folder")
def test_a_connection_of_the_users_own_keeps_new_lines_out_and_costs_nothing(store: Store) -> None:
    with ts.run("before") as run:
        run.log(loss=1)
    assert drained(store, "SELECT count(*) FROM runs") == 1
    with duckdb.connect(str(store.database), read_only=True) as own:
        with ts.run("live") as run:
            run.log(loss=2)
            with pytest.raises(StoreError, match=r"Another program has .*trackside\.duckdb open .*; close it there"):
                store.refresh(scripts.LONGEST)
            run.log(loss=3)
        assert one(store, "SELECT count(*) FROM metrics") == 1  # beside those who only read it is read
        assert own.execute("SELECT count(*) FROM metrics").fetchall() == [(1,)]
    assert len(ts.runs()) == 2
    assert one(store, "SELECT count(*) FROM metrics") == 3
    assert store.problems() == []
    assert_rebuild_changes_nothing(store)
