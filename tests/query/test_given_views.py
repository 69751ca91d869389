"""A comparison that looks as somebody wrote, or as a view that was saved by name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import trackside as ts
from trackside import wire
from trackside.browser_api import BrowserApi
from trackside.errors import InputError
from trackside.given_views import read_choices
from trackside.view_record import NOTEBOOK, draw_record

if TYPE_CHECKING:
    from trackside.widgets import View

pytestmark = pytest.mark.usefixtures("store_folder")


def train() -> ts.Runs:
    for lr in (0.1, 0.2, 0.3):
        with ts.run("mlp", params={"lr": lr}) as run:
            run.log_history(loss=[1.0, lr], accuracy=[0.0, 1 - lr])
    return ts.runs()


def state(view: View) -> wire.ViewState:
    return msgspec.convert(view.state, wire.ViewState)


def save(name: str, **chosen: Any) -> None:
    api: BrowserApi = ts.runs().table()._api
    question = wire.ViewsQuestion(name=name, state=wire.ViewState(**chosen))
    assert isinstance(api.answer(msgspec.to_builtins(question)), wire.SavedViews)


def test_what_is_written_stands_in_place_of_the_default_and_all_else_stays() -> None:
    runs = train()
    written = runs.compare(
        view={"panels": ["table"], "smoothing": 0.6, "axes": [{"key": "param:lr", "brushes": [{"low": 0.2}]}]}
    )
    axes = [wire.Axis(key="param:lr", brushes=[wire.Brush(low=0.2)])]
    default = state(runs.compare())
    assert default.only_differing
    assert state(written) == msgspec.structs.replace(default, panels=["table"], smoothing=0.6, axes=axes)


def test_a_comparison_opens_on_no_metric_of_the_machine() -> None:
    for lr in (0.1, 0.2):
        with ts.run("mlp", params={"lr": lr}) as run:
            run.log_history(**{"system/cpu": [10.0, 20.0]})
            run.log(accuracy=1 - lr)
    assert state(ts.runs().compare()).panels == ["parallel", "table"]
    drawn = draw_record(ts.runs().table()._api, wire.ViewState(panels=["history"]), NOTEBOOK, wait=None)
    assert (drawn.table.metrics, drawn.histories) == (["system/cpu"], [])
    with ts.run("mlp") as run:
        run.log_history(accuracy=[0.5, 0.6])
    runs = ts.runs()
    assert state(runs.compare()).panels == ["history", "parallel", "table"]
    drawn = draw_record(runs.table()._api, state(runs.compare()), NOTEBOOK, wait=None)
    assert [each.metric for each in drawn.histories] == ["accuracy"]


def test_a_view_can_be_that_of_another_view() -> None:
    runs = train()
    view = runs.compare("accuracy", view={"sorts": [{"key": "param:lr", "descending": True}]})
    assert state(runs.compare(view=view.state)) == state(view)


def test_a_saved_view_is_taken_as_it_was_saved() -> None:
    runs = train()
    save("smooth ones", panels=["history"], smoothing=0.5)
    assert state(runs.compare(view=" smooth  ones")) == wire.ViewState(panels=["history"], smoothing=0.5)


def test_a_metric_that_is_named_goes_before_the_saved_one() -> None:
    runs = train()
    save("smooth ones", panels=["history"], metrics=["loss"], smoothing=0.5)
    shown = state(runs.compare("accuracy", view="smooth ones"))
    assert (shown.metrics, shown.colour_by, shown.smoothing) == (["accuracy"], "metric:accuracy", 0.5)


def test_a_name_that_no_view_has_is_told_with_those_there_are() -> None:
    runs = train()
    with pytest.raises(InputError, match=r"No view 'smoth' was saved .* There are: none yet; the menu Views"):
        runs.compare(view="smoth")
    save("smooth", panels=["history"])
    with pytest.raises(InputError, match=r"Did you mean 'smooth'\? There are: smooth\."):
        runs.compare(view="smoth")


def test_a_view_that_another_experiment_has_is_told_where_and_can_be_looked_like() -> None:
    train()
    save("smooth ones", panels=["history"], smoothing=0.5)
    with ts.run("mlp", experiment="faces", params={"lr": 0.1}):
        pass
    faces = ts.runs(experiment="faces")
    with pytest.raises(InputError, match=r"Experiment 'digits' has one: view=(.*) looks like it\.") as told:
        faces.compare(view="smooth  ones")
    code = str(told.value).partition("view=")[2].partition(" looks like")[0]
    looks: Any = eval(code, {"ts": ts})  # noqa: S307 - the code that the message offers
    assert state(faces.compare(view=looks)).smoothing == 0.5


@pytest.mark.parametrize(
    ("view", "message"),
    [
        ({"smoothin": 0.5}, "found 'smoothin' as a field of view; expected panels, .* Did you mean 'smoothing'?"),
        ({"panels": ["histroy"]}, "found 'histroy' as view['panels'][0]; expected .* Did you mean 'history'?"),
        ({"axes": [{"key": "param:lr", "flip": True}]}, "found 'flip' as a field of view['axes'][0]; expected key, "),
        ({"formats": {"param:lr": "%"}}, "found '%' as view['formats']['param:lr']; expected "),
        ({"smoothing": "much"}, "found 'much' as view['smoothing']; expected a number from 0 up to, but not, 1"),
        ({"smoothing": 7}, "found 7 as view['smoothing']; expected a number from 0 up to, but not, 1"),
        ({"x": "epoch"}, "found 'epoch' as view['x']; expected step, relative, wall, metric:…"),
        ({"sorts": [{"descending": True}]}, "found no 'key' in view['sorts'][0]; expected key, descending"),
        ({"sorts": {"key": "param:lr"}}, "found {'key': 'param:lr'} as view['sorts']; expected a list"),
        ({"log_x": "yes"}, "found 'yes' as view['log_x']; expected True or False"),
        ({"filter": None}, "found None as view['filter']; expected a text"),
        ({"filter": "lr <"}, "The filter 'lr <' is no condition (it ends too early)"),
        ({"filter": "lrr < 1"}, "No column 'lrr' in the filter 'lrr < 1'. Did you mean 'lr'?"),
        (["table"], "view is ['table']; expected the name of a saved view, or what is chosen in it: view={'panels'"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_place(view: Any, message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message).replace(r"\.\*", ".*")) as caught:
        train().compare(view=view)
    assert caught.value.__cause__ is None
    assert "\n" not in str(caught.value)


def test_what_these_runs_have_no_use_for_does_nothing() -> None:
    shown = train().compare(view={"metrics": ["elsewhere"], "colour_by": "param:none"})
    assert "history + parallel + table of 3 runs" in repr(shown)


def test_the_filter_holds_in_what_is_kept_and_selected_before_a_browser_looks() -> None:
    runs = train()
    view = runs.compare(view={"filter": "lr > 0.15"})
    data, _ = view._repr_mimebundle_()
    record = msgspec.convert(data["application/vnd.trackside.view.v1+json"], wire.ViewRecord)
    assert record.passing == view.selected.ids == runs.where("lr > 0.15").ids
    assert len(record.table.run_ids) == 3
    assert data["text/html"].count("<tr>") == 3
    ticked = runs.compare(view={"filter": "lr > 0.15", "ticked": runs.ids[:1]})
    assert ticked.selected.ids == runs.ids[:1]


def test_a_view_asks_once_for_its_runs_and_for_those_that_pass() -> None:
    runs = train()
    with (
        patch.object(BrowserApi, "runs", autospec=True, side_effect=BrowserApi.runs) as table,
        patch.object(BrowserApi, "filter", autospec=True, side_effect=BrowserApi.filter) as passing,
    ):
        runs.compare(view={"filter": "lr > 0.15"})
    assert (table.call_count, passing.call_count) == (1, 1)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["key", "table"]),
    lambda parts: st.lists(parts, max_size=2) | st.dictionaries(st.sampled_from(["key", "low", "x", "brush"]), parts),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(wire.ViewState.__struct_fields__), ANYTHING, max_size=3))
def test_whatever_is_written_makes_a_view_or_is_refused_in_one_line(given: dict[str, Any]) -> None:
    try:
        made = read_choices(given, wire.ViewState(panels=["table"]))
    except InputError as error:
        assert "\n" not in str(error)  # noqa: PT017 - most of what is written is wrong
    else:
        assert isinstance(made, wire.ViewState)


def test_a_filter_may_wait_for_the_first_run_and_a_saved_one_for_its_column() -> None:
    assert state(ts.runs().compare(view={"filter": "lr < 0.1"})).filter == "lr < 0.1"
    runs = train()
    save("wide ones", panels=["table"], filter="width > 3")
    assert len(runs.compare(view="wide ones").selected) == 3


def test_words_of_a_filter_are_left_to_the_browser() -> None:
    assert len(train().compare(view={"filter": "no condition at all"}).selected) == 3


def test_hidden_runs_are_shown_from_the_start_where_the_view_has_them() -> None:
    train()[:1].archive()
    assert "2 runs; hidden: 1 archived" in repr(ts.runs().compare())
    assert "of 3 runs" in repr(ts.runs().compare(view={"include_hidden": True}))


@pytest.mark.parametrize(("newest", "count"), [(0, 1), (1, 2), (None, 3)])
def test_so_many_of_the_newest_are_compared_with_the_best(newest: int | None, count: int) -> None:
    assert len(train().compare("loss", newest=newest).selected) == count
    assert len(ts.runs()[:2].compare(newest=newest).selected) == 2


def test_fewer_than_no_run_is_refused() -> None:
    with pytest.raises(InputError, match=r"newest is -1; expected how many .*, 0 or more, or None"):
        train().compare(newest=-1)


def test_a_default_is_not_written_into() -> None:
    default = wire.ViewState(panels=["table"])
    read_choices({"formats": {"param:lr": "2"}}, default)
    assert default == wire.ViewState(panels=["table"])
