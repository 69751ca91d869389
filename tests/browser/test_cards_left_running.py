"""A card of a run that went on when its kernel died does not look alive: the store tells what became of it."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import nbformat

from tests.browser.lab import Lab, Notebook

if TYPE_CHECKING:
    from playwright.sync_api import Page

TRAIN = """\
%%track doomed
import time
for step in range(100_000):
    ts.log(loss=1 / (step + 1))
    time.sleep(0.01)"""


def test_a_card_whose_kernel_died_tells_its_end_without_a_kernel(page: Page, lab: Lab) -> None:
    folder = lab.write_project("left", ("import trackside as ts", TRAIN))
    notebook = Notebook(page, lab, "left/left.ipynb")
    notebook.run(0)
    notebook.start(1)
    card = page.locator(notebook.output(1)).locator(".trackside-card")
    card.get_by_text("loss").wait_for()
    assert "● running" in card.inner_text()

    notebook.save()
    (process,) = lab.kernel_pids()
    os.kill(process, signal.SIGKILL)
    card.get_by_text("■ interrupted").wait_for()
    assert "loss" in card.inner_text()

    elsewhere = folder.rename(lab.root / "elsewhere")
    (elsewhere / ".trackside").rename(lab.root / "store")
    notebook = Notebook(page, lab, "elsewhere/left.ipynb", kernel=False)
    card = page.locator(notebook.output(1)).locator(".trackside-card")
    card.get_by_text("last seen running").wait_for()
    assert "●" not in card.inner_text()

    elsewhere.rename(folder)
    (lab.root / "store").rename(folder / ".trackside")
    notebook = Notebook(page, lab, "left/left.ipynb")
    notebook.run(0)
    card = page.locator(notebook.output(1)).locator(".trackside-card")
    card.get_by_text("■ interrupted").wait_for()
    notebook.save()
    saved = nbformat.read(lab.root / "left" / "left.ipynb", as_version=4).cells[1].outputs[0].data
    assert "interrupted" in saved["text/html"]
    assert "running" not in saved["text/plain"]
