"""Runs that ``ts.run`` begins in a cell without ``%%track``: they know their cell, its code and what it depends on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.magic.shells import run_cell, said
from tests.magic.test_surroundings import part, sources
from tests.recorded import last_run, read_runs
from trackside.query import Scope, select_runs
from trackside.run_lists import group_by_cell
from trackside.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from IPython.core.interactiveshell import InteractiveShell

    from tests.magic.kernel import Kernel
    from trackside.query import RunFrame
    from trackside.records import Notebook

FOLDS = """for fold in range(3):
    with ts.run(f"fold {fold}", params={"lr": lr}) as run:
        run.log(loss=fold)"""


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a slow disk at a run's end: these tests are of what is kept, not of when."""
    monkeypatch.setattr("trackside.tracking.recording.PATIENCE_SECONDS", 60.0)


def frame_of(store_folder: Path) -> RunFrame:
    store = Store(store_folder)
    assert store.refresh(60.0)
    return select_runs(store, Scope(include_hidden=True))


def test_runs_that_a_cell_begins_in_a_loop_have_its_code_and_what_it_depends_on(
    shell: InteractiveShell, store_folder: Path
) -> None:
    run_cell(shell, "import trackside as ts")
    run_cell(shell, "lr = 0.1", cell_id="a")
    run_cell(shell, FOLDS, cell_id="b")
    folds = read_runs(store_folder)
    told = [(run.started.cell_id, run.started.source, run.started.execution_count) for run in folds]
    assert told == [("b", FOLDS, 3)] * 3
    assert [sources(store_folder, fold)[-2:] for fold in folds] == [["lr = 0.1", FOLDS]] * 3
    notebooks: list[Notebook] = [part(store_folder, "notebook", fold) for fold in folds]
    assert [cell.cell_id for cell in notebooks[0].cells] == [None, "a", "b"]
    assert notebooks == notebooks[:1] * 3


def test_each_is_one_of_the_runs_of_its_cell_and_hides_none_of_the_others(
    shell: InteractiveShell, store_folder: Path
) -> None:
    run_cell(shell, "import trackside as ts")
    run_cell(shell, "for _ in range(3):\n    with ts.run('same'): pass", cell_id="b")
    frame = frame_of(store_folder)
    (cell,) = group_by_cell(frame)
    assert (cell.cell_id, cell.run_ids) == ("b", frame.run_ids)
    assert frame.attributes["left_out"].tolist() == [None] * 3
    assert frame.attributes["rerun_of"].tolist() == [*frame.run_ids[1:], None]


def test_the_cell_that_loads_trackside_may_begin_one_itself(kernel: Kernel) -> None:
    kernel.run("%unload_ext trackside\n%reset -f")
    source = "%load_ext trackside\nimport trackside as ts\nwith ts.run('first'): pass"
    kernel.run(source, cell_id="first")
    started = last_run(kernel.store).started
    assert (started.cell_id, started.source) == ("first", source)
    assert sources(kernel.store)[-1] == source


def test_one_in_a_tracked_cell_is_part_of_the_cells_own_run(
    shell: InteractiveShell, store_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tracked = "%%track\nimport trackside as ts\nlr = {lr}\nwith ts.run('fold', params={{'lr': 9}}): pass"
    run_cell(shell, tracked.format(lr=0.1), cell_id="a")
    assert [run.started.cell_id for run in read_runs(store_folder)] == ["a", "a"]
    card = said(shell, capsys, tracked.format(lr=0.2), cell_id="a")
    assert "lr 0.2 (was 0.1)" in card
    frame = frame_of(store_folder)
    (cell,) = group_by_cell(frame)
    assert cell.run_ids == [
        run for run, name in zip(frame.run_ids, frame.attributes["name"], strict=True) if name != "fold"
    ]


def test_no_secret_of_the_cell_is_kept(shell: InteractiveShell, store_folder: Path) -> None:
    run_cell(shell, "import trackside as ts\npassword = 'pa55word'\nwith ts.run(): pass", cell_id="a")
    assert "<redacted>" in (last_run(store_folder).started.source or "")
    kept = b"".join(path.read_bytes() for path in store_folder.rglob("*") if path.is_file())
    assert b"pa55word" not in kept


def test_a_run_begun_when_no_cell_is_executed_has_none(shell: InteractiveShell, store_folder: Path) -> None:
    run_cell(shell, "import trackside as ts", cell_id="a")
    with shell.user_ns["ts"].run("by hand"):
        pass
    assert last_run(store_folder).started.cell_id is None
