"""The diff and the artifacts of real runs in a notebook: their code, figures, predictions and files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.lab import Lab, Notebook

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

RUN = """%%track {name}
import matplotlib.pyplot as plt
lr = {lr}
for step in (1, 2):
    fig, ax = plt.subplots(figsize=(3, 2))
    ax.plot([0, lr * step])
    ts.log_artifact(fig, "curve", step=step)
    plt.close(fig)
    ts.log(loss=lr / step)
ts.log_predictions([0, 1, 1], [0, {third}, 1], ids=["r1", "r2", "r3"])
svg = "<svg xmlns='http://www.w3.org/2000/svg' onload='window.ran = 1'><script>window.ran = 1</script></svg>"
ts.log_artifact(svg.encode(), "mark.svg")
ts.log_artifact("<img src=x onerror='window.ran = 1'>\\nlr is {lr}", "<b onclick=x>.txt")
"""
CELLS = (
    "import trackside as ts",
    RUN.format(name="slow", lr=0.1, third=0),
    RUN.format(name="fast", lr=0.2, third=1),
    "view = ts.runs(experiment='*').compare(); view",
)
VIEW = len(CELLS) - 1


@pytest.fixture
def view(page: Page, lab: Lab) -> Locator:
    """Return the live comparison of two runs."""
    lab.write_project("artifacts", CELLS)
    notebook = Notebook(page, lab, "artifacts/artifacts.ipynb")
    for cell in range(len(CELLS)):
        notebook.run(cell)
    live = page.locator(notebook.output(VIEW)).locator(".trackside[data-live]:visible")
    live.locator("tbody tr[data-run]").first.wait_for()
    return live


def show_alone(view: Locator, panel: str) -> None:
    view.get_by_role("group", name="Panels").get_by_role("button", name=panel, exact=True).click(modifiers=["Shift"])


def look_at(view: Locator, name: str) -> Locator:
    """Bring the artifacts of a name into sight: they are loaded then."""
    row = view.locator(f"[data-name='{name}']")
    row.scroll_into_view_if_needed()
    return row


def test_the_diff_of_two_runs_is_told_line_by_line(view: Locator) -> None:
    show_alone(view, "Diff")
    code = view.locator(".trackside-lines").first
    code.locator("del", has_text="1").first.wait_for()
    assert code.locator(".trackside-line-pair:has(del)").nth(1).inner_text().split() == (
        ["−", "lr", "=", "0.1", "+", "lr", "=", "0.2"]
    )
    heads = view.locator(".trackside-diff-head .trackside-run-label bdi")
    expect(heads).to_have_text(["slow", "fast"])

    view.get_by_role("button", name="Swap").click()
    expect(heads).to_have_text(["fast", "slow"])
    view.get_by_role("button", name="Unified").click()
    view.locator(".trackside-lines > .trackside-line[data-kind='removed']").first.wait_for()
    view.get_by_label("Before").select_option(label="slow")
    view.get_by_text("Choose two different runs.").wait_for()
    view.get_by_role("button", name="Follow selection").click()
    view.locator(".trackside-diff-body details").first.wait_for()


def test_artifacts_are_held_against_each_other_and_nothing_of_them_runs(view: Locator, page: Page) -> None:
    show_alone(view, "Artifacts")
    curves = view.locator("[data-name='curve']")
    curves.locator("img").nth(1).wait_for()
    assert curves.locator("figcaption").first.inner_text().startswith("step 2")
    assert all(url.startswith("blob:") for url in curves.locator("img").evaluate_all("all => all.map(i => i.src)"))

    view.get_by_label("Step", exact=True).press("ArrowLeft")
    curves.get_by_text("step 1").nth(1).wait_for()
    view.get_by_role("button", name="Swipe").click()
    handle = curves.get_by_role("slider")
    handle.press("ArrowLeft")
    assert curves.locator(".trackside-swipe").evaluate("e => e.style.getPropertyValue('--ts-swipe')") == "49%"
    view.get_by_role("button", name="Difference").click()
    curves.get_by_text("of the pixels differ").wait_for()

    look_at(view, "predictions")
    flipped = view.locator("td[data-flip]")
    flipped.wait_for()
    assert flipped.get_attribute("title") == "flipped, now right"
    assert view.locator(".trackside-artifact-wide tbody tr").count() == 1

    look_at(view, "<b onclick=x>.txt").locator("ins", has_text="2").wait_for()
    marks = look_at(view, "mark.svg")
    with page.expect_download() as download:
        marks.get_by_role("button", name="Save mark.svg").first.click()
    assert download.value.suggested_filename == "mark.svg"
    assert Path(download.value.path()).read_bytes().startswith(b"<svg")
    assert view.locator(".trackside-artifacts :is(svg, iframe, script)").count() == 0
    assert page.evaluate("window.ran") is None
