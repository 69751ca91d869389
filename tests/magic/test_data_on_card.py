"""The card tells of the data: what changed in it, and what leaked; the data of a cell is in the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import trackside as ts
from tests.magic.shells import restart, run_cell, said

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

SETUP = """import numpy as np, trackside as ts
from sklearn.model_selection import train_test_split
data = np.arange(400.0).reshape(100, 4)"""
SPLIT = "X_train, X_test = train_test_split(data, test_size=0.2, random_state=0)"
CELL = "%%track\nloss = float(X_train.mean() - X_test.mean())"


@pytest.fixture
def notebook(shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch) -> InteractiveShell:
    """Return a shell that knows its notebook and has data."""
    monkeypatch.setenv("JPY_SESSION_NAME", "/project/train.ipynb")
    run_cell(shell, SETUP)
    run_cell(shell, SPLIT)
    return shell


def test_other_content_of_the_same_shape_is_told(
    notebook: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    run_cell(notebook, CELL, cell_id="a")
    assert "nothing changed" in said(notebook, capsys, CELL, cell_id="a")
    run_cell(notebook, "X_train[3, 2] += 1")
    assert "changed: data X_train other content, same shape\n" in said(notebook, capsys, CELL, cell_id="a")


def test_a_restarted_kernel_still_knows_the_content(
    notebook: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    run_cell(notebook, CELL, cell_id="a")
    assert len(ts.runs("last").datasets) == 2
    restart(notebook)
    assert "nothing changed" in said(notebook, capsys, CELL, cell_id="a")
    assert len(ts.runs()) == 1  # a repeat
    run_cell(notebook, "X_test = X_test[::-1]")
    assert "data X_test other content, same shape" in said(notebook, capsys, CELL, cell_id="a")
    assert len(ts.runs()) == 2  # of other data: no repeat


def test_rows_in_common_are_told(notebook: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    assert "are also in" not in said(notebook, capsys, CELL)
    run_cell(notebook, "X_test[:3] = X_train[:3]")
    assert "3 of 20 rows of X_test are also in X_train" in said(notebook, capsys, CELL)
    notes = {each.dataset.name: each.profile.notes for each in ts.runs("last").datasets if each.profile}
    assert notes == {"X_train": [], "X_test": ["3 of 20 rows of X_test are also in X_train"]}


def test_split_and_roles_come_from_the_cell_before(notebook: InteractiveShell) -> None:
    run_cell(notebook, CELL)
    split = {"by": "train_test_split", "test_size": 0.2, "random_state": 0}
    found = {each.dataset.name: each for each in ts.runs("last").datasets}
    assert {name: each.dataset.role for name, each in found.items()} == {"X_train": "train", "X_test": "test"}
    assert [each.profile.split for each in found.values() if each.profile] == [split, split]


def test_what_the_user_says_of_data_counts(notebook: InteractiveShell) -> None:
    run_cell(notebook, f"{CELL}\nts.log_dataset('X_train', X_train, role='val', version='3')")
    found = {each.dataset.name: each.dataset for each in ts.runs("last").datasets}
    assert (found["X_train"].role, found["X_train"].version) == ("val", "3")


def test_data_is_as_it_was_before_the_cell(notebook: InteractiveShell) -> None:
    run_cell(notebook, CELL)
    run_cell(notebook, f"{CELL}\nX_train += 1")
    runs = ts.runs(include_hidden=True)
    digests = [{each.dataset.name: each.dataset.digest for each in run.datasets} for run in runs]
    assert digests[0] == digests[1]


def test_a_cell_that_is_not_kept_looks_at_no_files_of_its_own_accord(
    notebook: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "a dry run: nothing of it was kept" in said(notebook, capsys, CELL.replace("%%track", "%%track --dry"))
    assert len(ts.runs()) == 0
