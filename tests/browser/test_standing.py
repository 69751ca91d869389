"""What is pointed at in a chart tells how it stands to the baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import trackside as ts

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

TOLD = "val_loss against a: +0.1 (+20%), worse"


@pytest.fixture
def drawn(page: Page, store_folder: Path) -> Page:
    """Return a page with the charts of three runs, ``b`` in the middle of each."""
    for number, name in enumerate("abc"):
        with ts.run(name, params={"lr": 10.0**-number, "depth": number}) as run:
            run.log_history(val_loss=[1.0, 0.5 + number / 10])
    ts.runs("a").make_baseline()
    view = ts.runs().compare(view={"panels": ["history", "parallel", "scatter"]})
    page.goto(view.to_html(store_folder.parent / "page.html").as_uri())
    page.locator(".trackside-scatter canvas").first.wait_for()
    return page


def point_at(page: Page, selector: str, x: float, y: float) -> None:
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])


def test_points_and_lines_that_are_pointed_at_tell_how_they_stand_to_the_baseline(drawn: Page) -> None:
    tip = drawn.locator(".trackside-parallel .trackside-readout")
    for part in range(20, 80):  # the line's place hangs on the fonts
        point_at(drawn, ".trackside-parallel-surface", 0.5, part / 100)
        if tip.is_visible() and tip.inner_text().startswith("b"):
            break
    assert TOLD in tip.inner_text()
    assert TOLD in drawn.locator(".trackside-scatter-tip").inner_text()


def test_the_values_at_a_step_are_read_off_with_their_distance_from_the_baselines(drawn: Page) -> None:
    readout = drawn.locator(".trackside-history .trackside-readout")
    for part in range(10, 90, 2):  # until one of the lines is near
        point_at(drawn, ".u-over", 0.98, part / 100)
        rows = readout.locator(".trackside-readout-row").all_inner_texts()
        if any("+0.1" in row for row in rows):
            break
    assert [row.split() for row in rows] == [["c", "0.7", "+0.2"], ["b", "0.6", "+0.1"], ["a", "0.5"]]
