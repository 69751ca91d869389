from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

from tests.store.support import all_tables, end_run, kill, log_history, log_steps, one, start_helper, start_run
from trackside.locks import is_held
from trackside.store import helper

if TYPE_CHECKING:
    from trackside.store.store import Store

ROUNDS = 50


def test_a_killed_drain_loses_and_doubles_nothing(store: Store) -> None:
    moments = random.Random(3)  # noqa: S311  moments need no secrecy
    journals = [start_run(store, name=f"run {number}") for number in range(3)]
    for number in range(ROUNDS):
        for journal in journals:
            log_steps(journal, 100, first=100 * number)
            log_history(journal, 2_000)
        helper.ask(store.folder)
        process = start_helper(store)
        while not is_held(store.folder / "drain.lock"):
            time.sleep(0.002)
        time.sleep(moments.uniform(0.0, 0.25))
        kill(process)
    for journal in journals:
        end_run(journal)
    assert store.refresh(60.0)
    expected = 3 * ROUNDS * 2 * 2_100
    assert one(store, "SELECT count(*) FROM metrics") == expected
    assert (
        one(store, "SELECT count(*) FROM (SELECT DISTINCT run_id, writer, seq, line_row, key FROM metrics)") == expected
    )
    assert one(store, "SELECT sum(count) FROM summaries") == expected
    drained = all_tables(store)
    store.rebuild()
    assert all_tables(store) == drained
