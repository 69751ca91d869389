"""What a browser is told of models, and the steps that it may have them take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import trackside as ts
from trackside import wire
from trackside.browser_api import BrowserApi
from trackside.config import find_settings
from trackside.query import Scope

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def api(store: ts.Store, tmp_path: Path) -> BrowserApi:
    return BrowserApi(store, Scope(), settings=lambda: find_settings(tmp_path))


def ask(api: BrowserApi, ask: str, **more: Any) -> wire.ModelPage:
    answer = api.answer({"ask": ask, **more})
    assert isinstance(answer, wire.ModelPage), answer
    return answer


def refused(api: BrowserApi, ask: str, **more: Any) -> str:
    answer = api.answer({"ask": ask, **more})
    assert isinstance(answer, wire.Failure), answer
    return answer.message


def test_a_run_is_registered_and_its_version_taken_to_production(api: BrowserApi, run_id: str) -> None:
    page = ask(api, "register", run_id=run_id, model="churn", why="the first")
    assert [(row.version, row.stage, row.run_id, row.why) for row in page.versions] == [
        ("1", "none", run_id, "the first")
    ]
    step = {"model": "churn", "version": 1}
    ask(api, "step", **step, step="promote", value="staging")
    ask(api, "step", **step, step="promote", value="production", why="it is ready")
    ask(api, "step", **step, step="alias", value="champion")
    page = ask(api, "step", **step, step="alias", value="best")
    page = ask(api, "step", **step, step="unalias", value="best")
    assert [(row.stage, row.aliases, row.value) for row in page.versions] == [("production", ["champion"], "0.9")]
    assert (page.metric, page.version) == ("val_auc", 1)
    assert "trackside-lineage" in page.card
    told = [fact.text for fact in page.history]
    assert ["no longer best" in told[0], "to production" in told[3], "it is ready" in told[3]] == [True] * 3
    assert page.history[3].note.splitlines()[-1] == "✓ staging first"
    [fact] = next(each for each in run_page(api, run_id).sections if each.name == "versions").facts
    assert (fact.model, fact.version) == ("churn", 1)


def run_page(api: BrowserApi, run_id: str) -> wire.RunPage:
    page = api.answer({"ask": "run", "run_id": run_id})
    assert isinstance(page, wire.RunPage)
    return page


def test_all_models_are_listed_and_the_one_in_production_is_shown_first(api: BrowserApi, run_id: str) -> None:
    assert ask(api, "model") == wire.ModelPage()
    for name in ("churn", "<b>other</b>", "churn"):
        ts.models.register(name, run_id)
    assert [(row.model, row.version) for row in ask(api, "model").versions] == [
        ("churn", "2"),
        ("churn", "1"),
        ("<b>other</b>", "1"),
    ]
    assert ask(api, "model", name="churn").version == 2
    ts.models["churn"][1].promote("staging").promote("production")
    assert ask(api, "model", name="churn").version == 1
    assert ask(api, "model", name="churn", version=2).version == 2
    assert "<b>other" not in ask(api, "model", name="<b>other</b>").card


def test_what_is_refused_or_not_there_is_told_and_changes_nothing(api: BrowserApi, run_id: str, tmp_path: Path) -> None:
    assert "No model 'churn'" in refused(api, "model", name="churn")
    (tmp_path / "trackside.toml").write_text('[policy]\non_violation = "refuse"\ntags = ["owner"]\n')
    told = refused(api, "register", run_id=run_id, model="churn")
    assert "is refused:\n  ✗ policy: " in told
    assert "tag owner" in told
    (tmp_path / "trackside.toml").unlink()
    ask(api, "register", run_id=run_id, model="churn")
    step = {"model": "churn", "version": 1, "step": "promote"}
    assert "✗ staging first: it has not been in staging" in refused(api, "step", **step, value="production")
    assert "as a stage; expected none, staging" in refused(api, "step", **step, value="stagin")
    assert "names no version of 'churn'" in refused(api, "step", **{**step, "version": 7}, value="staging")
    assert "is no id of a run" in refused(api, "register", run_id="last", model="churn")
    assert ts.models["churn"][1].stage == "none"
