"""How much of a run is kept is the settings' word."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

import trackside as ts
from tests.magic.shells import run_cell, said
from tests.store.support import one
from trackside.store.store import Store

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

CELL = "%%track\nlr = 0.1\naccuracy = float((X > lr).mean()) + float(tmp_x.mean())"


def kept(shell: InteractiveShell, store_folder: Path) -> dict[str, int]:
    """Return how many of each thing there are of a run that read two arrays."""
    shell.user_ns.update(X=np.ones((10, 10)), tmp_x=np.ones((10, 10)), ts=ts)
    run_cell(shell, CELL)
    store = Store(store_folder)
    assert store.refresh(wait=30)
    return {
        "params": one(store, "SELECT count(*) FROM params WHERE key = 'lr'"),
        "metrics": one(store, "SELECT count(*) FROM metrics WHERE key = 'accuracy'"),
        "source": one(store, "SELECT count(*) FROM runs WHERE source LIKE '%lr = 0.1%' AND status = 'finished'"),
        "environment": one(store, "SELECT count(*) FROM runs WHERE environment_digest IS NOT NULL"),
        "data": one(store, "SELECT count(*) FROM datasets"),
    }


@pytest.mark.parametrize(("level", "environment_and_data"), [("full", (1, 2)), ("lean", (1, 2)), ("minimal", (0, 0))])
def test_a_level_keeps_what_it_says(
    shell: InteractiveShell,
    store_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    level: str,
    environment_and_data: tuple[int, int],
) -> None:
    monkeypatch.setenv("TRACKSIDE_CAPTURE", level)
    found = kept(shell, store_folder)
    environment, data = environment_and_data
    assert found == {"params": 1, "metrics": 1, "source": 1, "environment": environment, "data": data}


def test_never_holds_for_data_too(shell: InteractiveShell, store_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(store_folder.parent)
    (store_folder.parent / "trackside.toml").write_text("never = ['tmp_*']")
    assert kept(shell, store_folder)["data"] == 1


@pytest.mark.parametrize(("level", "is_read"), [("full", True), ("lean", False), ("minimal", False)])
def test_only_in_full_is_what_data_holds_read(
    shell: InteractiveShell,
    store_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    level: str,
    is_read: bool,
) -> None:
    monkeypatch.setenv("TRACKSIDE_CAPTURE", level)
    monkeypatch.chdir(store_folder.parent)
    Path("a.csv").write_text("1")
    rows = np.random.default_rng(1).normal(size=(200, 10))
    shell.user_ns.update(X_train=rows, X_test=rows)
    shell.user_ns["np"] = np
    card = said(shell, capsys, "%%track\nX_train.sum() + X_test.sum() + np.loadtxt('a.csv')")
    store = Store(store_folder)
    assert store.refresh(wait=30)
    kept = f"SELECT count(*) FROM datasets WHERE {'' if is_read else 'NOT '}(digest IS NOT NULL)"
    assert one(store, kept) == (0 if level == "minimal" else 3)
    assert ("rows of" in card) is is_read
