"""Logs a run and has it archived, together with all that has ended before."""

import os
import sys
from pathlib import Path

import trackside as ts
from trackside.store.drain import Drain


def main() -> None:
    with ts.run("archived") as run:
        for value in range(int(sys.argv[1])):
            run.log(loss=value)
    drain = Drain(Path(os.environ["TRACKSIDE_STORE"]))
    drain.catch_up()
    while drain.archive(50):
        pass


if __name__ == "__main__":
    main()
