"""What the store's tests share: runs to log to, tables to compare, processes to start and kill."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from trackside.journal import JournalWriter
from trackside.model import new_run_id
from trackside.store.schema import TABLES

if TYPE_CHECKING:
    import duckdb

    from trackside.store.store import Store

PROCESSES = Path(__file__).parent / "processes"


def start_run(store: Store, *, name: str = "run", owner: bool = True, run_id: str | None = None) -> JournalWriter:
    journal = JournalWriter(store.folder, run_id or new_run_id(), owner=owner)
    if owner:
        journal.append("started", project="p", experiment="e", name=name, user="ada", origin="script")
    return journal


def end_run(journal: JournalWriter, status: str = "finished") -> None:
    journal.append("ended", status=status, active=1.0)
    journal.close()


def log_steps(journal: JournalWriter, count: int, first: int = 0) -> None:
    for step in range(first, first + count):
        journal.append_metrics(step, {"loss": 1 / (step + 1), "accuracy": step / 7})


def log_history(journal: JournalWriter, rows: int) -> None:
    steps = np.arange(rows)
    journal.append_history(steps, np.full(rows, time.time()), {"loss": np.sqrt(steps), "gap": 1 / (steps + 1)})


def rows_of(store: Store, table: str) -> list[tuple[Any, ...]]:
    """All rows of a table in one fixed order; NaN is spelled out, to be equal to itself."""
    with store.read() as connection:
        return _rows(connection, table)


def _rows(connection: duckdb.DuckDBPyConnection, table: str) -> list[tuple[Any, ...]]:
    columns = ", ".join(f'"{column}"' for column in TABLES[table])
    rows = connection.execute(f"SELECT {columns} FROM {table} ORDER BY ALL").fetchall()
    return [tuple("NaN" if isinstance(cell, float) and math.isnan(cell) else cell for cell in row) for row in rows]


def all_tables(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, but of the points a digest of all rows, and without the sums (see `sums`)."""
    columns = ", ".join(TABLES["metrics"])
    with store.read() as connection:
        tables = {table: _rows(connection, table) for table in TABLES if table != "metrics"}
        digest = f"SELECT count(*), sum(hash({columns})), bit_xor(hash({columns})) FROM metrics"
        tables["metrics"] = connection.execute(digest).fetchall()
    place = list(TABLES["summaries"]).index("sum")
    tables["summaries"] = [row[:place] + row[place + 1 :] for row in tables["summaries"]]
    return tables


def sums(store: Store) -> list[float]:
    with store.read() as connection:
        return [
            row[0] for row in connection.execute("SELECT sum FROM summaries ORDER BY run_id, writer, key").fetchall()
        ]


def one(store: Store, sql: str, *values: object) -> Any:
    with store.read() as connection:
        row = connection.execute(sql, list(values)).fetchone()
    assert row is not None
    return row[0]


def start_process(script: str, *arguments: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, str(PROCESSES / script), *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def start_helper(store: Store) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "trackside.store.drain", str(store.folder)])


def kill(process: subprocess.Popen[bytes]) -> None:
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()


def end_of(process: subprocess.Popen[bytes]) -> str:
    """What a process printed; it must have ended well and complained of nothing."""
    out, err = process.communicate(timeout=120)
    assert (process.returncode, err.decode()) == (0, "")
    return out.decode()
