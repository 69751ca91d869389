"""A comparison as a page of its own: opened from the disk, with no server, kernel or network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import trackside as ts
from trackside.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from trackside.widgets import View

HOSTILE = "</script><script>document.title = 'taken over'</script>"


@pytest.fixture
def view(store_folder: Path) -> View:
    """Return a comparison of three runs, one of which has a name that means harm."""
    assert not store_folder.exists()
    for lr, name in ((0.1, "slow"), (0.2, "fast"), (0.3, HOSTILE)):
        with ts.run(name, params={"lr": lr}) as run:
            for step in range(5):
                run.log(loss=lr - step / 100, accuracy=lr + step / 100)
    return ts.runs().compare("loss")


def test_it_answers_brushes_words_and_choices_by_itself(page: Page, view: View, tmp_path: Path) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    path = view.to_html(tmp_path / "report.html")
    page.goto(path.as_uri())
    rows = page.locator("tbody tr[data-run]")
    rows.first.wait_for()
    assert rows.count() == 3
    page.locator(".trackside-filter input").fill("slow")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelectorAll('tbody tr[data-run]').length === 1")
    page.locator(".trackside-filter input").fill("loss < 0.5 and name != 'slow'")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelectorAll('tbody tr[data-run]').length === 2")
    page.get_by_role("button", name="Clear filters").click()
    page.get_by_role("group", name="Panels").get_by_role("button", name="Scatter").click()
    page.locator("[data-panel=scatter] canvas").first.wait_for()
    assert (page.title(), asked) == ("Trackside: 3 runs", [path.as_uri()])
    assert page.get_by_text(HOSTILE).count() > 0


def test_every_metric_can_be_drawn(page: Page, view: View, tmp_path: Path) -> None:
    page.goto(view.to_html(tmp_path / "report.html").as_uri())
    history = page.locator("[data-panel=history]")
    history.get_by_role("button", name="loss").first.click()
    page.get_by_role("dialog", name="Metrics").get_by_role("checkbox", name="accuracy").check()
    history.locator("[aria-label*='accuracy by step, 3 lines']").wait_for()


def test_a_page_that_cannot_be_written_is_refused(view: View, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot be written to .*expected a file in a folder that is there"):
        view.to_html(tmp_path / "nowhere" / "report.html")
