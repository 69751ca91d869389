"""Altair charts of runs: what is drawn, in whose theme, saved as what, and how much of it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import altair as alt
import msgspec
import numpy as np
import pytest
import vl_convert

import trackside as ts
from trackside import chart_themes, wire
from trackside.errors import InputError
from trackside.param_charts import importance_chart
from trackside.run_looks import RUN_COLOURS
from trackside.view_record import CHART

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trackside.widgets import View

pytestmark = pytest.mark.usefixtures("store_folder")


@pytest.fixture(autouse=True)
def _theme() -> Iterator[None]:
    with alt.theme.enable("default"):
        yield


def train(count: int = 4, points: int = 30) -> ts.Runs:
    noise = np.random.default_rng(0)
    for n in range(count):
        with ts.run("mlp", params={"lr": 10.0 ** -(n + 1), "optimizer": ("adam", "sgd")[n % 2]}) as run:
            run.log_history(loss=noise.random(points), acc=noise.random(points), epoch=np.arange(points) // 10)
    return ts.runs()


class Drawn:
    """What is in a chart once vl-convert has drawn it."""

    def __init__(self, chart: Any) -> None:
        self.spec = json.loads(chart.to_json())
        self.svg = vl_convert.vegalite_to_svg(self.spec)
        self._root = ET.fromstring(self.svg)  # noqa: S314 - drawn here

    def marks(self, kind: str) -> list[ET.Element]:
        """Return the elements of all layers with marks of a kind: lines, areas, symbols, bars."""
        role = re.compile(rf"mark-{kind} role-mark")
        groups = [one for one in self._root.iter() if role.search(one.get("class", ""))]
        return [one for group in groups for one in group.iter() if one.tag.endswith(("}path", "}line"))]

    @property
    def texts(self) -> list[str]:
        return ["".join(one.itertext()) for one in self._root.iter("{http://www.w3.org/2000/svg}text")]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return the data that has a row for each run or line."""
        (rows,) = (rows for rows in self.spec["datasets"].values() if {"run", "line", "param"} & set(rows[0]))
        return list(rows)

    def scale(self, channel: str) -> dict[str, Any]:
        encoding: dict[str, Any] = self.spec["layer"][0]["encoding"][channel]
        return dict(encoding["scale"])


def looks(drawn: Drawn) -> list[tuple[str | None, str | None]]:
    return [(path.get("stroke"), path.get("stroke-dasharray")) for path in drawn.marks("line")]


def test_a_history_has_a_line_for_each_run_in_its_colour_of_the_live_view() -> None:
    drawn = Drawn(train(10).chart.history("loss"))
    assert sorted(set(looks(drawn))) == sorted((RUN_COLOURS[n % 8], "9,4.5" if n >= 8 else "1,0") for n in range(10))
    assert {"step", "loss", *ts.runs().labels} <= set(drawn.texts)


def test_a_run_keeps_its_colour_where_others_are_left_out_of_a_view() -> None:
    view = train(3).history("loss")
    view.selected_ids = ts.runs().ids[:1]
    assert [colour for colour, _ in looks(Drawn(view.chart.history()))] == [RUN_COLOURS[2]]


def test_a_line_is_solid_where_no_other_that_is_drawn_has_its_colour() -> None:
    view = train(10).history("loss")
    view.selected_ids = ts.runs().ids[:2]
    assert sorted(looks(Drawn(view.chart.history()))) == sorted((RUN_COLOURS[n % 8], None) for n in (8, 9))


def test_a_run_keeps_its_colour_where_an_older_one_was_put_away() -> None:
    train(3)[2].drop()
    assert sorted(colour or "" for colour, _ in looks(Drawn(ts.runs().chart.history("loss")))) == sorted(
        RUN_COLOURS[1:3]
    )


def test_gaps_are_gaps_and_a_point_between_two_is_a_dot() -> None:
    with ts.run("gaps") as run:
        run.log_history(loss=[1.0, 2.0, np.nan, 4.0, np.inf, 6.0, 7.0])
    drawn = Drawn(ts.runs().chart.history("loss"))
    (line,) = drawn.marks("line")
    assert line.get("d", "").count("M") == 3
    assert len([dot for dot in drawn.marks("symbol") if "scale(0" not in dot.get("transform", "")]) == 1
    assert drawn.rows[0]["value"] == [1.0, 2.0, None, 4.0, None, 6.0, 7.0]


def test_a_thinned_line_has_a_band_from_its_lowest_to_its_highest() -> None:
    with ts.run("long") as run:
        run.log_history(loss=np.tile([0.0, 1.0], 5000))
    drawn = Drawn(ts.runs().chart.history("loss"))
    assert len(drawn.marks("area")) == 1
    (row,) = drawn.rows
    assert (set(row["low"]), set(row["high"]), len(row["x"])) == ({0.0}, {1.0}, 400)


def test_a_smoothed_line_stands_before_its_raw_self() -> None:
    with ts.run("noisy") as run:
        run.log_history(loss=[2.0, 4.0, 0.0])
    drawn = Drawn(ts.runs().chart.history("loss", smoothing=0.5))
    (row,) = drawn.rows
    assert row["value"] == pytest.approx([2.0, 2.5 / 0.75, 1.25 / 0.875])
    assert row["raw"] == [2.0, 4.0, 0.0]
    assert len(drawn.marks("line")) == 2


def test_several_metrics_are_charts_side_by_side_with_one_legend() -> None:
    drawn = Drawn(train(2).chart.history("loss", "acc"))
    assert [chart["layer"][-1]["encoding"]["y"]["title"] for chart in drawn.spec["concat"]] == ["loss", "acc"]
    assert len(drawn.marks("line")) == 4
    assert [drawn.texts.count(label) for label in ts.runs().labels] == [1, 1]


def test_a_group_is_one_line_with_its_band_and_its_values_in_the_legend() -> None:
    drawn = Drawn(train(4).chart.history("loss", group="optimizer", x="epoch"))
    assert {"optimizer", "adam", "sgd", "epoch"} <= set(drawn.texts)
    assert [colour for colour, _ in looks(drawn)] == list(RUN_COLOURS[:2])
    assert len(drawn.marks("area")) == 2
    assert [row["x"] for row in drawn.rows] == [[0.0, 1.0, 2.0]] * 2


@pytest.mark.parametrize(
    ("x", "channel", "title"), [("relative", "linear", "seconds since the run started"), ("wall", "utc", "time (UTC)")]
)
def test_x_may_be_time(x: str, channel: str, title: str) -> None:
    drawn = Drawn(train(1).chart.history("loss", x=x))
    assert (drawn.scale("x")["type"], title in drawn.texts) == (channel, True)


def test_log_axes_leave_out_what_they_cannot_show() -> None:
    with ts.run("log") as run:
        run.log_history([0, 1, 10, 100], loss=[5.0, 1.0, -1.0, 0.01])
    drawn = Drawn(ts.runs().chart.history("loss", log_x=True, log_y=True))
    assert (drawn.scale("x")["type"], drawn.scale("y")["type"]) == ("log", "log")
    assert (drawn.rows[0]["x"], drawn.rows[0]["value"]) == ([1.0, 10.0, 100.0], [1.0, None, 0.01])


def test_a_scatter_with_a_zero_on_a_log_axis_has_a_place_for_it() -> None:
    for decay, loss in ((0.0, 1.0), (1e-5, 0.4), (1e-4, 0.3), (1e-2, 0.2)):
        with ts.run("decayed", params={"decay": decay}) as run:
            run.log(loss=loss)
    drawn = Drawn(ts.runs().chart.scatter("decay", "loss", color="decay"))
    assert (drawn.scale("x")["type"], drawn.scale("x")["constant"]) == ("symlog", 1e-5)
    assert len({dot.get("transform") for dot in drawn.marks("symbol")}) == 4
    assert {"0", "0.00001", "0.0001", "0.01"} <= set(drawn.texts)
    assert "NaN" not in drawn.svg


def state_of(view: View) -> wire.ViewState:
    return msgspec.convert(view.state, wire.ViewState)


def show(view: View, **chosen: Any) -> None:
    view.state = msgspec.to_builtins(msgspec.structs.replace(state_of(view), **chosen))


def test_a_views_charts_are_of_what_it_shows_now() -> None:
    view = train(4).compare()
    ids = ts.runs().ids
    view.selected_ids = ids[:3]
    axes = [wire.Axis(key="param:lr", log=True, flipped=True), wire.Axis(key="metric:acc")]
    show(view, unseen=ids[:1], metrics=["acc"], smoothing=0.5, x="metric:epoch", log_y=True, axes=axes)
    drawn = Drawn(view.chart.history())
    assert (len(drawn.rows), "raw" in drawn.rows[0]) == (2, True)
    assert {"acc", "epoch"} <= set(drawn.texts)
    assert drawn.scale("y")["type"] == "log"
    lines = Drawn(view.chart.parallel()).rows
    assert [row["axis"] for row in lines] == [["lr", "acc"]] * 2
    assert {row["run"].rpartition(" ")[2]: row["place"][0] for row in lines} == {"0.01": 0.0, "0.001": 1.0}
    assert len(Drawn(view.chart.scatter("lr", "acc")).rows) == 2


def test_outliers_are_clipped_where_the_view_clips_them() -> None:
    with ts.run("spiky") as run:
        run.log_history(loss=[*np.linspace(0, 1, 100), 1e6])
    view = ts.runs().history("loss")
    show(view, clip_outliers=True)
    low, high = Drawn(view.chart.history()).scale("y")["domain"]
    assert (-0.1 < low < 0.1, 0.9 < high < 1.1) == (True, True)


def test_parallel_axes_have_words_and_ends_and_gaps() -> None:
    with ts.run("other", params={"optimizer": "lion"}) as run:
        run.log(loss=0.5)
    drawn = Drawn(train(4).chart.parallel("lr", "optimizer", "loss", color="optimizer"))
    assert {"lr", "optimizer", "loss", "adam", "lion", "sgd", "0.0001", "0.1"} <= set(drawn.texts)
    assert len(drawn.marks("line")) == 5
    (other,) = (row for row in drawn.rows if row["run"].startswith("other"))
    assert other["place"][0] is None


def test_parallel_axes_are_those_of_the_view_by_default() -> None:
    drawn = Drawn(train(4).chart.parallel())
    assert drawn.rows[0]["axis"] == ["lr", "optimizer", "loss", "acc"]


def test_a_scatter_has_points_axes_and_the_front_of_two_metrics() -> None:
    for acc, loss in ((0.9, 0.3), (0.8, 0.1), (0.7, 0.2)):
        with ts.run("svm", params={"C": acc * 100}) as run:
            run.log(acc=acc, loss=loss)
    drawn = Drawn(ts.runs().chart.scatter("acc", "loss"))
    assert [row["front"] for row in drawn.rows] == [False, True, True]
    assert (len(drawn.marks("line")), len(drawn.marks("symbol"))) == (1, 3)
    assert {"acc", "loss"} <= set(drawn.texts)
    assert not Drawn(ts.runs().chart.scatter("acc", "loss", front=False)).marks("line")


def test_runs_may_have_their_own_colours_in_a_scatter_too() -> None:
    drawn = Drawn(train(3).chart.scatter("lr", "loss", color="name"))
    assert {point.get("fill") for point in drawn.marks("symbol")} >= set(RUN_COLOURS[:3])


def test_importance_has_a_bar_for_each_param() -> None:
    for n in range(12):
        with ts.run("svm", params={"C": n, "kernel": ("rbf", "poly")[n % 2]}) as run:
            run.log(acc=0.9 - n / 100)
    drawn = Drawn(ts.runs().chart.importance("acc"))
    assert len(drawn.marks("rect")) == 4  # and a line for how sure each of them is
    assert {"importance to acc", "C", "kernel", "acc with it"} <= set(drawn.texts)


@pytest.mark.parametrize("draw", ["history", "parallel", "scatter", "importance"])
def test_every_chart_is_in_the_theme_that_is_enabled_and_no_other(draw: str) -> None:
    runs = train(12)

    def drawn() -> Drawn:
        return Drawn(getattr(runs.chart, draw)())

    def theme() -> Any:
        return {"config": {"font": "Courier", "view": {"continuousWidth": 111}}}

    plain = drawn()
    alt.theme.register("of a journal", enable=True)(theme)
    themed = drawn()
    assert ("Courier" in plain.svg, "Courier" in themed.svg) == (False, True)
    width = vl_convert.vegalite_to_vega(themed.spec).get("width")
    assert width == (None if draw == "parallel" else 111)  # as wide as its axes need


def test_tracksides_themes_are_found_by_altair_with_nothing_imported(tmp_path: Path) -> None:
    # Installed as a wheel would be: the metadata of a checkout may be older than its pyproject.toml.
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    points = project["entry-points"]
    major = alt.__version__.partition(".")[0]
    group = f"altair.vegalite.v{major}.theme"
    folder = tmp_path / "trackside-1.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: trackside\nVersion: 1\n")
    (folder / "entry_points.txt").write_text(
        f"[{group}]\n" + "\n".join(f"{name} = {value}" for name, value in points[group].items())
    )
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import altair as alt;"
        "print('trackside' in sys.modules, [alt.theme.enable(n) and alt.theme.get()()['config']['font'] for n in "
        "('trackside', 'trackside-paper')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False ['system-ui, sans-serif', 'Helvetica, Arial, sans-serif']"


def test_the_paper_theme_is_read_in_a_column_and_has_no_background() -> None:
    alt.theme.register("trackside-paper", enable=True)(chart_themes.trackside_paper)  # type: ignore[arg-type]  # a dict is a theme, too
    runs = train(6)
    for chart in (runs.chart.history("loss"), runs.chart.scatter(), runs.chart.parallel("lr", "optimizer", "loss")):
        drawn = Drawn(chart)
        width = float(ET.fromstring(drawn.svg).get("width", "nan"))  # noqa: S314 - drawn here
        in_column = 240 / width
        letters = [float(size) * in_column for size in re.findall(r'font-size="(\d+)px"', drawn.svg)]
        lines = [float(size) * in_column for size in re.findall(r'stroke-width="([\d.]+)"', drawn.svg)]
        assert (width >= 400 or width, min(letters) >= 6, max(lines, default=1.0) >= 1) == (True, True, True)
        assert "Helvetica" in drawn.svg
        assert 'fill="white"' not in drawn.svg


def test_words_and_lines_beside_the_data_can_be_seen_on_a_dark_ground() -> None:
    parallel = train(4).chart.parallel()
    rated = wire.ParamImportance(key="param:lr", name="lr", runs=9, importance=0.5, std=0.1, correlation=0.4)
    importance = importance_chart(wire.Importance(metric="loss", runs=9, needed=8, params=[rated]))
    with alt.theme.enable("dark"):
        for drawn in (Drawn(parallel), Drawn(importance)):
            assert not re.findall(r'(?:fill|stroke)="(?:black|#000(?:000)?)"', drawn.svg)


@pytest.mark.parametrize(("suffix", "start"), [("pdf", b"%PDF"), ("png", b"\x89PNG"), ("svg", b"<svg")])
def test_a_chart_is_saved_as_a_file(suffix: str, start: bytes, tmp_path: Path) -> None:
    file = tmp_path / f"figure.{suffix}"
    train(2).chart.history("loss").save(file)
    assert file.read_bytes().startswith(start)


def test_a_chart_can_be_layered_faceted_and_configured() -> None:
    chart = train(3).chart.history("loss")
    target = alt.Chart(alt.InlineData(values=[{"y": 0.5}])).mark_rule().encode(y="y:Q")
    assert Drawn(chart + target).marks("rule")
    assert len(Drawn(chart.facet("line:N", columns=2)).marks("line")) == 3
    assert "Courier" in Drawn(chart.configure(font="Courier").properties(title="T", width=99)).svg


def test_a_hundred_long_runs_are_a_megabyte_and_a_hundred_rows(store_folder: Path) -> None:
    noise = np.random.default_rng(0)
    for _ in range(100):
        with ts.run("mlp") as run:
            run.log_history(loss=noise.random(10_000))
    assert ts.Store(store_folder).refresh(60)
    chart = ts.runs().chart.history("loss")
    assert len(chart.to_json(indent=None)) < 1_500_000
    assert len(Drawn(chart).marks("line")) == 100


def test_more_lines_than_are_drawn_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trackside.chart_makers.CHART", replace(CHART, lines=2))
    with pytest.warns(UserWarning, match="2 of 3 runs"):
        chart = train(3).chart.history("loss")
    assert len(Drawn(chart).marks("line")) == 2


@pytest.mark.parametrize("draw", ["history", "parallel", "scatter", "importance"])
def test_no_runs_are_refused_with_what_to_do(draw: str) -> None:
    with pytest.raises(InputError, match="no runs to draw"):
        getattr(ts.runs().chart, draw)()


@pytest.mark.parametrize(
    ("draw", "words", "message"),
    [
        ("history", {"metrics": ["lss"]}, r"No metric 'lss'.*Did you mean 'loss'"),
        ("history", {"metrics": ["final"]}, r"more than one point of 'final'.*There are: .*loss"),
        ("history", {"metrics": ["loss"], "x": "epochs"}, r"x is 'epochs'.*step, relative, wall.*Did you mean 'epoch'"),
        ("history", {"metrics": ["loss"], "x": "final"}, r"None of these 2 runs has points of loss to draw by final"),
        ("history", {"metrics": ["loss"], "smoothing": 1.0}, r"smoothing is 1\.0; expected"),
        ("history", {"metrics": ["loss"], "band": "iqr"}, r"band is 'iqr'; expected one of std, quartiles"),
        ("history", {"metrics": ["loss"], "group": "optimiser"}, r"'optimiser'.*Did you mean 'optimizer'"),
        ("parallel", {"metrics": ["lr"]}, r"two axes at least; found 'lr' only"),
        ("scatter", {"metrics": ["lr", "rare"]}, r"None of these 3 runs has a value on both axes"),
        ("importance", {"metrics": ["loss"]}, r"Found 2 runs .* expected at least 10"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_what_was_expected(draw: str, words: dict[str, Any], message: str) -> None:
    with ts.run("rare", params={}) as run:
        run.log(rare=1.0)
    train(2)
    for n in range(2):
        with ts.run(resume=ts.runs().ids[n]) as run:
            run.log(final=0.5, step=10_000)
    metrics = words.pop("metrics")
    runs = ts.runs() if draw == "scatter" else ts.runs().where("lr > 0")
    with pytest.raises(InputError, match=message):
        getattr(runs.chart, draw)(*metrics, **words)


def test_a_param_that_few_runs_have_is_not_said_to_have_no_order() -> None:
    params = [
        wire.ParamImportance(key=f"param:{name}", name=name, runs=runs, importance=0.1, std=0.0)
        for name, runs in (("rare", 3), ("optimizer", 12))
    ]
    chart = importance_chart(wire.Importance(metric="loss", params=params, runs=12, needed=10))
    assert chart is not None
    (rows,) = chart.to_dict()["datasets"].values()
    assert {row["param"]: row["goes"] for row in rows} == {"rare": "too few runs", "optimizer": "no order"}
