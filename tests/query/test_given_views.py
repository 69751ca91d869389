"""A comparison that looks as somebody wrote, or as a view that was saved by name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import msgspec
import pytest

import trackside as ts
from trackside import wire
from trackside.browser_api import BrowserApi
from trackside.errors import InputError
from trackside.given_views import read_choices

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


@pytest.mark.parametrize(
    ("view", "message"),
    [
        ({"smoothin": 0.5}, "found 'smoothin' as a field of view; expected panels, .* Did you mean 'smoothing'?"),
        ({"panels": ["histroy"]}, "found 'histroy' as view['panels'][0]; expected .* Did you mean 'history'?"),
        ({"axes": [{"key": "param:lr", "flip": True}]}, "found 'flip' as a field of view['axes'][0]; expected key, "),
        ({"formats": {"param:lr": "%"}}, "found '%' as view['formats']['param:lr']; expected "),
        ({"smoothing": "much"}, "view.smoothing cannot be used: Expected `float`, got `str`"),
        ({"smoothing": 60}, "view.smoothing cannot be used: Expected `float` < 1"),
        ({"x": "epoch"}, "view.x cannot be used: Expected `str` matching regex '^(step|relative|wall|metric:"),
        ({"sorts": [{"descending": True}]}, "view.sorts[0] cannot be used: Object missing required field `key`"),
        (["table"], "view is ['table']; expected the name of a saved view, or what is chosen in it: view={'panels'"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_place(view: Any, message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message).replace(r"\.\*", ".*")):
        train().compare(view=view)


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
