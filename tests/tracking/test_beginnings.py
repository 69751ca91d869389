"""However a run's beginning fails, nothing half-begun is left; and strange texts and surroundings let it begin."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import pytest

import trackside as ts
from tests.recorded import last_run
from trackside.errors import InputError, MetricTypeError
from trackside.journal import has_open_writers
from trackside.magic.here import spell_store_size
from trackside.tracking import Run, recording

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("text", [os.fsdecode(b"caf\xe9"), "half \ud83d of a face"])
def test_texts_that_utf8_cannot_hold_are_made_readable(store_folder: Path, tmp_path: Path, text: str) -> None:
    notebook = str(tmp_path / f"{text}.ipynb")
    with Run.start(store_folder, name=text, notebook=notebook, source=text, tags={text: text}, params={"p": text}):
        pass
    with ts.run(text):
        pass
    recorded = last_run(store_folder)
    assert recorded.started.name.isprintable()
    assert recorded.ended.status == "finished"
    assert not has_open_writers(store_folder)
    assert ts.runs(experiment="*").df["status"].tolist() == ["finished", "finished"]


@pytest.mark.parametrize("error", [ValueError("no"), KeyboardInterrupt()])
def test_a_beginning_that_fails_leaves_no_open_journal(
    store_folder: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    with ts.run("first") as first:
        pass

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(recording.Recording, "begin_noting", fail)
    with pytest.raises(type(error)):
        ts.run("x")
    with pytest.raises(type(error)):
        ts.run(resume=first.id)
    assert not has_open_writers(store_folder)


def test_a_run_begins_in_a_folder_that_was_removed(
    store_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with Run.start(store_folder, name="x") as run:
        run.log(loss=0.5)
    assert any("the run's environment is not kept" in note for note in run.notes)
    assert last_run(store_folder).ended.status == "finished"


def test_a_run_needs_no_thread(store_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr("trackside.journal.syncing._thread", None)
        patched.setattr(threading.Thread, "start", refuse)
        with Run.start(store_folder, name="x") as run:
            run.log(loss=0.5)
        assert not has_open_writers(store_folder)
    assert (last_run(store_folder).last, last_run(store_folder).ended.status) == ({"loss": 0.5}, "finished")


@pytest.mark.usefixtures("store_folder")
def test_a_number_without_a_name_is_told() -> None:
    with ts.run("x"), pytest.raises(MetricTypeError, match=r"found float without a name; expected names and numbers"):
        ts.log(0.5)  # type: ignore[arg-type]  # what a user may type
    with pytest.raises(InputError, match=r"Did you mean 'last'\?"):
        ts.run(resume="lats")


def test_files_that_cannot_be_looked_at_count_nothing(tmp_path: Path) -> None:
    (tmp_path / "round").symlink_to(tmp_path / "round")
    assert spell_store_size(tmp_path) == "0 bytes"
