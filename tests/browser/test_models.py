"""A model's lineage opens in JupyterLab."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.lab import Lab, Notebook

if TYPE_CHECKING:
    from playwright.sync_api import Page

TRAIN = """%%track logistic
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
X, y = load_iris(return_X_y=True)
ts.log_dataset("X", X, role="train")
model = LogisticRegression(max_iter=500).fit(X, y)
ts.log(train_acc=model.score(X, y))
ts.log_artifact(model, "model", kind="model")"""
REGISTER = """version = ts.models.register("iris", "last", why="a start").promote("staging").promote("production")
version"""


def test_the_boxes_of_a_lineage_open_and_none_is_cut(page: Page, lab: Lab) -> None:
    lab.write_project("iris", ["import trackside as ts", TRAIN, REGISTER, "ts.lineage(version)"])
    notebook = Notebook(page, lab, "iris/iris.ipynb")
    for cell in range(4):
        notebook.run(cell)
    card = page.locator(notebook.output(2)).locator(".trackside-model")
    card.locator("summary", has_text="lineage").click()
    for shown in (card.locator(".trackside-lineage"), page.locator(notebook.output(3)).locator(".trackside-lineage")):
        picture = shown.locator("div[style*=overflow-x]")
        assert picture.evaluate("shown => shown.scrollWidth <= shown.clientWidth")
        boxes = shown.locator("details[name] > summary")
        assert boxes.count() == 7
        for box in boxes.all():
            box.click()
            opened = shown.locator("details[name][open]")
            assert opened.count() == 1
            assert opened.locator("> summary").inner_text() == box.inner_text()
            assert len(opened.locator("> div > div").all()) > 1  # more than its title
    page.locator(notebook.output(3)).scroll_into_view_if_needed()
