"""Forks workers and ends the run and itself; the workers go on when told to by a file in the folder named.

One has logged before the run ended, one logs for the first time afterwards, and one is forked too late: it is refused.
"""

import os
import sys
import time
from pathlib import Path

import trackside as ts
from trackside.errors import RunFinishedError

run = ts.run("short")
folder = Path(sys.argv[1])


def wait() -> None:
    os.closerange(0, 3)  # whoever reads what we print need not wait for us
    while not (folder / "go on").exists():
        time.sleep(0.01)


def log_before_and_after() -> None:
    ts.log(worker=0)
    (folder / "begun").touch()
    wait()
    ts.log(worker=1)


def log_afterwards() -> None:
    wait()
    ts.log(late=0)
    ts.log(late=1)


def log_too_late() -> None:
    wait()
    try:
        run.log(refused=1)
    except RunFinishedError:
        (folder / "refused").touch()


def fork(work: object) -> None:
    if not os.fork():
        assert callable(work)
        work()
        os._exit(0)


def main() -> None:
    run.log(owner=0)
    fork(log_before_and_after)
    fork(log_afterwards)
    while not (folder / "begun").exists():
        time.sleep(0.01)
    run.finish()
    fork(log_too_late)


if __name__ == "__main__":
    main()
