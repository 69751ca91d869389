"""A view whose kernel was restarted says so, or is answered from the store; the panel beside it follows the kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import trackside as ts
from tests.browser.lab import Lab, Notebook
from tests.browser.test_side_panel import open_panel

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

RUNS = """import trackside as ts
for lr in (0.1, 0.2):
    with ts.run(f'lr {lr}', params={'lr': lr}) as run:
        run.log(loss=lr)
"""
ELSEWHERE = """%track store ../elsewhere
for experiment in ("restarted", "apart"):
    with ts.run(f"in {experiment}", experiment=experiment):
        pass
"""
CELLS = (RUNS, "ts.runs(experiment='*').table()", ELSEWHERE)
MAKE, VIEW, MOVE = range(3)


def test_a_view_does_not_look_alive_without_its_kernel_and_is_with_the_store(page: Page, lab: Lab) -> None:
    folder = lab.write_project("restarted", CELLS)
    notebook = Notebook(page, lab, "restarted/restarted.ipynb")
    view = page.locator(notebook.output(VIEW)).locator(".trackside:visible")
    show(notebook, view)
    check_menus(open_panel(page))
    (folder / ".trackside").rename(lab.root / "away")
    restart(page)
    view.get_by_text("the kernel is gone: showing what it told last").wait_for()
    assert view.locator("tbody tr[data-run]").count() == 2

    (lab.root / "away").rename(folder / ".trackside")
    show(notebook, view)
    restart(page)
    view.get_by_text("the kernel is gone").wait_for(state="hidden")
    page.wait_for_function("() => document.querySelector('.jp-OutputArea .jupyter-widgets') === null")
    row = view.locator("tbody tr[data-run]").first
    row.focus()
    with page.expect_response(lambda answer: "/change" in answer.url):  # the star shows before it is kept
        row.press("s")
    view.locator("[aria-pressed=true].trackside-star").wait_for()
    assert ts.runs(experiment="*", store=folder / ".trackside").df["starred"].sum() == 1
    follow_to_another_store_and_back(notebook)


def check_menus(panel: Locator) -> None:
    """See menus of the panel at their place, though a live view brings its style sheet after the panel's own."""
    for button, name in (("Filter", "Filter and group runs"), ("Sort and show", "Sort and show")):
        panel.get_by_role("button", name=button).click()
        menu, around = panel.get_by_role("dialog", name=name).bounding_box(), panel.bounding_box()
        assert menu is not None
        assert around is not None
        assert around["x"] <= menu["x"] <= around["x"] + around["width"]
        assert menu["y"] < around["y"] + 150
        assert menu["width"] < 300
        panel.page.keyboard.press("Escape")


def follow_to_another_store_and_back(notebook: Notebook) -> None:
    """Name another store in the kernel, as the panel sees it with its experiments, and restart the kernel."""
    page = notebook.page
    panel = open_panel(page)
    panel.get_by_text("4 runs", exact=True).wait_for()
    notebook.run(MAKE)
    panel.get_by_text("6 runs", exact=True).wait_for()
    notebook.run(MOVE)
    panel.locator(".trackside-run", has_text="in restarted").wait_for()
    assert panel.locator(".trackside-run").count() == 1
    picker = panel.get_by_role("combobox", name="Which runs are shown")
    picker.select_option(label="All experiments")
    panel.locator(".trackside-run", has_text="in apart").wait_for()
    groups = panel.locator(".trackside-run-group .trackside-label").all_inner_texts()
    assert groups == ["restarted", "apart"]  # the notebook's own goes before newer ones
    picker.select_option("")
    restart(page)
    panel.get_by_text("6 runs", exact=True).wait_for()


def show(notebook: Notebook, view: Locator) -> None:
    notebook.run(MAKE)
    notebook.run(VIEW)
    view.locator("xpath=self::*[@data-live]").locator("tbody tr[data-run]").first.wait_for()


def restart(page: Page) -> None:
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
