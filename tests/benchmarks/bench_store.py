"""What journals and tables cost: python -m tests.benchmarks.bench_store."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tests.benchmarks.table import Figure, print_table
from trackside.capture.params.values import given_params
from trackside.journal import JournalWriter
from trackside.model import new_run_id
from trackside.store.drain import Drain
from trackside.store.store import Store
from trackside.tracking import Run

if TYPE_CHECKING:
    from collections.abc import Callable

LINES = 200_000
METRICS = ("loss", "accuracy", "val_loss", "val_accuracy", "lr")
HISTORY_ROWS = 1_000_000
RUNS = 1_000

_READ = """
import sys, time
from pathlib import Path
from trackside.store.store import Store
import trackside.store.drain
sys.stdin.readline()
began = time.perf_counter()
store = Store(Path(sys.argv[1]))
store.refresh(30.0)
with store.read() as connection:
    count = connection.execute("SELECT count(*) FROM metrics").fetchone()[0]
print(count, time.perf_counter() - began)
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        print_table("20,000 calls until another process has read them", readable(new_store(folder, "readable")))
        print_table("Lines: drain, size, rebuild", lines(new_store(folder, "lines")))
        print_table("Bulk: log_history and its drain", history(new_store(folder, "history")))
        print_table(f"{RUNS} runs of 10 params and 20 steps", many_runs(new_store(folder, "runs")))


def new_store(folder: str, name: str) -> Store:
    store = Store.create(Path(folder) / name / ".trackside")
    store.rebuild()  # the tables are there, as they are after a store's first question
    return store


def readable(store: Store) -> list[Figure]:
    command = [sys.executable, "-c", _READ, str(store.folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
        run = Run.start(store.folder, name="bench")
        time.sleep(1.0)
        logging = seconds(lambda: log_many(run))
        answer, _ = reader.communicate("go\n")
        run.finish()
    count, waited = answer.split()
    assert int(count) == 20_000
    return [Figure("20,000 calls", logging, "s"), Figure("from the last call until read", float(waited), "s", 0.3)]


def log_many(run: Run) -> None:
    for _ in range(20_000):
        run.log(loss=0.5)


def lines(store: Store) -> list[Figure]:
    journal = JournalWriter(store.folder, new_run_id(), owner=True)
    journal.append("started", project="p", experiment="e", name="n", user="u", origin="script")
    values = np.random.default_rng(1).random((LINES, len(METRICS))).tolist()
    for step, row in enumerate(values):
        journal.append_metrics(step, dict(zip(METRICS, row, strict=True)))
    journal.append("ended", status="finished")
    journal.close()
    points = LINES * len(METRICS)
    size = journal.path.stat().st_size
    drain = Drain(store.folder)
    drained = seconds(drain.catch_up)
    while drain.archive(50):
        pass
    (archive,) = (store.folder / "journals" / "ended").glob("*/*.zst")
    return [
        Figure("drain", points / drained / 1e6, "M points/s", 1),
        Figure("journal", size / points, "B/point"),
        Figure("archive", archive.stat().st_size / points, "B/point"),
        Figure("table", store.database.stat().st_size / points, "B/point"),
        Figure("rebuild", seconds(store.rebuild) / points * 1e6, "s/M points"),
    ]


def history(store: Store) -> list[Figure]:
    run = Run.start(store.folder, name="bench")
    steps = np.arange(HISTORY_ROWS)
    columns = {name: np.random.default_rng(2).random(HISTORY_ROWS) for name in METRICS}
    points = HISTORY_ROWS * len(METRICS)
    logged = seconds(lambda: run.log_history(steps, **columns))
    run.finish()
    drained = seconds(Drain(store.folder).catch_up)
    return [
        Figure("log_history", points / logged / 1e6, "M points/s", 1),
        Figure("drain", points / drained / 1e6, "M points/s", 1),
    ]


def many_runs(store: Store) -> list[Figure]:
    given = given_params({f"param_{number}": number / 7 for number in range(10)})

    def record() -> None:
        for number in range(RUNS):
            journal = JournalWriter(store.folder, new_run_id(), owner=True)
            journal.append("started", project="p", experiment="e", name=f"{number}", user="u", origin="script")
            journal.append("params", params=given)
            for step in range(20):
                journal.append_metrics(step, {"loss": 0.5, "accuracy": 0.25})
            journal.append("ended", status="finished")
            journal.close()

    recorded = seconds(record)
    drain = Drain(store.folder)
    drained = seconds(drain.catch_up)

    def archive() -> None:
        while drain.archive(50):
            pass

    return [
        Figure("recording, a run", recorded / RUNS * 1e3, "ms", 2),
        Figure("drain, a run", drained / RUNS * 1e3, "ms"),
        Figure("archive, a run", seconds(archive) / RUNS * 1e3, "ms"),
        Figure("rebuild, a run", seconds(store.rebuild) / RUNS * 1e3, "ms"),
    ]


def seconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
