"""The code of a view, put into a cell below it: run, it shows the same again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.lab import Lab, Notebook

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

RUNS = """import trackside as ts
for width in range(1, 5):
    for depth in range(1, 4):
        with ts.run(f'{width} × {depth}', params={'width': width, 'depth': depth}) as run:
            for step in range(9):
                run.log(loss=1 / (width * depth) + 1 / (step + 1))
"""
CELLS = (RUNS, "ts.runs().compare()", "'the last cell'")
MAKE, VIEW, MADE = range(3)


@pytest.fixture
def notebook(page: Page, lab: Lab) -> Notebook:
    """Return a notebook that compares twelve runs, four widths × three depths, and has run."""
    lab.write_project("nets", CELLS)
    notebook = Notebook(page, lab, "nets/nets.ipynb")
    notebook.run(MAKE)
    notebook.run(VIEW)
    return notebook


def live(page: Page, notebook: Notebook, cell: int) -> Locator:
    view = page.locator(notebook.output(cell)).locator(".trackside[data-live]:visible")
    view.locator(".trackside-axis-strip").first.wait_for()
    return view


def count(view: Locator, text: str) -> Locator:
    return view.locator(".trackside-count", has_text=text)


def brush(view: Locator, name: str) -> None:
    """Brush the upper half of an axis by its keys."""
    axis = view.locator(".trackside-axis").filter(has=view.page.get_by_role("button", name=name, exact=True))
    axis.locator(".trackside-axis-strip").focus()
    view.page.keyboard.press("ArrowUp")


def test_a_cell_below_makes_the_view_again_as_it_was_left(page: Page, notebook: Notebook) -> None:
    view = live(page, notebook, VIEW)
    view.get_by_role("combobox", name="Find runs").fill("width > 1")
    page.keyboard.press("Enter")
    count(view, "9 of 12 runs").wait_for()
    view.get_by_role("slider", name="smooth").fill("0.6")
    brush(view, "depth")
    view.locator(".trackside-brush").first.wait_for()
    left = view.locator(".trackside-count").inner_text()
    assert left != "9 of 12 runs"

    view.get_by_role("button", name="Insert code").focus()
    page.keyboard.press("Space")
    page.wait_for_function(
        "() => window.jupyterapp.shell.currentWidget.content.activeCell.model.sharedModel.source.includes('compare')"
        " && window.jupyterapp.shell.currentWidget.content.activeCellIndex === 2"
    )
    source = page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.content.widgets.map((cell) => cell.model.sharedModel.source)"
    )
    assert len(source) == 4
    assert source[MADE].startswith("import trackside as ts\n\nts.runs().compare(\n    view={\n")
    assert '"smoothing": 0.6,' in source[MADE]

    notebook.run(MADE)
    made = live(page, notebook, MADE)
    count(made, left).wait_for()
    assert made.get_by_role("combobox", name="Find runs").input_value() == "width > 1"
    assert made.get_by_role("slider", name="smooth").input_value() == "0.6"
    assert made.locator(".trackside-brush").count() == view.locator(".trackside-brush").count()


def test_where_no_notebook_can_be_reached_the_code_is_copied(page: Page, notebook: Notebook) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    view = live(page, notebook, VIEW)
    page.evaluate(
        """() => { const { content } = window.jupyterapp.shell.currentWidget;
        content.activeCellIndex = 1; void window.jupyterapp.commands.execute('notebook:create-output-view'); }"""
    )
    cloned = page.locator(".jp-LinkedOutputView .trackside:visible")
    cloned.get_by_role("button", name="Copy code").click()
    cloned.get_by_text("Code copied: paste it into a cell").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "import trackside as ts\n\nts.runs().compare()"
    assert view.count() == 1
