"""What the side panel takes in a real JupyterLab: ``python -m tests.benchmarks.bench_panel``.

How long a point takes from ``log()`` to the screen, and what an open panel costs a loop of another process, by turns
with a hidden one. A headless browser draws without a graphics card, with the processors that the loop needs.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

import trackside as ts
from tests.benchmarks.bench_queries import settle
from tests.benchmarks.bench_server import run_loop
from tests.benchmarks.table import Figure, print_table
from tests.browser.chromium import FLAGS, find_chromium
from tests.browser.lab import Lab, Notebook

if TYPE_CHECKING:
    from playwright.sync_api import Page

POINTS = 30
ROUNDS = 4
_SHOWN = """value => new Promise(resolve => {
    const isShown = cell => cell.textContent.startsWith(value);
    const look = () => [...document.querySelectorAll('.trackside-run-metric')].some(isShown)
        ? resolve(Date.now()) : requestAnimationFrame(look);
    look();
})"""


def measure_updates(page: Page) -> list[Figure]:
    """Log one point at a time, and wait until the panel shows it."""
    took = []
    with ts.run("live") as run:
        run.log(loss=0.5)
        for point in range(1, POINTS + 1):
            time.sleep(1 + point % 5 / 10)
            began = time.time()
            run.log(loss=point + 0.25)
            took.append(page.evaluate(_SHOWN, f"{point}.25") - began * 1000)
    return [
        Figure("log() to the screen, median", statistics.median(took), "ms", 1000),
        Figure("  the longest", max(took), "ms"),
    ]


def measure_cost(page: Page) -> list[Figure]:
    """Run a loop by turns beside a hidden panel and an open one, which follows it."""
    hidden, shown = list[float](), list[float]()
    for _ in range(ROUNDS):
        for command, steps in (("filebrowser:activate", hidden), ("trackside:show-panel", shown)):
            page.evaluate("command => window.jupyterapp.commands.execute(command)", command)
            time.sleep(2)
            steps.append(run_loop())
    before, after = statistics.median(hidden), statistics.median(shown)
    return [
        Figure("a step of a loop, the panel hidden", before * 1e6, "us"),
        Figure("  the panel open", after * 1e6, "us"),
        Figure("  that is more by", (after / before - 1) * 100, "%", 1),
    ]


def main() -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name, sync_playwright() as playwright:
        lab = Lab(Path(name))
        folder = lab.write_project("bench", ("1",))
        places = {"STORE": str(folder / ".trackside"), "EXPERIMENT": "bench", "PROJECT": "bench"}
        os.environ |= {f"TRACKSIDE_{setting}": value for setting, value in places.items()}
        with ts.run("first") as run:
            run.log(loss=1.0)
        settle(ts.Store(folder / ".trackside"))
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        page = browser.new_page()
        Notebook(page, lab, "bench/bench.ipynb")
        page.evaluate("() => window.jupyterapp.commands.execute('trackside:show-panel')")
        page.locator(".trackside-run").first.wait_for()
        try:
            print_table("The side panel", [*measure_updates(page), *measure_cost(page)])
        finally:
            browser.close()
            lab.stop()


if __name__ == "__main__":
    main()
