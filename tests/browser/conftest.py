"""A headless Chromium, a JupyterLab, and a picture of the page where a test fails."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.chromium import FLAGS, find_chromium
from tests.browser.lab import Lab

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

NOT_OURS = {
    "Failed to fetch",
    "Cannot read properties of null (reading 'kernel')",
    "Cannot read properties of undefined (reading 'schema')",
}
"""JupyterLab's and ipywidgets' own errors where a page is left, or a kernel shut down, while they still load; and
Notebook's own at every start, with no extension in it."""

PICTURES = Path(__file__).parent.parent / "pictures"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def shared_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Start one JupyterLab for all tests: that takes longer than many of them."""
    lab = Lab(tmp_path_factory.mktemp("lab"))
    yield lab
    lab.stop()


@pytest.fixture
def left_tidy(request: pytest.FixtureRequest) -> Iterator[None]:
    """Leave nothing in JupyterLab to the next test, once the page is closed."""
    lab = request.getfixturevalue("shared_lab") if "lab" in request.fixturenames else None
    yield
    if lab is not None:
        lab.clear()


@pytest.fixture
def lab(shared_lab: Lab, request: pytest.FixtureRequest) -> Lab:
    request.getfixturevalue("left_tidy")
    return shared_lab


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    request.getfixturevalue("left_tidy")
    context = browser.new_context(viewport={"width": 1400, "height": 1000}, offline=False)
    page = context.new_page()
    page.set_default_timeout(30_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=PICTURES / f"{request.node.name}.png")
    context.close()
    ours = [error for error in errors if error not in NOT_OURS]
    assert not ours, ours


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Run the browser last: Playwright keeps an event loop in the main thread, which asyncio tests cannot bear."""
    items.sort(key=lambda item: "/browser/" in str(item.path))
