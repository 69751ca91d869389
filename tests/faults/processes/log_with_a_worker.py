"""Logs in bursts, and so does a worker forked from it; both keep in a mapped file what was acknowledged.

The worker is told by its metric; its process is printed.
"""

import mmap
import os
import sys
import time
from pathlib import Path

import trackside as ts

BYTES = 8
BURST = 100


def log_for_ever(metric: str, acknowledged: mmap.mmap, place: int) -> None:
    count = 0
    while True:
        ts.log({metric: count})
        count += 1
        acknowledged[place : place + BYTES] = count.to_bytes(BYTES, "little")
        if count % BURST == 0:
            time.sleep(0.01)


def main() -> None:
    with Path(sys.argv[1]).open("r+b") as file, mmap.mmap(file.fileno(), 2 * BYTES) as acknowledged:
        ts.run("owner")
        worker = os.fork()
        if worker:
            print(worker, flush=True)
            log_for_ever("owner", acknowledged, 0)
        else:
            log_for_ever("worker", acknowledged, BYTES)


if __name__ == "__main__":
    main()
