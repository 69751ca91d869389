"""Models in JupyterLab: a lineage's boxes open; a run is decided on, registered and promoted, or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import trackside as ts
from tests.browser.lab import Lab, Notebook

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

TRAIN = """%%track logistic
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
X, y = load_iris(return_X_y=True)
ts.log_dataset("X", X, role="train")
model = LogisticRegression(max_iter=500).fit(X, y)
ts.log(train_acc=model.score(X, y))
ts.log_artifact(model, "model", kind="model")"""
TAG = "ts.runs('last').tag(stage='sweep', owner='ann', reviewed='')"
REGISTER = """version = ts.models.register("iris", "last", why="a start").promote("staging").promote("production")
version"""


def open_run(page: Page) -> Locator:
    """Open the page of the run from the side panel, and return it."""
    page.evaluate("jupyterapp.shell.activateById('trackside-panel')")
    page.locator("#trackside-panel .trackside-run", has_text="logistic").dblclick()
    shown = page.locator(".trackside-run-page:not(.trackside-model-page):visible")
    shown.locator("[data-section=metrics]").wait_for()
    return shown


def fill(form: Locator, word: str, **given: str) -> None:
    """Fill in a form and send it."""
    for name, value in given.items():
        field = form.locator(f"[name={name}]")
        field.select_option(value) if field.evaluate("field => field.tagName") == "SELECT" else field.fill(value)
    form.get_by_role("button", name=word).click()


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


def test_a_run_is_registered_on_its_page_and_promoted_on_the_models(page: Page, lab: Lab) -> None:
    folder = lab.write_project("iris", ["import trackside as ts", TRAIN, TAG])
    notebook = Notebook(page, lab, "iris/iris.ipynb")
    for cell in range(3):
        notebook.run(cell)
    shown = open_run(page)
    chip = page.locator("#trackside-panel .trackside-run .trackside-chip").first
    assert chip.evaluate("shown => shown.scrollWidth <= shown.clientWidth")
    shown.get_by_role("button", name="Register…").click()
    fill(shown.locator("form"), "Register", model="iris", why="the <b>first</b>")
    model = page.locator(".trackside-model-page:visible")
    row = model.locator("tbody tr")
    row.get_by_text("the <b>first</b>").wait_for()

    model.get_by_role("button", name="Promote version 1").click()
    form = model.locator("form")
    fill(form, "Promote version 1", value="production")
    form.get_by_text("✗ staging first: it has not been in staging; expected it there first").wait_for()
    fill(form, "Promote version 1", value="staging", why="looks good")
    row.locator("[data-stage=staging]").wait_for()
    assert form.count() == 0
    model.get_by_role("button", name="Promote version 1").click()
    fill(form, "Promote version 1", value="production")
    row.locator("[data-stage=production]").wait_for()
    model.get_by_role("button", name="Give alias").click()
    fill(form, "Give alias", value="champion")
    row.locator(".trackside-chip", has_text="champion").wait_for()
    model.locator("summary", has_text="lineage").click()
    model.locator(".trackside-lineage details[name] > summary").last.click()
    model.locator(".trackside-lineage details[name][open]").wait_for()
    model.locator("summary", has_text="History of the model").click()
    model.get_by_text("to staging, by").last.wait_for()
    version = ts.models.at(folder / ".trackside")["iris"]["champion"]
    assert (version.stage, version.why) == ("production", "the <b>first</b>")

    model.get_by_role("button", name="All models").click()
    everything = page.locator(".trackside-model-page:visible", has_text="Registered models")
    everything.get_by_role("button", name=version.run_id[-5:]).click()
    versions = shown.locator("[data-section=versions]")
    versions.get_by_text("production · champion").wait_for()
    versions.get_by_role("button", name="iris 1").click()
    row.locator("[data-stage=production]").wait_for()


def test_a_run_is_decided_on_with_a_reason_and_that_is_taken_back(page: Page, lab: Lab) -> None:
    folder = lab.write_project("iris", ["import trackside as ts", TRAIN])
    with (folder / "pyproject.toml").open("a") as settings:
        settings.write('\n[tool.trackside.policy]\non_violation = "refuse"\ntags = ["owner"]\n')
    notebook = Notebook(page, lab, "iris/iris.ipynb")
    for cell in range(2):
        notebook.run(cell)
    shown = open_run(page)
    decide = shown.get_by_role("button", name="Decide…")
    form = shown.locator("form")
    decide.click()
    fill(form, "Decide", decision="promote", why="the best")
    shown.locator(".trackside-run-head").get_by_text("found none; expected a tag owner").wait_for()
    fill(form, "Decide", decision="drop", why="too <b>slow</b>")
    shown.get_by_text("logistic: drop").wait_for()
    decisions = shown.locator("[data-section=decisions]")
    decisions.get_by_text("too <b>slow</b>").wait_for()
    assert ts.runs("decision = 'drop'", experiment="*", store=folder / ".trackside", include_hidden=True).names == [
        "logistic"
    ]
    shown.get_by_role("button", name="Undo").click()
    shown.get_by_role("button", name="Put in the bin").wait_for()
    run = ts.runs("logistic", experiment="*", store=folder / ".trackside")
    assert run.df["decision"].isna().all()
    shown.get_by_role("button", name="Register…").click()
    fill(form, "Register", model="iris")
    form.get_by_text("✗ policy: it is not registered, as the policy in").wait_for()
