"""What a live comparison that somebody looks at costs the cell that runs: python -m tests.benchmarks.bench_live.

In a real JupyterLab and a headless Chromium one training loop runs by turns with no view, and with a comparison of
twenty-one runs in sight, which follows it. By the clock the browser counts, too, where it needs the same processors:
a headless one draws without a graphics card. What the kernel's other threads work tells what Trackside itself costs.
"""

from __future__ import annotations

import json
import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from tests.benchmarks.table import Figure, print_table
from tests.browser.chromium import FLAGS, find_chromium
from tests.browser.lab import Lab, Notebook

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROUNDS = 3
SECONDS = 20
GOAL = 1.0  # % of the loop
SETUP = f"""\
import json, time
import numpy as np
import trackside as ts
for n in range(20):
    with ts.run("earlier", params={{"lr": n / 100}}) as run:
        run.log_history(loss=[1 / (step + n + 1) for step in range(200)])
values = np.random.default_rng(0).random(60_000)

def train():
    steps, began = 0, (time.perf_counter(), time.thread_time(), time.process_time())
    while time.perf_counter() - began[0] < {SECONDS}:
        np.sort(values)
        ts.log(loss=1 / (steps + 1))
        steps += 1
    clock, own, all_threads = (now - then for now, then in zip(
        (time.perf_counter(), time.thread_time(), time.process_time()), began))
    noted = {{"clock": clock / steps, "step": own / steps, "others": (all_threads - own) / clock}}
    with open("noted.txt", "a") as file:
        file.write(json.dumps(noted) + "\\n")"""
CELLS = (SETUP, "%%track training\ntrain()", "ts.runs().compare()")
TRAIN, VIEW = 1, 2


def measure(page: Page, lab: Lab) -> tuple[list[dict[str, float]], list[dict[str, float]]]:
    """Return what each round noted, with no view and with one."""
    folder = lab.write_project("live", CELLS)
    notebook = Notebook(page, lab, "live/live.ipynb")
    notebook.run(0)
    for _ in range(ROUNDS):
        notebook.run(TRAIN)
        notebook.run(VIEW)
        page.locator(notebook.output(VIEW)).locator(".trackside[data-live]:visible").wait_for()
        notebook.start(TRAIN)
        page.locator(notebook.output(VIEW)).get_by_text("1 running").wait_for()
        notebook.wait(TRAIN)
        page.evaluate(
            "i => window.jupyterapp.shell.currentWidget.content.widgets[i].model.sharedModel.setOutputs([])", VIEW
        )
    noted = [json.loads(line) for line in (folder / "noted.txt").read_text().splitlines()]
    return noted[::2], noted[1::2]


def main() -> None:
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        lab = Lab(Path(name))
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1400, "height": 1200})
        page.set_default_timeout(120_000)
        try:
            alone, seen = measure(page, lab)
        finally:
            browser.close()
            lab.stop()

    def median(rounds: list[dict[str, float]], what: str) -> float:
        return statistics.median(each[what] for each in rounds)

    clock, clock_seen = median(alone, "clock"), median(seen, "clock")
    step, step_seen = median(alone, "step"), median(seen, "step")
    others, others_seen = median(alone, "others"), median(seen, "others")
    figures = [
        Figure("a step by the clock, no view", clock * 1e3, "ms"),
        Figure("a step by the clock, a view in sight", clock_seen * 1e3, "ms"),
        Figure("  what that adds", 100 * (clock_seen / clock - 1), "%", GOAL),
        Figure("processor time of a step, no view", step * 1e3, "ms"),
        Figure("processor time of a step, a view in sight", step_seen * 1e3, "ms"),
        Figure("  what that adds", 100 * (step_seen / step - 1), "%", GOAL),
        Figure("other threads of the kernel, no view", 100 * others, "% of a core"),
        Figure("other threads of the kernel, a view in sight", 100 * others_seen, "% of a core"),
        Figure("  what that adds", 100 * (others_seen - others), "% of a core"),
    ]
    print_table(f"A loop of {SECONDS} s that logs each step, {ROUNDS} rounds", figures)


if __name__ == "__main__":
    main()
