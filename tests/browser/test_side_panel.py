"""The side panel: what has been tracked, beside the notebook, with its kernel or without."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import trackside as ts
from tests.browser.lab import Lab, Notebook

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Dialog, Locator, Page, Request

IMPORT, FIRST, LIVE = range(3)
LOOP = """\
%%track live
step = 0
while True:
    step += 1
    ts.log(accuracy=1 - 1 / step)
    time.sleep(0.1)"""
CELLS = (
    "import time\nimport trackside as ts",
    "%%track first\nlr = 0.1\nfor step in range(10):\n    ts.log(accuracy=step / 20)",
    LOOP,
)
SWEEP = """\
import trackside as ts
for width in (4, 8, 16, 32):
    with ts.run(f"width {width}", params={"width": width}, tags={"stage": "sweep"}) as run:
        for step in range(20):
            run.log(accuracy=1 - 1 / (width + step))
with ts.run("wrong", params={"width": 0}) as run:
    run.log(accuracy=0.1)
    raise ValueError("no width")"""

HOSTILE = """\
import trackside as ts
image = "<img src=https://example.com/x onerror=alert(1)>"
for name in (image, "</textarea><script>alert(2)</script>", "\u202egnp.exe", "__proto__"):
    with ts.run(name, params={name: name, "long": "x" * 10_000}, tags={"stage": name}) as run:
        run.log(**{"accuracy": 0.5})
        print(name)
ts.runs("last").note(image)"""

TWO = """\
import trackside as ts
for lr in (0.1, 0.01):
    with ts.run(f"lr {lr}", experiment="seven") as run:
        run.log(loss=lr)"""


def open_panel(page: Page) -> Locator:
    """Bring the side panel to the front, and return it."""
    page.evaluate("() => window.jupyterapp.commands.execute('trackside:show-panel')")
    return page.locator("#trackside-panel")


def write(page: Page, key: str, text: str) -> None:
    """Open by its key what is written of the run that has the focus, and write it."""
    page.keyboard.press(key)
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def tag_and_star_on_its_page(page: Page, row: Locator) -> None:
    """Open a run's page, tag and star the run there, and close it."""
    row.dblclick()
    tab = page.locator(".trackside-run-page:visible")
    tab.get_by_role("heading", name="wide one").wait_for()
    page.get_by_role("region", name="wide one").wait_for()
    write(page, "t", "stage=final")
    tab.locator(".trackside-run-head .trackside-chip", has_text="stage=final").wait_for()
    tab.get_by_role("button", name="☆ Star").click()
    tab.get_by_role("button", name="★ Starred").wait_for()
    row.locator(".trackside-starred").wait_for()
    page.evaluate("() => window.jupyterapp.shell.currentWidget.close()")


def sort_and_show(panel: Locator, key: str, value: str) -> None:
    panel.get_by_role("button", name="Sort and show").click()
    panel.get_by_label("Sort by").select_option(key)
    panel.get_by_role("checkbox", name=value).check()
    panel.page.keyboard.press("Escape")


def is_kept(request: Request) -> bool:
    """Tell whether the workspace is saved with the panel's filter and a comparison in it."""
    kept = request.post_data if "/api/workspaces" in request.url and request.method == "PUT" else None
    return kept is not None and "trackside-compare" in kept and "width < 20 and width > 0" in kept


def test_the_panel_shows_a_cell_that_runs_and_outlives_its_kernel(page: Page, lab: Lab) -> None:
    lab.write_project("live", CELLS)
    notebook = Notebook(page, lab, "live/live.ipynb")
    panel = open_panel(page)
    panel.get_by_text("No runs yet").wait_for()
    notebook.run(IMPORT)
    notebook.run(FIRST)
    first = panel.locator(".trackside-run", has_text="first")
    first.locator("[data-status=finished]").wait_for()
    assert "0.45" in first.inner_text()

    notebook.start(LIVE)
    live = panel.locator(".trackside-run", has_text="live")
    live.locator("[data-status=running]").wait_for()
    shown = live.locator(".trackside-run-metric")
    for _ in range(2):  # it goes on by itself, and nobody asks the kernel
        before = shown.inner_text()
        page.wait_for_function(
            "before => document.querySelector('.trackside-run .trackside-run-metric').textContent !== before",
            arg=before,
        )
    live.locator(".trackside-run-spark path").wait_for()
    live.dblclick()
    tab = page.locator(".trackside-run-page:visible")
    tab.get_by_text("running").first.wait_for()
    tab.locator("canvas").first.wait_for()

    for pid in lab.kernel_pids():
        os.kill(pid, signal.SIGKILL)
    live.locator("[data-status=interrupted], [data-status=failed]").wait_for()
    tab.locator(".trackside-run-head :is([data-status=interrupted], [data-status=failed])").wait_for()
    assert panel.locator(".trackside-run").count() == 2


def test_runs_are_found_compared_and_tidied_and_all_is_so_after_a_reload(page: Page, lab: Lab) -> None:
    folder = lab.write_project("sweep", (SWEEP,))
    notebook = Notebook(page, lab, "sweep/sweep.ipynb")
    notebook.run(0)
    panel = open_panel(page)
    rows = panel.locator(".trackside-run")
    panel.get_by_text("5 runs", exact=True).wait_for()

    best = rows.nth(1)
    best.click()
    page.keyboard.press("p")
    best.get_by_text("baseline").wait_for()
    panel.locator(".trackside-run", has_text="width 4").locator(".trackside-delta[data-verdict=worse]").wait_for()
    write(page, "n", "<b>wide</b>")
    best.get_by_text("<b>wide</b>").wait_for()
    write(page, "F2", "wide one")
    panel.locator(".trackside-run", has_text="wide one").wait_for()

    panel.locator(".trackside-run", has_text="wrong").click()
    page.keyboard.press("Delete")
    panel.get_by_text("4 runs", exact=True).wait_for()
    panel.get_by_role("button", name="Undo").click()
    panel.get_by_text("5 runs", exact=True).wait_for()
    kept = ts.runs(experiment="*", store=folder / ".trackside", include_hidden=True)
    assert kept.df["name"].tolist() == ["wrong", "wide one", "width 16", "width 8", "width 4"]
    assert ts.runs("baseline", experiment="*", store=folder / ".trackside").df["name"].tolist() == ["wide one"]

    tag_and_star_on_its_page(page, panel.locator(".trackside-run", has_text="wide one"))
    sort_and_show(panel, "metric:accuracy", "width param")
    rows.first.get_by_title("width: 32").wait_for()

    search = panel.get_by_role("combobox", name="Find runs")
    rows.first.focus()
    page.keyboard.press("/")
    search.and_(page.locator(":focus")).fill("width < 20 and")
    search.press("Enter")
    panel.get_by_text("all runs are still shown").wait_for()
    search.fill("width < 20 and width > 0")
    search.press("Enter")
    panel.get_by_text("3 of 5 runs", exact=True).wait_for()
    rows.first.click()
    rows.nth(2).click(modifiers=["Shift"])
    panel.get_by_role("button", name="Insert cell").click()
    inserted = "() => window.jupyterapp.shell.currentWidget.content.activeCell.model.sharedModel.getSource()"
    assert page.evaluate(inserted).startswith("%track compare ")
    with page.expect_request(is_kept):
        panel.get_by_role("button", name="Compare").click()
    bench = page.locator(".trackside-workbench:visible .trackside[data-live]")
    bench.get_by_text("3 runs", exact=True).wait_for()

    page.reload()
    panel.get_by_text("3 of 5 runs", exact=True).wait_for()
    assert search.input_value() == "width < 20 and width > 0"
    bench.get_by_text("3 runs", exact=True).wait_for()
    rows.first.get_by_title("width: 16").wait_for()


def test_names_are_shown_as_they_are_whatever_is_in_them(page: Page, lab: Lab) -> None:
    heard: list[str] = []

    def hear_dialog(dialog: Dialog) -> None:
        heard.append(dialog.message)
        dialog.dismiss()

    def hear_request(request: Request) -> None:
        if "example.com" in request.url:
            heard.append(request.url)

    page.on("dialog", hear_dialog)
    page.on("request", hear_request)
    lab.write_project("hostile", (HOSTILE,))
    notebook = Notebook(page, lab, "hostile/hostile.ipynb")
    notebook.run(0)
    panel = open_panel(page)
    rows = panel.locator(".trackside-run")
    panel.get_by_text("4 runs", exact=True).wait_for()
    assert sorted(rows.locator(".trackside-label").all_inner_texts())[:2] == [
        "</textarea><script>alert(2)</script>",
        "<img src=https://example.com/x onerror=alert(1)>",
    ]
    for at in range(4):
        rows.nth(at).dblclick()
        tab = page.locator(".trackside-run-page:visible")
        tab.get_by_role("heading", level=1).wait_for()
        tab.locator("[data-section=params]").wait_for()
        tab.locator(".trackside-run-charts .trackside[data-live]").wait_for()
    rows.first.click()
    page.keyboard.press("Control+a")
    panel.get_by_role("button", name="Compare").click()
    page.locator(".trackside-workbench:visible .trackside[data-live]").get_by_text("4 runs", exact=True).wait_for()
    assert page.locator("#trackside-panel img, .trackside-run-page img, .trackside-workbench img").count() == 0
    assert heard == []


def test_the_panel_goes_on_when_the_server_was_away(page: Page, lab: Lab) -> None:
    folder = lab.write_project("away", ("import trackside as ts",))
    track = [sys.executable, "-c", TWO.replace("seven", "away")]
    subprocess.run(track, cwd=folder, check=True)
    Notebook(page, lab, "away/away.ipynb", kernel=False)
    panel = open_panel(page)
    panel.get_by_text("2 runs", exact=True).wait_for()
    lab.stop()
    panel.get_by_text("does not answer").wait_for()
    assert panel.locator(".trackside-run").count() == 2
    lab.start()
    subprocess.run(track, cwd=folder, check=True)
    panel.get_by_text("4 runs", exact=True).wait_for()
    assert panel.get_by_text("does not answer").count() == 0


def test_notebook_7_has_the_panel_and_shows_its_tabs_below(page: Page, tmp_path: Path) -> None:
    lab = Lab(tmp_path, app="notebook")
    try:
        folder = lab.write_project("seven", ("import trackside as ts",))
        subprocess.run([sys.executable, "-c", TWO], cwd=folder, check=True)
        page.goto(f"{lab.url}/notebooks/seven/seven.ipynb?token={lab.token}")
        page.locator(".jp-Notebook .jp-Cell").first.click()
        page.keyboard.press("Escape")
        page.keyboard.press("Alt+Shift+T")
        panel = page.locator("#trackside-panel")
        rows = panel.locator(".trackside-run")
        panel.get_by_text("2 runs", exact=True).wait_for()
        rows.first.click()
        rows.nth(1).click(modifiers=["Shift"])
        panel.get_by_role("button", name="Compare").click()
        page.locator(".trackside-workbench:visible .trackside[data-live]").get_by_text("2 runs", exact=True).wait_for()
        rows.first.dblclick()
        page.locator(".trackside-run-page:visible [data-section=metrics]").wait_for()
    finally:
        lab.stop()
