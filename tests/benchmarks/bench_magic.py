"""What ``%%track`` adds to a cell, alone and again and again: python -m tests.benchmarks.bench_magic."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from pathlib import Path

from tests.benchmarks.table import Figure, print_table
from tests.magic.kernel import Kernel
from trackside.store.store import Store

ROUNDS = 40
REPEATS = 200

SETUP = """
import trackside as ts
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.tree import DecisionTreeClassifier
X, y = load_digits(return_X_y=True)
X_train, X_val, y_train, y_val = train_test_split(X, y, random_state=0)
"""
ORDINARY = """
max_depth, min_samples_leaf = 5, 2
model = DecisionTreeClassifier(max_depth=max_depth, min_samples_leaf=min_samples_leaf, random_state=0)
model.fit(X_train, y_train)
train_accuracy = model.score(X_train, y_train)
val_accuracy = model.score(X_val, y_val)
print(f"accuracy {val_accuracy:.3f}")
"""


LOOP_ROUNDS = 20_000
TIGHT_LOOP = f"""
import time
errors, w, began = [], 0.5, time.perf_counter()
for _ in range({LOOP_ROUNDS}):
    errors.append(1 - w)
spent = time.perf_counter() - began
"""
LOOPS = 7


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        kernel = Kernel(Path(folder), dict(os.environ))
        try:
            first = seconds(kernel, SETUP), seconds(kernel, f"%%track\n{ORDINARY}")
            plain, tracked = alternate(kernel)
            print_table(
                "An ordinary cell, from request to answer",
                [
                    Figure("without %%track, median", plain * 1000, "ms"),
                    Figure("with %%track, median", tracked * 1000, "ms"),
                    Figure("what %%track adds", (tracked - plain) * 1000, "ms", 30),
                    Figure("the first tracked cell of a session", first[1] * 1000, "ms"),
                ],
            )
            print_table(f"A tight loop: {LOOP_ROUNDS:,} rounds of errors.append(1 - w)", tight_loop(kernel))
            print_table(f"{REPEATS} repeats of one cell", repeats(kernel))
        finally:
            kernel.close()


def alternate(kernel: Kernel) -> tuple[float, float]:
    """Return the median seconds of the cell without and with the magic, measured in turn."""
    plain, tracked = [], []
    for _ in range(ROUNDS):
        plain.append(seconds(kernel, ORDINARY))
        tracked.append(seconds(kernel, f"%%track\n{ORDINARY}"))
    return statistics.median(plain), statistics.median(tracked)


def tight_loop(kernel: Kernel) -> list[Figure]:
    """Run a loop that collects a metric and does nothing else, plain and tracked in turn."""
    plain, tracked = [], []
    before = written_bytes(kernel.store)
    for _ in range(LOOPS):
        plain.append(loop_seconds(kernel, TIGHT_LOOP))
        tracked.append(loop_seconds(kernel, f"%%track --quiet\n{TIGHT_LOOP}"))
    added = (statistics.median(tracked) - statistics.median(plain)) / LOOP_ROUNDS
    written = (written_bytes(kernel.store) - before) / LOOPS
    return [
        Figure("without %%track, median", statistics.median(plain) * 1000, "ms"),
        Figure("with %%track, median", statistics.median(tracked) * 1000, "ms"),
        Figure("what a round costs more", added * 1e6, "µs", 10),
        Figure("journals and segments of a run", written / 1e6, "MB", 1),
    ]


def loop_seconds(kernel: Kernel, code: str) -> float:
    seconds(kernel, code)
    return float(kernel.run("print(spent)").text)


def written_bytes(store: Path) -> int:
    return sum(path.stat().st_size for path in (store / "journals").rglob("*.n*") if path.is_file())


def repeats(kernel: Kernel) -> list[Figure]:
    """Run one cell again and again, and then ask for the runs."""
    store = Store(kernel.store)
    store.refresh(60.0)
    before = disk_bytes(kernel.store)
    times = [seconds(kernel, f"%%track\n{ORDINARY}") for _ in range(REPEATS)]
    store.refresh(60.0)
    asked = "r = ts.runs(); assert 0 < len(r) and r.hidden['repeats'] >= 200; r"
    return [
        Figure("the first ten, median", statistics.median(times[:10]) * 1000, "ms"),
        Figure("the last ten, median", statistics.median(times[-10:]) * 1000, "ms"),
        Figure("on the disk, each", (disk_bytes(kernel.store) - before) / REPEATS / 1000, "kB"),
        Figure("ts.runs() shown, all of them folded to one", seconds(kernel, asked) * 1000, "ms"),
    ]


def seconds(kernel: Kernel, code: str) -> float:
    began = time.perf_counter()
    executed = kernel.run(code)
    taken = time.perf_counter() - began
    if executed.status != "ok":
        raise RuntimeError(f"the cell failed: {executed.outputs}")
    return taken


def disk_bytes(folder: Path) -> int:
    return sum(path.stat().st_blocks * 512 for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    main()
