"""The main job, as a person does it: run the quick start, compare, brush, save, and find it again with no kernel."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest
from playwright.sync_api import Error

from tests.browser.lab import Lab, Notebook

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

QUICKSTART = Path(__file__).parents[2] / "notebooks" / "01-quickstart.ipynb"
IMPORT, FIRST, SECOND, SWEEP, TABLE, COMPARE = 4, 5, 7, 9, 11, 13


@pytest.fixture
def name(lab: Lab, request: pytest.FixtureRequest) -> str:
    """Return the name of a fresh copy of the quick start in the lab, with a store of its own."""
    folder = lab.root / request.node.name
    folder.mkdir()
    shutil.copy(QUICKSTART, folder / "quickstart.ipynb")
    (folder / "pyproject.toml").write_text('[project]\nname = "digits"\n')
    return f"{folder.name}/quickstart.ipynb"


def wait_until_drawn(view: Locator, panel: str) -> None:
    """Wait until one of a panel's canvases holds a picture, not just a few pixels."""
    section = view.locator(f"[data-panel={panel}]")
    for _ in range(10):  # a view that is reopened is drawn from its record, then anew from the store
        with suppress(Error):
            section.scroll_into_view_if_needed()
            break
    section.page.wait_for_function(
        """section => [...section.querySelectorAll('canvas')].some(canvas => {
            const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width || 1, canvas.height || 1);
            let drawn = 0; for (let i = 3; i < data.length; i += 4) { drawn += data[i] > 0; }
            return drawn > 2000; })""",
        arg=section.element_handle(),
    )


def brush(page: Page, view: Locator, axis: int) -> None:
    """Drag over the upper half of one axis of the parallel coordinates."""
    strip = view.locator(".trackside-axis-strip").nth(axis)
    strip.scroll_into_view_if_needed()
    box = strip.bounding_box()
    assert box
    middle = box["x"] + box["width"] / 2
    page.mouse.move(middle, box["y"] + 2)
    page.mouse.down()
    page.mouse.move(middle, box["y"] + box["height"] * 0.3, steps=4)
    page.mouse.move(middle, box["y"] + box["height"] * 0.6, steps=4)
    page.mouse.up()


def test_quickstart_from_first_cell_to_a_notebook_reopened_without_kernel(page: Page, lab: Lab, name: str) -> None:
    notebook = Notebook(page, lab, name)
    for cell in (2, IMPORT, FIRST, SECOND, SWEEP, TABLE, COMPARE):
        notebook.run(cell)

    card = page.locator(notebook.output(FIRST)).locator(".trackside-card")
    assert "finished" in card.inner_text()
    assert "val_accuracy" in card.inner_text()
    assert "gamma 0.001" in card.inner_text()

    table = page.locator(notebook.output(TABLE)).locator(".trackside")
    table.locator("tbody tr[data-run]").first.wait_for()
    assert "21 runs" in table.inner_text()

    view = page.locator(notebook.output(COMPARE)).locator(".trackside[data-live]:visible")
    view.locator("tbody tr[data-run]").first.wait_for()
    assert "18 runs" in view.inner_text()
    for panel in ("history", "parallel"):
        wait_until_drawn(view, panel)
    names = view.locator(".trackside-axis-name").all_inner_texts()
    assert {"hidden", "learning_rate", "alpha", "val_loss"} <= set(names)

    brush(page, view, names.index("learning_rate"))
    page.wait_for_function(
        "text => !text.innerText.startsWith('18 runs')", arg=view.locator(".trackside-count").element_handle()
    )
    count = view.locator(".trackside-count").inner_text()
    assert " of 18 runs" in count
    left = int(count.split()[0])
    assert 0 < left < 18
    rows = view.locator("tbody tr[data-run]")
    rows.nth(left - 1).wait_for()
    assert rows.count() == left

    page.wait_for_function(  # what the output keeps is written once the page has settled
        """cell => { const { data } = window.jupyterapp.shell.currentWidget.content.widgets[cell].model.outputs.get(0);
        const { axes } = data['application/vnd.trackside.view.v1+json'].state;
        return axes?.some(({ brushes }) => brushes?.length > 0); }""",
        arg=COMPARE,
    )
    notebook.save()
    saved = nbformat.reads((lab.root / name).read_text(), as_version=4)
    output = saved.cells[COMPARE].outputs[0]
    assert "application/vnd.trackside.view.v1+json" in output.data
    assert output.data["text/html"].count('<img alt="') == 2
    assert "<script" not in output.data["text/html"]
    assert len(str(output.data)) < 700_000

    lab.shut_down_kernels()
    reopened = Notebook(page, lab, name, kernel=False)
    view = page.locator(reopened.output(COMPARE)).locator(".trackside:visible")
    view.scroll_into_view_if_needed()
    view.locator("tbody tr[data-run]").first.wait_for()
    assert f"{left} of 18 runs" in view.inner_text()
    for panel in ("history", "parallel"):
        wait_until_drawn(view, panel)
    card = page.locator(reopened.output(FIRST)).locator(".trackside-card")
    assert "finished" in (card.text_content() or "")
