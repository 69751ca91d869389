"""How long ``import trackside`` takes in a process of its own, beside Python alone and what a first query loads."""

from __future__ import annotations

import subprocess
import sys

from tests.benchmarks.table import Figure, median_seconds, print_table


def process_seconds(code: str) -> float:
    return median_seconds(lambda: subprocess.run([sys.executable, "-c", code], check=True))


def main() -> None:
    bare = process_seconds("pass")
    figures = [Figure("python -c pass", bare * 1000, "ms")]
    for what, code, goal in (
        ("import trackside", "import trackside", 30),
        ("ts.run, ts.log", "import trackside as ts; ts.run; ts.log", None),
        ("ts.runs", "import trackside as ts; ts.runs", None),
        ("the widgets", "import trackside.widgets", None),
    ):
        figures.append(Figure(f"{what}, beyond that", (process_seconds(code) - bare) * 1000, "ms", goal))
    print_table("Import", figures)


if __name__ == "__main__":
    main()
