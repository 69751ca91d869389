"""A repeated cell reads as one result: its run has the means of its repeats, which are left out and counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import trackside as ts
from tests.magic.shells import run_cell, said
from trackside import wire
from trackside.browser_api import BrowserApi
from trackside.errors import InputError
from trackside.history import Window, select_history
from trackside.query import Scope
from trackside.run_details import read_details
from trackside.run_page import describe_run
from trackside.stored_card import stored_bundle
from trackside.tracking.live_run import Run

if TYPE_CHECKING:
    from pathlib import Path

    from IPython.core.interactiveshell import InteractiveShell

REPEATED = "%%track {name} --repeat {count} --seed seed\nseed = 0\nlr = {lr}\nval_acc = lr + seed / 100"


def repeat(shell: InteractiveShell, name: str, lr: float, count: int = 3) -> None:
    run_cell(shell, REPEATED.format(name=name, lr=lr, count=count))


@pytest.fixture
def two(shell: InteractiveShell) -> InteractiveShell:
    repeat(shell, "old", 0.5)
    repeat(shell, "new", 0.7, 4)
    return shell


@pytest.mark.usefixtures("two")
def test_tables_have_one_row_with_mean_deviation_and_number() -> None:
    found = ts.runs()
    assert (found.names, found.hidden) == (["new", "old"], {"inside": 7})
    assert [each["val_acc"] for each in found.metrics] == pytest.approx([0.715, 0.51])
    assert [str(each["val_acc"]) for each in found.spreads] == ["± 0.013 (4)", "± 0.01 (3)"]
    assert found.df["sd.val_acc"].tolist() == pytest.approx([0.01291, 0.01], abs=1e-5)
    assert found.params == [{"lr": 0.7}, {"lr": 0.5}]
    table = BrowserApi(found.store, Scope()).runs()
    column = next(column for column in table.columns if column.key == "metric:val_acc")
    assert column.spreads == ["± 0.013 (4)", "± 0.01 (3)"]
    assert table.hidden == wire.Hidden(inside=7)
    assert len(ts.runs(include_hidden=True)) == 9


def test_handles_mean_the_cell_and_the_card_holds_means_against_means(
    two: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    assert [ts.runs(handle).names for handle in ("last", "last~1", "best")] == [["new"], ["old"], ["new"]]
    said(two, capsys, "%track baseline old")
    found = ts.baseline()
    assert found is not None
    assert found.names == ["old"]
    told = said(two, capsys, REPEATED.format(name="newer", lr=0.8, count=3))
    assert "val_acc 0.81 ± 0.01 (3) (+0.3 vs baseline)" in told
    assert ts.check("last", "val_acc").effect == pytest.approx(0.3)


@pytest.mark.usefixtures("two")
def test_the_mean_is_of_the_repeats_that_are_there() -> None:
    (child,) = ts.runs("name == 'old seed=2'", include_hidden=True).ids
    ts.runs(child).drop()
    old = ts.runs("old")
    assert old.metrics == [{"val_acc": pytest.approx(0.505)}]
    assert str(old.spreads[0]["val_acc"]) == "± 0.0071 (2)"


def test_a_repeat_that_failed_counts_for_no_mean(shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    cell = REPEATED.format(name="mlp", lr=0.5, count=3) + "\nassert seed < 2"
    told = said(shell, capsys, cell)
    assert "val_acc 0.505 ± 0.0071 (2)" in told
    assert [str(each["val_acc"]) for each in ts.runs().spreads] == ["± 0.0071 (2)"]


@pytest.mark.usefixtures("two")
def test_pages_and_cards_show_the_mean_with_its_spread() -> None:
    store, (run_id,) = ts.runs().store, ts.runs("old").ids
    page = describe_run(read_details(store, run_id), ts.runs().goals)
    (fact,) = next(section for section in page.sections if section.name == "metrics").facts
    assert (fact.text, fact.note) == ("0.51 ± 0.01 (3)", "mean of 3 repeats")
    bundle = stored_bundle(store, run_id)
    assert bundle is not None
    assert "val_acc 0.51 ± 0.01 (3)" in bundle["text/plain"]


@pytest.mark.usefixtures("two")
def test_repeats_count_once_beside_the_cell_and_each_in_a_check() -> None:
    everything = ts.runs(include_hidden=True)
    api = BrowserApi(everything.store, Scope(run_ids=everything.ids))
    assert api.importance(wire.ImportanceQuestion(metric="val_acc")).runs == 2
    made = ts.runs().check("val_acc", against="old")
    assert [len(each.values) for each in (made.candidate, made.baseline)] == [4, 3]
    assert (made.candidate.label, made.baseline.label) == ("new", "old")


def test_cells_that_came_out_otherwise_are_not_just_like_each_other(shell: InteractiveShell) -> None:
    for offset in (0, 0, 1):
        run_cell(shell, f"offset = {offset}")
        run_cell(shell, "%%track mlp --repeat 2 --seed seed\nseed = 0\nval_acc = offset + seed / 100")
    assert ts.runs().hidden == {"inside": 6, "repeats": 1}


def test_its_line_is_the_mean_of_theirs_at_each_step(store_folder: Path) -> None:
    with Run.start(store_folder, name="mlp", is_repeated=True) as parent:
        for seed in range(3):
            with Run.start(store_folder, name=f"mlp seed={seed}", parent_id=parent.id) as run:
                for step in range(4):
                    run.log(loss=seed + 10 * step, val_acc=step / 2)
    store = ts.Store(store_folder)
    assert store.refresh(30.0)
    for x, places in (("step", [0.0, 1.0, 2.0, 3.0]), ("metric:val_acc", [0.0, 0.5, 1.0, 1.5])):
        (line,) = select_history(store, [parent.id], "loss", Window(x=x))
        assert (line.x.tolist(), line.mean.tolist()) == (places, [1.0, 11.0, 21.0, 31.0])


@pytest.mark.usefixtures("two")
def test_registering_the_cell_says_which_repeat_has_the_best_model(shell: InteractiveShell) -> None:
    cell = REPEATED.format(name="kept", lr=0.6, count=2)
    run_cell(shell, "import trackside as ts")
    run_cell(shell, cell + "\nts.log_artifact(b'weights', 'weights.bin', kind='model')")
    best = ts.runs("name == 'kept seed=1'", include_hidden=True).ids[0][-5:]
    with pytest.raises(InputError, match=f"of which {best} has the best val_acc .0.61.; expected one of them"):
        ts.models.register("digits", "kept")
    assert ts.models.register("digits", best).version == 1
