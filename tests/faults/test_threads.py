"""Many threads log into one run, or each into a run of its own: every point once, in its run, in its order."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

import trackside as ts
from tests.faults.support import assert_rebuild_changes_nothing, counts_by_key, drained
from tests.store.support import one

if TYPE_CHECKING:
    from collections.abc import Callable

    from trackside.store.store import Store

pytestmark = pytest.mark.usefixtures("store_folder")

THREADS = 16


def in_threads(work: Callable[[int], object], count: int = THREADS) -> None:
    """Do the work for each number at the same time; what goes wrong is raised."""
    together = threading.Barrier(count)

    def begin(number: int) -> object:
        together.wait()
        return work(number)

    with ThreadPoolExecutor(count) as executor:
        list(executor.map(begin, range(count)))


def test_threads_share_a_run(store: Store, *, is_long: bool) -> None:
    points = 20_000 if is_long else 300

    def work(number: int) -> None:
        for value in range(points):
            ts.log({f"own{number}": value, "shared": number})

    with ts.run("shared"):
        in_threads(work)
    assert drained(store, "SELECT status FROM runs") == "finished"
    assert counts_by_key(store) == {"shared": THREADS * points} | {f"own{n}": points for n in range(THREADS)}
    backwards = (
        "SELECT count(*) FROM (SELECT {}, lag({}) OVER (PARTITION BY key ORDER BY seq) AS b FROM metrics) WHERE {}"
    )
    assert one(store, backwards.format("step", "step", "step <= b")) == 0
    assert one(store, "SELECT count(DISTINCT step) FROM metrics WHERE key = 'shared'") == THREADS * points
    assert one(store, "SELECT count(*) FROM metrics WHERE key != 'shared' AND value > step") == 0
    assert_rebuild_changes_nothing(store)


def test_threads_have_runs_of_their_own(store: Store, *, is_long: bool) -> None:
    rounds, points = 20 if is_long else 2, 100

    def work(number: int) -> None:
        for _ in range(rounds):
            with ts.run(f"thread {number}"):
                for _ in range(points):
                    ts.log(value=number)

    in_threads(work)
    assert drained(store, "SELECT count(*) FROM runs WHERE status = 'finished'") == THREADS * rounds
    strays = "SELECT count(*) FROM metrics JOIN runs USING (run_id) WHERE name != 'thread ' || CAST(value AS INTEGER)"
    assert one(store, strays) == 0
    assert one(store, "SELECT count(*) FROM metrics") == THREADS * rounds * points
    assert one(store, "SELECT count(*) FROM (SELECT run_id FROM metrics GROUP BY run_id HAVING count(*) != 100)") == 0
    assert_rebuild_changes_nothing(store)


def test_an_executor_begun_in_a_run_logs_to_it(store: Store) -> None:
    with ts.run("outer"), ThreadPoolExecutor(4) as executor:
        list(executor.map(lambda value: ts.log(value=value), range(200)))
        with ts.run("inner"):
            list(executor.map(lambda value: ts.log(value=value), range(50)))
        list(executor.map(lambda value: ts.log(value=value), range(200, 300)))
    counts = "SELECT count(*) FROM metrics JOIN runs USING (run_id) WHERE name = ?"
    assert drained(store, counts, "outer") == 300
    assert drained(store, counts, "inner") == 50
