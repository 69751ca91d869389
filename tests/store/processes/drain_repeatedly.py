"""Waits for a file to appear, then drains a store a number of times."""

import sys
import time
from pathlib import Path

from trackside.store.drain import Drain


def main() -> None:
    folder, start, times = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    while not start.exists():
        time.sleep(0.005)
    for _ in range(times):
        Drain(folder).catch_up()


if __name__ == "__main__":
    main()
