"""Closes all descriptors in mid-run, in the process that owns it and in a forked child, and goes on logging.

Other files are open then under the lowest numbers; what is written to them is printed.
"""

import os
import sys
import tempfile
import threading
import time

import trackside as ts

POINTS = 50
THREADS = 2  # this one, and the one that syncs


def log(phase: int) -> None:
    for value in range(POINTS):
        ts.log(loss=phase * POINTS + value)


def main() -> None:
    run = ts.run("closing")
    while threading.active_count() > THREADS:
        time.sleep(0.01)  # others that the run has started have descriptors of their own
    log(0)
    os.closerange(3, 4096)
    others = [tempfile.TemporaryFile() for _ in range(20)]  # noqa: SIM115  open to the end
    log(1)
    child = os.fork()
    if not child:
        log(2)
        os.closerange(3, 4096)
        log(3)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    log(4)
    run.finish()
    print(sum(os.fstat(other.fileno()).st_size for other in others))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
