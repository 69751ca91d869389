"""Which run threads, tasks and processes are in that share a program with runs of others."""

from __future__ import annotations

import asyncio
import os
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

import trackside as ts
from tests.recorded import read_runs
from tests.tracking.test_joining import run_script
from trackside.tracking import Run, current_run
from trackside.tracking.current import begin_cell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("store_folder")


class Beside:
    """A thread that does one thing after the other, when told."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(1)

    def do(self, work: Callable[[], object]) -> object:
        return self._executor.submit(work).result()


@pytest.fixture(autouse=True)
def _untold() -> Iterator[None]:
    """Let each test be told anew, and the next ones, too."""
    begin_cell()
    yield
    begin_cell()


@pytest.fixture
def threads() -> Iterator[tuple[Beside, Beside, Beside]]:
    beside = (Beside(), Beside(), Beside())
    yield beside
    for thread in beside:
        thread._executor.shutdown()


def test_runs_of_threads_beside_each_other_are_nobodys_children(threads: tuple[Beside, Beside, Beside]) -> None:
    first, second, _ = threads
    a = first.do(lambda: ts.run("a"))
    b = second.do(lambda: ts.run("b"))
    assert isinstance(a, Run)
    assert isinstance(b, Run)
    assert (a.parent_id, b.parent_id, a.children) == (None, None, 0)
    first.do(a.finish)
    assert (first.do(current_run), second.do(current_run)) == (None, b)
    second.do(b.finish)


def test_a_thread_in_none_of_several_runs_is_told_once(
    threads: tuple[Beside, Beside, Beside], store_folder: Path
) -> None:
    first, second, third = threads
    a, b = first.do(lambda: ts.run("a")), second.do(lambda: ts.run("b"))
    assert isinstance(a, Run)
    assert isinstance(b, Run)

    def log_twice() -> None:
        ts.log(loss=1.0)
        ts.log(loss=2.0)

    with pytest.warns(UserWarning, match=r"several runs are live.*; call run\.log\(…\)") as told:
        third.do(log_twice)
    assert len(told) == 1
    first.do(a.finish)
    third.do(lambda: ts.log(loss=3.0))  # one is left: it is the one that is meant
    c = third.do(lambda: ts.run("c"))
    assert isinstance(c, Run)
    assert c.parent_id is None
    c.finish()
    b.finish()
    assert [run.last for run in read_runs(store_folder)] == [{}, {"loss": 3.0}, {}]


def test_a_pools_thread_is_in_the_run_around_the_main_threads_tasks(threads: tuple[Beside, Beside, Beside]) -> None:
    async def work(outer: Run | None, together: asyncio.Barrier) -> None:
        with ts.run("task"):
            await together.wait()
            assert threads[0].do(current_run) is outer
            await together.wait()

    async def both(outer: Run | None) -> None:
        together = asyncio.Barrier(2)
        await asyncio.gather(work(outer, together), work(outer, together))

    with ts.run("outer") as outer:
        asyncio.run(both(outer))
    asyncio.run(both(None))


def test_runs_of_tasks_beside_each_other_are_nobodys_children(store_folder: Path) -> None:
    async def work(name: str) -> None:
        with ts.run(name):
            await asyncio.sleep(0.02)
            ts.log(own=1.0)

    async def all_of_them() -> None:
        begun = [asyncio.create_task(work(name)) for name in ("a", "b")]
        await asyncio.sleep(0.01)
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            ts.log(outside=1.0)
        assert len(told) == 1
        await asyncio.gather(*begun)

    asyncio.run(all_of_them())
    assert [run.last for run in read_runs(store_folder)] == [{"own": 1.0}] * 2
    assert [run.started.parent_id for run in read_runs(store_folder)] == [None, None]


def test_a_run_left_open_by_a_task_that_is_done_is_the_next_ones() -> None:
    """A notebook's cells are tasks."""

    async def cell() -> Run:
        return ts.run("cell")

    async def kernel() -> None:
        run = await asyncio.create_task(cell())

        async def next_cell() -> None:
            assert current_run() is run
            ts.log(loss=1.0)

        await asyncio.create_task(next_cell())
        run.finish()

    asyncio.run(kernel())


def test_a_run_that_another_task_ended_gives_way_to_the_one_around_it() -> None:
    async def work(outer: Run) -> None:
        inner = ts.run("inner")

        async def end() -> None:
            inner.finish()

        await asyncio.create_task(end())
        assert current_run() is outer

    with ts.run("outer") as outer:
        asyncio.run(work(outer))


def test_other_processes_join_the_run_around_the_runs_of_threads(threads: tuple[Beside, Beside, Beside]) -> None:
    with ts.run("outer") as outer:
        inner = threads[0].do(lambda: ts.run("inner"))
        assert isinstance(inner, Run)
        assert os.environ["TRACKSIDE_RUN"].split()[0] == outer.id
        inner.finish()
    a, b = threads[0].do(lambda: ts.run("a")), threads[1].do(lambda: ts.run("b"))
    assert isinstance(a, Run)
    assert isinstance(b, Run)
    assert "TRACKSIDE_RUN" not in os.environ
    a.finish()
    assert os.environ["TRACKSIDE_RUN"].split()[0] == b.id
    b.finish()


def test_a_run_that_is_not_kept_hides_no_kept_one_from_other_processes() -> None:
    with ts.run("kept") as kept:
        with Run.start(None, name="dry"):
            assert os.environ["TRACKSIDE_RUN"].split()[0] == kept.id
        assert os.environ["TRACKSIDE_RUN"].split()[0] == kept.id


def test_a_run_that_threads_end_at_once_ends_once(store_folder: Path) -> None:
    for _ in range(20):
        run = ts.run("x")
        together = threading.Barrier(8)

        def end(run: Run = run, together: threading.Barrier = together) -> None:
            together.wait()
            run.finish()

        with ThreadPoolExecutor(8) as executor:
            for ended in [executor.submit(end) for _ in range(8)]:
                ended.result()
    assert all(run.ended.status == "finished" for run in read_runs(store_folder))


def test_threads_that_log_at_once_join_the_cells_run_once(store_folder: Path) -> None:
    code = """
import sys, threading, trackside as ts
sys.setswitchinterval(1e-6)
together = threading.Barrier(16)
def work():
    together.wait()
    ts.log(loss=1.0)
begun = [threading.Thread(target=work) for _ in range(16)]
[thread.start() for thread in begun]
[thread.join() for thread in begun]
"""
    with ts.run("cell"):
        told = run_script(code)
    assert told == ""
    assert len(list((store_folder / "journals").rglob("*.lock"))) <= 2
    (found,) = read_runs(store_folder)
    assert [step for step, _ in found.points("loss")] == list(range(16))


def test_nothing_is_tracked_where_tracking_is_off(store_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = """
import warnings; warnings.simplefilter("error")
import trackside as ts
ts.log(loss=0.5)
ts.log_params(lr=0.1)
with ts.run("train", parent="lats") as run: run.log(loss=0.5)
with ts.run(resume="lats", params={"lr": 1}) as run: run.log(loss=0.5)
"""
    with ts.run("cell"):
        told = run_script(code, TRACKSIDE_MODE="disabled")
        before = sorted(store_folder.rglob("*.ndjson*"))
        monkeypatch.setenv("TRACKSIDE_MODE", "disabled")
        assert len(before) == 1
    assert told == ""
    (found,) = read_runs(store_folder)
    assert (found.last, found.params) == ({}, {})
    with ts.run(resume="last") as again:
        again.log(loss=1.0)
    assert again.store_folder is None
    assert len(read_runs(store_folder)) == 1
