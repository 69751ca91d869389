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
    acknowledged, interrupts, is_logging = 0, 0, False
    run = ts.run("interrupted")

    def stop_logging(*_: object) -> None:
        nonlocal is_logging
        if is_logging:
            is_logging = False
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, stop_logging)
    interrupting = threading.Thread(target=interrupt, args=(int(sys.argv[1]),))
    interrupting.start()
    while interrupting.is_alive():
        try:
            is_logging = True
            while interrupting.is_alive():
                run.log(loss=acknowledged)
                acknowledged += 1
        except KeyboardInterrupt:
            interrupts += 1
    is_logging = False
    run.log(accuracy=1.0)
    run.finish()
    print(json.dumps({"acknowledged": acknowledged, "interrupts": interrupts}))


if __name__ == "__main__":
    main()
