"""The questions a browser may ask, and what it gets for asking wrongly."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, get_args

import msgspec
import pytest

import trackside as ts
from trackside import wire
from trackside.browser_api import BrowserApi, decode_floats
from trackside.query import Scope
from trackside.tracking import Run
from trackside.tracking.experiments import decide
from trackside.view_record import PAGE, draw_record

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
    assert found["run:name"] == ["mlp · lr 0.01", "mlp · lr 0.1"]
    assert table.metrics == ["loss"]
    assert table.main == "metric:loss"


def test_a_param_and_a_metric_of_one_name_are_told_apart_and_nothing_else_is(store_folder: Path) -> None:
    with ts.run("svm", params={"acc": 1, "SVC.C": 2, "status": "x"}, tags={"C": "t"}) as run:
        run.log(acc=0.5, loss=1.0)
    table = BrowserApi(ts.Store(store_folder), Scope()).runs()
    names = {column.key: column.name for column in table.columns}
    assert (names["param:acc"], names["metric:acc"], names["metric:loss"]) == ("param.acc", "metric.acc", "loss")
    assert (names["param:SVC.C"], names["run:tag:C"]) == ("param.SVC.C", "tag.C")
    assert (names["param:status"], names["run:status"]) == ("param.status", "status")


def test_metrics_to_draw_begin_with_one_that_many_runs_have_a_history_of(store_folder: Path) -> None:
    for n in range(5):
        with ts.run("mlp") as run:
            run.log_history(loss=[1.0, 0.5], noise=[1.0, 2.0])
            run.log_history(accuracy=[0.5, 0.9] if n == 0 else [0.9])
            run.log(width=3)
    api = BrowserApi(ts.Store(store_folder), Scope())
    assert api.runs().main == "metric:accuracy"
    assert api.runs().metrics == ["loss", "noise", "accuracy"]
    ts.metric("accuracy", main=True)
    assert api.runs().metrics == ["accuracy", "loss", "noise"]


def test_a_param_of_several_kinds_is_text_and_null_where_it_is_missing(store_folder: Path) -> None:
    for gamma in ("scale", 0.01, math.nan, 3, True, [1, 2]):
        with ts.run("svm", params={"gamma": gamma}):
            pass
    with ts.run("mlp"):
        pass
    table = BrowserApi(ts.Store(store_folder), Scope()).runs()
    assert columns(table)["param:gamma"] == [None, "[1,2]", "True", "3", "NaN", "0.01", "scale"]


def test_a_param_that_is_a_number_but_for_none_or_a_rare_word_is_one(store_folder: Path) -> None:
    for depth, alpha in ((None, 0.5), (3, "auto"), (None, 0.25), (10, math.inf), (None, True), (None, 2**60)):
        with ts.run("forest", params={"max_depth": depth, "alpha": alpha}):
            pass
    table = BrowserApi(ts.Store(store_folder), Scope()).runs()
    kinds = {column.key: column.kind for column in table.columns}
    assert (kinds["param:max_depth"], kinds["param:alpha"]) == ("number", "number")
    assert columns(table)["param:max_depth"] == ["None", "None", 10, "None", 3, "None"]
    assert columns(table)["param:alpha"] == [2**60, "True", "Infinity", 0.25, "auto", 0.5]
    assert len(ts.runs("max_depth < 5")) == len(ts.runs("max_depth = 3")) == 1
    assert len(ts.runs("max_depth = 'None'")) == 4
    assert msgspec.json.decode(msgspec.json.encode(table), type=wire.RunTable) == table


@pytest.mark.parametrize("values", [("auto", "scale", 1, 2), (None, 5, None), (True, False, 1)])
def test_a_param_in_which_words_are_the_rule_is_text(store_folder: Path, values: tuple[object, ...]) -> None:
    for value in values:
        with ts.run("svm", params={"gamma": value}):
            pass
    table = BrowserApi(ts.Store(store_folder), Scope()).runs()
    assert [column.kind for column in table.columns if column.key == "param:gamma"] == ["text"]


@pytest.mark.parametrize(("handle", "row"), [("last", 0), ("last~1", 1), (" best ", 0)])
def test_a_filter_that_is_a_handle_finds_its_run(api: BrowserApi, handle: str, row: int) -> None:
    answer = api.answer({"ask": "filter", "expression": handle})
    assert answer == wire.Matches(run_ids=[api.runs().run_ids[row]])


def test_a_handle_in_a_filter_that_names_no_run_shown_is_told(api: BrowserApi) -> None:
    answer = api.answer({"ask": "filter", "expression": "#3"})
    assert isinstance(answer, wire.Failure)
    assert answer.message.startswith("'#3' names no run")


def test_the_history_of_a_metric(api: BrowserApi) -> None:
    table = api.runs()
    answer = api.answer({"ask": "history", "run_ids": table.run_ids, "metric": "loss", "x": "step", "pixels": 100})
    assert isinstance(answer, wire.History)
    assert decode_floats(answer.lines[0].mean).tolist() == [1.0, 0.5]
    assert answer.lines[1].non_finite.kinds == ["NaN"]


def test_a_filter(api: BrowserApi) -> None:
    table = api.runs()
    assert api.answer({"ask": "filter", "expression": "lr > 0.05"}) == wire.Matches(run_ids=table.run_ids[1:])


def mark(api: BrowserApi, run_ids: list[str], name: str, value: str | None, **more: Any) -> wire.Answer:
    return api.answer({"ask": "mark", "run_ids": run_ids, "mark": name, "value": value, **more})


def test_a_star_is_answered_with_the_table_that_has_it(api: BrowserApi) -> None:
    newest = api.runs().run_ids[0]
    starred = mark(api, [newest], "starred", "yes")
    assert isinstance(starred, wire.RunTable)
    assert starred.starred == [newest]
    assert api.answer({"ask": "filter", "expression": "starred"}) == wire.Matches(run_ids=[newest])
    bare = mark(api, [newest], "starred", None)
    assert isinstance(bare, wire.RunTable)
    assert bare.starred == []


@pytest.mark.parametrize(
    ("name", "value"), [("forced:loss", None), ("reproduced", "reproduced"), ("reproduction", "{}"), ("x", "y")]
)
def test_marks_that_are_not_a_browsers_to_say_are_refused(api: BrowserApi, name: str, value: str | None) -> None:
    answer = mark(api, api.runs().run_ids, name, value)
    assert isinstance(answer, wire.Failure)
    assert "starred|shelf|note|name|decision|tag" in answer.message


def test_dropped_runs_leave_the_table_and_are_counted_until_they_are_asked_for(api: BrowserApi) -> None:
    before = api.runs()
    newest, oldest = before.run_ids
    table = mark(api, [newest], "shelf", "dropped")
    assert isinstance(table, wire.RunTable)
    assert (table.run_ids, table.hidden, table.shown_anyway) == ([oldest], wire.Hidden(dropped=1), [])
    everything = api.answer({"ask": "runs", "include_hidden": True})
    assert isinstance(everything, wire.RunTable)
    assert (everything.run_ids, everything.hidden, everything.shown_anyway) == (before.run_ids, None, [newest])
    assert columns(everything)["run:shelf"] == ["dropped", None]
    assert before.ordinals == everything.ordinals == [1, 0]
    assert table.ordinals == [0]  # colours go by it: hiding a run must not change those of others
    question = {"ask": "filter", "expression": "lr < 0.05"}
    assert api.answer(question) == wire.Matches(run_ids=[])
    assert api.answer({**question, "include_hidden": True}) == wire.Matches(run_ids=[newest])


def test_a_comparison_nobody_chose_the_runs_of_shows_older_ones_on_request(api: BrowserApi) -> None:
    ids = api.runs().run_ids
    newest = BrowserApi(api.store, Scope(limit=1, or_wanted=True))
    table = newest.runs()
    assert (table.run_ids, table.total, table.newest) == (ids[:1], 2, 1)
    question = {"ask": "filter", "expression": "lr > 0.05"}
    assert newest.answer(question) == wire.Matches(run_ids=[])
    assert newest.answer({**question, "include_older": True}) == wire.Matches(run_ids=ids[1:])
    everything = mark(newest, ids[1:], "starred", "yes", include_older=True)
    assert isinstance(everything, wire.RunTable)
    assert (everything.run_ids, everything.newest) == (ids, 1)
    state = wire.ViewState(panels=["table"], include_older=True)
    assert draw_record(newest, state, PAGE, wait=None).table.run_ids == ids


def test_runs_that_somebody_chose_stay_the_choice(api: BrowserApi) -> None:
    chosen = BrowserApi(api.store, Scope(limit=1)).runs(wire.RunsQuestion(include_older=True))
    assert (len(chosen.run_ids), chosen.newest) == (1, None)


def test_the_baseline_is_told_and_cannot_be_dropped(api: BrowserApi) -> None:
    newest = api.runs().run_ids[0]
    experiment = str(ts.runs().df["project"].iloc[0]), "digits"
    decide(api.store, experiment, "baseline", "", newest)
    assert api.runs().baseline == newest
    refused = mark(api, api.runs().run_ids, "shelf", "dropped")
    assert isinstance(refused, wire.Failure)
    assert "baseline" in refused.message
    assert len(api.runs().run_ids) == 2
    assert isinstance(mark(api, [newest], "shelf", "kept"), wire.RunTable)


def test_repeats_are_one_row_that_says_how_many_it_stands_for(store_folder: Path) -> None:
    for _ in range(3):
        run = Run.start(
            store_folder, name="cell", project="p", experiment="digits", origin="notebook", cell_digest="same"
        )
        run.log(loss=0.5)
        run.finish()
    api = BrowserApi(ts.Store(store_folder), Scope())
    table = api.runs()
    assert (table.repeats, table.total, table.hidden) == ([3], 1, wire.Hidden(repeats=2))
    everything = api.runs(wire.RunsQuestion(include_hidden=True))
    assert everything.shown_anyway == everything.run_ids[1:]


def test_a_note_is_a_column_where_a_run_has_one(api: BrowserApi) -> None:
    assert "run:note" not in columns(api.runs())
    ts.runs()[0].note("with warm-up")
    assert columns(api.runs())["run:note"] == ["with warm-up", None]


def test_a_note_can_be_written_and_taken_away_in_the_browser(api: BrowserApi) -> None:
    newest = api.runs().run_ids[0]
    mark(api, [newest], "note", "password=hunter2hunter2")
    assert columns(api.runs())["run:note"][0] == "password=<redacted>"
    mark(api, [newest], "note", None)
    assert "run:note" not in columns(api.runs())


def test_a_goal_and_the_main_metric_say_whether_somebody_gave_them(api: BrowserApi) -> None:
    def told() -> tuple[Any, ...]:
        table = api.runs()
        loss = next(column for column in table.columns if column.key == "metric:loss")
        return loss.goal, loss.goal_is_given, table.main, table.main_is_given

    assert told() == ("min", False, "metric:loss", False)
    ts.metric("loss", goal="max", main=True)
    assert told() == ("max", True, "metric:loss", True)


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
        {"ask": "mark", "run_ids": ["not a run"], "mark": "starred", "value": "yes"},
        {"ask": "mark", "run_ids": [], "mark": "starred", "value": "dropped"},
        {"ask": "mark", "run_ids": [], "mark": "reproduced", "value": "reproduced"},
        {"ask": "mark", "run_ids": [], "mark": "note", "value": ""},
        {"ask": "mark", "run_ids": [], "mark": "note", "value": "x" * 1001},
        {"ask": "mark", "run_ids": [], "mark": "name", "value": "for none"},
        {"ask": "mark", "run_ids": ["01934d5e-7c1a-7def-8abc-0123456789ab"], "mark": "name", "value": "  "},
        {"ask": "mark", "run_ids": [], "mark": "tag:", "value": "x"},
        {"ask": "mark", "run_ids": [], "mark": "tag:stage", "value": "x" * 1001},
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


@pytest.mark.parametrize("kind", get_args(wire.Question))
def test_every_question_of_the_contract_is_answered(api: BrowserApi, kind: type[wire.Question]) -> None:
    with ts.run("kept") as run:
        run.log(loss=0.1)
        run.log_artifact(b"weights", "weights.bin", kind="model")
    ts.models.register("churn", run)
    run_id = api.runs().run_ids[0]
    given: dict[str, Any] = {
        "run_ids": [run_id],
        "mark": "starred",
        "value": "yes",
        "expression": "lr > 0",
        "metric": "loss",
        "x": "step",
        "pixels": 10,
        "state": wire.ViewState(panels=["table"]),
        "before": run_id,
        "after": run_id,
        "run_id": run_id,
        "name": "no artifact",
        "model": "churn",
        "version": 1,
        "step": "alias",
    }
    required = {field.name: given[field.name] for field in msgspec.structs.fields(kind) if field.required}
    answer = api.answer(msgspec.to_builtins(kind(**required)))
    assert kind is wire.ArtifactQuestion or not isinstance(answer, wire.Failure)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_data(store_folder: Path, name: str) -> None:
    with ts.run("run", params={name: name}, tags={name: name}, experiment=name[:50]) as run:
        run.log_params({"text": name})
        if name.isprintable():
            run.log({name: 1.0})
    api = BrowserApi(ts.Store(store_folder), Scope())
    table = api.runs()
    assert columns(table)["param:text"] == [name]
    question = {"ask": "history", "run_ids": table.run_ids, "metric": name, "x": "step", "pixels": 10}
    assert isinstance(api.answer(question), wire.History)
    assert isinstance(api.answer({"ask": "filter", "expression": name}), wire.Failure | wire.Matches)
    assert api.runs().total == 1
