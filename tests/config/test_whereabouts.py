"""Which notebook a kernel runs, where several say so, and where a script looks for its store."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from trackside.capture.notebook.front_end import Whereabouts, find_whereabouts
from trackside.whereabouts import find_notebook, find_own_settings


@pytest.mark.parametrize(
    ("name", "who"), [("__vsc_ipynb_file__", "VS Code"), ("PAPERMILL_INPUT_PATH", "papermill"), (None, "Jupyter")]
)
def test_what_the_kernels_own_front_end_says_counts_more_than_what_it_inherited(
    name: str | None, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "/project/outer.ipynb")
    if name:
        monkeypatch.setattr(sys.modules["__main__"], name, "/project/inner.ipynb", raising=False)
    path = Path("/project/inner.ipynb" if name else "/project/outer.ipynb")
    assert find_notebook() == path
    assert find_whereabouts() == Whereabouts(path, who)


def test_a_name_that_is_no_notebooks_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "Console 1")
    assert find_notebook() is None


def test_a_script_finds_its_store_from_its_own_folder_wherever_it_is_started(project: Path, tmp_path: Path) -> None:
    (project / ".trackside").mkdir()
    script = project / "train.py"
    script.write_text("from trackside.whereabouts import find_own_settings\nprint(find_own_settings().store_folder)")
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / ".trackside").mkdir(parents=True)
    command = [sys.executable, str(script)]
    found = subprocess.run(command, cwd=elsewhere, capture_output=True, text=True, check=True).stdout.strip()
    assert found == str(project / ".trackside")


def test_in_a_notebook_as_it_was_nothing_is_tracked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    past = tmp_path / "trackside:0123456789abcdef" / "digits" / "train as it was (a7k2m).ipynb"
    monkeypatch.setenv("JPY_SESSION_NAME", str(past))
    assert find_own_settings().mode == "disabled"
    monkeypatch.setenv("JPY_SESSION_NAME", str(tmp_path / "train.ipynb"))
    assert find_own_settings().mode == "enabled"
