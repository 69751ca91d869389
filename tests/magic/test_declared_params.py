"""Parameters that a notebook declares are params of its tracked cells, also of those that do not read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import nbformat

from tests.magic.shells import run_cell
from tests.recorded import read_runs

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from IPython.core.interactiveshell import InteractiveShell

v4: Any = nbformat.v4  # its functions have no types


def test_a_cell_that_papermill_injected(shell: InteractiveShell, store_folder: Path) -> None:
    run_cell(shell, "# Parameters\nlr = 0.5\ndata = 'train.csv'")
    run_cell(shell, "%%track\nx = sum([1, 2])")
    run_cell(shell, "%%track --no-context\nx = sum([1, 2])")
    assert [run.params for run in read_runs(store_folder)] == [{"lr": 0.5, "data": "train.csv"}, {}]


def test_a_tagged_cell_of_the_saved_notebook(
    shell: InteractiveShell, store_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "train.ipynb"
    tagged = v4.new_code_cell("lr = 0.1\nmissing = 3", metadata={"tags": ["parameters"]})
    nbformat.write(v4.new_notebook(cells=[tagged]), path)
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))
    run_cell(shell, "lr = 0.25")
    run_cell(shell, "%%track\nx = sum([1, 2])")
    (run,) = read_runs(store_folder)
    assert (run.params, run.origins) == ({"lr": 0.25}, {"lr": "context"})
