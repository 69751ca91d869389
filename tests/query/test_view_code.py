"""The code of a view makes the same view again."""

from __future__ import annotations

import ast
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import trackside as ts
from trackside import wire
from trackside.browser_api import BrowserApi
from trackside.python_code import Call, write_chain
from trackside.query import Scope
from trackside.saved_views import OF_THE_MOMENT
from trackside.view_record import included
from trackside.view_states import compare_state
from trackside.widgets import View

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LONG = "0123456789" * 4

MAKERS: dict[str, Callable[[Path], View]] = {
    "the newest": lambda _: ts.runs().compare(),
    "the newest of a metric": lambda _: ts.runs().compare("accuracy", newest=2),
    "all": lambda _: ts.runs().compare(newest=None),
    "a table": lambda _: ts.runs().table(),
    "a history": lambda _: ts.runs().history("loss", "accuracy"),
    "limited": lambda _: ts.runs(limit=2).compare(),
    "hidden too": lambda _: ts.runs(include_hidden=True).compare(),
    "a condition": lambda _: ts.runs("lr > 0.15").where("loss < 0.25").scatter(),
    "a handle": lambda _: ts.runs("best").compare(),
    "chosen": lambda _: ts.runs().best("loss", 2).compare(),
    "none": lambda _: ts.runs("lr > 9").compare(),
    "another experiment": lambda _: ts.runs(experiment="faces").compare(),
    "all experiments": lambda _: ts.runs("lr > 0.1", experiment="*").compare("loss"),
    "another project": lambda _: ts.runs(project="q", experiment="*").table(),
    "narrowed": lambda _: ts.runs(group="g", name="mlp", tags={"stage": "dev"}).compare(),
    "another store": lambda other: ts.runs(experiment="*", store=other).compare(),
    "some of another store": lambda other: ts.runs(experiment="*", store=other)[:1].compare(),
}


@pytest.fixture
def other(store_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make runs of two experiments and two projects in this notebook's store, and some in another that is returned."""
    other = store_folder.with_name('the "other" one') / ".trackside"
    made = ((store_folder, "q", "digits"), (store_folder, "p", "faces"), (other, "p", "digits"))
    for store, project, experiment in (*made, (store_folder, "p", "digits")):
        monkeypatch.setenv("TRACKSIDE_STORE", str(store))
        monkeypatch.setenv("TRACKSIDE_PROJECT", project)
        for lr in (0.1, 0.2, 0.3):
            with ts.run("mlp", experiment=experiment, group="g", params={"lr": lr}, tags={"stage": "dev"}) as run:
                run.log_history(loss=[1.0, lr], accuracy=[0.0, 1 - lr])
    ts.runs()[2].archive()
    return other


def code_of(view: View, state: wire.ViewState | None = None) -> str:
    """Return the answer to what a browser asks once ``state`` is chosen."""
    asked = msgspec.to_builtins(state) if state else view.state
    answer = view._api.answer({"ask": "code", "state": asked})
    assert isinstance(answer, wire.Code), answer
    return answer.text


def execute(code: str) -> View:
    *statements, shown = ast.parse(code).body
    assert isinstance(shown, ast.Expr)
    names: dict[str, Any] = {}
    exec(compile(ast.Module(statements, []), "<cell>", "exec"), names)  # noqa: S102 - the code under test
    view = eval(compile(ast.Expression(shown.value), "<cell>", "eval"), names)  # noqa: S307 - likewise
    assert isinstance(view, View)
    return view


def formatted(code: str) -> str:
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", "88", "-"]
    return subprocess.run(command, input=code, capture_output=True, text=True, check=True).stdout


texts = st.text(max_size=12)
numbers = st.floats(allow_nan=False, allow_infinity=False)
brushes = st.builds(
    wire.Brush,
    low=st.none() | numbers,
    high=st.none() | numbers,
    values=st.none() | st.lists(texts, max_size=3),
)
axes = st.builds(
    wire.Axis,
    key=texts,
    log=st.booleans(),
    flipped=st.booleans(),
    brush=st.none() | brushes,
    brushes=st.lists(brushes, max_size=2),
)
sorts = st.builds(wire.Sort, key=texts, descending=st.booleans())
formats: list[wire.Format] = ["2", "4", "6", "percent", "seconds"]
panels: list[wire.Panel] = ["table", "history", "parallel", "scatter", "importance", "diff", "artifacts"]
choices: dict[str, st.SearchStrategy[Any]] = {
    "panels": st.lists(st.sampled_from(panels), min_size=1, unique=True),
    "layout": st.sampled_from(["stack", "tiles", "tabs"]),
    "front": st.none() | st.sampled_from(panels),
    "metric": st.none() | texts,
    "metrics": st.none() | st.lists(st.sampled_from(["loss", "accuracy", "no metric"]), max_size=3),
    "x": st.sampled_from(["step", "relative", "wall", "metric:loss"]),
    "smoothing": st.floats(0, 1, exclude_max=True),
    "band": st.sampled_from(["std", "quartiles"]),
    "columns": st.none() | st.lists(texts, max_size=30),
    "sort": st.none() | sorts,
    "filter": st.sampled_from(["", "lr < 0.25", "mlp", 'name != "it\'s \\"']),
    "axes": st.none() | st.lists(axes, max_size=4),
    "colour_by": st.none() | texts,
    "scatter": st.none()
    | st.builds(wire.Scatter, x=st.none() | axes, y=st.none() | axes, size_by=st.none() | texts, front=st.booleans()),
    "importance_of": st.none() | st.sampled_from(["loss", "accuracy"]),
    "pinned": st.none() | texts,
    "sorts": st.none() | st.lists(sorts, max_size=3),
    "group_by": st.none() | texts,
    "unseen": st.lists(texts, max_size=3),
    "sparklines": st.none() | st.booleans(),
    "formats": st.dictionaries(texts, st.sampled_from(formats), max_size=3),
    "widths": st.dictionaries(texts, numbers, max_size=3),
    "diff": st.none()
    | st.builds(wire.DiffChoice, before=st.none() | texts, after=st.none() | texts, side_by_side=st.booleans()),
    "artifacts": st.none()
    | st.builds(wire.ArtifactsChoice, step=st.none() | st.integers(0, 9), kind=st.none() | texts),
    **{
        name: st.booleans()
        for name in "log_x log_y clip_outliers only_differing show_sparse include_hidden include_older percent".split()
    },
}


def test_every_choice_is_tried() -> None:
    assert {*choices, *OF_THE_MOMENT} == set(wire.ViewState.__struct_fields__)


def test_the_code_of_any_view_makes_it_again(other: Path) -> None:
    views = {name: make(other) for name, make in MAKERS.items()}

    def check(name: str, chosen: dict[str, Any]) -> None:
        view = views[name]
        state = msgspec.structs.replace(msgspec.convert(view.state, wire.ViewState), **chosen)
        made = execute(code_of(view, state))
        assert msgspec.convert(made.state, wire.ViewState) == state
        assert (made.store.folder, made._api.scope) == (view.store.folder, view._api.scope)
        assert [*made._api.metrics] == [*view._api.metrics]
        shown = view._api.runs(wire.RunsQuestion(**included(state))).run_ids
        assert made._saved.table.run_ids == shown

    for name in views:
        check(name, {})
    chosen = st.fixed_dictionaries({}, optional=choices)
    settings(max_examples=40)(given(name=st.sampled_from(list(views)), chosen=chosen)(check))()


def test_what_is_so_by_default_is_not_said(other: Path) -> None:
    assert other.exists()
    assert code_of(ts.runs().compare()) == "import trackside as ts\n\nts.runs().compare()"
    assert code_of(ts.runs("lr > 0.1", experiment="*").compare("loss")).endswith(
        '\n\nts.runs(experiment="*").where("lr > 0.1").compare("loss")'
    )


def test_former_names_of_a_notebook_are_left_to_it(other: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert other.exists()
    for view, runs in ((ts.runs().compare(), "ts.runs()"), (ts.runs(project="q").compare(), 'ts.runs(project="q")')):
        view._api.scope = replace(view._api.scope, experiment="digits", former=["before it was renamed"])
        assert code_of(view).endswith(f"\n{runs}.compare()")
    monkeypatch.setenv("TRACKSIDE_EXPERIMENT", "faces")
    assert code_of(view).endswith('\nts.runs(experiment="digits", project="q").compare()')


def test_what_is_of_the_moment_is_not_said(other: Path) -> None:
    assert other.exists()
    view = ts.runs().compare()
    chosen = msgspec.structs.replace(
        msgspec.convert(view.state, wire.ViewState), ticked=ts.runs().ids, open_groups=["group:g"]
    )
    assert code_of(view, chosen) == code_of(view)


def test_more_runs_than_a_cell_can_name_are_to_be_chosen_by_a_condition(other: Path) -> None:
    assert other.exists()
    view = ts.runs()[:1].compare()
    view._api.scope = replace(view._api.scope, run_ids=ts.runs().ids * 200)
    answer = view._api.answer({"ask": "code", "state": view.state})
    assert isinstance(answer, wire.Failure)
    assert "400 runs by their ids; expected at most 300; choose them by a condition" in answer.message


def test_what_is_chosen_is_laid_out_to_be_read(other: Path) -> None:
    assert other.exists()
    view = ts.runs(experiment="faces").compare()
    state = msgspec.structs.replace(
        msgspec.convert(view.state, wire.ViewState),
        panels=["history", "table"],
        filter="lr < 0.25",
        smoothing=0.6,
        axes=[wire.Axis(key="param:lr", brushes=[wire.Brush(low=0.1, high=0.2)]), wire.Axis(key="metric:loss")],
    )
    assert code_of(view, state) == (
        """import trackside as ts

ts.runs(experiment="faces").compare(
    view={
        "panels": ["history", "table"],
        "smoothing": 0.6,
        "filter": "lr < 0.25",
        "axes": [
            {"key": "param:lr", "brushes": [{"low": 0.1, "high": 0.2}]},
            {"key": "metric:loss"},
        ],
    }
)"""
    )


def test_code_for_nobody_knows_where_says_everything(other: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = ts.Store(ts.runs().table().store.folder)
    monkeypatch.setenv("TRACKSIDE_MODE", "whatever this process runs under")
    api = BrowserApi(store, Scope(project="p", experiment="digits"))
    answer = api.answer({"ask": "code", "state": msgspec.to_builtins(compare_state(api.frame(), ()))})
    assert isinstance(answer, wire.Code), answer
    monkeypatch.setenv("TRACKSIDE_MODE", "enabled")
    monkeypatch.setenv("TRACKSIDE_PROJECT", "q")
    monkeypatch.setenv("TRACKSIDE_STORE", str(other))
    made = execute(answer.text)
    assert made.store.folder == store.folder
    assert made.selected.ids == api.frame().run_ids


@pytest.mark.parametrize(
    "calls",
    [
        [Call("ts.runs"), Call(".compare")],
        [Call("ts.runs"), Call(".of_ids", [("", [])]), Call(".compare")],
        [Call("ts.runs"), Call(".of_ids", [("", [LONG])]), Call(".compare", [("view", {"filter": LONG})])],
        [Call("ts.runs"), Call(".of_ids", [("", [LONG, LONG, LONG])]), Call(".compare", [("view", {"filter": LONG})])],
        [Call("ts.runs", [("experiment", LONG), ("project", LONG)]), Call(".compare", [("newest", None)])],
        [Call("ts.runs"), Call(".compare", [("", "loss"), ("newest", 5), ("view", {"a": LONG, "b": [LONG]})])],
        [Call("ts.runs"), Call(".compare", [("", "loss"), ("newest", 5), ("view", {"a": [LONG], "b": {LONG: 1.0}})])],
        [Call("ts.runs"), Call(".compare", [("view", {"a": 'say "x"', "b": "it's", "c": '"it\'s"', "d": "\\'\t"})])],
        [Call("ts.runs"), Call(".compare", [("view", {"a": [{"b": [LONG, {"c": LONG}]}, {}], "d": []})])],
    ],
)
def test_code_is_laid_out_as_formatters_do(calls: list[Call]) -> None:
    code = write_chain(calls)
    assert formatted(code) == f"{code}\n"


@given(texts)
def test_any_text_is_written_so_that_it_is_read_again(text: str) -> None:
    code = write_chain([Call("str", [("", text)])])
    assert ast.literal_eval(code.removeprefix("str(").removesuffix(")")) == text
