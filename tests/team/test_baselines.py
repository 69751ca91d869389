"""Baselines: one of an experiment and others by name, who chose them, and where they show."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import trackside as ts
from tests.team.run_pages import page_sections
from trackside import wire
from trackside.browser_api import BrowserApi
from trackside.errors import InputError, NoRunError, StoreBusyError
from trackside.magic import chosen_runs
from trackside.magic.here import describe_here
from trackside.magic.memory import Memory
from trackside.model import new_run_id
from trackside.query import Scope
from trackside.store.store import Store
from trackside.tracking import Run, deciding_alone
from trackside.tracking.experiments import decide

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = "<img src=x onerror=alert(1)> \u202e"


@pytest.fixture(autouse=True)
def _author(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKSIDE_USER", "ada")


def baseline(text: str) -> Any:
    """Return what ``%track baseline`` answers."""
    return chosen_runs.baseline(Memory(), text)


def tracked(folder: Path, name: str, loss: float = 0.5) -> str:
    run = Run.start(folder, name=name, project="p", experiment="digits")
    run.log(loss=loss)
    run.finish()
    return run.id


def sections(folder: Path, run_id: str) -> dict[str, Any]:
    return dict(page_sections(Store(folder), run_id))


def test_an_experiment_has_a_baseline_of_its_own_and_others_by_name(store_folder: Path) -> None:
    first, second = tracked(store_folder, "a"), tracked(store_folder, "b", 0.25)
    assert (ts.baseline(), ts.baseline("production")) == (None, None)
    ts.runs("a").make_baseline()
    ts.runs("b").make_baseline("production", why="first with new data")
    own, named = ts.baseline(), ts.baseline("production")
    assert own is not None
    assert named is not None
    assert (own.ids, named.ids) == ([first], [second])
    assert ts.runs("baseline:production").ids == [second]
    assert ts.runs().baselines == {"": first, "production": second}
    assert ts.check("a", "loss", against="baseline:production").baseline.label == "b"
    found = BrowserApi(Store(store_folder), Scope()).answer({"ask": "filter", "expression": "baseline:production"})
    assert isinstance(found, wire.Matches)
    assert found.run_ids == [second]


def test_all_baselines_there_ever_were_are_told_the_newest_first(
    store_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracked(store_folder, "a")
    tracked(store_folder, "b")
    assert baseline("") == "there is no baseline; %track baseline last makes one"
    baseline("a")
    monkeypatch.setenv("TRACKSIDE_USER", "bob")
    baseline('b --why "it is --better"')
    baseline("a --name production --why=first")
    baseline("none --name production")
    told = baseline("--history")
    assert isinstance(told, pd.DataFrame)
    assert told.equals(ts.baselines())
    rows = told.astype(object).where(told.notna(), None)
    assert rows[["baseline", "run", "author", "why"]].to_numpy().tolist() == [
        ["baseline:production", None, "bob", None],
        ["baseline:production", "a", "bob", "first"],
        ["baseline", "b", "bob", "it is --better"],
        ["baseline", "a", "ada", None],
    ]
    assert told["until"].notna().tolist() == [False, True, False, True]
    assert told["until"][3] == told["time"][2]


def test_the_magic_tells_and_takes_back_each_baseline_by_its_name(store_folder: Path) -> None:
    run_id = tracked(store_folder, "a")
    short = run_id[-5:]
    assert baseline("a --name production") == f"the baseline:production is a {short}"
    assert baseline("--name production") == f"the baseline:production is a {short}"
    assert re.search(rf"baseline:production\W+a {short}", describe_here())
    assert baseline("--name other") == "there is no baseline:other; %track baseline last --name other makes one"
    assert baseline("none --name production") == f"no baseline:production any more: it was a {short}"
    assert ts.runs().baselines == {}


@pytest.mark.parametrize("name", ["two words", HOSTILE, "x" * 61, "a/b", "a:b", "-- '"])
def test_a_name_that_no_handle_could_have_is_refused(store_folder: Path, name: str) -> None:
    tracked(store_folder, "a")
    with pytest.raises(InputError, match="as a baseline's name; expected one word of at most 60 letters"):
        ts.runs("a").make_baseline(name)
    assert len(ts.baselines()) == 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a --nam x", "found --nam x; expected --name, --why, --history. Did you mean '--name'"),
        ("a --name", "--name stands alone; expected a name behind it"),
        ("a --history x", "found --history x; expected"),
        (f"a --why {'x' * 10_000}", "the reason has 10,000 characters; expected at most 1,000"),
        ("baseline:production", "'baseline:production' names no run: none was chosen; choose one with"),
    ],
)
def test_what_the_magic_cannot_do_is_said(store_folder: Path, text: str, told: str) -> None:
    tracked(store_folder, "a")
    with pytest.raises(InputError, match=re.escape(told)):
        baseline(text)
    assert len(ts.baselines()) == 0


def test_an_unknown_baseline_is_refused_with_those_there_are(store_folder: Path) -> None:
    tracked(store_folder, "a")
    baseline("a --name production")
    with pytest.raises(
        NoRunError, match=r"none was chosen; there are: baseline:production; choose one with .*--name x"
    ):
        ts.runs("baseline:x")
    with pytest.raises(NoRunError, match=r"'baseline' names no run: none was chosen; there are: baseline:production"):
        ts.check("a", "loss")


def test_a_named_baseline_can_neither_be_dropped_nor_purged_and_a_dropped_run_becomes_none(store_folder: Path) -> None:
    tracked(store_folder, "a")
    tracked(store_folder, "b")
    baseline("a --name production")
    for lose in (ts.runs("a").drop, ts.runs("a").purge):
        with pytest.raises(InputError, match="The baseline is among these runs"):
            lose()
    ts.runs("b").drop()
    with pytest.raises(InputError, match="was dropped; expected one that is to stay; bring it back first: %track keep"):
        ts.runs("b", include_hidden=True).make_baseline()


def test_a_run_is_not_purged_while_it_becomes_the_baseline_nor_made_one_afterwards(
    store_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracked(store_folder, "a")
    run = ts.runs("a")
    monkeypatch.setattr(deciding_alone, "_LOCK_SECONDS", 0.0)
    with deciding_alone.deciding_alone(store_folder):
        for decide_on in (run.make_baseline, run.drop):
            with pytest.raises(StoreBusyError, match="Somebody else has been deciding"):
                decide_on()
    run.purge()
    with pytest.raises(InputError, match="was purged; expected one that stays"):
        run.make_baseline()


def test_a_likely_secret_in_a_baselines_name_is_not_kept(store_folder: Path) -> None:
    tracked(store_folder, "a")
    ts.runs("a").make_baseline("ghp_" + "a1B2" * 9)
    assert "a1B2a1B2" not in "".join(ts.baselines()["baseline"])


def test_a_baseline_that_is_not_in_the_store_is_none(store_folder: Path) -> None:
    tracked(store_folder, "a")
    decide(Store(store_folder), ("p", "digits"), "baseline", "", new_run_id(), why="it was deleted")
    assert ts.baseline() is None
    assert ts.baselines()["run"].isna().all()
    assert "a run that is not there" in describe_here()
    with pytest.raises(InputError, match="names no run that is there"):
        ts.check("a", "loss")


def test_a_runs_page_tells_which_baselines_it_is_and_was(store_folder: Path) -> None:
    first, second = tracked(store_folder, "a"), tracked(store_folder, "b", 0.25)
    assert "decisions" not in sections(store_folder, first)
    ts.runs("a").make_baseline(why=HOSTILE)
    ts.runs("a").make_baseline("production")
    ts.runs("b").make_baseline()
    now, was = sections(store_folder, first)["decisions"]
    assert (now.name, now.note) == ("baseline:production", "no reason given")
    assert re.fullmatch(r"since \d{4}-\d\d-\d\d \d\d:\d\d UTC, by ada", now.text)
    assert (was.name, was.note) == ("baseline", r"<img src=x onerror=alert(1)> \u202e")
    assert re.fullmatch(r"from .* to .* UTC, by ada", was.text)
    [loss] = sections(store_folder, first)["metrics"]
    assert loss.note == "+0.25 against the baseline, 1 point"
    [own] = sections(store_folder, second)["metrics"]
    assert own.note == "1 point"


def test_every_chart_and_static_table_tells_the_difference_to_the_baseline(store_folder: Path) -> None:
    for name, loss, lr in (("a", 0.5, 1), ("b", 0.25, 2), ("c", 0.125, 3)):
        with ts.run(name, params={"lr": lr}) as run:
            run.log_history(loss=[1.0, loss])
    ts.runs("a").make_baseline()
    found = ts.runs()
    for chart in (found.chart.history("loss"), found.chart.scatter("lr", "loss"), found.chart.parallel()):
        drawn = json.dumps(chart.to_dict(), ensure_ascii=False)
        assert '"title": "loss against the baseline"' in drawn
        assert {"−0.25", "−0.375"} <= set(re.findall(r'"delta": "(.*?)"', drawn))
    html = found.table()._repr_mimebundle_()[0]["text/html"]
    assert re.findall(r"<small>(.*?)</small>", html) == ["−0.375", "−0.25"]
    baseline("none")
    assert "against the baseline" not in json.dumps(ts.runs().chart.scatter("lr", "loss").to_dict())
    assert "<small>" not in ts.runs().table()._repr_mimebundle_()[0]["text/html"]
    assert store_folder.exists()
