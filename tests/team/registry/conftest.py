from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import trackside as ts

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def store(store_folder: Path) -> ts.Store:
    return ts.Store.create(store_folder)


@pytest.fixture
def run_id(store: ts.Store) -> str:
    """Return a run that has kept one model."""
    with ts.run("mlp") as run:
        ts.log(val_auc=0.9)
        ts.log_artifact(b"weights", "weights.bin", kind="model")
    assert store.refresh(30.0)
    return run.id
