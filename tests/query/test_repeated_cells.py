"""A repeated cell counts once, with its repeats: in tables, checks and handles, and when it is put away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import trackside as ts
from trackside.browser_api import BrowserApi
from trackside.errors import InputError
from trackside.history import Window, select_history
from trackside.query import Scope
from trackside.static_html import view_html
from trackside.tracking.live_run import Run
from trackside.view_record import NOTEBOOK, draw_record
from trackside.wire import ViewState

if TYPE_CHECKING:
    from pathlib import Path

    from trackside.collection import Runs


INTERRUPTED = 0.0
"""What a repeat logs last that is interrupted then."""


class Cells:
    """Repeated cells of a store."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, name: str, *values: float, count: int | None = None) -> list[str]:
        """Have a cell repeated once for each value; return its run and its repeats."""
        with self.start(name, execution_count=count, cell_digest=name, is_repeated=True) as around:
            ids = [around.id]
            for seed, value in enumerate(values):
                params = {"seed": seed, "model": name}
                run = self.start(f"{name} seed={seed}", parent_id=around.id, execution_count=count, params=params)
                run.log(val_acc=value)
                run.finish("finished" if value > INTERRUPTED else "interrupted")
                ids.append(run.id)
        assert ts.Store(self.folder).refresh(30.0)
        return ids

    def start(self, name: str, **facts: Any) -> Run:
        return Run.start(self.folder, name=name, project="p", experiment="e", origin="notebook", **facts)

    def runs(self, asked: str | None = None, **more: Any) -> Runs:
        return ts.runs(asked, store=self.folder, experiment="e", **more)

    def of(self, *run_ids: str) -> Runs:
        return self.runs().of_ids(run_ids)


@pytest.fixture
def cells(store_folder: Path) -> Cells:
    return Cells(store_folder)


def test_no_repeat_of_a_baseline_is_lost(cells: Cells) -> None:
    cell, *repeats = cells.add("base", 0.5, 0.51)
    cells.of(cell).make_baseline()
    with pytest.raises(InputError, match=f"or a repeat of it .{cell[-5:]}.; expected others only"):
        cells.of(repeats[0]).drop()
    with pytest.raises(InputError, match="or a repeat of it"):
        cells.of(*repeats).purge()


def test_a_cell_is_dropped_and_purged_with_its_repeats(cells: Cells) -> None:
    cells.add("old", 0.5, 0.51)
    cell, *_ = cells.add("new", 0.7, 0.71)
    cells.of(cell).drop()
    assert cells.runs().hidden == {"dropped": 3, "inside": 2}
    assert cells.runs(name="new seed=1").names == []
    cells.of(cell).purge()
    assert len(cells.runs(include_hidden=True)) == 3
    assert [cells.runs(handle).names for handle in ("last", "best")] == [["old"], ["old"]]


def test_a_repeat_of_which_something_was_said_is_no_row_beside_its_cell(cells: Cells) -> None:
    cells.add("steady", 0.8, 0.82)
    _, _, repeat = cells.add("mlp", 0.5, 0.9)
    cells.of(repeat).star().tag({"stage": "dev"}).decide("promote", "it has the model")
    assert (cells.runs().names, cells.runs().hidden) == (["mlp", "steady"], {"inside": 4})
    assert cells.runs(include_hidden=True).best("val_acc").names == ["steady"]


def test_a_repeat_is_found_where_its_cell_is_not_asked_for(cells: Cells) -> None:
    cells.add("mlp", 0.5, 0.9)
    assert cells.runs(name="mlp seed=1").names == ["mlp seed=1"]


def test_a_cells_number_means_its_run(cells: Cells) -> None:
    cells.add("mlp", 0.5, 0.9, count=12)
    assert cells.runs("#12").names == ["mlp"]


def test_mean_and_check_are_of_the_same_repeats(cells: Cells) -> None:
    base, *_ = cells.add("base", 0.5, 0.51, 0.52)
    cell, *_ = cells.add("new", 0.6, 0.62, INTERRUPTED)
    made = cells.of(cell).check("val_acc", against=base)
    assert sorted(made.candidate.values) == [0.6, 0.62]
    assert cells.of(cell).metrics == [{"val_acc": pytest.approx(0.61)}]


def test_a_cell_with_a_dropped_repeat_is_not_just_like_a_newer_one(cells: Cells) -> None:
    _, *repeats = cells.add("mlp", 0.5, 0.51, 0.1)
    cells.add("mlp", 0.5, 0.51, 0.1)
    assert cells.runs().hidden == {"inside": 6, "repeats": 1}
    cells.of(repeats[2]).drop()
    assert cells.runs().hidden == {"dropped": 1, "inside": 5}


def test_repeats_that_differ_in_more_than_their_seed_are_told_apart(cells: Cells) -> None:
    base, *_ = cells.add("base", 0.5, 0.51)
    with cells.start("mlp", is_repeated=True) as around:
        for seed, noise in enumerate((0.1, 0.1, 0.9, 0.9)):
            own = cells.start(f"mlp {seed}", parent_id=around.id, params={"noise": noise, "seed": seed})
            own.log(val_acc=noise + seed / 100)
            own.finish()
    made = cells.of(around.id).check("val_acc", against=base)
    assert sorted(each.candidate.label for each in made.each) == ["mlp 1", "mlp 3"]


@pytest.mark.parametrize("metric", ["val_acc", None])
def test_a_cell_without_a_repeat_that_counts_is_said_to_have_none(cells: Cells, metric: str | None) -> None:
    base, *_ = cells.add("base", 0.5, 0.51)
    cell, *repeats = cells.add("gone", 0.6, 0.61)
    cells.of(*repeats).drop()
    with pytest.raises(InputError, match="all repeats of gone were dropped; expected one that counts"):
        cells.of(cell).check(metric, against=base)


def test_each_repeat_weighs_the_same_in_the_mean_line(store_folder: Path) -> None:
    with Run.start(store_folder, name="mlp", is_repeated=True) as around:
        for values in ([1.0], [7.0, 2.0, 2.0]):
            with Run.start(store_folder, name="seed", parent_id=around.id) as run:
                for value in values:
                    run.log(step=0, loss=value)
    store = ts.Store(store_folder)
    assert store.refresh(30.0)
    (line,) = select_history(store, [around.id], "loss", Window())
    assert line.mean.tolist() == [1.5]


def test_a_static_table_has_the_deviation_and_number_of_repeats(cells: Cells) -> None:
    cells.add("mlp", 0.6, 0.62)
    api = BrowserApi(ts.Store(cells.folder), Scope(experiment="e"))
    record = draw_record(api, ViewState(panels=["table"]), NOTEBOOK, wait=None)
    assert "0.61 ± 0.014 (2)" in view_html(record, pictures=False)


def test_a_param_called_as_a_deviation_keeps_its_column(cells: Cells) -> None:
    with cells.start("mlp", is_repeated=True) as around:
        around.log_params({"sd.val_acc": "mine"})
        for value in (0.6, 0.62):
            with cells.start("seed", parent_id=around.id) as run:
                run.log(val_acc=value)
    assert ts.Store(cells.folder).refresh(30.0)
    found = cells.runs().df
    assert found["sd.val_acc"].tolist() == ["mine"]
    assert found["spread.sd.val_acc"].tolist() == pytest.approx([0.01414], abs=1e-5)
