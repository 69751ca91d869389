"""Logs to a run of its own for some seconds and prints how many lines it logged."""

import sys
import time
from pathlib import Path

from trackside.journal import JournalWriter
from trackside.model import new_run_id


def main() -> None:
    folder, seconds = Path(sys.argv[1]), float(sys.argv[2])
    journal = JournalWriter(folder, new_run_id(), owner=True)
    journal.append("started", project="p", experiment="e", name="busy", user="ada", origin="script")
    end = time.monotonic() + seconds
    step = 0
    while time.monotonic() < end:
        for _ in range(10):
            journal.append_metrics(step, {"loss": 0.5, "accuracy": 0.25})
            step += 1
        time.sleep(0.01)
    journal.append("ended", status="finished", active=seconds)
    journal.close()
    print(step)


if __name__ == "__main__":
    main()
