"""From a run to its notebook: to the cell that made it, to the notebook as it was, to a restored copy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import trackside as ts
from tests.browser.lab import Lab, Notebook

if TYPE_CHECKING:
    from playwright.sync_api import Page

FILLING = "\n".join(f"# line {line}" for line in range(40))
CELLS = ("import trackside as ts", *(FILLING,) * 4, "%%track mlp\nlr = 0.1\nts.log(val_loss=lr)")
MADE_IT = 5


def test_from_a_run_to_its_cell_to_its_notebook_as_it_was_and_to_a_copy(page: Page, lab: Lab) -> None:
    lab.let_notify()
    folder = lab.write_project("past", CELLS)
    notebook = Notebook(page, lab, "past/past.ipynb")
    notebook.run(0)
    notebook.run(MADE_IT)
    notebook.save()
    (run_id,) = ts.runs(store=folder / ".trackside", experiment="*").ids
    place = lab.get("/trackside/place?path=past/past.ipynb")
    run = {"store": place["store"], "run_id": run_id}

    page.evaluate("() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 0; }")
    page.evaluate("() => window.jupyterapp.commands.execute('launcher:create')")
    _execute(page, "trackside:go-to-cell", run)
    cell = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook .jp-Cell").nth(MADE_IT)
    cell.get_by_text("val_loss=lr").wait_for()
    page.wait_for_function("i => window.jupyterapp.shell.currentWidget.content.activeCellIndex === i", arg=MADE_IT)

    page.evaluate(
        """() => { const { content } = window.jupyterapp.shell.currentWidget;
        content.model.sharedModel.deleteCell(5); content.model.sharedModel.insertCell(0,
        { cell_type: 'markdown', source: 'since then' }); }"""
    )
    notebook.save()
    _execute(page, "trackside:go-to-cell", run)
    toast = page.locator(".Toastify__toast")
    toast.get_by_text("The cell that made this run is no longer in past/past.ipynb.").wait_for()
    sessions = len(lab.get("/api/sessions"))
    toast.get_by_role("button", name="Open it as it was").click()
    tab = page.locator(f".lm-TabBar-tab:has-text('past as it was ({run_id[-5:]}).ipynb')")
    tab.wait_for()
    past = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
    past.get_by_text("notebook is read-only").wait_for()
    past.locator(".jp-Notebook").get_by_text("val_loss=lr").wait_for()
    past.locator(".trackside-card").get_by_text("✓ finished").wait_for()
    assert past.get_by_text("since then").count() == 0
    past.locator(".cm-content").last.click()
    page.keyboard.type("an edit")
    assert past.get_by_text("an edit").count() == 0
    assert past.get_by_text("No Kernel").count() == 1
    assert len(lab.get("/api/sessions")) == sessions
    refused = page.evaluate(
        """async () => { const { context } = window.jupyterapp.shell.currentWidget;
        return window.jupyterapp.serviceManager.contents.delete(context.path).catch(error => error.message); }"""
    )
    assert "cannot be changed" in refused

    while "as it was" not in str(lab.get("/lab/api/workspaces/default")):  # the layout is kept a moment later
        page.wait_for_timeout(100)
    assert "/lab/tree/trackside:" in unquote(page.url)
    page.reload()
    tab.wait_for()
    tab.click()
    past.get_by_text("notebook is read-only").wait_for()
    assert past.get_by_text("No Kernel").count() == 1

    _restore_whole(page, run)
    page.locator(f".lm-TabBar-tab:has-text('mlp-{run_id[-5:]}.ipynb')").wait_for()
    assert (folder / f"restored-{run_id[-5:]}" / f"mlp-{run_id[-5:]}.ipynb").exists()


def _restore_whole(page: Page, run: dict[str, Any]) -> None:
    page.evaluate("run => void window.jupyterapp.commands.execute('trackside:restore', run)", run)
    dialog = page.locator(".jp-Dialog")
    dialog.get_by_text("A new folder is written beside past/past.ipynb").wait_for()
    dialog.get_by_text("The whole notebook as it stood").click()
    dialog.get_by_role("button", name="Restore").click()


def _execute(page: Page, command: str, args: dict[str, Any]) -> None:
    page.wait_for_function("id => window.jupyterapp?.commands.hasCommand(id)", arg=command)
    page.evaluate("([id, args]) => window.jupyterapp.commands.execute(id, args)", [command, args])
