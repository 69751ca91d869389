"""Menus of a view whose output is short: its end does not cut them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.lab import Lab, Notebook

if TYPE_CHECKING:
    from playwright.sync_api import Page

RUN = """import trackside as ts
with ts.run('only', params={f'param {at}': at for at in range(12)}) as run:
    run.log(loss=1.0)
"""
CELLS = (RUN, "ts.runs(experiment='*').table()")
MAKE, VIEW = range(2)
IS_WHOLE = """(panel) => { const { left, right, top, bottom } = panel.getBoundingClientRect();
return [top + 3, bottom - 3].every((y) => panel.contains(document.elementFromPoint((left + right) / 2, y))); }"""


def test_menus_of_a_short_view_are_whole(page: Page, lab: Lab) -> None:
    lab.write_project("menus", CELLS)
    notebook = Notebook(page, lab, "menus/menus.ipynb")
    notebook.run(MAKE)
    notebook.run(VIEW)
    view = page.locator(notebook.output(VIEW)).locator(".trackside[data-live]:visible")
    view.locator("tbody tr[data-run]").wait_for()

    for name in ("Columns", "Views"):
        view.get_by_role("button", name=f"{name} ▾").click()
        panel = view.get_by_role("dialog", name=name)
        panel.wait_for()
        assert panel.evaluate(IS_WHOLE), name
        page.keyboard.press("Escape")
        panel.wait_for(state="hidden")

    view.get_by_role("combobox", name="Find runs").click()
    page.keyboard.type("par")
    assert view.get_by_role("listbox", name="Suggestions").evaluate(IS_WHOLE)
    page.keyboard.press("Escape")

    view.locator("thead").get_by_role("button", name="loss").click(button="right")
    assert view.get_by_role("menu", name="loss").evaluate(IS_WHOLE)
