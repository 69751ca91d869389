"""Registers artifacts of a run as versions of one model, as fast as it can, once the start file is there."""

import sys
import time
from pathlib import Path

import trackside as ts

start, run, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
while not start.exists():
    time.sleep(0.001)
print(*[ts.models.register("churn", run).version for _ in range(count)])
