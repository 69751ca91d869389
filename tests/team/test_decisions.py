"""Decisions about runs: kept with author and reason, never overwritten, and shown wherever the run is."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import trackside as ts
from tests.store.support import all_tables
from tests.team.run_pages import page_sections
from trackside import wire
from trackside.browser_api import BrowserApi
from trackside.cli import main
from trackside.config import find_settings
from trackside.errors import InputError
from trackside.magic.edited_runs import decide, note
from trackside.query import Scope
from trackside.store.store import Store
from trackside.stored_card import stored_bundle
from trackside.team.decisions import list_decisions
from trackside.tracking import Run
from trackside.tracking.marks import decide_on_runs

HOSTILE = "<script>alert(1)</script> \u202e'; DROP TABLE runs"


@pytest.fixture(autouse=True)
def _author(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKSIDE_USER", "ada")


def tracked(folder: Path, name: str, **more: Any) -> str:
    run = Run.start(folder, name=name, project="p", experiment="digits", **more)
    run.log(loss=0.5)
    run.finish()
    return run.id


def marked(run_id: str, decision: str | None, why: str | None = None) -> dict[str, Any]:
    return {"ask": "mark", "run_ids": [run_id], "mark": "decision", "value": decision, "why": why}


def shelf_of(name: str) -> Any:
    return ts.runs(name, include_hidden=True).df["shelf"].iloc[0]


def test_every_decision_stays_and_the_last_counts(store_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_id, other = tracked(store_folder, "a"), tracked(store_folder, "b")
    ts.runs("a").decide("drop", "too slow")
    assert (shelf_of("a"), ts.runs().names) == ("dropped", ["b"])
    monkeypatch.setenv("TRACKSIDE_USER", "bob")
    assert ts.runs("a", include_hidden=True).decide("keep", "fast enough on the new machine").ids == [run_id]
    assert shelf_of("a") == "kept"
    ts.runs("a").decide("promote", "beats the baseline")
    store = Store(store_folder)
    told = [(each.decision, each.author, each.why) for each in list_decisions(store, [run_id, other])]
    assert told == [
        ("promote", "bob", "beats the baseline"),
        ("keep", "bob", "fast enough on the new machine"),
        ("drop", "ada", "too slow"),
    ]
    assert ts.runs("decision = 'promote'").ids == [run_id]
    assert ts.runs("a").df["decision"].tolist() == ["promote"]
    drained = all_tables(store)
    store.rebuild()
    assert all_tables(store) == drained


def test_a_live_run_decides_about_itself(store_folder: Path) -> None:
    with ts.run("a") as run:
        run.log(loss=1.0)
        run.decide("drop", "diverged")
    assert ts.runs("decision = 'drop'", include_hidden=True).ids == [run.id]
    assert ts.runs().names == []
    assert store_folder.exists()


def test_a_decided_run_is_not_hidden_as_a_repeat(store_folder: Path) -> None:
    first, last = (tracked(store_folder, "cell #1", origin="notebook", cell_digest="a") for _ in range(2))
    assert ts.runs().ids == [last]
    ts.runs(include_hidden=True)[1].decide("promote", "the one we looked at")
    assert ts.runs().ids == [last, first]


def test_a_decision_shows_on_the_run_page_the_card_the_table_and_in_the_shell(
    store_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_id = tracked(store_folder, "a")
    ts.runs("a").decide("promote", HOSTILE)
    api = BrowserApi(Store(store_folder), Scope())
    [fact] = page_sections(Store(store_folder), run_id)["decisions"]
    assert (fact.name, fact.note) == ("promote", HOSTILE.replace("\u202e", r"\u202e"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC, by ada", fact.text)
    assert [column.values for column in api.runs().columns if column.key == "run:decision"] == [["promote"]]
    card = stored_bundle(Store(store_folder), run_id)
    assert card is not None
    assert "promote, by ada: <script>" in card["text/plain"]
    assert "<script>" not in card["text/html"]
    assert main(["show", "a", "--store", str(store_folder)]) == 0
    assert re.search(r"decisions\n  promote  .*, by ada \(<script>", capsys.readouterr().out)


def test_the_magic_decides_about_runs_or_those_of_a_condition(store_folder: Path) -> None:
    ids = [tracked(store_folder, name) for name in ("a", "keep", "b")]
    assert decide('a promote "beats the baseline"') == f"promote: a {ids[0][-5:]}"
    assert decide("keep drop it's too slow, drop it") == f"drop: keep {ids[1][-5:]}"
    assert decide("loss > 0.1 and name != 'keep' keep fine").startswith("keep: ")
    told = {each.run_id: (each.decision, each.why) for each in reversed(list_decisions(Store(store_folder), ids))}
    assert [told[run_id] for run_id in ids] == [("keep", "fine"), ("drop", "it's too slow, drop it"), ("keep", "fine")]


def test_runs_are_named_in_quotes(store_folder: Path) -> None:
    spaced, other, odd = (tracked(store_folder, name)[-5:] for name in ("my run", "to keep it", "don't"))
    assert decide('"my run" keep "why"') == decide("my run keep why") == f"keep: my run {spaced}"
    assert decide("'my run', \"to keep it\" drop both") == f"drop: to keep it {other}, my run {spaced}"
    assert decide("don't promote it's best") == f"promote: don't {odd}"
    assert decide("\"name = 'my run'\" keep it") == f"keep: my run {spaced}"
    assert note('"my run" as hoped') == f"noted for my run {spaced}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "found ''; expected runs, keep|drop|promote and the reason"),
        ("a promot 'x'", "Did you mean 'promote'?"),
        ("a promote", "no reason is given to promote it; expected one"),
        ('a promote "  "', "no reason is given to promote it; expected one"),
        (f"a keep {'x' * 10_000}", "the reason has 10,000 characters; expected at most 1,000"),
        ("nobody keep why", "'nobody' names no run"),
        ('"no body" keep why', "'no body' names no run"),
        ("no body keep why", "'no body' names no run"),
        ("'the runn' keep why", "Did you mean 'the run'?"),
        ('"the run" kep why', "Did you mean 'keep'?"),
    ],
)
def test_what_cannot_be_decided_is_said(store_folder: Path, text: str, told: str) -> None:
    ids = [tracked(store_folder, name) for name in ("a", "the run")]
    with pytest.raises(InputError, match=re.escape(told)):
        decide(text)
    assert list_decisions(Store(store_folder), ids) == []


def test_a_baseline_is_not_dropped_and_nothing_is_decided_then(store_folder: Path) -> None:
    run_id = tracked(store_folder, "a")
    ts.runs("a").make_baseline("production")
    with pytest.raises(InputError, match="The baseline is among these runs"):
        ts.runs("a").decide("drop", "old")
    assert list_decisions(Store(store_folder), [run_id]) == []
    ts.runs("a").decide("keep", "still good")


def test_there_is_no_other_decision_and_a_browser_makes_none_without_a_reason(store_folder: Path) -> None:
    run_id = tracked(store_folder, "a")
    store = Store(store_folder)
    with pytest.raises(InputError, match=r"expected keep, drop, promote\. Did you mean 'promote'"):
        decide_on_runs(store, [run_id], "prommote", "x")
    answer = BrowserApi(store, Scope()).answer(marked(run_id, "promote"))
    assert isinstance(answer, wire.Failure)
    assert "no reason is given to promote it" in answer.message
    assert list_decisions(store, [run_id]) == []
    assert ts.runs("a").df["decision"].isna().all()


def test_a_browser_decides_with_a_reason_as_far_as_the_policy_lets_it_and_takes_that_back(
    store_folder: Path, tmp_path: Path
) -> None:
    run_id = tracked(store_folder, "a")
    store = Store(store_folder)
    settings = replace(find_settings(tmp_path), user="eve")
    api = BrowserApi(store, Scope(), settings=lambda: settings)
    assert isinstance(api.answer(marked(run_id, "drop", "diverged")), wire.RunTable)
    assert shelf_of("a") == "dropped"
    for taken_back in (marked(run_id, None), {**marked(run_id, None), "mark": "shelf"}):
        assert isinstance(api.answer(taken_back), wire.RunTable)
    assert ts.runs("a").df["decision"].isna().all()
    assert shelf_of("a") is None
    [told] = list_decisions(store, [run_id])
    assert (told.decision, told.author, told.why) == ("drop", "eve", "diverged")  # and that stays on record
    (tmp_path / "trackside.toml").write_text('[policy]\non_violation = "refuse"\ntags = ["owner"]\n')
    settings = replace(find_settings(tmp_path), user="eve")
    refused = api.answer(marked(run_id, "promote", "best"))
    assert isinstance(refused, wire.Failure)
    assert "tag owner" in refused.message


def test_nothing_of_a_purged_runs_decisions_is_left(store_folder: Path) -> None:
    run_id = tracked(store_folder, "a")
    ts.runs("a").decide("drop", "old")
    ts.runs("a", include_hidden=True).purge()
    assert list_decisions(Store(store_folder), [run_id]) == []


@pytest.mark.usefixtures("store_folder")
def test_the_guides_example_comes_out_as_it_is_told() -> None:
    guide = Path(__file__).parents[2] / "notebooks" / "deciding.md"
    section = guide.read_text(encoding="utf-8").partition("## What was decided, and why")[2].partition("\n## ")[0]
    code, told = re.findall(r"```\w+\n(.*?)```", section, re.DOTALL)
    *statements, last = code.strip().split("\n\n")
    namespace: dict[str, Any] = {"ts": ts}
    exec("\n\n".join(statements), namespace)  # noqa: S102 - our own guide
    made = eval(last, namespace)  # noqa: S307 - likewise
    assert made.to_string().split() == told.split()
    assert ts.runs("decision = 'promote'", experiment="trees").names == ["tree 8"]
