"""Ends a run whose environment takes long to read; Ctrl-C comes while the end waits for it."""

import os
import signal
import threading
from unittest.mock import patch

import trackside as ts


def main() -> None:
    def ask_in_vain() -> None:
        threading.Event().wait()

    with (
        patch("trackside.capture.environment.probe.capture_gpus", ask_in_vain),
        patch("trackside.tracking.recording.PATIENCE_SECONDS", 60.0),
    ):
        run = ts.run("impatient")
        run.log(loss=0.5)
        threading.Timer(0.2, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
        try:
            run.finish("failed", "it was no good")
        except KeyboardInterrupt:
            print("stopped", flush=True)
        signal.pause()  # the process lives on


if __name__ == "__main__":
    main()
