"""Stops itself (SIGSTOP) while it holds the store: within a drain, within a read, or on its way in, at the gate.

Once it may go on, it ends what it began.
"""

import os
import signal
import sys
from pathlib import Path
from unittest.mock import patch

import duckdb

from trackside.locks import FileLock
from trackside.store.batch import Batch
from trackside.store.drain import Drain
from trackside.store.fold_points import fold_points
from trackside.store.store import Store

folder = Path(os.environ["TRACKSIDE_STORE"])


def stop() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def drain() -> None:
    def fold_and_stop(connection: duckdb.DuckDBPyConnection, batch: Batch) -> None:
        fold_points(connection, batch)
        stop()

    with patch("trackside.store.fold.fold_points", fold_and_stop):
        Drain(folder).catch_up()


def read() -> None:
    with Store(folder).read() as connection:
        stop()
        connection.execute("SELECT count(*) FROM metrics").fetchall()


def gate() -> None:
    lock = FileLock(folder / "gate")
    lock.acquire("exclusive")
    stop()
    lock.release()


if __name__ == "__main__":
    {"drain": drain, "read": read, "gate": gate}[sys.argv[1]]()
