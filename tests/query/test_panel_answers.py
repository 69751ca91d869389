"""What the side panel asks: experiments, the runs of a notebook's cells, all that is known of a run, baselines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import trackside as ts
from trackside import wire
from trackside.browser_api import BrowserApi
from trackside.query import Scope, chosen_scope
from trackside.team.baselines import choose_baseline
from trackside.tracking import Run
from trackside.tracking.marks import mark_runs

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def store(store_folder: Path) -> ts.Store:
    return ts.Store.create(store_folder)


def run_cell(store: ts.Store, cell_id: str, **metrics: float) -> str:
    run = Run.start(
        store.folder,
        project="p",
        experiment="digits",
        name="mlp",
        user="ada",
        origin="notebook",
        notebook="/home/ada/train.ipynb",
        cell_id=cell_id,
        cell_digest="d" * 64,
        source="lr = 0.1\nts.log(loss=train(lr))",
    )
    run.log_params({"lr": 0.1})
    if metrics:
        run.log(**metrics)  # type: ignore[arg-type]  # none is called step
    run.finish()
    return run.id


def test_experiments_come_with_their_runs_the_newest_first(store: ts.Store) -> None:
    for name in ("old", "new", "new"):
        with ts.run("mlp", experiment=name):
            pass
    with ts.run("left out", experiment="new") as dropped:
        pass
    mark_runs(store, [dropped.id], {"shelf": "dropped"})
    with ts.run("live", experiment="new"):
        assert store.refresh(30)
        answer = BrowserApi(store, Scope()).answer({"ask": "experiments"})
    assert isinstance(answer, wire.Experiments)
    assert [(each.name, each.runs, each.running) for each in answer.experiments] == [("new", 3, 1), ("old", 1, 0)]
    assert answer.experiments[0].newest > answer.experiments[1].newest


def test_a_store_that_is_not_there_has_no_experiments(tmp_path: Path) -> None:
    assert BrowserApi(ts.Store(tmp_path / "none"), Scope()).answer({"ask": "experiments"}) == wire.Experiments(
        experiments=[]
    )


def test_the_runs_of_a_cell_are_told_by_the_newest_and_how_far_it_is_from_the_one_before(store: ts.Store) -> None:
    first, second = run_cell(store, "a", loss=0.5), run_cell(store, "a", loss=0.25000000001)
    worse = [run_cell(store, "b", loss=0.25), run_cell(store, "b", loss=0.5)]
    bare = run_cell(store, "c")
    run_cell(store, "d", loss=1 / 3), run_cell(store, "d", loss=0.333333)
    answer = BrowserApi(store, Scope()).answer({"ask": "cells"})
    assert isinstance(answer, wire.Cells)
    cells = {each.cell_id: each for each in answer.cells}
    assert cells["a"] == wire.CellRuns(
        cell_id="a", run_ids=[second, first], status="finished", said="loss 0.25", change="−0.25", tone="good"
    )
    assert cells["b"].run_ids == worse[::-1]
    assert (cells["b"].change, cells["b"].tone) == ("+0.25", "bad")
    assert (cells["d"].change, cells["d"].tone) == ("=", None)
    assert cells["c"] == wire.CellRuns(cell_id="c", run_ids=[bare], status="finished")


def test_the_page_of_a_run_tells_what_is_known_and_what_came_before(store: ts.Store) -> None:
    first, second = run_cell(store, "a", loss=0.5), run_cell(store, "a", loss=0.25)
    api = BrowserApi(store, Scope())
    assert isinstance(api.answer({"ask": "baseline", "run_id": first}), wire.RunTable)
    page = api.answer({"ask": "run", "run_id": second})
    assert isinstance(page, wire.RunPage)
    assert (page.before, page.baseline, page.cell_id, page.notebook) == (first, first, "a", "/home/ada/train.ipynb")
    sections = {section.name: section for section in page.sections}
    assert sections["params"].facts == [wire.Fact(name="lr", text="0.1", note="given")]
    assert sections["metrics"].facts == [
        wire.Fact(name="loss", text="0.25", note="−0.25 against the baseline, 1 point")
    ]
    assert [text.text for text in sections["source"].texts] == ["lr = 0.1\nts.log(loss=train(lr))"]


def test_a_run_that_is_not_there_is_told_in_one_line(store: ts.Store) -> None:
    run_cell(store, "a")
    answer = BrowserApi(store, Scope()).answer({"ask": "run", "run_id": "00000000-0000-7000-8000-000000000000"})
    assert isinstance(answer, wire.Failure)
    assert answer.message.startswith("No run 00000 in ")


def test_a_baseline_is_chosen_and_taken_back(store: ts.Store) -> None:
    first, _ = run_cell(store, "a", loss=0.5), run_cell(store, "a", loss=0.25)
    api = BrowserApi(store, Scope(experiment="digits", project="p"))
    chosen = api.answer({"ask": "baseline", "run_id": first})
    assert isinstance(chosen, wire.RunTable)
    assert chosen.baseline == first
    taken_back = api.answer({"ask": "baseline", "run_id": None})
    assert isinstance(taken_back, wire.RunTable)
    assert taken_back.baseline is None


def test_the_page_of_a_run_knows_the_baseline_that_its_notebook_has_by_another_name(store: ts.Store) -> None:
    run = run_cell(store, "a", loss=0.5)
    choose_baseline(store, "p", ["renamed"], run)
    assert store.refresh(30)
    now = Scope(project="p", experiment="renamed", former=["digits"])
    for scope in (now, chosen_scope(now, [run])):
        page = BrowserApi(store, scope).answer({"ask": "run", "run_id": run})
        assert isinstance(page, wire.RunPage)
        assert page.baseline == run


def test_a_comparison_begins_as_one_of_python_does(store: ts.Store) -> None:
    with ts.run("mlp") as run:
        run.log_history(loss=[1.0, 0.5])
    answer = BrowserApi(store, Scope()).answer({"ask": "comparison"})
    assert isinstance(answer, wire.Comparison)
    assert answer.state == ts.runs().compare()._state
