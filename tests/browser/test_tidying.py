"""Tidying by hand: stars, hidden runs, names struck out on a card; and views that hear of new runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import trackside as ts
from tests.browser.lab import Lab, Notebook

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

IMPORT, TRACKED, TABLE, LATE = range(4)
CELLS = (
    "import trackside as ts",
    "%%track\nlr = 0.1\nmomentum = 0.9\nts.log(loss=lr)",
    "ts.runs().table()",
    "import time\nwith ts.run('late') as run:\n    run.log(loss=0.5)\n    time.sleep(6)",
)


@pytest.fixture
def folder(lab: Lab) -> Path:
    """Return the folder of a notebook with these cells."""
    return lab.write_project("tidy", CELLS)


def test_stars_hidden_runs_and_runs_that_come_later(page: Page, lab: Lab, folder: Path) -> None:
    notebook = Notebook(page, lab, "tidy/tidy.ipynb")
    for cell in (IMPORT, TRACKED, TRACKED, TABLE):
        notebook.run(cell)
    view = page.locator(notebook.output(TABLE)).locator(".trackside[data-live]:visible")
    rows = view.locator("tbody tr[data-run]")
    view.get_by_text("hidden: 1 just like a newer run").wait_for()
    assert rows.count() == 1
    assert "×2" in rows.inner_text()

    rows.hover()
    rows.get_by_role("button", name="Star ").click()
    rows.get_by_role("button", name="Take the star").wait_for()
    view.get_by_text("hidden: 1").wait_for()
    view.get_by_role("button", name="Show", exact=True).click()
    view.get_by_role("button", name="Hide", exact=True).wait_for()
    view.locator("tr[data-muted]").wait_for()
    assert rows.count() == 2
    starred = ts.runs(experiment="*", store=folder / ".trackside", include_hidden=True)
    assert starred.df["starred"].tolist() == [True, False]

    notebook.start(LATE)
    view.locator("td[data-status=running]").wait_for()  # nobody asked, and the cell still runs
    view.locator("td[data-status=running]").wait_for(state="detached")
    assert rows.count() == 3


def test_a_name_struck_out_on_a_card_is_left_out_from_then_on(page: Page, lab: Lab, folder: Path) -> None:
    notebook = Notebook(page, lab, "tidy/tidy.ipynb")
    notebook.run(IMPORT)
    notebook.run(TRACKED)
    card = page.locator(notebook.output(TRACKED)).locator(".trackside-card")
    strike = card.get_by_role("button", name="Ignore momentum from now on")
    undo = card.get_by_role("button", name="Capture momentum again")
    for button, answered in ((strike, undo), (undo, strike), (strike, undo)):
        button.focus()
        button.press("Enter")
        answered.wait_for()
    assert card.locator("[data-ignored]").count() == 1

    notebook.run(TRACKED)
    card.get_by_role("button", name="Ignore lr from now on").wait_for()
    params = ts.runs("last", experiment="*", store=folder / ".trackside").params
    assert params == [{"lr": 0.1}]

    notebook.save()
    again = Notebook(page, lab, "tidy/tidy.ipynb")  # the page is new, its kernel is not
    card = page.locator(again.output(TRACKED)).locator(".trackside-card")
    card.get_by_role("button", name="Ignore lr from now on").click(force=True)
    card.get_by_role("button", name="Capture lr again").wait_for()

    lab.shut_down_kernels()
    Notebook(page, lab, "tidy/tidy.ipynb", kernel=False)
    card.get_by_text("lr 0.1").wait_for()
    assert card.get_by_role("button").count() == 0
