"""Every test has a store of its own, and nothing of the developer's settings."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tests.forked_helpers import ForkedHelpers

hypothesis.settings.register_profile("trackside", deadline=None)  # machines are noisy; nothing here is a timed test
hypothesis.settings.load_profile("trackside")

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


os.environ["TRACKSIDE_SYSTEM"] = "0"  # how long a test takes is not to decide what metrics its runs have


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the fault and scale tests be run at full length: ``pytest --long``."""
    parser.addoption("--long", action="store_true", help="run the fault and scale tests at full length")


@pytest.fixture
def is_long(request: pytest.FixtureRequest) -> bool:
    """Return whether the fault and scale tests are to run at full length."""
    return bool(request.config.getoption("--long"))


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("TRACKSIDE_") or name == "JPY_SESSION_NAME"]:
        if name != "TRACKSIDE_SYSTEM":
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def forked_helpers() -> Iterator[ForkedHelpers]:
    helpers = ForkedHelpers()
    yield helpers
    helpers.close()


@pytest.fixture(autouse=True)
def _helpers_are_forked(forked_helpers: ForkedHelpers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trackside.store.helper._start", forked_helpers.start)


@pytest.fixture(autouse=True)
def _untold() -> None:
    """Let each test be told anew that no run is live, as each cell is."""
    if (current := sys.modules.get("trackside.tracking.current")) is not None:
        current.begin_cell()


@pytest.fixture(autouse=True)
def _no_known_secrets() -> None:
    """Let no test's secrets be left out of the next one's runs."""
    if (known := sys.modules.get("trackside.capture.words.secrets.known")) is not None:
        known.forget()


@pytest.fixture
def store_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder that ``ts.run`` and ``ts.runs`` of this test use."""
    folder = tmp_path / ".trackside"
    monkeypatch.setenv("TRACKSIDE_STORE", str(folder))
    monkeypatch.setenv("TRACKSIDE_PROJECT", "p")
    monkeypatch.setenv("TRACKSIDE_EXPERIMENT", "digits")
    return folder
