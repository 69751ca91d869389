"""Keys pressed on a view in a notebook: they are the view's, and never commands on cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.lab import Lab, Notebook

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

RUNS = """import trackside as ts
for lr in (0.1, 0.2, 0.3):
    with ts.run(f'lr {lr}', params={'lr': lr}) as run:
        for step in range(5):
            run.log(loss=lr - step / 100)
"""
CELLS = (RUNS, "ts.runs(experiment='*').compare('loss')", "1 + 1")
MAKE, VIEW = range(2)
CELL_COMMANDS = (*"xcvzabmyrdd00", "Shift+M", "Control+Backspace", "Enter")
PLACES = ("tbody tr[data-run]", ".trackside-axis-strip", ".trackside-plot", ".trackside-switches button")


@pytest.fixture
def view(page: Page, lab: Lab) -> Locator:
    """Return the live view of three runs in the middle one of three cells."""
    lab.write_project("keys", CELLS)
    notebook = Notebook(page, lab, "keys/keys.ipynb")
    notebook.run(MAKE)
    notebook.run(VIEW)
    live = page.locator(notebook.output(VIEW)).locator(".trackside[data-live]:visible")
    live.locator("tbody tr[data-run]").first.wait_for()
    return live


def cells(page: Page) -> list[list[str]]:
    found: list[list[str]] = page.evaluate(
        """() => window.jupyterapp.shell.currentWidget.content.widgets.map(
        (cell) => [cell.model.type, cell.model.sharedModel.getSource()])"""
    )
    return found


def test_no_key_on_a_view_changes_cells(view: Locator, page: Page) -> None:
    before = cells(page)
    for place in PLACES:
        for key in CELL_COMMANDS:
            view.locator(place).first.focus()
            page.keyboard.press(key)
            page.keyboard.press("Tab")  # out of what the key may have opened
            assert cells(page) == before, (place, key)


def test_escape_goes_back_to_the_cell_and_a_question_mark_lists_the_keys(view: Locator, page: Page) -> None:
    view.locator("tbody tr[data-run]").first.focus()
    page.keyboard.press("?")
    keys = view.get_by_role("dialog", name="Keys")
    keys.wait_for()
    page.keyboard.press("Escape")
    keys.wait_for(state="hidden")
    assert page.evaluate("() => document.activeElement.closest('.trackside') !== null")
    page.keyboard.press("Escape")
    assert page.evaluate("() => document.activeElement.classList.contains('jp-Cell')")
    page.keyboard.press("b")
    page.wait_for_function("() => window.jupyterapp.shell.currentWidget.content.widgets.length === 4")
