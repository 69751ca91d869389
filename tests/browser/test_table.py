"""The table of runs in a notebook: groups, orders, eyes, notes, what is copied and what a filter offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import trackside as ts
from tests.browser.lab import Lab, Notebook

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

RUNS = """import numpy as np
import trackside as ts
for lr in (0.1, 0.2):
    for seed in range(3):
        with ts.run(f'lr {lr} seed {seed}', params={'lr': lr, 'seed': seed}) as run:
            run.log_dataset('X_val', np.full((2, 2), lr), role='val')
            for step in range(5):
                run.log(loss=lr + seed / 10 - step / 100)
"""
CELLS = (RUNS, "view = ts.runs(experiment='*').table(); view")
MAKE, TABLE = range(2)


@pytest.fixture
def folder(lab: Lab) -> Path:
    """Return the folder of a notebook that makes six runs, three for each learning rate."""
    return lab.write_project("table", CELLS)


@pytest.fixture
def view(page: Page, lab: Lab, folder: Path) -> Locator:
    """Return the live table of the runs in ``folder``."""
    assert folder.exists()
    notebook = Notebook(page, lab, "table/table.ipynb")
    notebook.run(MAKE)
    notebook.run(TABLE)
    live = page.locator(notebook.output(TABLE)).locator(".trackside[data-live]:visible")
    live.locator("tbody tr[data-run]").first.wait_for()
    return live


def names(view: Locator) -> list[str]:
    return view.locator("tbody tr[data-row] .trackside-label").all_inner_texts()


def head(view: Locator, name: str) -> Locator:
    return view.locator("thead").get_by_role("button", name=name)


def test_runs_are_grouped_sorted_put_out_of_sight_and_written_on(view: Locator, page: Page, folder: Path) -> None:
    view.locator(".trackside-spark").first.wait_for()

    head(view, "lr").click()
    head(view, "seed").click(modifiers=["Shift"])
    head(view, "seed").get_by_text("2").wait_for()
    assert names(view)[:3] == ["lr 0.1 seed 0", "lr 0.1 seed 1", "lr 0.1 seed 2"]

    view.get_by_label("Group the runs").select_option(label="by lr")
    view.locator("tr[data-group]").first.wait_for()
    assert names(view) == ["0.1", "0.2"]
    assert "0.16 ± 0.1" in view.locator("tr[data-group]").first.inner_text()
    view.get_by_role("button", name="Show the runs of lr 0.1").click()
    view.get_by_text("lr 0.1 seed 2").wait_for()

    row = view.locator("tr[data-run]").first
    row.focus()
    row.press("v")
    view.get_by_text("1 out of sight: show all").wait_for()
    view.get_by_text("5 of 6 runs").wait_for()
    view.get_by_text("1 out of sight: show all").click()
    view.get_by_text("6 runs", exact=True).wait_for()

    row.focus()
    row.press("n")
    page.keyboard.type("with warm-up")
    page.keyboard.press("Enter")
    view.locator("td[data-writes=note]", has_text="with warm-up").wait_for()
    notes = ts.runs(experiment="*", store=folder / ".trackside").df["note"].dropna()
    assert notes.tolist() == ["with warm-up"]


def test_runs_that_are_not_comparable_are_told_marked_and_hidden(view: Locator) -> None:
    line = view.locator(".trackside-incomparable")
    cause = "not evaluated on the same data (X_val)"
    line.get_by_text(f"≠ 3 of 6 runs are not comparable with lr 0.1 seed 0 by loss: {cause}").wait_for()
    row = view.locator("tbody tr[data-run]", has_text="lr 0.1 seed 1")
    row.focus()
    row.press("p")
    line.get_by_text("≠ 3 of 6 runs are not comparable with lr 0.1 seed 1 by loss").wait_for()
    other = view.locator("tbody tr[data-run]", has_text="lr 0.2 seed 1")
    other.get_by_role("img", name=f"not comparable: {cause}").wait_for()
    other.locator(".trackside-delta s", has_text="+0.1").first.wait_for()
    line.get_by_role("button", name="Hide them").click()
    view.get_by_text("3 of 6 runs", exact=True).wait_for()
    line.get_by_role("button", name="Show them").click()
    view.get_by_text("6 runs", exact=True).wait_for()


def test_a_filter_is_completed_and_the_table_copied(view: Locator, page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    box = view.get_by_role("combobox", name="Find runs")
    box.click()
    page.keyboard.type("see")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.type("= 1")
    page.keyboard.press("Enter")
    view.get_by_text("2 of 6 runs").wait_for()

    view.get_by_role("button", name="Copy").click()
    view.get_by_role("menuitem", name="Markdown").click()
    view.get_by_text("2 runs copied as Markdown").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert len(copied) == 4
    assert copied[2].startswith("| lr 0.2 seed 1 |")


def test_a_column_is_made_wider_and_its_numbers_percent(view: Locator, page: Page) -> None:
    loss = view.locator("th[data-key='metric:loss']")
    before = loss.bounding_box()
    edge = loss.locator(".trackside-width").bounding_box()
    assert before is not None
    assert edge is not None
    page.mouse.move(edge["x"] + 3, edge["y"] + 10)
    page.mouse.down()
    page.mouse.move(edge["x"] + 43, edge["y"] + 10, steps=3)
    page.mouse.up()
    page.wait_for_function(
        "([key, width]) => document.querySelector(key).offsetWidth === width",
        arg=["th[data-key='metric:loss']", round(before["width"]) + 40],
    )

    loss.click(button="right")
    view.get_by_role("menuitemradio", name="Percent").click()
    view.locator("td", has_text="36%").first.wait_for()
