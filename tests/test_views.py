"""What a view leaves in a notebook: a bounded record, static HTML, plain text."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pytest

import trackside as ts
from trackside import wire
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


def test_an_output_of_many_runs_is_bounded() -> None:
    data = output(train(110, width=20).compare())
    assert len(data["text/html"]) < 300_000
    assert len(json.dumps(data[VIEW_MIME])) < 600_000


def test_static_html_shows_names_as_text_and_loads_nothing(store_folder: Path) -> None:  # noqa: ARG001 - where runs go
    with ts.run("<script>alert(1)</script>", params={"x<b>": "<img src=http://x>" + "y" * 150}) as run:
        run.log(loss=1.0)
    html = output(ts.runs().table())["text/html"]
    assert "<script" not in html
    assert "<img src" not in html
    assert "&lt;script&gt;" in html
    assert "y" * 100 not in html


@pytest.mark.parametrize("panel", ["table", "compare", "history", "parallel"])
@pytest.mark.parametrize("count", [0, 1])
def test_no_run_and_one_run_can_be_shown_too(panel: str, count: int) -> None:
    found = train(count)
    assert f"of {count} run" in output(getattr(found, panel)())["text/plain"]


def test_until_the_user_picks_some_all_runs_are_selected() -> None:
    found = train(2)
    view = found.compare()
    assert view.selected.ids == found.ids
    view.selected_ids = found.ids[1:]
    assert view.selected.ids == found.ids[1:]


def test_a_view_of_no_run_selects_none() -> None:
    assert len(train(1).where("false").table().selected) == 0
