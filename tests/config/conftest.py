from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of the test's own, and none of the settings of the machine that tests."""
    for variable in os.environ:
        if variable.startswith(("TRACKSIDE_", "GIT_", "JUPYTERHUB_")):
            monkeypatch.delenv(variable)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    return tmp_path


@pytest.fixture
def project(home: Path) -> Path:
    """A folder below the home folder, with nothing in it."""
    folder = home / "digits"
    folder.mkdir()
    return folder
