"""The questions a browser may ask, and what it gets for asking wrongly."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest

import trackside as ts
from trackside import wire
from trackside.browser_api import BrowserApi, decode_floats
from trackside.query import Scope

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "'; DROP TABLE runs; --",
    "\u202eabc",
    "x" * 10_000,
    "__proto__",
    '"',
    "a\\b",
]


@pytest.fixture
def api(store_folder: Path) -> BrowserApi:
    for lr, losses in ((0.1, [1.0, math.nan]), (0.01, [1.0, 0.5])):
        with ts.run("mlp", params={"lr": lr, "bias": None}) as run:
            for loss in losses:
                run.log(loss=loss)
    return BrowserApi(ts.Store(store_folder), Scope())


def columns(table: wire.RunTable) -> dict[str, list[Any]]:
    return {column.key: column.values for column in table.columns}


def test_the_table_of_runs(api: BrowserApi) -> None:
    table = api.answer({"ask": "runs"})
    assert isinstance(table, wire.RunTable)
    found = columns(table)
    assert found["param:lr"] == [0.01, 0.1]
    assert found["param:bias"] == ["None", "None"]
    assert found["metric:loss"] == [0.5, "NaN"]
    assert found["run:name"] == ["lr 0.01", "lr 0.1"]
    assert table.metrics == ["loss"]
    assert table.main == "metric:loss"


def test_a_param_of_several_kinds_is_text_and_null_where_it_is_missing(store_folder: Path) -> None:
    for gamma in ("scale", 0.01, math.nan, 3, True, [1, 2]):
        with ts.run("svm", params={"gamma": gamma}):
            pass
    with ts.run("mlp"):
        pass
    table = BrowserApi(ts.Store(store_folder), Scope()).runs()
    assert columns(table)["param:gamma"] == [None, "[1,2]", "True", "3", "NaN", "0.01", "scale"]


def test_the_history_of_a_metric(api: BrowserApi) -> None:
    table = api.runs()
    answer = api.answer({"ask": "history", "run_ids": table.run_ids, "metric": "loss", "x": "step", "pixels": 100})
    assert isinstance(answer, wire.History)
    assert decode_floats(answer.lines[0].mean).tolist() == [1.0, 0.5]
    assert answer.lines[1].non_finite.kinds == ["NaN"]


def test_a_filter(api: BrowserApi) -> None:
    table = api.runs()
    assert api.answer({"ask": "filter", "expression": "lr > 0.05"}) == wire.Matches(run_ids=table.run_ids[1:])


@pytest.mark.parametrize(
    "question",
    [
        None,
        [],
        {"ask": "sql", "text": "DROP TABLE runs"},
        {"ask": "history"},
        {"ask": "history", "run_ids": ["not a run"], "metric": "loss", "x": "step", "pixels": 10},
        {"ask": "history", "run_ids": [], "metric": "loss", "x": "step", "pixels": 10**9},
        {"ask": "history", "run_ids": ["x"] * 5000, "metric": "loss", "x": "step", "pixels": 10},
        {"ask": "filter", "expression": "lr >"},
        {"ask": "filter", "expression": "lrr > 1"},
        {"ask": "filter", "expression": "\ud800"},
    ],
)
def test_a_wrong_question_is_answered_with_a_failure_of_one_line(api: BrowserApi, question: object) -> None:
    answer = api.answer(question)
    assert isinstance(answer, wire.Failure)
    assert answer.message
    assert "\n" not in answer.message


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_data(store_folder: Path, name: str) -> None:
    with ts.run("run", params={name: name}, tags={name: name}, experiment=name[:50]) as run:
        run.log_params({"text": name})
        if name.isprintable():
            run.log({name: 1.0})
    api = BrowserApi(ts.Store(store_folder), Scope())
    table = api.runs()
    kept = name if len(name) < 200 else "sha256:"  # a long text is kept as its digest
    assert columns(table)["param:text"][0].startswith(kept)
    question = {"ask": "history", "run_ids": table.run_ids, "metric": name, "x": "step", "pixels": 10}
    assert isinstance(api.answer(question), wire.History)
    assert isinstance(api.answer({"ask": "filter", "expression": name}), wire.Failure | wire.Matches)
    assert api.runs().total == 1
