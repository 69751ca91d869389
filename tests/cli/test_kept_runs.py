"""`trackside show`, `diff`, `restore` and `reproduce` say what was kept, and by exit codes how it went."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import trackside as ts
from tests.diff.support import details_of, keep_run
from trackside.cli import CANNOT, OK, main
from trackside.cli.exit_codes import DIFFERS

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = "%%track\nts.log(loss=0.5)"


@pytest.fixture
def store(store_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a store with two runs of a cell, the second of which gave what it gives."""
    for loss in (0.75, 0.5):
        run = keep_run(store_folder, SOURCE, earlier=["import trackside as ts"], metrics={"loss": loss})
    details_of(store_folder, run)
    monkeypatch.chdir(store_folder.parent)
    return store_folder


def test_show_tells_all_of_a_run(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "last", "--store", str(store)]) == OK
    out = capsys.readouterr().out
    assert out.startswith("fit ")
    for told in ("status      finished", "loss  0.5 (1 point)", "cells before  1", "  ts.log(loss=0.5)"):
        assert told in out


def test_a_reader_that_has_enough_is_no_error(store: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    shown = subprocess.run(
        [sys.executable, "-m", "trackside.cli", "show", "last", "--store", str(store)],
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)
    assert (shown.returncode, shown.stderr) == (OK, b"")


def test_diff_tells_what_changed(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff"]) == OK
    assert "loss  0.75 → 0.5  (-0.25, better)" in capsys.readouterr().out
    assert main(["diff", "last", "last~1", "--store", str(store)]) == OK
    assert "loss  0.5 → 0.75  (+0.25, worse)" in capsys.readouterr().out


@pytest.mark.usefixtures("store")
def test_restore_writes_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["restore", "last", str(tmp_path / "out")]) == OK
    assert "restored into" in capsys.readouterr().out
    assert main(["restore", "last", str(tmp_path / "out")]) == CANNOT
    assert "expected not to overwrite" in capsys.readouterr().err
    assert main(["restore", "last", str(tmp_path / "other"), "--notebook"]) == CANNOT
    assert "the notebook was not kept" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["last", "--experiment", "notes", "out", "--store", "STORE"],
        ["--experiment", "notes", "last", "--store", "STORE", "out"],
        ["last", "out", "--store", "STORE", "--experiment", "notes"],
    ],
)
def test_options_stand_before_between_and_after_runs(
    store: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    experiment = str(ts.runs(include_hidden=True).df["experiment"].iloc[0])
    given = {"STORE": str(store), "notes": experiment}
    assert main(["restore", *(given.get(word, word) for word in words)]) == OK, capsys.readouterr().err
    assert (store.parent / "out").is_dir()
    assert main(["diff", "last", "--store", str(store), "last~1"]) == OK


@pytest.mark.usefixtures("store")
def test_reproduce_says_by_its_exit_code_how_it_went(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reproduce", "last", "--timeout", "120"]) == OK
    said = capsys.readouterr()
    assert "reproduced: 1 metric within 1e-06" in said.out
    assert "cell 2 of 2" in said.err
    assert main(["reproduce", "last~1"]) == DIFFERS
    assert "differs: loss 0.75 → 0.5" in capsys.readouterr().out
    assert main(["reproduce", "last", "--tolerance", "7"]) == CANNOT
    assert ts.runs(include_hidden=True).df["reproduced"].tolist() == ["reproduced", "differs"]


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("command", ["show", "diff", "restore", "reproduce"])
def test_an_unknown_run_is_one_clear_line(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "lasst"]) == CANNOT
    said = capsys.readouterr().err
    assert "'lasst' names no run; expected the like of last, best," in said
    assert "Did you mean 'last'?" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("command", ["show", "diff", "restore", "reproduce"])
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main([command, "--help"])
    assert "--store" in capsys.readouterr().out
