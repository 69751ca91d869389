"""A signal may come in the middle of ``log()``: its handler may log, end the run or raise, as Ctrl-C does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.faults import scripts
from tests.faults.support import assert_rebuild_changes_nothing, counts_by_key, drained
from tests.store.support import one

if TYPE_CHECKING:
    from trackside.store.store import Store


@pytest.mark.parametrize("durability", ["second", "sync"])
def test_a_handler_logs_in_the_middle_of_log(store: Store, durability: str, *, is_long: bool) -> None:
    seconds = 20.0 if is_long else 1.0
    interval = 0.0005 if durability == "second" else 0.01
    printed = scripts.run("log_in_handlers.py", store, seconds, interval, TRACKSIDE_DURABILITY=durability)
    logged = json.loads(printed)
    assert drained(store, "SELECT status FROM runs") == "finished"
    assert counts_by_key(store) == logged
    assert logged["handler"] > 10
    assert one(store, "SELECT count(DISTINCT value) FROM metrics WHERE key = 'handler'") == logged["handler"]
    assert one(store, "SELECT count(DISTINCT value) FROM metrics WHERE key = 'main'") == logged["main"]
    assert store.problems() == []
    assert_rebuild_changes_nothing(store)


def test_ctrl_c_in_the_middle_of_log_costs_no_other_line(store: Store, *, is_long: bool) -> None:
    printed = json.loads(scripts.run("log_interrupted.py", store, 2_000 if is_long else 100))
    assert printed["interrupts"] > 10
    assert drained(store, "SELECT status FROM runs") == "finished"
    kept = one(store, "SELECT count(DISTINCT value) FROM metrics WHERE key = 'loss'")
    assert printed["acknowledged"] <= kept <= printed["acknowledged"] + 1
    assert one(store, "SELECT count(*) FROM metrics WHERE key = 'accuracy'") == 1
    assert store.problems() == []
    assert_rebuild_changes_nothing(store)


@pytest.mark.parametrize("then", ["exit", "return"])
def test_a_handler_ends_the_run_in_the_middle_of_log(store: Store, then: str, *, is_long: bool) -> None:
    rounds = 50 if is_long else 3
    logged = sum(int(scripts.run("end_in_handler.py", store, then, 0.05 + 0.003 * number)) for number in range(rounds))
    assert drained(store, "SELECT count(*) FROM runs WHERE status = 'interrupted'") == rounds
    assert one(store, "SELECT count(*) FROM metrics WHERE key = 'preempted'") == rounds
    kept = one(store, "SELECT count(*) FROM metrics WHERE key = 'loss'")
    assert logged <= kept <= logged + rounds
    assert store.problems() == []


def test_ctrl_c_while_the_run_ends_leaves_it_ended(store: Store) -> None:
    process = scripts.start("end_interrupted.py", store)
    assert process.stdout is not None
    assert process.stdout.readline() == "stopped\n"
    assert drained(store, "SELECT status || ': ' || error FROM runs") == "failed: it was no good"
    scripts.kill(process)
    assert drained(store, "SELECT status FROM runs") == "failed"
