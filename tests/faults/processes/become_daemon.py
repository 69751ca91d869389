"""Starts a run and becomes a daemon, as daemons do: forks twice, leaves its session, closes all descriptors.

The daemon logs before it closes them and after; then it makes the file named by its argument.
"""

import os
import sys
from pathlib import Path

import trackside as ts

POINTS = 50


def log(phase: int) -> None:
    for value in range(POINTS):
        ts.log(loss=phase * POINTS + value)


def main() -> None:
    ts.run("daemon")
    log(0)
    if os.fork():
        os._exit(0)
    os.setsid()
    log(1)
    if os.fork():
        os._exit(0)
    log(2)
    os.closerange(0, 4096)
    for _ in range(3):
        os.open(os.devnull, os.O_RDWR)
    log(3)
    Path(sys.argv[1]).touch()


if __name__ == "__main__":
    main()
