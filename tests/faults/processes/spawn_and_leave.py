"""Spawns a worker and ends the run; the worker logs before that and after it, and writes down what it is told."""

import multiprocessing
import os
import signal
import sys
import time
import warnings
from pathlib import Path

import trackside as ts

POINTS = 20


def work(folder: Path) -> None:
    for value in range(POINTS):
        ts.log(loss=value)
    (folder / "begun").touch()
    while not (folder / "go on").exists():
        time.sleep(0.01)
    with warnings.catch_warnings(record=True) as told:
        for value in range(POINTS):
            ts.log(late=value)
    (folder / "told.part").write_text("\n".join(str(warning.message) for warning in told))
    (folder / "told.part").rename(folder / "told")


def main() -> None:
    folder, ending = Path(sys.argv[1]), sys.argv[2]
    run = ts.run("owner")
    worker = multiprocessing.get_context("spawn").Process(target=work, args=(folder,))
    worker.start()
    while not (folder / "begun").exists():
        time.sleep(0.01)
    if ending == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    run.finish()
    (folder / "go on").touch()
    worker.join()


if __name__ == "__main__":
    main()
