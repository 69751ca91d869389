"""What keeps and draws a view without a kernel says which of its runs are not comparable."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import trackside as ts
from tests.analysis.test_incomparable import F1, keep
from trackside.browser_api import BrowserApi
from trackside.query import Scope
from trackside.static_html import view_html
from trackside.store.store import Store
from trackside.view_record import NOTEBOOK, draw_record
from trackside.wire import RunQuestion, ViewState

if TYPE_CHECKING:
    from pathlib import Path

    from trackside.wire import ViewRecord

DATA = "not evaluated on the same data (X_val)"


@pytest.fixture
def folder(store_folder: Path) -> Path:
    ids = [keep(store_folder, "base"), keep(store_folder, "same", acc=0.75), keep(store_folder, "other", "b", 0.875)]
    ts.runs(ids[0]).make_baseline()
    return store_folder


def record_of(folder: Path, state: ViewState | None = None) -> ViewRecord:
    assert Store(folder).refresh(60)
    api = BrowserApi(Store(folder), Scope(experiment="digits"))
    return draw_record(api, state or ViewState(panels=["table"]), NOTEBOOK, wait=None)


def test_a_static_table_says_it_over_the_runs_and_beside_each_difference(folder: Path) -> None:
    html = view_html(record_of(folder), pictures=False)
    assert f"≠ 1 of 3 runs is not comparable with the baseline by val_acc: {DATA}" in html
    assert f"<span title='{DATA}'>≠</span>" in html
    assert "≠ <s>+0.375</s>" in html
    assert "0.75 <small>+0.25</small>" in html


def test_several_causes_are_told_with_how_many_runs_they_are_of(folder: Path) -> None:
    keep(folder, "f1", source=F1)
    keep(folder, "another", "c")
    html = view_html(record_of(folder), pictures=False)
    assert f"≠ 3 of 5 runs are not comparable with the baseline by val_acc: 2 runs: {DATA}; 1 run: val_acc is" in html


def test_another_run_than_the_baseline_goes_by_its_name(folder: Path) -> None:
    other = next(run for run in ts.runs(experiment="*").ids if ts.runs(run).df["name"].iloc[0] == "other")
    html = view_html(record_of(folder, ViewState(panels=["table"], pinned=other)), pictures=False)
    assert "≠ 2 of 3 runs are not comparable with other by val_acc" in html


@pytest.mark.usefixtures("folder")
def test_a_chart_says_it_in_its_subtitle_and_where_its_runs_are_pointed_at() -> None:
    chart = ts.runs(experiment="*").chart.scatter(x="started", y="val_acc").to_dict()
    assert chart["title"]["subtitle"].startswith("≠ 1 of 3 runs is not comparable with the baseline by val_acc")
    assert f"not comparable: {DATA}" in json.dumps(chart, ensure_ascii=False)


def test_a_runs_page_says_it_beside_its_metric(folder: Path) -> None:
    assert Store(folder).refresh(60)
    api = BrowserApi(Store(folder), Scope(experiment="digits"))
    notes = {name: metric_note(api, ts.runs(name).ids[0]) for name in ("same", "other")}
    assert notes["same"] == "+0.25 against the baseline, 1 point"
    assert notes["other"] == f"≠ not comparable with the baseline: {DATA}, 1 point"


def metric_note(api: BrowserApi, run_id: str) -> str | None:
    page = api.run(RunQuestion(run_id=run_id))
    (note,) = (fact.note for part in page.sections for fact in part.facts if fact.name == "val_acc")
    return note


def test_nothing_is_said_where_all_are_comparable(store_folder: Path) -> None:
    ts.runs(keep(store_folder, "base")).make_baseline()
    keep(store_folder, "same")
    assert "≠" not in view_html(record_of(store_folder), pictures=False)
