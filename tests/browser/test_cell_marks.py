"""Cells that have runs are marked; a cell whose run ended while nobody looked gets its outputs from the store."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import nbformat

import trackside as ts
from tests.browser.lab import Lab, Notebook

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

TRACKED = """\
%%track
lr = rates.pop()
for step in range(5):
    ts.log(val_loss=lr / (step + 1))"""
BY_HAND = """\
for lr in (0.1, 0.2, 0.3):
    with ts.run("by hand", params={"lr": lr}) as run:
        run.log(val_loss=lr)"""
FAILS = "%%track\nts.log(val_loss=0.5)\n1 / 0"
LONG = """\
%%track long
import pathlib, time
ts.log(val_loss=0.5)
pathlib.Path("begun").touch()
while not pathlib.Path("go").exists():
    time.sleep(0.05)
print("the end")"""


def test_cells_with_runs_are_marked_and_nothing_moves_or_is_saved(page: Page, lab: Lab) -> None:
    lab.write_project("marks", ("import trackside as ts\nrates = [0.1, 0.5]", TRACKED, FAILS, "rates", BY_HAND))
    notebook = Notebook(page, lab, "marks/marks.ipynb")
    cells = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook .jp-Cell")
    marks = cells.locator(".trackside-cell-mark button")
    before = cells.nth(1).locator(".jp-Cell-inputWrapper").bounding_box()
    for cell in (0, 1, 1, 2, 3, 4):
        notebook.run(cell)
    good = cells.nth(1).get_by_role(
        "button", name=re.compile(r"^2 runs of this cell; the last one: finished, val_loss")
    )
    good.get_by_text("−0.08").wait_for()
    cells.nth(2).get_by_role("button", name=re.compile(r"^1 run of this cell; the last one: failed")).wait_for()
    cells.nth(4).get_by_role("button", name=re.compile(r"^3 runs of this cell; the last one: finished")).wait_for()
    assert marks.count() == 3
    after = cells.nth(1).locator(".jp-Cell-inputWrapper").bounding_box()
    assert (before, after) != (None, None)
    assert before == after

    page.evaluate("() => { window.jupyterapp.shell.currentWidget.content.widgets[1].inputHidden = true; }")
    assert good.is_visible()
    good.focus()
    page.keyboard.press("Enter")
    panel = page.locator(".trackside-side:visible")
    panel.get_by_text("2 runs of a cell").wait_for(state="attached")
    panel.locator(".trackside-count").get_by_text("2 runs", exact=True).wait_for()
    notebook.save()
    assert "trackside-cell" not in (lab.root / "marks" / "marks.ipynb").read_text()

    page.evaluate(
        """() => { const { content } = window.jupyterapp.shell.currentWidget;
        content.activeCellIndex = 3; content.activate(); }"""
    )
    page.keyboard.press("Alt+Shift+M")
    assert cells.nth(3).locator(".jp-InputArea-editor").inner_text().startswith("%%track")
    notebook.run(3)
    cells.nth(3).get_by_role("button", name=re.compile(r"^1 run of this cell")).wait_for()


def test_a_run_that_ended_while_its_notebook_was_closed_is_offered_below_its_cell(page: Page, lab: Lab) -> None:
    folder = lab.write_project("closed", ("import trackside as ts", LONG))
    cell = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook .jp-Cell").nth(1)
    page.on("dialog", lambda dialog: dialog.accept())  # the page is left though not all is saved
    notebook = Notebook(page, lab, "closed/closed.ipynb")
    notebook.run(0)
    notebook.save()
    _start_and_leave(notebook, folder)
    (folder / "go").touch()
    _wait_for(lambda: _statuses(folder) == ["finished"])

    notebook = Notebook(page, lab, "closed/closed.ipynb")
    cell.get_by_text("finished while this notebook was closed").wait_for()
    assert cell.locator(".jp-OutputArea-child").count() == 0
    cell.get_by_role("button", name="Show its output").click()
    cell.locator(".trackside-card").get_by_text("✓ finished").wait_for()
    cell.locator(".jp-OutputArea-child").get_by_text("the end").wait_for()
    assert cell.get_by_text("finished while this notebook was closed").count() == 0
    notebook.save()
    saved = nbformat.read(folder / "closed.ipynb", as_version=4).cells[1]
    assert [output.output_type for output in saved.outputs] == ["display_data", "stream"]
    assert saved.execution_count == 2

    for file in ("begun", "go"):
        (folder / file).unlink()
    _start_and_leave(notebook, folder)
    Notebook(page, lab, "closed/closed.ipynb", kernel=False)  # it is busy
    cell.get_by_role("button", name=re.compile(r"^2 runs of this cell; the last one: running")).wait_for()
    assert cell.get_by_role("button", name="Show its output").count() == 0
    (folder / "go").touch()
    cell.get_by_text("finished; it began before this notebook was opened here").wait_for()


def _start_and_leave(notebook: Notebook, folder: Path) -> None:
    notebook.start(1)
    _wait_for((folder / "begun").exists)
    notebook.page.goto("about:blank")


def _statuses(folder: Path) -> list[str]:
    return ts.runs(experiment="*", store=folder / ".trackside").df["status"].tolist()


def _wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)
