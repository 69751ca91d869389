"""Names and tags written in the table, in one row and for the ticked runs at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

import trackside as ts
from tests.browser.lab import Lab, Notebook

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

MAKE, TABLE, FIND = range(3)
RUNS = """import trackside as ts
for name in ("svm", "forest", "mlp"):
    with ts.run(name, tags={"data": "small"}) as run:
        run.log(loss=len(name))
"""
CELLS = (RUNS, "ts.runs(experiment='*').table()", "print(ts.runs(name='submitted', experiment='*').labels)")


@pytest.fixture
def notebook(page: Page, lab: Lab) -> Notebook:
    """Return a notebook whose table shows three tagged runs."""
    lab.write_project("edit", CELLS)
    notebook = Notebook(page, lab, "edit/edit.ipynb")
    notebook.run(MAKE)
    notebook.run(TABLE)
    return notebook


def live_view(notebook: Notebook) -> Locator:
    return notebook.page.locator(notebook.output(TABLE)).locator(".trackside[data-live]:visible")


def test_a_run_is_renamed_and_tagged_in_its_row(page: Page, lab: Lab, notebook: Notebook) -> None:
    view = live_view(notebook)
    rows = view.locator("tbody tr[data-run]")
    told = view.locator(".trackside-done")

    rows.filter(has_text="mlp").locator(".trackside-label").dblclick()
    page.keyboard.type("never")
    page.keyboard.press("Escape")
    rows.filter(has_text="mlp").locator(".trackside-label").dblclick()
    page.keyboard.type("submitted")
    page.keyboard.press("Enter")
    told.get_by_text("mlp is called submitted").wait_for()
    row = rows.filter(has_text="submitted")
    row.wait_for()
    notebook.run(FIND)
    page.locator(notebook.output(FIND)).get_by_text("['submitted']").wait_for()

    row.focus()
    row.press("t")
    page.keyboard.type("reviewed")
    page.keyboard.press("Enter")
    chips = row.locator(".trackside-chip")
    chips.get_by_text("reviewed").wait_for()
    chips.filter(has_text="data=small").get_by_role("button").click()
    chips.get_by_text("data=small").wait_for(state="detached")
    store = lab.root / "edit" / ".trackside"
    assert ts.runs("submitted", experiment="*", store=store).tags == [{"reviewed": ""}]


def test_ticked_runs_are_tagged_at_once_and_that_is_undone_but_not_without_a_kernel(
    page: Page, lab: Lab, notebook: Notebook
) -> None:
    view = live_view(notebook)
    rows = view.locator("tbody tr[data-run]")
    told = view.locator(".trackside-done")
    for name in ("svm", "forest"):
        rows.filter(has_text=name).get_by_role("checkbox").check()
    view.get_by_role("button", name="Tag 2…").click()
    view.get_by_role("combobox", name="Tag for the ticked runs").fill("data=large")
    page.keyboard.press("Enter")
    told.get_by_text("2 runs tagged data=large").wait_for()
    view.get_by_role("button", name="Tag 2…").click()
    view.get_by_role("button", name="Take data from 2 runs").wait_for()
    page.keyboard.press("Escape")
    shown = [text.split("\n")[0] for text in view.locator("td .trackside-chip").all_inner_texts()]
    assert shown == ["data=small", "data=large", "data=large"]
    told.get_by_role("button", name="Undo").click()
    rows.filter(has_text="forest").get_by_text("data=small").wait_for()
    assert ts.runs(experiment="*", store=lab.root / "edit" / ".trackside").tags == [{"data": "small"}] * 3

    notebook.save()
    lab.shut_down_kernels()
    again = Notebook(page, lab, "edit/edit.ipynb", kernel=False)
    saved = page.locator(again.output(TABLE)).locator(".trackside:visible")
    saved.get_by_text("as saved in the notebook").wait_for()
    first = saved.locator("tbody tr[data-run]").first
    first.get_by_role("checkbox").check()
    first.locator(".trackside-label").dblclick()
    first.press("t")
    offered = saved.locator(".trackside-cell-input, .trackside-untag, .trackside-bar .trackside-actions button:visible")
    assert offered.evaluate_all("found => found.map(one => one.outerHTML)") == []


def test_what_is_missing_or_wrong_is_said_where_it_is_written(page: Page, notebook: Notebook) -> None:
    view = live_view(notebook)
    view.locator("tbody tr[data-run]").first.get_by_role("checkbox").check()
    view.get_by_role("button", name="Tag 1…").click()
    tag = view.get_by_role("combobox", name="Tag for the ticked runs")
    tag.press("Enter")
    assert tag.evaluate("box => box.validationMessage") == "Write a tag: stage=final, or a name alone"
    expect(tag).to_be_focused()
    page.keyboard.press("Escape")

    condition = view.get_by_role("combobox", name="Find runs by words")
    condition.fill("nonsense < 1")
    expect(condition).to_have_attribute("aria-busy", "true")
    condition.press("Enter")
    wrong = view.get_by_text("No column 'nonsense'")
    wrong.wait_for()
    expect(condition).to_have_accessible_description(re.compile("No column 'nonsense'.*all runs are still shown"))
    box, below, panels = (
        place.bounding_box() for place in (condition, wrong, view.get_by_role("group", name="Panels"))
    )
    assert box
    assert below
    assert panels
    assert box["y"] + box["height"] <= below["y"] < panels["y"]
