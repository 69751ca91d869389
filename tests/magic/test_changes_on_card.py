"""The card says first what changed since this cell's last run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.magic.shells import restart, run_cell, said

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

CELL = "%%track\nimport trackside as ts\nlr = {lr}\nts.log(loss=lr * 2)"


@pytest.fixture
def notebook(shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch) -> InteractiveShell:
    """Return a shell that knows its notebook, as a kernel of JupyterLab does."""
    monkeypatch.setenv("JPY_SESSION_NAME", "/project/train.ipynb")
    return shell


def test_nothing_is_compared_with_the_first_run(notebook: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    assert "changed" not in said(notebook, capsys, CELL.format(lr=0.5), cell_id="a")


def test_code_params_and_metrics_are_compared_with_the_run_before(
    notebook: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    run_cell(notebook, CELL.format(lr=0.5), cell_id="a")
    lines = said(notebook, capsys, CELL.format(lr=0.25), cell_id="a").splitlines()
    assert lines[1:4] == ["changed: code +1 −1 lines · lr 0.25 (was 0.5)", "loss 0.5 (-0.5)", "lr 0.25"]


def test_a_repeat_says_that_nothing_changed(notebook: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    run_cell(notebook, CELL.format(lr=0.5), cell_id="a")
    lines = said(notebook, capsys, CELL.format(lr=0.5), cell_id="a").splitlines()
    assert lines[1:3] == ["nothing changed since this cell's last run", "loss 1 (=)"]


def test_another_cell_is_not_compared(notebook: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    run_cell(notebook, CELL.format(lr=0.5), cell_id="a")
    assert "changed" not in said(notebook, capsys, CELL.format(lr=0.25), cell_id="b")


def test_data_that_changed_its_shape_is_told(notebook: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    cell = "%%track\nloss = float(X.mean())"
    run_cell(notebook, "import numpy as np; X = np.ones((100, 4))")
    run_cell(notebook, cell, cell_id="a")
    run_cell(notebook, "X = np.ones((80, 4))")
    assert "changed: data X 80×4 (was 100×4)" in said(notebook, capsys, cell, cell_id="a")


def test_a_failed_run_is_not_what_the_next_is_compared_with(
    notebook: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    run_cell(notebook, CELL.format(lr=0.5), cell_id="a")
    run_cell(notebook, CELL.format(lr=0.1) + "\n1 / 0", cell_id="a")
    assert "lr 0.25 (was 0.5)" in said(notebook, capsys, CELL.format(lr=0.25), cell_id="a")


def test_a_restarted_kernel_still_knows_the_cells_last_run(
    notebook: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    import trackside as ts

    run_cell(notebook, CELL.format(lr=0.5), cell_id="a")
    run_cell(notebook, CELL.format(lr=0.5), cell_id="other")
    assert len(ts.runs(include_hidden=True)) == 2
    restart(notebook)
    lines = said(notebook, capsys, CELL.format(lr=0.25), cell_id="a").splitlines()
    assert lines[1:3] == ["changed: code +1 −1 lines · lr 0.25 (was 0.5)", "loss 0.5 (-0.5)"]


def test_earlier_runs_that_cannot_be_read_are_told_and_cost_nothing(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("odd bytes")

    run_cell(shell, "%%track --quiet\nlr = 0.5")
    monkeypatch.setattr("trackside.query.list_ignored", fail)
    restart(shell)
    assert "earlier runs were could not be read: ValueError: odd bytes" in said(shell, capsys, "%%track\nlr = 0.5")
