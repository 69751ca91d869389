from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from trackside.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def _helpers_are_forked() -> None:
    """Start helpers here as users' are started."""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / ".trackside")
