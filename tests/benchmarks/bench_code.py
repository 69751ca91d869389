"""What the record of code and notebook costs: python -m tests.benchmarks.bench_code."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np

from tests.benchmarks.bench_magic import ORDINARY, SETUP, alternate, seconds
from tests.benchmarks.table import Figure, median_seconds, print_table
from tests.magic.kernel import Kernel
from trackside.capture.code.executed import ExecutedCells
from trackside.capture.code.slicing import Slicer

EXECUTED = 500
CELLS = 30
RUNS = 200


def main() -> None:
    print_table("After every cell, in the main thread", [bookkeeping()])
    print_table(f"A slice at {EXECUTED} executed cells, beside the cell", slices())
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        kernel = Kernel(Path(folder), dict(os.environ))
        try:
            seconds(kernel, SETUP)
            seconds(kernel, f"%%track\n{ORDINARY}")
            plain, tracked = alternate(kernel)
            print_table("An ordinary cell", [Figure("what %%track adds, median", (tracked - plain) * 1000, "ms", 30)])
            print_table(f"{RUNS} runs of a notebook of {CELLS} cells", growth(kernel))
        finally:
            kernel.close()


def bookkeeping() -> Figure:
    """Measure how long a cell is looked at after it ran, in a kernel with many names."""
    names: dict[str, object] = {f"x{at}": at for at in range(200)}
    names |= {f"rows{at}": [{"a": [at]}, at] for at in range(50)} | {f"array{at}": np.zeros(9) for at in range(50)}
    executed = ExecutedCells(names)

    def run() -> None:
        names["x7"] = object()
        executed.add("cell", "x7 = f(rows3, array4)\nrows3.append(x7)", names)

    return Figure("300 names, 50 of them lists of lists", median_seconds(run, 99) * 1000, "ms", 1)


def slices() -> list[Figure]:
    names: dict[str, object] = {}
    executed = ExecutedCells(names)
    for at in range(EXECUTED):
        code = f"a{at} = [{at}, a{max(at - 1, 0)}, b{at // 2}]\nb{at} = f'{{a{at}}}'\nc.append(a{at // 3})"
        names[f"a{at}"] = [at]
        executed.add(code, code, names)
    slicer = Slicer(executed)
    began = time.perf_counter()
    slicer.find(f"a{EXECUTED - 1}", EXECUTED)
    first = time.perf_counter() - began
    again = median_seconds(lambda: slicer.find(f"a{EXECUTED - 1}", EXECUTED))
    return [
        Figure("the first, all cells read", first * 1000, "ms", 300),
        Figure("any later one", again * 1000, "ms", 10),
    ]


def growth(kernel: Kernel) -> list[Figure]:
    for at in range(CELLS):
        seconds(kernel, f"name_{at} = {at}  # {'x' * 300}")
    seconds(kernel, "%%track --quiet\nz = name_1")
    before = blob_bytes(kernel.store)
    times = [seconds(kernel, f"%%track --quiet\nz = name_{at % CELLS}") for at in range(RUNS)]
    grown = blob_bytes(kernel.store) - before
    return [
        Figure("blobs, each run", grown / RUNS / 1000, "kB"),
        Figure("the cell, median", statistics.median(times) * 1000, "ms"),
    ]


def blob_bytes(store: Path) -> int:
    return sum(path.stat().st_size for path in (store / "blobs").rglob("*") if path.is_file())


if __name__ == "__main__":
    main()
