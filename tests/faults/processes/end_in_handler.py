"""Logs until a signal has it stop: the handler logs, ends the run, and exits if told to; what was logged is printed."""

import signal
import sys

import trackside as ts
from trackside.errors import RunFinishedError


def main() -> None:
    logged = 0
    run = ts.run("preempted")

    def stop(*_: object) -> None:
        run.log(preempted=1)
        run.finish("interrupted")
        if sys.argv[1] == "exit":
            print(logged)
            sys.exit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGALRM, lambda *_: signal.raise_signal(signal.SIGTERM))
    signal.setitimer(signal.ITIMER_REAL, float(sys.argv[2]))
    try:
        while True:
            run.log(loss=logged)
            logged += 1
    except RunFinishedError:
        print(logged)


if __name__ == "__main__":
    main()
