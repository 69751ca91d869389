"""What describing data costs before a cell: python -m tests.benchmarks.bench_data.

The time of the processor, median of seven: digest, profile, and the search for rows in common.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from sklearn.datasets import load_digits

from tests.benchmarks.table import Figure, print_table
from trackside.capture.code.cell import Cell
from trackside.capture.data.datasets import DataCapture
from trackside.capture.data.looks import forget

if TYPE_CHECKING:
    from collections.abc import Mapping

ORDINARY_GOAL = 30.0
BIG_GOAL = 200.0
ROUNDS = 7


def main() -> None:
    digits = load_digits()
    X, y = np.ascontiguousarray(digits.data), digits.target  # noqa: N806 - as everyone calls it
    parts = {"X_train": X[:1400], "X_test": X[1400:], "y_train": y[:1400], "y_test": y[1400:]}
    frames = {name: pd.DataFrame(part) for name, part in parts.items()}
    million = pd.DataFrame(np.random.default_rng(0).random((1_000_000, 20)))
    halves = {"X_train": million[:800_000], "X_test": million[800_000:]}
    texts = pd.DataFrame({"text": np.array([f"w{n % 977}" for n in range(300_000)], dtype=object)})
    print_table(
        "Data of one cell, described before it runs (processor time)",
        [
            cost("digits, 1797×64", {"X": X, "y": y}, ORDINARY_GOAL),
            cost("digits, split in four, compared", parts, ORDINARY_GOAL),
            cost("the same as DataFrames", frames, ORDINARY_GOAL),
            cost("DataFrame 1,000,000×20, first look", {"df": million}, BIG_GOAL),
            cost("the same, second look", {"df": million}, ORDINARY_GOAL, first=False),
            cost("its halves, compared, first look", halves, 2 * BIG_GOAL),
            cost("array of 100 MB, digested in full", {"a": np.random.default_rng(0).random(12_500_000)}, BIG_GOAL),
            cost("array of 1 GB, first look", {"a": np.zeros(125_000_000)}, BIG_GOAL),
            cost("DataFrame of 300,000 texts, first look", {"df": texts}, BIG_GOAL),
            cost("the same, second look", {"df": texts}, ORDINARY_GOAL, first=False),
        ],
    )


def cost(what: str, namespace: Mapping[str, Any], goal: float, *, first: bool = True) -> Figure:
    """Measure a cell that reads these names; ``first`` makes each look the first one."""
    cell = Cell.parse(f"work({', '.join(namespace)})", namespace)
    times = []
    for _ in range(ROUNDS + 1):
        for value in namespace.values() if first else ():
            forget(value)
        start = time.thread_time()
        DataCapture(cell, namespace, lambda _: True).look_before()
        times.append(time.thread_time() - start)
    return Figure(what, 1000 * sorted(times[1:])[ROUNDS // 2], "ms", goal)


if __name__ == "__main__":
    main()
