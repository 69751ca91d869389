"""Views saved by name: for all who look at the experiment, and no others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import trackside as ts
from trackside.browser_api import BrowserApi
from trackside.query import Scope
from trackside.store.store import Store
from trackside.tracking.experiments import decide
from trackside.wire import Failure, SavedViews

if TYPE_CHECKING:
    from pathlib import Path

STATE = {"panels": ["table"], "filter": "lr < 0.1", "smoothing": 0.5, "ticked": ["x"], "open_groups": ["1"]}


@pytest.fixture
def store(store_folder: Path) -> Store:
    """Return a store with a run of ``digits`` and one of ``faces``."""
    for experiment in ("digits", "faces"):
        with ts.run("a", experiment=experiment):
            pass
    store = Store(store_folder)
    assert store.refresh(wait=30)
    return store


def ask(store: Store, experiment: str, **question: Any) -> SavedViews | Failure:
    api = BrowserApi(store, Scope(project="p", experiment=experiment))
    answer = api.answer({"ask": "views", **question})
    assert isinstance(answer, SavedViews | Failure)
    return answer


def names(store: Store, experiment: str, **question: Any) -> list[str]:
    answer = ask(store, experiment, **question)
    assert isinstance(answer, SavedViews)
    return [view.name for view in answer.views]


def test_a_view_is_saved_for_its_experiment_without_what_is_of_the_moment(store: Store) -> None:
    assert names(store, "digits", name=" smooth   ones ", state=STATE) == ["smooth ones"]
    answer = ask(store, "digits")
    assert isinstance(answer, SavedViews)
    (view,) = answer.views
    assert (view.state.filter, view.state.smoothing) == ("lr < 0.1", 0.5)
    assert (view.state.ticked, view.state.open_groups) == ([], [])
    assert names(store, "faces") == []


def test_of_one_name_the_last_counts_until_it_is_forgotten(store: Store) -> None:
    names(store, "digits", name="b", state=STATE)
    names(store, "digits", name="A", state=STATE)
    names(store, "digits", name="b", state={"panels": ["history"]})
    answer = ask(store, "digits")
    assert isinstance(answer, SavedViews)
    assert [(view.name, view.state.panels) for view in answer.views] == [("A", ["table"]), ("b", ["history"])]
    assert names(store, "digits", name="A", state=None) == ["b"]


def test_a_view_of_chosen_runs_has_those_of_its_newest_runs_experiment(store: Store) -> None:
    names(store, "faces", name="faces only", state=STATE)
    chosen = Scope(run_ids=ts.runs(experiment="faces").ids)
    answer = BrowserApi(store, chosen).answer({"ask": "views"})
    assert isinstance(answer, SavedViews)
    assert [view.name for view in answer.views] == ["faces only"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
def test_a_name_that_is_none_is_refused(store: Store, name: str) -> None:
    answer = ask(store, "digits", name=name, state=STATE)
    assert isinstance(answer, Failure)
    assert "expected 1 to 80" in answer.message


def test_a_view_that_a_newer_trackside_saved_is_left_out(store: Store) -> None:
    decide(store, ("p", "digits"), "view", "newer", '{"panels":["hologram"]}')
    assert names(store, "digits", name="mine", state=STATE) == ["mine"]
