"""Where the disk does not take an artifact, a script is told by an error, and a cell by a line on its card."""

from __future__ import annotations

import itertools
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

import trackside as ts
from tests.recorded import last_run
from trackside.errors import JournalError

if TYPE_CHECKING:
    from pathlib import Path


def break_blobs(store_folder: Path) -> None:
    blobs = store_folder / "blobs"
    for attempt in itertools.count():  # the environment is being kept in the background, and makes the folder anew
        blobs.rename(store_folder / f"gone{attempt}")
        with suppress(IsADirectoryError):
            blobs.write_text("no folder")
            return


def test_a_script_gets_an_error_and_the_run_goes_on(store_folder: Path) -> None:
    with ts.run("r") as run:
        break_blobs(store_folder)
        with pytest.raises(JournalError, match="the artifact 'a' is not kept"):
            ts.log_artifact({"a": 1}, "a")
        ts.log(loss=0.5)
    assert not run.artifacts
    assert last_run(store_folder).last == {"loss": 0.5}


def test_a_cell_is_spared_and_told(store_folder: Path) -> None:
    with ts.run("r") as run:
        run.spare_caller()
        break_blobs(store_folder)
        with pytest.warns(UserWarning, match="the artifact 'a' is not kept"):
            assert ts.log_artifact({"a": 1}, "a") is None
    assert not run.artifacts
    assert any("the artifact 'a' is not kept" in note for note in run.notes)


def test_nothing_is_added_to_a_run_that_has_ended(store_folder: Path) -> None:
    with ts.run("r") as run:
        pass
    with pytest.raises(ts.TracksideError):
        run.log_artifact({"a": 1}, "late")
    assert not run.artifacts
    assert store_folder.is_dir()
