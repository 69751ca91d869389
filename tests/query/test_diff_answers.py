"""What a browser is told of two runs' differences: in words, bounded, whatever the runs hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

import trackside as ts
from trackside import wire
from trackside.browser_api import BrowserApi
from trackside.query import Scope
from trackside.tracking import Run

if TYPE_CHECKING:
    from pathlib import Path

MISSING = "01a00000-0000-7000-8000-000000000000"


@pytest.fixture
def api(store_folder: Path) -> BrowserApi:
    return BrowserApi(ts.Store(store_folder), Scope())


def record(folder: Path, source: str, **params: object) -> str:
    """Keep a run of a cell, and return its id."""
    run = Run.start(folder, name="cell", project="p", experiment="digits", origin="notebook", source=source)
    run.log_params(params)
    run.log(loss=float(len(params)))
    run.finish()
    return run.id


def compare(api: BrowserApi, before: str, after: str) -> wire.Diff:
    answer = api.answer({"ask": "diff", "before": before, "after": after})
    assert isinstance(answer, wire.Diff), answer
    return answer


def section(diff: wire.Diff, name: str) -> wire.DiffSection:
    return next(each for each in diff.sections if each.name == name)


def test_params_metrics_and_code_are_told_in_words(api: BrowserApi, store_folder: Path) -> None:
    before = record(store_folder, "lr = 0.1\nfit(lr)", lr=0.1)
    after = record(store_folder, "lr = 0.2\nfit(lr)", lr=0.2, depth=3)
    diff = compare(api, before, after)
    assert (diff.before, diff.after) == (before, after)
    assert [(each.name, each.before, each.after) for each in section(diff, "params").differences] == [
        ("depth", None, "3"),
        ("lr", "0.1", "0.2"),
    ]
    (loss,) = section(diff, "metrics").differences
    assert (loss.said, loss.tone) == ("+1, worse", "bad")
    (cell,) = section(diff, "code").differences
    assert cell.text is not None
    words = [(line.kind, [piece.text for piece in line.pieces if piece.changed]) for line in cell.text.lines]
    assert words == [("removed", ["1"]), ("added", ["2"]), ("same", [])]


def test_the_same_run_differs_in_nothing(api: BrowserApi, store_folder: Path) -> None:
    run = record(store_folder, "fit()", lr=1)
    diff = compare(api, run, run)
    assert not any(each.differences for each in diff.sections)
    assert section(diff, "params").same == "1 param"


def test_an_answer_is_bounded(api: BrowserApi, store_folder: Path) -> None:
    wide = {f"p{n}": "v" * 5000 for n in range(150)}
    before = record(store_folder, "x" * 100_000)
    after = record(store_folder, "\n".join(f"line {n} {'y' * 900}" for n in range(3000)), **wide)
    diff = compare(api, before, after)
    assert (len(section(diff, "params").differences), section(diff, "params").more) == (100, 50)
    (cell,) = section(diff, "code").differences
    assert cell.text is not None
    assert (len(cell.text.lines), cell.text.more) == (400, 2601)
    assert len(msgspec.json.encode(diff)) < 300_000


def test_what_hides_or_reorders_text_is_spelled_out(api: BrowserApi, store_folder: Path) -> None:
    before = record(store_folder, "a = 1", note="x")
    after = record(store_folder, "a = 1 # \u202eevil", note="\u202e<img src=x onerror=alert(1)>")
    text = msgspec.json.encode(compare(api, before, after)).decode()
    assert "\u202e" not in text
    assert "\\\\u202eevil" in text


@pytest.mark.parametrize("run", ["", "../../etc", "x" * 10_000, MISSING, "'; DROP TABLE runs; --"])
def test_a_run_that_is_not_there_is_a_failure(api: BrowserApi, store_folder: Path, run: str) -> None:
    known = record(store_folder, "fit()")
    for pair in ((run, known), (known, run)):
        answer = api.answer({"ask": "diff", "before": pair[0], "after": pair[1]})
        assert isinstance(answer, wire.Failure)
        assert len(answer.message) < 600
