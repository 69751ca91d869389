"""`trackside doctor` tells by its exit code whether a store is whole, names what is not, and rebuilds the index."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import trackside as ts
from trackside.cli import CANNOT, OK, PROBLEMS, main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def store(store_folder: Path) -> ts.Store:
    for loss in (0.5, 0.25):
        with ts.run("mlp", params={"lr": 0.1}) as run:
            run.log(loss=loss)
    assert len(ts.runs()) == 2
    return ts.Store(store_folder)


@pytest.mark.usefixtures("store")
def test_a_whole_store_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == OK
    assert "all is well" in capsys.readouterr().out


def test_a_damaged_index_is_named_and_rebuilt_equal(store: ts.Store, capsys: pytest.CaptureFixture[str]) -> None:
    before = ts.runs().df
    store.database.write_bytes(b"not a database" * 1000)
    assert main(["doctor"]) == PROBLEMS
    assert "doctor --rebuild" in capsys.readouterr().out
    (store.folder / "drain.error").write_text("StoreDamagedError: what a helper met before")
    assert main(["doctor", "--rebuild"]) == OK
    assert ts.runs().df.equals(before)


def test_a_damaged_line_is_named_with_file_and_byte(store: ts.Store, capsys: pytest.CaptureFixture[str]) -> None:
    with ts.run("live") as run:
        run.log(loss=1.0)
        (journal,) = (path for path in (store.folder / "journals" / "live").glob(f"{run.id}.*.ndjson"))
        text = journal.read_bytes()
        journal.write_bytes(text.replace(b'"loss":1.0', b'"loss":7.0'))
        assert main(["doctor"]) == PROBLEMS
        assert journal.name in capsys.readouterr().out


def test_a_missing_store_is_one_clear_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--store", str(tmp_path / "nowhere")]) == CANNOT
    assert "There is no store at" in capsys.readouterr().err


def test_the_command_is_installed(store: ts.Store) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "trackside.cli", "doctor", "--store", store.folder], capture_output=True, check=False
    )
    assert ran.returncode == OK, ran.stderr
