"""Parameters that a notebook declares: papermill's, and those of tagged cells."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import nbformat
import pytest

from trackside.capture.code.cell import Cell
from trackside.capture.params.declared import declared_names
from trackside.capture.params.find import find_params

if TYPE_CHECKING:
    from pathlib import Path

v4: Any = nbformat.v4  # its functions have no types


def save(path: Path, *cells: tuple[str, list[str]]) -> Path:
    made = [v4.new_code_cell(source, metadata={"tags": tags}) for source, tags in cells]
    nbformat.write(v4.new_notebook(cells=made), path)
    return path


@pytest.mark.parametrize(
    ("executed", "names"),
    [
        (["", "# Parameters\nlr = 0.5\nepochs = 3\n"], ["lr", "epochs"]),
        (["lr = 1", "\n# Parameters\nlr: float = 0.5"], ["lr"]),
        (["# Parameters of the model\nlr = 0.5", "lr = 0.5 # Parameters\n", "# parameters\nlr = 1"], []),
        (["# Parameters\nthis is no Python"], []),
        ([], []),
    ],
)
def test_cells_that_papermill_injects(executed: list[str], names: list[str]) -> None:
    assert declared_names(executed, None) == names


def test_cells_that_are_tagged(tmp_path: Path) -> None:
    notebook = save(
        tmp_path / "a.ipynb",
        ("%matplotlib inline\nlr = 0.1\nfor i in range(3): pass", ["parameters"]),
        ("lr = 0.5\ndepth = 3", ["other", "injected-parameters"]),
        ("width = 8", []),
    )
    assert declared_names([], notebook) == ["lr", "depth"]


def test_a_notebook_is_read_again_once_it_is_saved_again(tmp_path: Path) -> None:
    notebook = save(tmp_path / "a.ipynb", ("lr = 0.1", ["parameters"]))
    assert declared_names([], notebook) == ["lr"]
    facts = notebook.stat()
    save(notebook, ("bs = 0.1", ["parameters"]))
    os.utime(notebook, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    assert declared_names([], notebook) == ["lr"], "the file was read although it seemed the same"
    os.utime(notebook, ns=(facts.st_atime_ns, facts.st_mtime_ns + 1))
    assert declared_names([], notebook) == ["bs"]


@pytest.mark.parametrize("content", [None, "", "{", '{"cells": 3, "parameters"', '["parameters"]'])
def test_a_notebook_that_cannot_be_read_declares_nothing(tmp_path: Path, content: str | None) -> None:
    notebook = tmp_path / "a.ipynb"
    if content is not None:
        notebook.write_text(content)
    assert declared_names([], notebook) == []


def test_declared_names_are_params_of_cells_that_do_not_read_them() -> None:
    namespace = {"lr": 0.5, "data": "train.csv", "verbose": True, "token": "pa55", "frame": object()}
    cell = Cell.parse("x = work()", namespace)
    declared = [*namespace, "missing"]
    assert {(p.key, p.value, p.origin) for p in find_params(cell, namespace, declared=declared)} == {
        ("lr", 0.5, "context"),
        ("data", "train.csv", "context"),
        ("verbose", True, "context"),
        ("token", "<redacted>", "context"),
    }
    assert find_params(cell, namespace, declared=declared, with_context=False) == []


def test_the_cells_own_value_counts() -> None:
    (param,) = find_params(Cell.parse("lr = 0.25", {}), {"lr": 0.5}, declared=["lr"])
    assert (param.value, param.origin) == (0.25, "cell")
