"""Concurrent tasks of one event loop, each with a run of its own: their points keep apart, and so do their ends."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

import pytest

import trackside as ts
from tests.faults.support import assert_rebuild_changes_nothing, drained
from tests.store.support import one
from trackside.tracking import current_run

if TYPE_CHECKING:
    from trackside.store.store import Store

pytestmark = pytest.mark.usefixtures("store_folder")

TASKS = 16
NAME_OF_VALUE = "'task ' || CAST(value AS INTEGER)"


def test_tasks_log_in_turns_each_to_its_own_run(store: Store, *, is_long: bool) -> None:
    points, moments = 500 if is_long else 20, random.Random(7)  # noqa: S311  moments need no secrecy

    async def work(number: int) -> None:
        with ts.run(f"task {number}"):
            for step in range(points):
                ts.log(value=number)
                await asyncio.sleep(moments.uniform(0.0, 0.002))
                if step % 5 == 0:
                    await asyncio.to_thread(ts.log, in_thread=number)

    async def all_of_them() -> None:
        await asyncio.gather(*map(work, range(TASKS)))

    asyncio.run(all_of_them())
    assert drained(store, "SELECT count(*) FROM runs WHERE status = 'finished'") == TASKS
    strays = f"SELECT count(*) FROM metrics JOIN runs USING (run_id) WHERE name != {NAME_OF_VALUE}"
    assert one(store, strays) == 0
    assert one(store, "SELECT count(*) FROM metrics WHERE key = 'value'") == TASKS * points
    assert one(store, "SELECT count(*) FROM metrics WHERE key = 'in_thread'") == TASKS * points // 5
    assert_rebuild_changes_nothing(store)


def test_tasks_end_as_they_end(store: Store) -> None:
    async def work(number: int, ending: BaseException | None) -> None:
        with ts.run(f"task {number}"):
            for _ in range(10):
                ts.log(value=number)
                await asyncio.sleep(0.001)
            if ending:
                raise ending

    async def last_for_ever() -> None:
        with ts.run("cancelled"):
            ts.log(value=-1)
            await asyncio.sleep(60)

    async def all_of_them() -> None:
        waiting = asyncio.create_task(last_for_ever())
        endings = [None, ValueError("no"), None]
        ended = await asyncio.gather(*map(work, range(3), endings), return_exceptions=True)
        assert [type(error) for error in ended] == [type(None), ValueError, type(None)]
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        assert current_run() is None

    asyncio.run(all_of_them())
    statuses = "SELECT string_agg(name || ' ' || status, ', ' ORDER BY name) FROM runs"
    assert drained(store, statuses) == "cancelled interrupted, task 0 finished, task 1 failed, task 2 finished"
    assert one(store, "SELECT count(*) FROM metrics") == 31
