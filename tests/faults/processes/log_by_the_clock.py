"""Logs to a run, and again each time the clock has been set; says when it has, and goes on when a file is there."""

import sys
import time
from pathlib import Path

import trackside as ts

POINTS = 20


def main() -> None:
    folder, times = Path(sys.argv[1]), int(sys.argv[2])
    with ts.run("clock") as run:
        for number in range(times):
            for value in range(POINTS):
                run.log(loss=number * POINTS + value)
            print(f"{time.time()} {run.duration}", flush=True)
            while not (folder / str(number)).exists():
                time.sleep(0.01)


if __name__ == "__main__":
    main()
