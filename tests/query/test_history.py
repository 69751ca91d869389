"""A metric's history: exact where it fits, else thinned to min, max and mean, and never without a spike."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import trackside as ts
from trackside.errors import InputError
from trackside.history import LineData, Window, XAxis, select_history

if TYPE_CHECKING:
    from pathlib import Path


def lines(store_folder: Path, window: Window, metric: str = "loss") -> list[LineData]:
    store = ts.Store(store_folder)
    store.refresh()
    return select_history(store, ts.runs(experiment="*").ids, metric, window)


def test_a_short_line_comes_point_by_point(store_folder: Path) -> None:
    with ts.run() as run:
        for step, loss in [(0, 3.0), (1, 2.0), (5, 1.0), (-2, 4.0), (5, 0.5)]:
            run.log(loss=loss, step=step)
    (line,) = lines(store_folder, Window(pixels=10))
    assert line.x.tolist() == [-2, 0, 1, 5, 5]
    assert line.mean.tolist() == line.low.tolist() == line.high.tolist() == [4.0, 3.0, 2.0, 1.0, 0.5]
    assert not line.thinned


def test_a_long_line_is_thinned_and_keeps_its_spike(store_folder: Path) -> None:
    values = np.sin(np.arange(100_000) / 5000)
    values[54_321] = 99.0
    with ts.run() as run:
        run.log_history(np.arange(100_000), loss=values)
    (line,) = lines(store_folder, Window(pixels=200))
    assert line.thinned
    assert len(line.x) == 200
    assert line.points == 100_000
    assert line.high.max() == 99.0
    assert np.isclose(line.mean.mean(), values.mean())


def test_a_zoom_shows_the_points_themselves(store_folder: Path) -> None:
    with ts.run() as run:
        run.log_history(np.arange(10_000), loss=np.arange(10_000) * 0.5)
    (line,) = lines(store_folder, Window(pixels=100, range=(500, 549)))
    assert line.x.tolist() == list(range(499, 551))
    assert not line.thinned


def test_a_zoom_on_a_sparse_line_reaches_the_edges(store_folder: Path) -> None:
    with ts.run("sparse") as run:
        run.log_history([0, 10, 20, 30, 40], loss=[0.0, 1.0, 2.0, 3.0, 4.0])
    with ts.run("before") as run:
        run.log_history([0, 1], loss=[5.0, 5.0])
    with ts.run("dense") as run:
        run.log_history(np.arange(100), loss=np.arange(100))
    dense, sparse = lines(store_folder, Window(pixels=6, range=(15, 24)))
    assert (sparse.x.tolist(), sparse.points, sparse.thinned) == ([10, 20, 30], 1, False)
    assert (dense.x.min(), dense.x.max(), dense.points, dense.thinned) == (15.5, 23.5, 10, True)
    (passing,) = lines(store_folder, Window(pixels=50, range=(31, 32)))[1:]
    assert (passing.x.tolist(), passing.points) == ([30, 40], 0)
    (last,) = lines(store_folder, Window(pixels=50, range=(35, 200)))[1:]
    assert last.x.tolist() == [30, 40]


def test_non_finite_points_are_gaps_and_marks(store_folder: Path) -> None:
    with ts.run() as run:
        for loss in (1.0, math.nan, math.inf, -math.inf, 2.0):
            run.log(loss=loss)
    (line,) = lines(store_folder, Window(pixels=10))
    assert np.isnan(line.mean).tolist() == [False, True, True, True, False]
    assert line.non_finite == [(1.0, "NaN"), (2.0, "Infinity"), (3.0, "-Infinity")]


def test_lines_come_in_the_order_asked_and_runs_without_the_metric_are_left_out(store_folder: Path) -> None:
    for name in "abc":
        with ts.run(name) as run:
            run.log({"acc" if name == "b" else "loss": 1.0})
    asked = ts.runs(experiment="*").ids
    assert [line.run_id for line in lines(store_folder, Window())] == [asked[0], asked[2]]


@pytest.mark.parametrize("x", ["relative", "wall"])
def test_time_axes_are_seconds(store_folder: Path, x: XAxis) -> None:
    with ts.run() as run:
        run.log(loss=1.0)
        run.log(loss=2.0)
    (line,) = lines(store_folder, Window(x=x))
    start = 0.0 if x == "relative" else ts.runs().df["started_at"].iloc[0].timestamp()
    assert all(0 <= value - start < 60 for value in line.x)


def test_another_metric_is_an_axis_where_it_was_logged_at_the_same_steps(store_folder: Path) -> None:
    with ts.run() as run:
        for step in range(6):
            run.log(loss=6.0 - step, epoch=step // 2, step=step)
        run.log(loss=9.0, step=6)
        run.log(loss=8.0, epoch=math.nan, step=7)
        run.log(epoch=5.0, step=5)
    (line,) = lines(store_folder, Window(x="metric:epoch"))
    assert line.x.tolist() == [0, 0, 1, 1, 2, 5]
    assert line.mean.tolist() == [6, 5, 4, 3, 2, 1]
    (zoomed,) = lines(store_folder, Window(x="metric:epoch", range=(0.5, 1.5)))
    assert (zoomed.x.tolist(), zoomed.points) == ([0, 0, 1, 1, 2], 2)
    assert lines(store_folder, Window(x="metric:nothing")) == []


def test_a_long_line_over_another_metric_is_thinned(store_folder: Path) -> None:
    with ts.run() as run:
        run.log_history(np.arange(10_000), loss=np.ones(10_000), epoch=np.arange(10_000) / 100)
    (line,) = lines(store_folder, Window(x="metric:epoch", pixels=50))
    assert (line.thinned, line.points, len(line.x)) == (True, 10_000, 50)
    assert line.x.max() < 100


def test_a_log_axis_leaves_out_what_it_cannot_show(store_folder: Path) -> None:
    with ts.run() as run:
        run.log_history(np.arange(-5, 10_000), loss=np.ones(10_005))
    (line,) = lines(store_folder, Window(pixels=50, log_x=True))
    assert line.x.min() == 1
    assert 20 < len(line.x) <= 50


def test_a_window_that_makes_no_sense_is_one_clear_error() -> None:
    with pytest.raises(InputError, match="pixels is 0"):
        Window(pixels=0)
    with pytest.raises(InputError, match="first end below"):
        Window(range=(3, 3))
    with pytest.raises(InputError, match="expected one of step, relative, wall or metric:NAME"):
        Window(x="epoch")
    with pytest.raises(InputError, match="both finite"):
        Window(range=(0, math.inf))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    points=st.lists(st.tuples(st.integers(-1000, 1000), st.floats(-1e6, 1e6)), min_size=1, max_size=300),
    pixels=st.integers(1, 80),
)
def test_thinning_loses_neither_extremes_nor_points(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    points: list[tuple[int, float]],
    pixels: int,
) -> None:
    folder = tmp_path_factory.mktemp("store") / ".trackside"
    monkeypatch.setenv("TRACKSIDE_STORE", str(folder))
    steps, values = np.array([step for step, _ in points]), np.array([value for _, value in points])
    with ts.run() as run:
        run.log_history(steps, loss=values)
    (line,) = lines(folder, Window(pixels=pixels))
    assert line.points == len(points)
    assert len(line.x) <= max(pixels, 0) or not line.thinned
    assert line.low.min() == values.min()
    assert line.high.max() == values.max()
    assert (line.low <= line.mean + 1e-9).all()
    assert (line.mean <= line.high + 1e-9).all()
    assert steps.min() <= line.x.min() <= line.x.max() <= steps.max()
