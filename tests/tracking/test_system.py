# ruff: noqa: N802 - the fake driver has the names of the real one
"""The machine's load over a run: measured beside it, kept with it, and never taken for one of its results."""

from __future__ import annotations

import os
import sys
import threading
import time
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

import trackside as ts
from tests.store.support import one
from trackside import run_table
from trackside.capture.environment import load as load_module
from trackside.capture.environment.load import GpuLoad, Load
from trackside.errors import JournalError
from trackside.goals import Goals, rank_metrics
from trackside.store.store import Store
from trackside.stored_card import answer_card
from trackside.tracking import system

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ALWAYS = {"system/cpu", "system/process_cpu", "system/rss", "system/memory"}


class FakeDriver(ModuleType):
    """Stands in for nvidia-ml-py with two GPUs, of which one tells no power; hangs where it is told to."""

    NVML_TEMPERATURE_GPU = 0

    def __init__(self, hangs_at: str = "") -> None:
        super().__init__("pynvml")
        self.released = threading.Event()
        self._hangs_at = hangs_at

    def _wait(self, name: str) -> None:
        if name == self._hangs_at:
            self.released.wait()

    def nvmlInit(self) -> None:
        self._wait("init")

    def nvmlDeviceGetCount(self) -> int:
        return 2

    def nvmlDeviceGetHandleByIndex(self, index: int) -> int:
        return index

    def nvmlDeviceGetUtilizationRates(self, handle: int) -> SimpleNamespace:
        self._wait("load")
        return SimpleNamespace(gpu=50 + handle)

    def nvmlDeviceGetMemoryInfo(self, handle: int) -> SimpleNamespace:
        return SimpleNamespace(used=handle + 1 << 30)

    def nvmlDeviceGetPowerUsage(self, handle: int) -> int:
        if handle:
            raise OSError("not supported")
        return 250_000

    def nvmlDeviceGetTemperature(self, handle: int, kind: int) -> int:
        return 60 + handle + kind


@pytest.fixture(autouse=True)
def _own_sampler(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the test a sampler of its own that is in a hurry."""
    monkeypatch.setattr(system, "_sampler", system._Sampler())
    monkeypatch.setattr(system, "FIRST_SECONDS", 0.0)
    monkeypatch.setattr(system, "_TICK", 0.02)
    monkeypatch.setenv("TRACKSIDE_SYSTEM", "0.02")


class Points(list[tuple[int, dict[str, Any]]]):
    """A journal in memory."""

    def append_metrics(self, step: int, values: dict[str, Any], /) -> None:
        self.append((step, values))


def wait_until(is_so: Callable[[], object]) -> None:
    while not is_so():  # the test's time limit bounds it
        time.sleep(0.01)


def names(store_folder: Path) -> set[str]:
    store = Store(store_folder)
    assert store.refresh(wait=30)
    with store.read() as connection:
        return {str(key) for (key,) in connection.execute("SELECT DISTINCT key FROM metrics").fetchall()}


def journal_lines(store_folder: Path) -> str:
    return "".join(path.read_text() for path in (store_folder / "journals" / "live").glob("*.ndjson"))


def test_the_machines_load_is_kept_with_the_run(store_folder: Path) -> None:
    with ts.run("x") as run:
        run.log(loss=1.0)
        wait_until(lambda: journal_lines(store_folder).count("system/rss") >= 3)
    assert names(store_folder) >= ALWAYS | {"loss"}
    store = Store(store_folder)
    assert one(store, "SELECT list(step ORDER BY step)[:3] FROM metrics WHERE key = 'system/rss'") == [0, 1, 2]
    assert one(store, "SELECT min(value) FROM metrics WHERE key = 'system/rss'") > 1e6
    assert 0 <= one(store, "SELECT max(value) FROM metrics WHERE key = 'system/cpu'") <= 100


def test_it_is_no_result_of_the_run(store_folder: Path) -> None:
    with ts.run("x") as run:
        wait_until(lambda: "system/rss" in journal_lines(store_folder))
        run.look_at_others()
        assert run.latest == {}
    runs = ts.runs()
    assert runs.main_metric is None
    assert run_table.table_of(runs._frame).main is None
    with ts.run("y") as run:
        run.log(epoch=1)
        wait_until(lambda: journal_lines(store_folder).count("system/rss"))
    table = run_table.table_of(ts.runs()._frame)
    assert table.main == "metric:epoch"
    keys = [column.key for column in table.columns]
    assert all(key.startswith("metric:system/") for key in keys[-len(ALWAYS) :])
    assert ts.runs().metric_names[0] == "epoch"


def test_the_machines_metrics_come_last_whatever_their_names() -> None:
    ranked = rank_metrics(["system/gpu0/loss", "zeta", "loss", "system/cpu"])
    assert ranked == ["loss", "zeta", "system/gpu0/loss", "system/cpu"] or ranked[:2] == ["loss", "zeta"]
    assert Goals().main_of(["system/cpu", "epoch"]) is None


def test_runs_that_differ_in_load_alone_are_repeats_and_a_failed_one_has_nothing_to_show(store_folder: Path) -> None:
    store = Store.create(store_folder)
    from tests.store.support import end_run
    from trackside.journal import JournalWriter
    from trackside.model import new_run_id

    for load in (10.0, 20.0):
        journal = JournalWriter(store.folder, new_run_id(), owner=True)
        facts = {"project": "p", "experiment": "digits", "user": "ada", "origin": "notebook", "cell_digest": "d"}
        journal.append("started", name="cell #1", **facts)
        journal.append_metrics(0, {"loss": 1.0})
        for step in range(int(load)):
            journal.append_metrics(step, {"system/cpu": load})
        end_run(journal)
    journal = JournalWriter(store.folder, new_run_id(), owner=True)
    journal.append("started", name="cell #2", **facts)
    journal.append_metrics(0, {"system/cpu": 5.0})
    end_run(journal, "failed")
    assert store.refresh(wait=30)
    runs = ts.runs(experiment="digits")
    assert (len(runs), runs.hidden) == (1, {"failed": 1, "repeats": 1})


@pytest.mark.parametrize(("name", "value"), [("TRACKSIDE_SYSTEM", "0"), ("TRACKSIDE_CAPTURE", "lean")])
def test_it_can_be_turned_off(store_folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with ts.run("x") as run:
        run.log(loss=1.0)
    assert system._sampler._thread is None
    assert names(store_folder) == {"loss"}


def test_a_short_run_is_not_measured(store_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "FIRST_SECONDS", 60.0)
    with ts.run("x") as run:
        run.log(loss=1.0)
        time.sleep(0.1)
    assert names(store_folder) == {"loss"}


def test_one_thread_measures_for_all_and_ends_with_the_last() -> None:
    others = set(threading.enumerate())  # other tests' samplers may not have ended yet
    points = [Points() for _ in range(5)]
    watched = [system.watch(journal, 0.02) for journal in points]
    wait_until(lambda: all(len(journal) > 1 for journal in points))
    assert [thread.name for thread in set(threading.enumerate()) - others] == ["trackside-system"]
    for each in watched:
        system.leave(each)
    wait_until(lambda: system._sampler._thread is None)
    counts = list(map(len, points))
    again = Points()
    system.watch(again, 0.02)
    wait_until(lambda: again)
    assert list(map(len, points)) == counts


def test_a_journal_that_takes_no_more_is_left_alone() -> None:
    class Full(Points):
        def append_metrics(self, step: int, values: dict[str, Any], /) -> None:
            super().append_metrics(step, values)
            raise JournalError("full")

    full, other = Full(), Points()
    system.watch(full, 0.02)
    system.watch(other, 0.02)
    wait_until(lambda: len(other) > 3)
    assert len(full) == 1


def test_gpus_are_measured_as_far_as_they_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pynvml", FakeDriver())
    gpus = GpuLoad()
    wait_until(lambda: gpus._answer)
    assert gpus.latest() == {
        "gpu0/load": 50.0,
        "gpu0/memory": 1 << 30,
        "gpu0/power": 250.0,
        "gpu0/temperature": 60.0,
        "gpu1/load": 51.0,
        "gpu1/memory": 2 << 30,
        "gpu1/temperature": 61.0,
    }


@pytest.mark.parametrize("hangs_at", ["init", "load"])
def test_a_driver_that_hangs_costs_its_own_values_only(monkeypatch: pytest.MonkeyPatch, hangs_at: str) -> None:
    driver = FakeDriver(hangs_at)
    monkeypatch.setitem(sys.modules, "pynvml", driver)
    load_module._gpus.forget()
    points = Points()
    watched = system.watch(points, 0.02)
    try:
        wait_until(lambda: len(points) > 3)
        assert all(set(values) == ALWAYS for _, values in points)
        assert [thread.name for thread in threading.enumerate()].count("trackside-gpu-load") >= 1
    finally:
        system.leave(watched)
        driver.released.set()


def count_gpu_threads() -> int:
    return [thread.name for thread in threading.enumerate()].count("trackside-gpu-load")


def test_one_thread_asks_the_driver_however_often_the_measuring_begins_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pynvml", FakeDriver())
    load_module._gpus.forget()
    before = count_gpu_threads()
    for _ in range(3):
        load = Load()
        wait_until(lambda load=load: "system/gpu0/load" in load.measure())  # type: ignore[misc]  # mypy infers no type for a default
    assert count_gpu_threads() == before + 1
    child = os.fork()
    if child == 0:
        try:
            wait_until(lambda: "system/gpu0/load" in Load().measure())
            os._exit(0)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_no_driver_means_no_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pynvml", None)
    load_module._gpus.forget()
    load = Load()
    assert set(load.measure()) == set(load.measure()) == ALWAYS


def test_a_forked_child_measures_for_its_own_runs_only() -> None:
    inherited = Points()
    system.watch(inherited, 0.02)
    wait_until(lambda: inherited)
    child = os.fork()
    if child == 0:
        try:
            inherited.clear()
            own = Points()
            system.watch(own, 0.02)
            wait_until(lambda: len(own) > 2)
            os._exit(0 if not inherited else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_the_card_of_a_stored_run_shows_no_load_of_the_machine(store_folder: Path) -> None:
    with ts.run("r") as run:
        ts.log(loss=0.5)
        run.recording.journal.append_metrics(0, {"system/cpu": 50.0})
    assert Store(store_folder).refresh(wait=30)
    card = str(answer_card(run.id))
    assert "loss" in card
    assert "system/cpu" not in card
