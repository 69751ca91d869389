"""How long the table of runs and the overlay of histories take.

``python -m tests.benchmarks.bench_queries`` measures 1,000 and 10,000 runs, and an overlay of 100 runs × 10,000 steps
out of 5 million points; ``--full`` out of 50 million (a few minutes and 1.5 GB of disk).
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import trackside as ts
from tests.benchmarks.table import Figure, median_seconds, print_table
from trackside import query
from trackside.browser_api import BrowserApi
from trackside.history import Window, select_history
from trackside.query import Scope, select_runs
from trackside.run_table import table_of

if TYPE_CHECKING:
    from collections.abc import Callable


def record_runs(count: int) -> None:
    generator = np.random.default_rng(0)
    for _ in range(count):
        tags = {f"t{k}": str(generator.integers(5)) for k in range(3)}
        with ts.run("mlp", params={f"p{k}": float(generator.integers(5)) for k in range(10)}, tags=tags) as run:
            run.log({f"m{k}": float(value) for k, value in enumerate(generator.random(10))})


def settle(store: ts.Store) -> None:
    """Wait until all is in the tables, and the helper has compressed the journals and gone."""
    while not store.refresh(60) or any((store.folder / "journals" / "live").iterdir()):
        time.sleep(0.5)


def cold(store: ts.Store, scope: Scope) -> None:
    query._frames.clear()
    select_runs(store, scope)


def measure_table(count: int, goal: float) -> list[Figure]:
    store = ts.Store(Path(os.environ["TRACKSIDE_STORE"]))
    started = time.perf_counter()
    record_runs(count)
    recorded = time.perf_counter() - started
    settle(store)
    scope = Scope(experiment="bench")
    frame = select_runs(store, scope)
    return [
        Figure(f"recording {count:,} runs, each", recorded / count * 1000, "ms", 2),
        Figure(f"ts.runs() of {count:,} runs × 20", median_seconds(ts.runs) * 1000, "ms", goal),
        Figure(f"ts.runs().df of {count:,} runs × 20", median_seconds(lambda: ts.runs().df) * 1000, "ms"),
        Figure(f"the browser's table of {count:,}", median_seconds(BrowserApi(store, scope).runs) * 1000, "ms"),
        Figure("  reading the frame, cold", median_seconds(lambda: cold(store, scope)) * 1000, "ms"),
        Figure("  making the columns", median_seconds(lambda: table_of(frame)) * 1000, "ms"),
    ]


def measure_overlay(runs: int, steps: int) -> list[Figure]:
    store = ts.Store(Path(os.environ["TRACKSIDE_STORE"]))
    walk = np.random.default_rng(1)
    for _ in range(runs):
        with ts.run("walk") as run:
            columns = {name: walk.standard_normal(steps).cumsum() for name in ("loss", "val_loss", "lr", "norm", "acc")}
            run.log_history(np.arange(steps), **columns)
    settle(store)
    chosen = ts.runs(name="walk", limit=100).ids
    points = runs * steps * 5
    whole = median_seconds(lambda: select_history(store, chosen, "loss", Window(pixels=800)), 5)
    zoom = median_seconds(lambda: select_history(store, chosen, "loss", Window(pixels=800, range=(4000, 4500))), 5)
    size = sum(file.stat().st_size for file in store.folder.rglob("*") if file.is_file())
    return [
        Figure(f"100 × {steps:,} out of {points / 1e6:g} M points", whole * 1000, "ms", 150),
        Figure("  zoomed to a twentieth", zoom * 1000, "ms"),
        Figure("database, bytes a point", store.database.stat().st_size / points, "B"),
        Figure("whole store, bytes a point", size / points, "B"),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="50 million points instead of 5")
    full = parser.parse_args().full
    measures: list[tuple[str, Callable[[], list[Figure]]]] = [
        ("Table of runs", partial(measure_table, 1_000, 20)),
        ("Table of runs", partial(measure_table, 10_000, 100)),
        ("Overlay of histories", partial(measure_overlay, 1000 if full else 100, 10_000)),
    ]
    for title, measure in measures:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            os.environ |= {"TRACKSIDE_STORE": folder, "TRACKSIDE_EXPERIMENT": "bench"}
            print_table(title, measure())


if __name__ == "__main__":
    main()
