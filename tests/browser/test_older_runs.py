"""A comparison of which nobody chose the runs: the newest, and all of them on request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.lab import Lab, Notebook

if TYPE_CHECKING:
    from playwright.sync_api import Page

RUNS = """import trackside as ts
for n in range(24):
    with ts.run(f'run {n}', params={'lr': n / 100}) as run:
        run.log_history(loss=[1.0 + n, 0.5 + n])
"""
CELLS = (RUNS, "view = ts.runs(experiment='*').compare(); view")
MAKE, COMPARE = range(2)


def test_all_runs_are_shown_on_request_and_left_out_again(page: Page, lab: Lab) -> None:
    lab.write_project("older", CELLS)
    notebook = Notebook(page, lab, "older/older.ipynb")
    notebook.run(MAKE)
    notebook.run(COMPARE)
    view = page.locator(notebook.output(COMPARE)).locator(".trackside[data-live]:visible")
    count = view.locator(".trackside-count")
    count.get_by_text("21 of 24 runs").wait_for()  # the best one is the oldest
    view.get_by_role("button", name="Show all").click()
    count.get_by_text("24 runs", exact=True).wait_for()
    view.locator("[data-panel=history] [aria-label*='24 lines']").wait_for()
    view.get_by_role("button", name="Newest 20").click()
    count.get_by_text("21 of 24 runs").wait_for()
