"""What is said of params: which are important to a metric, and when nobody can tell."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

import numpy as np
import pytest
from scipy.stats import spearmanr
from sklearn.ensemble import RandomForestRegressor
from sklearn.inspection import permutation_importance

import trackside as ts
from trackside import wire
from trackside.browser_api import BrowserApi
from trackside.importance import FEWEST_RUNS, grow_forest, spearman
from trackside.query import Scope
from trackside.view_record import NOTEBOOK, draw_record

if TYPE_CHECKING:
    from pathlib import Path

    from trackside.wire.words import Layout


def train(count: int, **more: Any) -> None:
    """Record runs whose loss hangs on lr most, on the optimizer a little, on nothing else."""
    random = np.random.default_rng(0)
    for n in range(count):
        lr = float(10 ** random.uniform(-4, -1))
        optimizer = ("adam", "sgd", "lion")[n % 3]
        params = {"lr": lr, "optimizer": optimizer, "noise": float(random.random()), "batch": 32, **more}
        with ts.run("mlp", params=params) as run:
            run.log(loss=lr**0.3 + 0.05 * (optimizer == "sgd"))


def ask(folder: Path, metric: str = "loss", **more: Any) -> wire.Importance:
    api = BrowserApi(ts.Store(folder), Scope())
    return api.importance(wire.ImportanceQuestion(metric=metric, **more))


def test_params_are_ordered_by_importance_with_the_direction_of_numbers(store_folder: Path) -> None:
    train(30)
    answer = ask(store_folder)
    assert [param.key for param in answer.params] == ["param:lr", "param:optimizer", "param:noise"]
    lr, optimizer, noise = answer.params
    assert (lr.importance or 0) > 1 > (optimizer.importance or 0)
    assert abs(noise.importance or 0) < 0.1
    assert (lr.correlation or 0) > 0.9
    assert optimizer.correlation is None
    assert (answer.explained or 0) > 0.5
    assert answer.notes == ["1 param with one value in all runs."]


def test_the_forest_says_what_scikit_learns_own_permutation_importance_says() -> None:
    random = np.random.default_rng(0)
    params = random.permutation(np.arange(1, 121, dtype=np.float32).repeat(3)).reshape(120, 3)
    goal = np.argsort(np.argsort(2 * params[:, 0] + params[:, 1])).astype(np.float32) + 1
    half = len(goal) // 2
    forest = RandomForestRegressor(50, min_samples_leaf=2, random_state=0).fit(params[:half], goal[:half])
    theirs = permutation_importance(forest, params[half:], goal[half:], n_repeats=5, random_state=0)
    ours = [mean for mean, _ in grow_forest(goal, params).importances]
    assert ours == pytest.approx(theirs.importances_mean, abs=0.35)
    assert np.argsort(ours).tolist() == np.argsort(theirs.importances_mean).tolist()


def test_the_correlation_is_spearmans_where_values_are_alike_or_missing() -> None:
    one = np.array([3, 1, 1, 2, np.nan, 5, 8, 8, 8, 2, 7, 1], dtype=np.float32)
    other = np.array([1, 2, 3, 4, 5, 6, 7, np.nan, 7, 1, 3, 2], dtype=np.float32)
    assert spearman(one, other) == pytest.approx(spearmanr(one, other, nan_policy="omit").statistic)


def test_too_few_runs_are_said_to_be_too_few(store_folder: Path) -> None:
    train(FEWEST_RUNS - 1)
    answer = ask(store_folder)
    assert (answer.runs, answer.needed, answer.params) == (FEWEST_RUNS - 1, FEWEST_RUNS, [])


def test_runs_that_cannot_be_compared_are_left_out_and_counted(store_folder: Path) -> None:
    train(12)
    with ts.run("diverged", params={"lr": 1.0}) as run:
        run.log(loss=float("nan"))
    with ts.run("going on", params={"lr": 1.0}) as run:
        run.log(loss=0.1)
        answer = ask(store_folder)
    assert answer.runs == 12
    assert answer.notes[0] == "Left out: 1 run without a finite loss, 1 unfinished run."


def test_a_metric_may_have_braces_in_its_name(store_folder: Path) -> None:
    for n in range(FEWEST_RUNS):
        with ts.run("mlp", params={"lr": n}) as run:
            run.log({"f1{macro}": n or float("nan")})
    assert ask(store_folder, "f1{macro}").notes[0] == "Left out: 1 run without a finite f1{macro}."


def test_a_param_that_some_runs_lack_is_rated_and_that_is_said(store_folder: Path) -> None:
    for n in range(20):
        with ts.run("mlp", params={"lr": n / 10} | ({"momentum": n} if n % 2 else {})) as run:
            run.log(loss=n % 2 + n / 1000)
    answer = ask(store_folder)
    momentum = next(param for param in answer.params if param.key == "param:momentum")
    assert (momentum.runs, answer.params[0]) == (10, momentum)
    assert any("lacks" in note for note in answer.notes)


def test_values_beyond_floats_and_of_mixed_kinds_are_rated(store_folder: Path) -> None:
    for n in range(12):
        params = {
            "big": 10.0 ** (300 + n % 5),
            "wide": float("inf") if n % 2 else 1.0,
            "mixed": ("auto", 1, None)[n % 3],
        }
        with ts.run("mlp", params=params) as run:
            run.log(loss=float(n))
    assert {param.key for param in ask(store_folder).params} == {"param:big", "param:wide", "param:mixed"}


def test_a_param_with_none_beside_numbers_has_the_correlation_of_its_numbers(
    store_folder: Path,
) -> None:
    for n in range(20):
        params = {"max_depth": n if n % 5 else None, "alpha": "auto" if n == 3 else float(-n)}
        with ts.run("forest", params=params) as run:
            run.log(loss=float(n))
    answer = ask(store_folder)
    rated = {param.name: (round(param.correlation or 0.0, 5), param.runs) for param in answer.params}
    assert rated == {"max_depth": (1.0, 20), "alpha": (-1.0, 20)}
    (note,) = (note for note in answer.notes if "words" in note)
    assert note == "The correlations of alpha, max_depth are of their numbers, without words such as None."


def test_a_metric_that_is_the_same_everywhere_has_no_important_param(store_folder: Path) -> None:
    for n in range(12):
        with ts.run("mlp", params={"lr": n}) as run:
            run.log(loss=1.0)
    answer = ask(store_folder)
    assert not answer.params
    assert answer.notes == ["loss is the same in all 12 runs: there is nothing to explain."]


def test_only_the_runs_asked_for_count(store_folder: Path) -> None:
    train(12)
    assert ask(store_folder, run_ids=ts.runs().ids[:11]).runs == 11


def test_a_browser_need_not_wait_for_the_forest(store_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trackside.browser_api._LIVE_WAIT", 0.0)
    train(14)
    api = BrowserApi(ts.Store(store_folder), Scope())
    api.store.refresh(5.0)
    question = {"ask": "importance", "metric": "loss"}
    first = api.answer(question)
    assert isinstance(first, wire.Importance)
    assert first.pending
    assert [param.importance for param in first.params] == [None] * 3
    assert first.params[0].correlation is not None
    whole = api.importance(wire.ImportanceQuestion(metric="loss"))
    assert api.answer(question) == whole
    assert not whole.pending


@pytest.mark.parametrize(
    ("layout", "front", "count"), [("tabs", "table", 0), ("tabs", "importance", 1), ("stack", "table", 1)]
)
def test_a_view_for_a_browser_waits_for_no_forest_that_stands_behind_a_tab(
    store_folder: Path, layout: Layout, front: wire.Panel, count: int
) -> None:
    train(15)
    api = BrowserApi(ts.Store(store_folder), Scope())
    state = wire.ViewState(panels=["importance", "table"], layout=layout, front=front)
    assert len(draw_record(api, state, NOTEBOOK, wait=60).importances) == count
    assert len(draw_record(api, state, NOTEBOOK, wait=None).importances) == 1


def test_a_forest_that_failed_is_grown_again(store_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    train(13)
    with monkeypatch.context() as short_of_memory:
        short_of_memory.setattr("trackside.importance.grow_forest", Mock(side_effect=MemoryError))
        with pytest.raises(MemoryError):
            ask(store_folder)
    assert ask(store_folder).params[0].importance is not None


def test_without_scikit_learn_there_are_correlations_and_a_word_on_what_to_install(
    store_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(12)
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "sklearn" else find(name))
    answer = ask(store_folder)
    assert answer.params[0].key == "param:lr"
    assert answer.params[0].importance is None
    assert "pip install 'trackside[analysis]'" in answer.notes[-1]


def test_an_unknown_metric_is_refused_with_those_there_are(store_folder: Path) -> None:
    train(1)
    answer = BrowserApi(ts.Store(store_folder), Scope()).answer({"ask": "importance", "metric": "lss"})
    assert isinstance(answer, wire.Failure)
    assert "loss" in answer.message
