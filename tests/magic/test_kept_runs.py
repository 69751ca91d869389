"""`%track diff`, `restore` and `reproduce` in a session."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.magic.shells import run_cell, said
from trackside.lookup import runs
from trackside.run_diff.report import RunDiff

if TYPE_CHECKING:
    from pathlib import Path

    from IPython.core.interactiveshell import InteractiveShell

    Capture = pytest.CaptureFixture[str]


@pytest.fixture
def two(shell: InteractiveShell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> InteractiveShell:
    """Return a shell in which a cell ran twice, and was edited meanwhile."""
    monkeypatch.chdir(tmp_path)
    for lr in (1.0, 2.0):
        run_cell(shell, f"%%track lr{lr:g}\nimport trackside as ts\nlr = {lr}\nts.log(val_loss=lr)", cell_id="a")
    return shell


def differing(shell: InteractiveShell, line: str) -> dict[str, tuple[object, object]]:
    told = run_cell(shell, line).result
    assert isinstance(told, RunDiff)
    rows = told.df[told.df["part"] == "params"]
    return dict(zip(rows["name"], zip(rows["before"], rows["after"], strict=True), strict=True))


def test_diff_holds_the_last_run_against_the_one_before(two: InteractiveShell) -> None:
    assert differing(two, "%track diff") == {"lr": (1.0, 2.0)}
    assert differing(two, "%track diff last best") == {"lr": (2.0, 1.0)}
    run_cell(two, "%track baseline last")
    assert differing(two, "%track diff last~1 baseline") == {"lr": (1.0, 2.0)}


def test_restore_writes_a_notebook(two: InteractiveShell, capsys: Capture, tmp_path: Path) -> None:
    assert said(two, capsys, "%track restore last 'my folder'").startswith(f"restored into {tmp_path / 'my folder'}: ")
    assert [path.suffix for path in (tmp_path / "my folder").glob("*.ipynb")] == [".ipynb"]


def test_reproduce_keeps_its_verdict(two: InteractiveShell, capsys: Capture) -> None:
    assert "reproduced: 1 metric within 0.001" in said(two, capsys, "%track reproduce last --tolerance 1e-3")
    assert runs("last").df["reproduced"].tolist() == ["reproduced"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("diff lasst", "'lasst' names no run"),
        ("diff a b c", "found 3 runs; expected one or two"),
        ("restore", "expected a run and perhaps a folder"),
        ("restore last --notebok", "found --notebok; expected --notebook. Did you mean '--notebook'?"),
        ("restore 'last", "expected quotes in pairs"),
        ("reproduce last --tolerance wide", "--tolerance is 'wide'; expected a number"),
        ("reproduce last --timeout", "found --timeout; expected --tolerance NUMBER, --timeout NUMBER"),
        ("reprodce last", "Did you mean 'reproduce'?"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(two: InteractiveShell, capsys: Capture, line: str, told: str) -> None:
    out = said(two, capsys, f"%track {line}")
    assert told in out
    assert len(out.splitlines()) == 1
