"""Logs while a signal handler, called again and again, logs too; prints how many points of each metric were logged."""

import json
import signal
import sys
import time

import trackside as ts


def main() -> None:
    seconds, interval = float(sys.argv[1]), float(sys.argv[2])
    logged = {"main": 0, "handler": 0, "bulk": 1}
    run = ts.run("handlers")
    run.log_history(bulk=[1.0])  # a handler is no place for Python's first import of a module

    def handle(*_: object) -> None:
        value = logged["handler"]
        logged["handler"] = value + 1
        if value % 20 == 0:
            run.log_history(bulk=[0.5, 0.25])
            logged["bulk"] += 2
        signal.setitimer(signal.ITIMER_REAL, interval)  # the next may come in the middle of this one
        run.log(handler=value)

    signal.signal(signal.SIGALRM, handle)
    signal.setitimer(signal.ITIMER_REAL, interval)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        run.log(main=logged["main"])
        logged["main"] += 1
    signal.setitimer(signal.ITIMER_REAL, 0.0)
    run.finish()
    print(json.dumps(logged))


if __name__ == "__main__":
    main()
