"""How panels stand on a page, the numbers behind its pictures, and what its controls are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import trackside as ts

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

PANELS = ["history", "parallel", "scatter", "importance", "table", "diff", "artifacts"]
CONTROLS = {"button", "checkbox", "combobox", "link", "menuitem", "searchbox", "slider", "spinbutton", "tab", "textbox"}


@pytest.fixture
def page_of(page: Page, store_folder: Path, tmp_path: Path) -> Page:
    """Return an open page with a comparison of four runs, in which every panel is shown."""
    assert not store_folder.exists()
    for lr, name in ((0.1, "first"), (0.2, "second"), (0.3, "third"), (0.4, "fourth")):
        with ts.run(name, params={"lr": lr}) as run:
            for step in range(5):
                run.log(loss=lr - step / 100, accuracy=lr + step / 100)
    view = ts.runs().compare("loss")
    view.state = {**view.state, "panels": PANELS}
    page.goto(view.to_html(tmp_path / "report.html").as_uri())
    page.locator("tbody tr[data-run]").first.wait_for()
    return page


def choose(page: Page, layout: str) -> None:
    page.get_by_role("group", name="Layout").get_by_role("button", name=layout).click()


def panel(page: Page, name: str) -> Locator:
    return page.locator(f"[data-panel={name}]")


def place(element: Locator) -> tuple[float, float, float]:
    box = element.bounding_box()
    assert box is not None
    return box["x"], box["y"], box["width"]


def wait_for_width(page: Page, canvas: str, element: str) -> None:
    """Wait until a picture is as wide as what it stands in, but for its margins."""
    page.wait_for_function(
        """([canvas, element]) => {
            const [inner, outer] = [canvas, element].map((one) => document.querySelector(one).getBoundingClientRect());
            return inner.right <= outer.right && inner.width > 0.85 * outer.width; }""",
        arg=[canvas, element],
    )


def test_tiles_stand_beside_each_other_and_one_can_take_the_page(page_of: Page) -> None:
    _, _, whole = place(panel(page_of, "scatter"))
    choose(page_of, "beside each other")
    (left, top, width), (next_left, next_top, _) = place(panel(page_of, "history")), place(panel(page_of, "parallel"))
    assert (next_top, next_left > left + width) == (top, True)
    assert place(panel(page_of, "table"))[2] == pytest.approx(whole, abs=2)
    wait_for_width(page_of, "[data-panel=scatter] canvas", "[data-panel=scatter]")

    panel(page_of, "scatter").get_by_text("Scatter", exact=True).dblclick()
    panel(page_of, "table").wait_for(state="hidden")
    assert place(panel(page_of, "scatter"))[2] == pytest.approx(whole, abs=2)
    wait_for_width(page_of, "[data-panel=scatter] canvas", "[data-panel=scatter]")
    page_of.get_by_role("button", name="Back to the other tiles").click()
    panel(page_of, "table").wait_for()


def test_tabs_show_one_panel_and_arrow_keys_walk_through_them(page_of: Page) -> None:
    choose(page_of, "One panel at a time")
    tabs = page_of.get_by_role("tablist", name="Panels")
    tabs.get_by_role("tab", name="Scatter").click()
    panel(page_of, "history").wait_for(state="hidden")
    assert page_of.locator("[data-panel]:visible").count() == 1
    wait_for_width(page_of, "[data-panel=scatter] canvas", "[data-panel=scatter]")
    page_of.keyboard.press("ArrowLeft")
    assert tabs.get_by_role("tab", selected=True).inner_text() == "Scatter"
    page_of.keyboard.press("Enter")
    page_of.get_by_role("tabpanel", name="Params and metrics as parallel axes").wait_for()
    assert tabs.get_by_role("tab", selected=True).inner_text() == "Parallel"
    wait_for_width(page_of, "[data-panel=parallel] canvas", "[data-panel=parallel]")
    tabs.get_by_role("tab", name="Table").click(modifiers=["Shift"])
    choose(page_of, "below each other")
    assert page_of.locator("[data-panel]").count() == 1


def test_a_narrow_page_leaves_room_for_values_and_has_no_scroll_bar_within_the_diff(page_of: Page) -> None:
    page_of.set_viewport_size({"width": 700, "height": 900})
    table = panel(page_of, "table")
    page_of.wait_for_function("document.querySelector('.trackside-scroller').clientWidth < 680")
    name, first = (table.locator(f"thead th{which}").first for which in (".trackside-name", ":not(.trackside-name)"))
    assert place(name)[2] <= 0.3 * place(table)[2]
    assert place(first)[0] < 0.35 * place(table)[2]
    scrolls = "all => all.filter((one) => ['auto', 'scroll'].includes(getComputedStyle(one).overflowY)).length"
    assert panel(page_of, "diff").locator("*").evaluate_all(scrolls) == 0


@pytest.mark.parametrize(
    ("name", "column", "value"), [("history", "loss", "0.4"), ("parallel", "lr", "0.4"), ("scatter", "lr", "0.4")]
)
def test_the_numbers_behind_a_picture_are_a_table(page_of: Page, name: str, column: str, value: str) -> None:
    chart = panel(page_of, name)
    chart.get_by_text("Data", exact=True).click()
    table = chart.locator(".trackside-data").get_by_role("table")
    table.get_by_role("columnheader", name=column, exact=True).wait_for()
    assert table.get_by_role("cell", name=value, exact=True).count() > 0
    page_of.locator(".trackside-filter input").fill("first")
    page_of.keyboard.press("Enter")
    page_of.wait_for_function(
        """name => [...document.querySelectorAll(`[data-panel=${name}] .trackside-data tbody tr`)]
            .every(row => row.cells[0].textContent === 'first')""",
        arg=name,
    )
    assert table.locator("tbody tr").count() > 0


def test_every_control_has_a_name_to_be_heard(page_of: Page) -> None:
    page_of.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
    session = page_of.context.new_cdp_session(page_of)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    controls = [node for node in nodes if node.get("role", {}).get("value") in CONTROLS and not node.get("ignored")]
    unnamed = [node for node in controls if not node.get("name", {}).get("value", "").strip()]
    assert len(controls) > 60
    assert not unnamed
