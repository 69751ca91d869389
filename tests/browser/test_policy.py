"""What the team's policy says stands on the card, folded, in the panel's list and on a run's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.lab import Lab, Notebook

if TYPE_CHECKING:
    from playwright.sync_api import Page

TRAIN = "%%track mlp\nimport trackside as ts\nlr = 0.1\nts.log(val_acc=0.9)"
POLICY = '\n[tool.trackside.policy]\nparams = ["lr"]\ntags = ["<b>stage</b>"]\n'


def test_a_run_that_breaks_the_policy_says_so_wherever_it_is_seen(page: Page, lab: Lab) -> None:
    folder = lab.write_project("held", ["import trackside", TRAIN])
    with (folder / "pyproject.toml").open("a") as settings:
        settings.write(POLICY)
    notebook = Notebook(page, lab, "held/held.ipynb")
    notebook.run(0)
    notebook.run(1)
    card = page.locator(notebook.output(1)).locator(".trackside-card")
    card.get_by_text("policy: 1 of 2 ✓").wait_for()
    broken = card.get_by_text("✗ tag <b>stage</b>: broken: found none")
    assert not broken.is_visible()
    card.locator("summary").click()
    broken.wait_for()

    page.evaluate("jupyterapp.shell.activateById('trackside-panel')")
    row = page.locator("#trackside-panel .trackside-run", has_text="mlp")
    row.locator(".trackside-broken").wait_for()
    row.dblclick()
    section = page.locator(".trackside-run-page:visible [data-section=policy]")
    section.get_by_text("broken: found none; expected a tag <b>stage</b>").wait_for()
    section.get_by_text("kept").wait_for()
