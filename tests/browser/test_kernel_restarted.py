"""A view whose kernel was restarted: it says so at once, or is answered from the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import trackside as ts
from tests.browser.lab import Lab, Notebook

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

RUNS = """import trackside as ts
for lr in (0.1, 0.2):
    with ts.run(f'lr {lr}', params={'lr': lr}) as run:
        run.log(loss=lr)
"""
CELLS = (RUNS, "ts.runs(experiment='*').table()")
MAKE, VIEW = range(2)


def test_a_view_does_not_look_alive_without_its_kernel_and_is_with_the_store(page: Page, lab: Lab) -> None:
    folder = lab.write_project("restarted", CELLS)
    notebook = Notebook(page, lab, "restarted/restarted.ipynb")
    view = page.locator(notebook.output(VIEW)).locator(".trackside:visible")
    show(notebook, view)
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
    row.press("s")
    view.locator("[aria-pressed=true].trackside-star").wait_for()
    assert ts.runs(experiment="*", store=folder / ".trackside").df["starred"].sum() == 1


def show(notebook: Notebook, view: Locator) -> None:
    notebook.run(MAKE)
    notebook.run(VIEW)
    view.locator("xpath=self::*[@data-live]").locator("tbody tr[data-run]").first.wait_for()


def restart(page: Page) -> None:
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
