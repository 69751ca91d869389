"""What the server extension takes: ``python -m tests.benchmarks.bench_server [--runs 10000]``.

In a real Jupyter Server: the panel's first list and the page of a run, how long a point takes from ``log()`` to the
event that tells of it and to the answer that has it, the server's memory after 1,000 updates, and what a training loop
pays while a panel follows.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

import psutil
import websocket

import trackside as ts
from tests.benchmarks.bench_queries import record_runs, settle
from tests.benchmarks.table import Figure, median_seconds, print_table
from tests.browser.lab import Lab
from trackside.wire.constants import CHANGED

if TYPE_CHECKING:
    from collections.abc import Callable

UPDATES = 1000
LATENCIES = 40
ROUNDS = 5
_QUIET_SECONDS = 0.6
LOOP = """
import json, sys, time
import numpy as np
import trackside as ts
values = np.random.default_rng(0).random(60_000)
with ts.run("loop") as run:
    steps, began = 0, time.perf_counter()
    while time.perf_counter() - began < 10:
        np.sort(values)
        run.log(loss=1 / (steps + 1))
        steps += 1
print(json.dumps((time.perf_counter() - began) / steps))
"""


class Panel:
    """Asks the server as the side panel does."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self.place = self._send("place?path=bench/nb.ipynb")
        self.newest = 100
        address = lab.url.replace("http", "ws", 1)
        self.events = websocket.create_connection(f"{address}/api/events/subscribe?token={lab.token}")

    def list(self) -> Any:
        return self.ask({"ask": "runs"})

    def ask(self, question: dict[str, Any]) -> Any:
        scope = {"store": self.place["store"], "project": self.place["project"], "experiment": "nb"}
        return self._send("ask", {**scope, "newest": self.newest, "question": question})

    def watch(self) -> None:
        self._send("watch", {"store": self.place["store"], "seconds": 120})

    def wait_for_event(self) -> None:
        while json.loads(self.events.recv()).get("schema_id") != CHANGED:
            pass

    def skip_events(self) -> None:
        """Read the events that came already, and those that come soon: a run's end is told more than once."""
        self.events.settimeout(_QUIET_SECONDS)
        with suppress(websocket.WebSocketTimeoutException):
            while True:
                self.events.recv()
        self.events.settimeout(None)

    def _send(self, route: str, body: Any = None) -> Any:
        headers = {"Authorization": f"token {self._lab.token}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        with urlopen(Request(f"{self._lab.url}/trackside/{route}", data, headers), timeout=60) as answer:  # noqa: S310
            return json.load(answer)


def measure_list(panel: Panel, count: int) -> list[Figure]:
    began = time.perf_counter()
    panel.list()
    first = time.perf_counter() - began
    run_id = panel.list()["run_ids"][0]
    return [
        Figure(f"first list: 100 of {count:,} runs", first * 1000, "ms", 300),
        Figure("  once more", median_seconds(panel.list) * 1000, "ms"),
        Figure("experiments", median_seconds(lambda: panel.ask({"ask": "experiments"})) * 1000, "ms"),
        Figure("the page of a run", median_seconds(lambda: panel.ask({"ask": "run", "run_id": run_id})) * 1000, "ms"),
        Figure("the runs of each cell", median_seconds(lambda: panel.ask({"ask": "cells"})) * 1000, "ms"),
        Figure("filter", median_seconds(lambda: panel.ask({"ask": "filter", "expression": "m0 < 0.5"})) * 1000, "ms"),
    ]


def measure_updates(panel: Panel) -> list[Figure]:
    told, answered = [], []
    with ts.run("live") as run:
        run.log(loss=0.0)
        panel.watch()
        panel.list()
        for step in range(1, LATENCIES):
            panel.skip_events()
            began = time.perf_counter()
            run.log(loss=float(step))
            panel.wait_for_event()
            told.append(time.perf_counter() - began)
            while value_of(panel.list(), run.id) != step:
                pass
            answered.append(time.perf_counter() - began)
    return [
        Figure("log() to the event, median", statistics.median(told) * 1000, "ms"),
        Figure("log() to the answer with it, median", statistics.median(answered) * 1000, "ms", 1000),
        Figure("  the longest", max(answered) * 1000, "ms"),
    ]


def value_of(table: Any, run_id: str) -> float | None:
    values: list[float] = next((column["values"] for column in table["columns"] if column["key"] == "metric:loss"), [])
    return dict(zip(table["run_ids"], values, strict=False)).get(run_id)


def measure_memory(panel: Panel, lab: Lab) -> list[Figure]:
    server = psutil.Process(lab.pid)
    with ts.run("live") as run:
        for step in range(50):
            run.log(loss=float(step))
            panel.list()
        before = server.memory_info().rss
        for step in range(UPDATES):
            run.log(loss=float(step))
            panel.list()
        after = server.memory_info().rss
    return [
        Figure("the server's memory", after / 2**20, "MB"),
        Figure(f"  grown in {UPDATES:,} updates", (after - before) / 2**20, "MB"),
    ]


def measure_cost(panel: Panel) -> list[Figure]:
    alone, followed = [], []
    for _ in range(ROUNDS):
        alone.append(run_loop())
        followed.append(run_loop(lambda: follow(panel)))
    cost = statistics.median(followed) / statistics.median(alone) - 1
    return [
        Figure("a step of a loop, alone", statistics.median(alone) * 1e6, "us"),
        Figure("  while a panel follows", statistics.median(followed) * 1e6, "us"),
        Figure("  that is more by", cost * 100, "%", 1),
    ]


def run_loop(beside: Callable[[], Callable[[], None]] | None = None) -> float:
    stop = beside() if beside else lambda: None
    output = subprocess.run([sys.executable, "-c", LOOP], capture_output=True, text=True, check=True).stdout
    stop()
    return float(output)


def follow(panel: Panel) -> Callable[[], None]:
    """Ask again for the list after each event, with a pause of ten times what the answer took, as the panel does."""
    ended = threading.Event()

    def go_on() -> None:
        while not ended.is_set():
            panel.watch()
            panel.wait_for_event()
            began = time.perf_counter()
            panel.list()
            ended.wait(min(2.0, max(0.4, 10 * (time.perf_counter() - began))))

    thread = threading.Thread(target=go_on, daemon=True)
    thread.start()
    return ended.set


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10_000)
    count = parser.parse_args().runs
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name) / "bench"
        folder.mkdir()
        (folder / "pyproject.toml").write_text('[project]\nname = "bench"\n')
        places = {"STORE": str(folder / ".trackside"), "EXPERIMENT": "nb", "PROJECT": "bench"}
        os.environ |= {f"TRACKSIDE_{setting}": value for setting, value in places.items()}
        record_runs(count)
        settle(ts.Store(folder / ".trackside"))
        lab = Lab(folder.parent)
        panel = Panel(lab)
        try:
            print_table(f"Server, {count:,} runs", measure_list(panel, count))
            print_table("Updates", measure_updates(panel))
            print_table("Memory", measure_memory(panel, lab))
            print_table("Cost", measure_cost(panel))
        finally:
            lab.stop()


if __name__ == "__main__":
    main()
