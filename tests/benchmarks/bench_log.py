"""What a call of ``run.log`` costs: python -m tests.benchmarks.bench_log."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.table import Figure, print_table
from trackside.browser_api import BrowserApi
from trackside.query import Scope
from trackside.store.store import Store
from trackside.tracking import Run

if TYPE_CHECKING:
    from collections.abc import Callable

CALLS = 20_000
NAMES = ("loss", "accuracy", "val_loss", "val_accuracy", "lr")
VALUES = (0.123456789, 0.987654321, 0.234567891, 0.912345678, 0.001)
ROUND_SECONDS = 0.0005
READER = Path(__file__).parent.parent / "store" / "processes" / "read_for_seconds.py"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for metrics in (1, 5):
            store = Store.create(Path(folder) / f"{metrics}" / ".trackside")
            run = Run.start(store.folder, name="bench")
            write = measure_write(Path(folder) / "bare", metrics)
            print_table(f"log() of {metrics} metrics, alone", figures(measure_log(run, metrics), write))
            print_table(
                f"log() of {metrics} metrics, while a helper drains",
                figures(while_draining(store, run, metrics), write),
            )
            print_table(
                f"log() of {metrics} metrics every {ROUND_SECONDS * 1e3:g} ms",
                [
                    *at_leisure("alone", measure_rounds(run, metrics)),
                    *at_leisure("with a drain, a reader and a view", while_all_are_at_work(store, run, metrics)),
                ],
            )
            run.finish()


def at_leisure(when: str, times: list[int]) -> list[Figure]:
    return [
        Figure(f"{when}, p50", percentile(times, 0.5) / 1e3, "µs"),
        Figure(f"{when}, p99", percentile(times, 0.99) / 1e3, "µs", 30),
        Figure(f"{when}, longest", max(times) / 1e3, "µs"),
    ]


def figures(log: list[int], write: list[int]) -> list[Figure]:
    middle, late = percentile(log, 0.5), percentile(log, 0.99)
    return [
        Figure("bare os.write of the same bytes, p50", percentile(write, 0.5) / 1e3, "µs"),
        Figure("bare os.write of the same bytes, p99", percentile(write, 0.99) / 1e3, "µs"),
        Figure("log(), p50", middle / 1e3, "µs", 6),
        Figure("log(), p99", late / 1e3, "µs", 30),
        Figure("log() / os.write, p50", middle / percentile(write, 0.5), "×", 5),
    ]


def measure_log(run: Run, metrics: int) -> list[int]:
    values = dict(zip(NAMES, VALUES[:metrics], strict=False))
    return measure(lambda: run.log(values))


def measure_write(path: Path, metrics: int) -> list[int]:
    line = b"x" * (98 + 28 * metrics)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        return measure(lambda: os.write(descriptor, line))
    finally:
        os.close(descriptor)


def while_draining(store: Store, run: Run, metrics: int) -> list[int]:
    """Measure while a thread asks the helper, again and again, to drain what is logged."""
    stop = threading.Event()

    def ask() -> None:
        while not stop.wait(0.1):
            store.wake_drain()

    asking = threading.Thread(target=ask)
    store.refresh(30.0)
    asking.start()
    times = [taken for _ in range(5) for taken in measure_log(run, metrics)]
    stop.set()
    asking.join()
    return times


def while_all_are_at_work(store: Store, run: Run, metrics: int) -> list[int]:
    """Measure while another process reads without a pause, and a view of this kernel asks for the line each second."""
    view, stop = BrowserApi(store, Scope()), threading.Event()
    question = {"ask": "history", "run_ids": [run.id], "metric": NAMES[0], "x": "step", "pixels": 400}

    def look() -> None:
        while not stop.wait(1.0):
            for asked in ({"ask": "runs"}, question):
                view.answer(asked)

    looking = threading.Thread(target=look)
    with subprocess.Popen([sys.executable, READER, store.folder, "600"], stdout=subprocess.DEVNULL) as reader:
        looking.start()
        times = measure_rounds(run, metrics)
        stop.set()
        looking.join()
        reader.kill()
    return times


def measure_rounds(run: Run, metrics: int) -> list[int]:
    """Measure in a loop that does something else between two calls, as a training does."""
    values = dict(zip(NAMES, VALUES[:metrics], strict=False))

    def one_round() -> int:
        time.sleep(ROUND_SECONDS)
        began = time.perf_counter_ns()
        run.log(values)
        return time.perf_counter_ns() - began

    return [one_round() for _ in range(CALLS)]


def measure(call: Callable[[], object]) -> list[int]:
    clock = time.perf_counter_ns
    times = []
    for _ in range(CALLS):
        begin = clock()
        call()
        times.append(clock() - begin)
    return times


def percentile(times: list[int], share: float) -> float:
    return sorted(times)[int(len(times) * share)]


if __name__ == "__main__":
    main()
