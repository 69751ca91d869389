"""Notebooks that nobody looks at: nbclient and papermill."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import nbformat
import papermill
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from tests.magic.test_surroundings import cells_of, part
from tests.recorded import read_runs

if TYPE_CHECKING:
    from pathlib import Path

nbformat_any: Any = nbformat  # its functions have no types
CELLS = (
    "%load_ext trackside\nimport trackside as ts\nlr = 0.1",
    "%%track mlp\nfor epoch in range(3):\n    ts.log(loss=lr / (epoch + 1))\nlr * 2",
    "%%track cleared\nfrom IPython.display import clear_output\nprint('a')\nclear_output()\nprint('b')",
)


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    cells = [nbformat_any.v4.new_code_cell(source) for source in CELLS]
    cells[0].metadata["tags"] = ["parameters"]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat_any.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def split_outputs(cell: Any) -> tuple[list[Any], list[Any]]:
    cards = [output for output in cell.outputs if "trackside" in output.get("metadata", {})]
    return cards, [output for output in cell.outputs if output not in cards]


def test_nbclient(notebook: Any, store_folder: Path) -> None:
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    for cell in notebook.cells[1:]:
        (card,), _ = split_outputs(cell)
        assert "finished" in card.data["text/plain"]
    assert split_outputs(notebook.cells[1])[1][0].data == {"text/plain": "0.2"}
    assert split_outputs(notebook.cells[2])[1][0].text == "b\n"
    mlp, _ = read_runs(store_folder)
    assert (mlp.params, mlp.points("loss")) == ({"lr": 0.1, "epochs": 3}, [(0, 0.1), (1, 0.05), (2, 0.1 / 3)])
    nbformat.validate(notebook)


def test_a_failing_cell_stops_the_notebook(notebook: Any, store_folder: Path) -> None:
    notebook.cells[1].source = "%%track\n1 / 0"
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    assert [run.ended.status for run in read_runs(store_folder)] == ["failed"]


def test_papermill(notebook: Any, store_folder: Path, tmp_path: Path) -> None:
    source, target = tmp_path / "train.ipynb", tmp_path / "done.ipynb"
    nbformat_any.write(notebook, source)
    papermill.execute_notebook(source, target, parameters={"lr": 0.5}, progress_bar=False, cwd=str(tmp_path))
    done = nbformat_any.read(target, as_version=4)
    assert [len(split_outputs(cell)[0]) for cell in done.cells] == [0, 0, 1, 1]
    assert [run.params for run in read_runs(store_folder)] == [{"lr": 0.5, "epochs": 3}, {"lr": 0.5}]


def test_nbclient_tells_no_path_and_the_cells_that_ran_are_kept(notebook: Any, store_folder: Path) -> None:
    del notebook.cells[2]
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    record = part(store_folder, "notebook")
    assert (record.path, record.came_from) == (None, "history")
    assert cells_of(store_folder) == [("code", CELLS[0]), ("code", CELLS[1])]


@pytest.mark.parametrize(
    ("command", "front_end"),
    [(("papermill", "train.ipynb", "done.ipynb"), "papermill"), (("jupyter", "execute", "train.ipynb"), "nbclient")],
)
def test_a_command_line_tells_its_notebook(
    notebook: Any, store_folder: Path, tmp_path: Path, command: tuple[str, ...], front_end: str
) -> None:
    del notebook.cells[2]
    nbformat_any.write(notebook, tmp_path / "train.ipynb")
    subprocess.run((sys.executable, "-m", *command), cwd=tmp_path, check=True, capture_output=True)
    record = part(store_folder, "notebook")
    assert (record.path, record.front_end, record.came_from) == (str(tmp_path / "train.ipynb"), front_end, "file")
    assert cells_of(store_folder) == [("code", CELLS[0]), ("code", CELLS[1])]
