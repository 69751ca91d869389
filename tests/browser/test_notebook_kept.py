"""What is kept of a notebook that is open in the lab: as it stands on the page, under the name that it has now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import nbformat
import pytest

from tests.browser.lab import Lab, Notebook
from tests.magic.test_surroundings import cells_of, part, sources

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from trackside.records import Code
    from trackside.records import Notebook as NotebookRecord

CELLS = (
    "import trackside as ts",
    "lr = 0.1",
    "depth = 5",
    "%%track\nimport time\ntime.sleep(3)\ndepth * lr",
)


@pytest.fixture
def folder(lab: Lab) -> Path:
    """Return the folder of a notebook with these cells."""
    folder = lab.root / "kept"
    folder.mkdir()
    (folder / "pyproject.toml").write_text('[project]\nname = "kept"\n')
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    cells = [nbformat.v4.new_markdown_cell("# Training"), *(nbformat.v4.new_code_cell(cell) for cell in CELLS)]
    (folder / "train.ipynb").write_text(nbformat.writes(nbformat.v4.new_notebook(metadata=kernel, cells=cells)))
    return folder


def test_an_unsaved_edit_and_a_new_name_are_kept(page: Page, lab: Lab, folder: Path) -> None:
    notebook = Notebook(page, lab, "kept/train.ipynb")
    for cell in (1, 2, 3):
        notebook.run(cell)
    page.evaluate(
        """() => { const cells = window.jupyterapp.shell.currentWidget.content.model.cells;
        cells.get(2).sharedModel.setSource('lr = 0.5  # not run yet');
        cells.get(0).sharedModel.setSource('# Training, edited'); }"""
    )
    page.evaluate("() => window.jupyterapp.shell.currentWidget.context.rename('renamed.ipynb')")
    notebook.run(4)
    store = folder / ".trackside"

    record: NotebookRecord = part(store, "notebook")
    assert (record.came_from, record.front_end, record.is_unsaved) == ("front end", "JupyterLab", True)
    assert record.path == str(folder / "renamed.ipynb")
    assert cells_of(store) == [
        ("markdown", "# Training, edited"),
        ("code", CELLS[0]),
        ("code", "lr = 0.5  # not run yet"),
        ("code", CELLS[2]),
        ("code", CELLS[3]),
    ]
    code: Code = part(store, "code")
    assert sources(store) == [CELLS[1], CELLS[2], CELLS[3]]
    assert [cell.state for cell in code.cells] == ["edited", "current", "current"]
    card = page.locator(notebook.output(4)).locator(".trackside-card")
    card.get_by_text("uses names of a cell that was since edited: In[2]").wait_for()

    notebook.save()
    again = Notebook(page, lab, "kept/renamed.ipynb")  # the page is new, its kernel is not
    card = page.locator(again.output(4)).locator(".trackside-card")
    card.get_by_role("button", name="Ignore lr from now on").wait_for(state="attached")
    page.wait_for_timeout(1000)
    again.run(4)
    record = part(store, "notebook")
    assert (record.came_from, record.path) == ("front end", str(folder / "renamed.ipynb"))
