"""Promotes a version to production and makes it champion, once the start file is there; tells how that ended."""

import sys
import time
from pathlib import Path

import trackside as ts
from trackside.errors import InputError

start, version = Path(sys.argv[1]), ts.models["churn"].version(sys.argv[2])
while not start.exists():
    time.sleep(0.001)
try:
    version.promote("production", why="it is ready")
    print("done")
except InputError as error:
    print(error)
try:
    version.alias("champion")
    print("done")
except InputError as error:
    print(error)
