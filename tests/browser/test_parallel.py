"""Parallel coordinates in a notebook: brushed, reordered and flipped, by mouse and by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.lab import Lab, Notebook

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

RUNS = """import trackside as ts
for width in range(1, 5):
    for depth in range(1, 4):
        with ts.run(f'{width} × {depth}', params={'width': width, 'depth': depth, 'kind': 'abc'[depth - 1]}) as run:
            run.log(loss=1 / (width * depth))
"""
CELLS = (RUNS, "ts.runs(experiment='*').parallel()")
MAKE, VIEW = range(2)


@pytest.fixture
def notebook(page: Page, lab: Lab) -> Notebook:
    """Return a notebook that shows twelve runs, four widths × three depths, and has run."""
    lab.write_project("parallel", CELLS)
    notebook = Notebook(page, lab, "parallel/parallel.ipynb")
    notebook.run(MAKE)
    notebook.run(VIEW)
    return notebook


@pytest.fixture
def view(page: Page, notebook: Notebook) -> Locator:
    live = page.locator(notebook.output(VIEW)).locator(".trackside[data-live]:visible")
    live.locator(".trackside-axis-strip").first.wait_for()
    live.locator(".trackside-plot").scroll_into_view_if_needed()
    return live


def axis(view: Locator, name: str) -> Locator:
    return view.locator(".trackside-axis").filter(has=view.page.get_by_role("button", name=name, exact=True))


def wait_for_order(view: Locator, names: list[str]) -> None:
    """Wait until the axes stand so from left to right."""
    view.page.wait_for_function(
        """([view, names]) => names === [...view.querySelectorAll('.trackside-axis-name')]
            .sort((a, b) => a.getBoundingClientRect().x - b.getBoundingClientRect().x)
            .map((name) => name.textContent).join()""",
        arg=[view.element_handle(), ",".join(names)],
    )


def drag(view: Locator, name: str, start: float, end: float) -> None:
    """Drag along an axis, from one part of its height to another, both counted from the top."""
    box = axis(view, name).locator(".trackside-axis-strip").bounding_box()
    assert box is not None
    mouse, middle = view.page.mouse, box["x"] + box["width"] / 2
    mouse.move(middle, box["y"] + box["height"] * start)
    mouse.down()
    mouse.move(middle, box["y"] + box["height"] * end, steps=5)
    mouse.up()


def test_brushes_are_added_and_removed_by_mouse_and_by_keys(view: Locator, page: Page) -> None:
    view.get_by_text("12 runs", exact=True).wait_for()
    drag(view, "width", 0.01, 0.15)
    view.locator(".trackside-count", has_text="3 of 12 runs").wait_for()
    drag(view, "width", 0.85, 0.99)
    view.locator(".trackside-count", has_text="6 of 12 runs").wait_for()
    drag(view, "depth", 0.01, 0.2)
    view.locator(".trackside-count", has_text="2 of 12 runs").wait_for()

    boxes = axis(view, "width").locator(".trackside-brush")
    boxes.first.hover()
    boxes.first.get_by_role("button", name="Remove this brush").click()
    view.locator(".trackside-count", has_text="1 of 12 runs").wait_for()
    boxes.first.dblclick()
    view.locator(".trackside-count", has_text="4 of 12 runs").wait_for()
    assert boxes.count() == 0

    view.get_by_role("button", name="Clear filters").click()
    view.get_by_text("12 runs", exact=True).wait_for()

    strip = axis(view, "kind").locator(".trackside-axis-strip")
    strip.focus()
    page.keyboard.press("ArrowUp")
    view.locator(".trackside-count", has_text="4 of 12 runs").wait_for()
    assert axis(view, "kind").locator(".trackside-brush").get_attribute("aria-valuetext") == "b"
    page.keyboard.press("+")
    view.locator(".trackside-count", has_text="8 of 12 runs").wait_for()
    page.keyboard.press("Escape")
    view.get_by_text("12 runs", exact=True).wait_for()


def test_axes_are_moved_and_flipped_by_mouse_and_by_keys(view: Locator, page: Page) -> None:
    first, *others = view.locator(".trackside-axis-name").all_inner_texts()
    name = view.get_by_role("button", name=first, exact=True)
    box, last = name.bounding_box(), view.get_by_role("button", name=others[-1], exact=True).bounding_box()
    assert box is not None
    assert last is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(last["x"] + last["width"] / 2, box["y"] + 8, steps=8)
    page.mouse.up()
    wait_for_order(view, [*others, first])

    name.focus()
    page.keyboard.press("ArrowLeft")
    wait_for_order(view, [*others[:-1], first, others[-1]])

    page.keyboard.press("f")
    flipped = view.get_by_role("button", name=f"↓ {first}", exact=True)
    flipped.wait_for()
    flipped.dblclick()
    view.get_by_role("button", name=first, exact=True).wait_for()

    axis(view, first).locator(".trackside-axis-strip").hover()
    axis(view, first).get_by_role("button", name=f"Remove the axis {first} (Delete)").click()
    wait_for_order(view, others)
