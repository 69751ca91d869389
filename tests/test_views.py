"""What a view leaves in a notebook: a bounded record, static HTML, plain text."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pytest

import trackside as ts
from trackside import widgets, wire
from trackside.static_html import view_html
from trackside.tracking import Run
from trackside.tracking.experiments import decide
from trackside.tracking.marks import mark_runs
from trackside.tracking.news import SECONDS_BETWEEN
from trackside.view_record import NOTEBOOK, draw_record
from trackside.widgets import VIEW_MIME, View

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("store_folder")


def train(count: int, width: int = 2) -> ts.Runs:
    """Record runs that differ in everything, with a noisy history each."""
    noise = np.random.default_rng(0)
    for n in range(count):
        with ts.run("mlp", params={f"p{k}": n / (k + 3) for k in range(width)}) as run:
            run.log_history(loss=noise.random(500))
            run.log({f"m{k}": float(noise.random()) for k in range(width)})
    return ts.runs()


def output(view: View) -> dict[str, Any]:
    data, metadata = view._repr_mimebundle_()
    assert metadata["trackside"] == {"kind": "view", "version": wire.RECORD_VERSION}
    return data


def test_a_comparison_is_kept_as_record_static_html_and_text() -> None:
    data = output(train(3).compare())
    record = msgspec.convert(data[VIEW_MIME], wire.ViewRecord)
    assert [len(history.lines) for history in record.histories] == [3]
    assert record.state.only_differing
    assert re.findall(r'<img alt="(\w+)"', data["text/html"]) == ["history", "parallel"]
    assert data["text/html"].count("<tr>") == 4
    assert data["text/plain"] == "Trackside: history + parallel + table of 3 runs"
    assert set(data) == {VIEW_MIME, "text/html", "text/plain"}


def test_a_comparison_of_a_metric_is_of_it_in_all_panels() -> None:
    state = msgspec.convert(train(2).compare("m1").state, wire.ViewState)
    assert (state.metrics, state.colour_by, state.importance_of) == (["m1"], "metric:m1", "m1")
    assert state.scatter == wire.Scatter(y=wire.Axis(key="metric:m1"))


def test_a_comparison_of_runs_without_a_history_has_no_panel_for_it() -> None:
    assert ts.runs().compare().state["panels"] == ["history", "parallel", "table"]
    for accuracy in (0.8, 0.9):
        with ts.run("svm") as run:
            run.log(accuracy=accuracy)
    assert ts.runs().compare().state["panels"] == ["parallel", "table"]


@pytest.mark.parametrize(("count", "width"), [(22, 10), (110, 20), (22, 300)])
def test_what_a_notebook_keeps_of_a_comparison_is_less_than_200_kb_as_it_is_written(count: int, width: int) -> None:
    noise = np.random.default_rng(0)
    for n in range(count):
        with ts.run("mlp", params={f"p{k}": float(noise.random()) if k else "word " * 40 for k in range(width)}) as run:
            run.log_history(loss=noise.random(200), val_loss=noise.random(200))
            run.log({f"m{k}": float(noise.random()) for k in range(width // 2)})
        if n == 0:
            ts.runs().star()
    for newest in (20, None):
        data = output(ts.runs().compare(newest=newest))
        assert len(json.dumps({"data": data}, indent=1)) < 200_000
        record = msgspec.convert(data[VIEW_MIME], wire.ViewRecord)
        assert ts.runs().ids[0] in record.table.run_ids
        assert len(record.table.run_ids) >= 20
        assert len(record.histories[0].lines) >= 20
        assert data["text/html"].count("<img") == 2


def test_a_cut_record_keeps_the_best_run_and_those_that_somebody_chose_before_the_newest() -> None:
    train(12)
    with ts.run("best") as run:
        run.log(loss=-1.0)
    for _ in range(2):
        train(12)
    best, starred, kept, ticked = (ts.runs().ids[row] for row in (24, 30, 32, 33))
    ts.runs()[30].star()
    ts.runs()[32].keep()
    view = ts.runs().history("loss")
    state = msgspec.structs.replace(msgspec.convert(view.state, wire.ViewState), ticked=[ticked])
    record = draw_record(view._api, state, replace(NOTEBOOK, cells=1, fewest_runs=6, lines=5), wait=0.0)
    ids = ts.runs().ids
    assert record.table.run_ids == [*ids[:2], best, starred, kept, ticked]
    assert (record.table.saved_of, record.table.saved_columns_of) == (37, None)
    assert [line.run_id for line in record.histories[0].lines if line.run_id in ids[:2]] == [ids[0]]


def test_a_cut_record_of_a_filtered_view_keeps_the_runs_that_pass_before_all_others() -> None:
    runs = train(8)
    view = runs.compare()
    state = msgspec.structs.replace(msgspec.convert(view.state, wire.ViewState), filter="p0 < 0.4")
    record = draw_record(view._api, state, replace(NOTEBOOK, cells=1, fewest_runs=3, lines=2), wait=0.0)
    passing = list(reversed(runs.ids))[:2]
    assert sorted(record.passing or []) == sorted(passing)
    assert sorted(line.run_id for line in record.histories[0].lines) == sorted(passing)


def test_a_record_that_left_out_columns_says_how_many_there_were() -> None:
    params = {f"p{k}": "long " * 40 + str(k) for k in range(60)}
    with ts.run(params=params) as run:
        run.log(loss=1.0)
    record = msgspec.convert(output(ts.runs().compare())[VIEW_MIME], wire.ViewRecord)
    whole = ts.runs().compare()._saved.table
    view = ts.runs().compare()
    cut = draw_record(view._api, view._state, replace(NOTEBOOK, table_room=4_000), wait=0.0).table
    assert record.table.saved_columns_of is None
    assert cut.saved_columns_of == len(whole.columns) > len(cut.columns)


def test_static_html_of_a_filter_that_no_run_passes_says_so() -> None:
    runs = train(2)
    view = runs.compare()
    view.state = view.state | {"filter": "p0 > 100"}
    record = draw_record(view._api, view._state, NOTEBOOK, wait=0.0)
    assert "<p>No run passes the filter, of 2 runs.</p>" in view_html(record, pictures=False)


@pytest.mark.parametrize("panel", ["table", "compare", "history", "parallel", "scatter", "importance"])
def test_a_view_of_twenty_runs_adds_less_than_200_kb_to_a_notebook(panel: str) -> None:
    noise = np.random.default_rng(1)
    for n in range(20):
        with ts.run(
            "mlp", params={f"param_{k}": float(noise.random()) if k else f"kind {n % 3}" for k in range(20)}
        ) as run:
            run.log_history(**{f"metric_{k}": noise.random(100) for k in range(5)})
    assert len(json.dumps(output(getattr(ts.runs(), panel)()))) < 200_000


def test_small_multiples_are_kept_within_the_bound_with_their_picture() -> None:
    noise = np.random.default_rng(2)
    for n in range(60):
        with ts.run("mlp", params={"seed": n}) as run:
            run.log_history(**{f"metric_{k}": noise.random(3000) for k in range(8)})
    data = output(ts.runs().history(*(f"metric_{k}" for k in range(8))))
    record = msgspec.convert(data[VIEW_MIME], wire.ViewRecord)
    assert [history.metric for history in record.histories] == [f"metric_{k}" for k in range(6)]
    (lines,) = {len(history.lines) for history in record.histories}  # of each metric as many
    assert lines >= 9
    ((panel, width),) = re.findall(r'<img alt="(\w+)" width="(\d+)"', data["text/html"])
    assert (panel, int(width) > 600) == ("history", True)  # however coarse it had to be drawn
    assert len(json.dumps(data)) < 200_000


def test_a_record_of_one_metric_from_an_earlier_notebook_is_read() -> None:
    state = msgspec.convert({"panels": ["history"], "metric": "loss", "x": "wall"}, wire.ViewState)
    assert (state.metric, state.metrics, state.x) == ("loss", None, "wall")
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"panels": ["history"], "x": "epoch"}, wire.ViewState)


def test_static_html_shows_names_as_text_and_loads_nothing(store_folder: Path) -> None:  # noqa: ARG001 - where runs go
    with ts.run("<script>alert(1)</script>", params={"x<b>": "<img src=http://x>" + "y" * 150}) as run:
        run.log(loss=1.0)
    html = output(ts.runs().table())["text/html"]
    assert "<script" not in html
    assert "<img src" not in html
    assert "&lt;script&gt;" in html
    assert "y" * 100 not in html


@pytest.mark.parametrize("panel", ["table", "compare", "history", "parallel", "scatter", "importance"])
@pytest.mark.parametrize("count", [0, 1])
def test_no_run_and_one_run_can_be_shown_too(panel: str, count: int) -> None:
    found = train(count)
    assert f"of {count} run" in output(getattr(found, panel)())["text/plain"]


def test_static_html_and_text_tell_of_stars_repeats_the_baseline_and_what_is_hidden(store_folder: Path) -> None:
    for loss in (0.1, 0.2, 0.2, 0.3):
        run = Run.start(
            store_folder, name="cell", project="p", experiment="digits", origin="notebook", cell_digest="same"
        )
        run.log(loss=loss)
        run.finish()
    found = ts.runs()
    found[0].star()
    decide(ts.Store(store_folder), ("p", "digits"), "baseline", "", found.ids[2])
    data = output(ts.runs().table())
    names = [re.sub("<.*?>", "", cell) for cell in re.findall(r"<tr><td[^>]*>(.*?)</td>", data["text/html"])]
    assert [re.sub("· .{5}", "", name) for name in names] == ["★ cell ", "cell  ×2", "cell  baseline"]
    assert "hidden: 1 just like a newer run" in data["text/html"]
    assert data["text/plain"] == "Trackside: table of 3 runs; hidden: 1 just like a newer run"


def test_static_html_says_that_all_runs_are_hidden() -> None:
    train(3).drop()
    html = output(ts.runs().table())["text/html"]
    assert "All runs are hidden" in html
    assert "3 dropped" in html
    assert "No runs yet" not in html


def test_a_comparison_of_the_newest_says_of_how_many() -> None:
    found = train(4)
    found[3].star()
    view = ts.runs().compare(newest=2)
    why = "the newest 2, with the best, starred, kept and baseline ones; newest=None shows all"
    assert output(view)["text/plain"] == f"Trackside: history + parallel + table of 3 of 4 runs ({why})"
    assert f"… and 1 more run. Compared are {why}." in output(view)["text/html"]
    assert "newest" not in output(ts.runs().compare(newest=None))["text/plain"]
    table = msgspec.convert(output(view)[VIEW_MIME], wire.ViewRecord).table
    assert (table.ordinals, table.starred) == ([3, 2, 0], found.ids[3:])


def test_what_is_saved_of_many_runs_is_cut_in_all_its_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(widgets, "NOTEBOOK", replace(NOTEBOOK, runs=2))
    found = train(3)
    found.star()
    table = msgspec.convert(output(found.table())[VIEW_MIME], wire.ViewRecord).table
    assert (table.starred, table.ordinals, table.total) == (found.ids[:2], [2, 1], 3)


class Heard(list[Any]):
    """What a view tells its browser; the kernel's comm is not there."""

    def by(self, view: View) -> Heard:
        view.send = self.append
        return self

    def wait(self) -> None:
        deadline = time.monotonic() + 10
        while not self and time.monotonic() < deadline:
            time.sleep(0.02)


def test_a_view_hears_of_runs_that_begin_and_end_at_most_twice_a_second() -> None:
    heard = Heard().by(train(1).table())
    heard.wait()
    heard.clear()
    began = time.monotonic()
    for _ in range(20):
        with ts.run("quick"):
            pass
    heard.wait()
    time.sleep(SECONDS_BETWEEN)
    assert set(map(str, heard)) == {"{'op': 'runs-changed'}"}
    assert len(heard) <= 1 + (time.monotonic() - began) / SECONDS_BETWEEN


def test_a_view_hears_of_what_is_said_of_runs(store_folder: Path) -> None:
    found = train(1)
    heard = Heard().by(found.table())
    time.sleep(2 * SECONDS_BETWEEN)  # what was told of the run before
    heard.clear()
    mark_runs(ts.Store(store_folder), found.ids, {"starred": "yes"})
    heard.wait()
    assert heard


def test_a_view_hears_nothing_of_other_stores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = Heard().by(train(1).table())
    time.sleep(2 * SECONDS_BETWEEN)
    heard.clear()
    monkeypatch.setenv("TRACKSIDE_STORE", str(tmp_path / "other"))
    other = Heard().by(train(1).table())
    train(1)
    other.wait()
    assert other
    assert not heard


def test_until_the_user_picks_some_all_runs_are_selected() -> None:
    found = train(2)
    view = found.compare()
    assert view.selected.ids == found.ids
    view.selected_ids = found.ids[1:]
    assert view.selected.ids == found.ids[1:]


def test_a_view_of_no_run_selects_none() -> None:
    assert len(train(1).where("loss > 1e9").table().selected) == 0


def test_a_table_is_shown_without_the_libraries_that_draw_charts(store_folder: Path) -> None:
    with ts.run("a") as run:
        run.log(loss=1.0)
    code = (
        "import sys, trackside as ts; data, _ = ts.runs()._repr_mimebundle_();"
        "print('<table' in data['text/html'], {'altair', 'pandas', 'vl_convert'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=store_folder)
    assert done.stdout.strip() == "True set()"
