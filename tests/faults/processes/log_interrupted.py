"""Logs while Ctrl-C comes again and again, and goes on after each; prints what was acknowledged, and how many came."""

import json
import os
import signal
import sys
import threading
import time

import trackside as ts


def interrupt(times: int) -> None:
    for _ in range(times):
        time.sleep(0.004)
        os.kill(os.getpid(), signal.SIGINT)


def main() -> None:
    acknowledged, interrupts = 0, 0
    run = ts.run("interrupted")
    interrupting = threading.Thread(target=interrupt, args=(int(sys.argv[1]),))
    interrupting.start()
    while interrupting.is_alive():
        try:
            while interrupting.is_alive():
                run.log(loss=acknowledged)
                acknowledged += 1
            time.sleep(0.1)  # the last one may be on its way
        except KeyboardInterrupt:
            interrupts += 1
    run.log(accuracy=1.0)
    run.finish()
    print(json.dumps({"acknowledged": acknowledged, "interrupts": interrupts}))


if __name__ == "__main__":
    main()
