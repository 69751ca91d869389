"""Asks a store again and again for some seconds; prints the number of answers and the longest wait for one."""

import sys
import time
from pathlib import Path

from trackside.store.store import Store


def main() -> None:
    store, end, answers, longest, seen = Store(Path(sys.argv[1])), time.monotonic() + float(sys.argv[2]), 0, 0.0, 0
    while time.monotonic() < end:
        store.refresh(0.2)
        began = time.monotonic()
        with store.read() as connection:
            longest = max(longest, time.monotonic() - began)
            count = connection.execute("SELECT count(*) FROM metrics").fetchall()[0][0]
        assert count >= seen, "points went away"
        answers, seen = answers + 1, count
    print(answers, longest)


if __name__ == "__main__":
    main()
