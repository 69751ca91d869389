"""While a cell runs the views answer; a killed kernel loses nothing that was logged, and they answer without it."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

import trackside as ts
from tests.browser.lab import Lab, Notebook

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

TWO_RUNS = """\
import trackside as ts
for lr in (0.1, 0.01):
    with ts.run("mlp", params={"lr": lr}) as run:
        for step in range(20):
            run.log(loss=lr / (step + 1))"""
COMPARE = "view = ts.runs().compare()\nview"
TRAIN = """\
%%track doomed
import time
with open("logged.txt", "w", buffering=1) as logged:
    for step in range(100_000):
        ts.log(loss=1 / (step + 1))
        logged.write(f"{step}\\n")
        time.sleep(0.002)"""


@pytest.fixture
def folder(lab: Lab) -> Path:
    """Return the folder of a notebook with these cells."""
    return lab.write_project("running", (TWO_RUNS, COMPARE, TRAIN))


def test_a_view_answers_while_a_cell_runs_and_without_its_kernel_and_nothing_is_lost(
    page: Page, lab: Lab, folder: Path
) -> None:
    notebook = Notebook(page, lab, f"{folder.name}/running.ipynb")
    notebook.run(0)
    notebook.run(1)
    view = page.locator(notebook.output(1)).locator(".trackside[data-live]:visible")
    view.get_by_text("2 runs", exact=True).wait_for()

    notebook.start(2)
    card = page.locator(notebook.output(2)).locator(".trackside-card")
    card.get_by_text("running").wait_for()
    view.get_by_role("combobox", name="Find runs").fill("lr < 0.05")
    view.get_by_text("1 of ").first.wait_for()
    assert "running" in card.inner_text()

    notebook.save()
    (kernel,) = lab.kernel_pids()
    os.kill(kernel, signal.SIGKILL)
    logged = len((folder / "logged.txt").read_text().splitlines())
    assert logged > 50

    doomed = ts.runs(name="doomed", experiment="*", store=folder / ".trackside")
    assert doomed.df["status"].tolist() == ["interrupted"]
    with ts.Store(folder / ".trackside").read() as connection:
        rows = connection.execute(
            "SELECT step FROM metrics JOIN runs USING (run_id) WHERE name = 'doomed' AND key = 'loss' ORDER BY seq"
        ).fetchall()
    steps = [step for (step,) in rows]
    assert steps == list(range(len(steps)))
    assert len(steps) in {logged, logged + 1}  # the kernel may die between logging a point and noting that it did

    view.get_by_role("combobox", name="Find runs").fill("lr > 0.05")
    view.get_by_text("1 of ").first.wait_for()
    lab.shut_down_kernels()
    notebook = Notebook(page, lab, f"{folder.name}/running.ipynb", kernel=False)
    view = page.locator(notebook.output(1)).locator(".trackside[data-live]:visible")
    view.get_by_role("combobox", name="Find runs").fill("lr < 1 and lr > 0.05")
    view.get_by_text("1 of ").first.wait_for()
