"""``trackside gc`` gives back what nobody refers to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

import trackside as ts
from trackside.cli import CANNOT, OK, PROBLEMS, main
from trackside.store.store import Store
from trackside.tracking.experiments import decide

if TYPE_CHECKING:
    from pathlib import Path


def test_dropped_runs_are_deleted_when_asked(store_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a", "b", "c"):
        with ts.run(name) as run:
            run.log(loss=1.0)
    ts.runs("name == 'b'").drop()
    kept = ts.runs().ids
    assert main(["gc"]) == OK
    assert len(ts.runs(include_hidden=True)) == 3
    assert main(["gc", "--dropped", "--store", str(store_folder)]) == OK
    freed = r"deleted 1 dropped run: [\d.]+ (bytes|kB)\nremoved .*; [\d.]+ (bytes|kB|MB) are free again"
    assert re.search(freed, capsys.readouterr().out)
    assert ts.runs(include_hidden=True).ids == kept
    assert Store(store_folder).problems() == []


def test_the_baseline_is_never_deleted(store_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with ts.run("a", experiment="e") as run:
        pass
    ts.runs(run.id).drop()
    project = str(ts.runs(run.id)._frame.attributes["project"][0])
    decide(Store(store_folder), (project, "e"), "baseline", "", run.id)  # as from a kernel that did not see it dropped
    assert main(["gc", "--dropped", "--store", str(store_folder)]) == CANNOT
    assert "The baseline is among these runs" in capsys.readouterr().err
    assert len(ts.runs(experiment="e", include_hidden=True)) == 1


def test_a_store_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gc", "--store", str(tmp_path / "none")]) == CANNOT
    assert "There is no store at" in capsys.readouterr().err


def test_a_store_whose_index_lacks_runs_loses_nothing(store_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with ts.run("a") as run:
        run.log(loss=1.0)
    assert main(["gc", "--store", str(store_folder)]) == OK
    journal = next((store_folder / "journals").rglob(f"{run.id}.*nd*"))
    journal.write_bytes(journal.read_bytes()[:-20])
    assert main(["gc", "--store", str(store_folder)]) == PROBLEMS
    assert "nothing else was removed" in capsys.readouterr().out


@pytest.mark.parametrize("part", ["blob", "archive"])
def test_of_a_damaged_store_gc_says_what_to_do_and_the_purge_that_it_names_mends_it(
    store_folder: Path, capsys: pytest.CaptureFixture[str], part: str
) -> None:
    with ts.run("damaged") as run:
        artifact = run.log_artifact(b"weights", "weights")
    with ts.run("whole") as whole:
        whole.log(loss=1.0)
    assert main(["gc", "--store", str(store_folder)]) == OK
    assert artifact is not None
    journal = next((store_folder / "journals").rglob(f"{run.id}.*.zst"))
    blob = store_folder / "blobs" / artifact.sha256[:2] / artifact.sha256
    damaged = {"blob": blob, "archive": journal}[part]
    damaged.write_bytes(damaged.read_bytes()[:-5])
    capsys.readouterr()
    assert main(["gc", "--store", str(store_folder)]) == PROBLEMS
    said = capsys.readouterr().out
    assert f'from a backup, or give up the runs they belong to by ts.runs("ID").purge(): {run.id}; then run' in said
    ts.runs(run.id).purge()
    assert main(["gc", "--store", str(store_folder)]) == OK
    assert ts.runs(include_hidden=True).ids == [whole.id]
