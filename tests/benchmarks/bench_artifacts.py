"""What it costs to keep artifacts and to hear outputs: python -m tests.benchmarks.bench_artifacts [--mb N]."""

from __future__ import annotations

import argparse
import io
import os
import resource
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Drawing

from tests.benchmarks.table import Figure, median_seconds, print_table
from tests.magic.kernel import Kernel
from trackside.capture.outputs.log import OutputLog
from trackside.capture.outputs.record import render
from trackside.tracking import Run

if TYPE_CHECKING:
    from collections.abc import Callable

PRINTS = 10_000
ROUNDS = 9


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mb", type=int, default=1000, help="size of the large file")
    asked = parser.parse_args()
    mpl.use("agg")
    with tempfile.TemporaryDirectory() as folder:
        run = Run.start(Path(folder) / ".trackside", name="bench")
        print_table("ts.log_artifact, median", values(run))
        print_table(f"A file of {asked.mb} MB", [*large_file(run, Path(folder), asked.mb)])
        run.finish()
        print_table(f"A cell that prints {PRINTS:,} lines", prints(Path(folder)))


def values(run: Run) -> list[Figure]:
    drawing = Drawing()
    axes = drawing.subplots()
    axes.plot(np.arange(1000))
    array = np.zeros((1000, 1000))
    frame = pd.DataFrame(np.zeros((100_000, 10)), columns=list("abcdefghij"))
    png = io.BytesIO()
    return [
        Figure("a figure of matplotlib", _ms(lambda: _changed(run, drawing, axes)), "ms"),
        Figure("its savefig alone", _ms(lambda: drawing.savefig(png, format="png")), "ms"),
        Figure("an array of 8 MB", _ms(lambda: run.log_artifact(array, "array")), "ms"),
        Figure("a table of 100,000 × 10", _ms(lambda: run.log_artifact(frame, "frame")), "ms"),
        Figure("a dict", _ms(lambda: run.log_artifact({"a": 1}, "dict")), "ms"),
    ]


def _changed(run: Run, drawing: Drawing, axes: object) -> None:
    axes.set_title(str(time.time()))  # type: ignore[attr-defined]  # of any axes
    run.log_artifact(drawing, "figure")


def large_file(run: Run, folder: Path, megabytes: int) -> list[Figure]:
    path = folder / "large.bin"
    with path.open("wb") as file:
        for _ in range(megabytes):
            file.write(os.urandom(1_000_000))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    run.log_artifact(path)
    taken = time.perf_counter() - began
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1000
    return [
        Figure("time", taken, "s"),
        Figure("speed", megabytes / taken, "MB/s"),
        Figure("memory beyond that before", memory, "MB", 30),
    ]


def prints(folder: Path) -> list[Figure]:
    lines = [f"epoch {number} loss 0.123\n" for number in range(PRINTS)]

    def take_down() -> OutputLog:
        log = OutputLog()
        for line in lines:
            log.write("stdout", line)
        return log

    kernel = Kernel(folder, dict(os.environ))
    try:
        kernel.run("import trackside as ts")
        code = f"for n in range({PRINTS}):\n    print('epoch', n, 'loss', 0.123)"
        plain = [_seconds(kernel, code) for _ in range(ROUNDS)]
        tracked = [_seconds(kernel, f"%%track\n{code}") for _ in range(ROUNDS)]
    finally:
        kernel.close()
    return [
        Figure("without %%track", statistics.median(plain) * 1000, "ms"),
        Figure("with %%track", statistics.median(tracked) * 1000, "ms"),
        Figure("of that, taking the lines down", _ms(take_down), "ms"),
        Figure("of that, redacting them", _ms(lambda: render(take_down().close())), "ms"),
    ]


def _seconds(kernel: Kernel, code: str) -> float:
    began = time.perf_counter()
    kernel.run(code)
    return time.perf_counter() - began


def _ms(call: Callable[[], object]) -> float:
    return median_seconds(call) * 1000


if __name__ == "__main__":
    main()
