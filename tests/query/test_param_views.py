"""`Runs.scatter` and `Runs.importance`: what they show, what they leave in a notebook, what they refuse."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest

import trackside as ts
from trackside import wire
from trackside.errors import InputError
from trackside.param_charts import importance_chart, scatter_chart
from trackside.widgets import VIEW_MIME, View

pytestmark = pytest.mark.usefixtures("store_folder")


def train(count: int = 12) -> ts.Runs:
    for n in range(count):
        params = {"SVC.C": 10.0 ** (n - 5), "kernel": ("rbf", "poly")[n % 2], "acc": n}
        with ts.run("svm", params=params, tags={"stage": "a"}) as run:
            run.log(acc=0.9 - n / 100, loss=n / 10)
    return ts.runs()


def record_of(view: View) -> tuple[wire.ViewRecord, str]:
    data, _ = view._repr_mimebundle_()
    return msgspec.convert(data[VIEW_MIME], wire.ViewRecord), data["text/html"]


def test_axes_colour_and_size_are_found_by_the_names_that_people_see() -> None:
    state = record_of(train().scatter("C", "metric.acc", color="kernel", size="param.acc"))[0].state
    assert state.scatter == wire.Scatter(
        x=wire.Axis(key="param:SVC.C", log=True), y=wire.Axis(key="metric:acc"), size_by="param:acc"
    )
    assert state.colour_by == "param:kernel"
    chosen: Any = record_of(ts.runs().scatter("duration", "stage"))[0].state.scatter
    assert (chosen.x.key, chosen.y.key) == ("run:duration", "run:tag:stage")


def test_a_name_of_a_param_and_a_metric_means_the_param_on_x_and_else_the_metric() -> None:
    state = record_of(train(2).scatter("acc", "acc", color="acc", size="acc"))[0].state
    assert state.scatter == wire.Scatter(
        x=wire.Axis(key="param:acc"), y=wire.Axis(key="metric:acc"), size_by="metric:acc"
    )
    assert state.colour_by == "metric:acc"


def test_an_unknown_axis_is_refused_with_those_there_are() -> None:
    with pytest.raises(InputError, match=r"No param, metric or tag 'kernal'.*kernel.*There are: "):
        train(1).scatter("kernal")


@pytest.mark.parametrize("panel", ["scatter", "importance"])
def test_a_view_leaves_a_picture_and_a_table_where_nothing_of_tracksides_runs(panel: str) -> None:
    view = getattr(train(), panel)()
    html = record_of(view)[1]
    assert re.findall(r'<img alt="(\w+)"', html) == [panel]
    assert repr(view) == f"Trackside: {panel} of 12 runs"


def test_the_picture_has_the_axes_of_the_view_and_leaves_out_runs_without_a_place() -> None:
    with ts.run("other"):
        ts.log(loss=1.0)
    record = record_of(train().scatter("C", "loss"))[0]
    chart: Any = scatter_chart(record)
    spec = chart.to_dict()
    across = spec["layer"][0]["encoding"]["x"]
    assert (across["title"], across["scale"]["type"]) == ("C", "log")
    assert len(next(iter(spec["datasets"].values()))) == 12
    by_default: Any = scatter_chart(msgspec.structs.replace(record, state=wire.ViewState(panels=["scatter"])))
    assert by_default.to_dict()["layer"][0]["encoding"]["y"]["title"] == "metric.acc"


def test_importance_is_a_table_too() -> None:
    view = train(14).importance("loss")
    table = view.df
    assert list(table.columns) == ["param", "importance", "std", "correlation", "n"]
    assert table["importance"].is_monotonic_decreasing
    assert dict(zip(table["param"], table["n"], strict=True)) == {"C": 14, "kernel": 14, "acc": 14}
    assert table.set_index("param")["correlation"]["C"] == pytest.approx(1.0)
    assert table.set_index("param")["correlation"].isna()["kernel"]
    assert (table.attrs["metric"], table.attrs["runs"]) == ("loss", 14)
    assert record_of(view)[0].importances[0].params[0].importance == table["importance"][0]


def test_the_table_is_of_the_metric_that_is_looked_at() -> None:
    view = train().importance("loss")
    view.state = {**view.state, "importance_of": "acc"}
    assert view.df.attrs["metric"] == "acc"


def test_a_table_of_too_few_runs_or_no_metric_is_refused_and_the_view_is_not() -> None:
    view = train(3).importance()
    assert record_of(view)[0].importances[0].runs == 3
    with pytest.raises(InputError, match=r"Found 3 runs .* expected at least 10"):
        _ = view.df
    with pytest.raises(InputError, match="no metric yet"):
        _ = ts.runs().where("loss > 1e9").importance().df


def test_without_a_forest_the_picture_is_of_correlations() -> None:
    params = [wire.ParamImportance(key="param:lr", name="lr", runs=12, correlation=-0.5)]
    chart: Any = importance_chart(wire.Importance(metric="loss", params=params, runs=12, needed=10))
    spec = chart.to_dict()
    row = next(iter(spec["datasets"].values()))[0]
    assert (row["param"], row["value"], row["goes"]) == ("lr", 0.5, "falls")
    assert "without sign" in str(spec)
