"""The side panel marks runs that break the policy, and tells rule by rule on a run's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import trackside as ts
from trackside.browser_api import BrowserApi
from trackside.config import find_settings
from trackside.query import Scope
from trackside.store.store import Store
from trackside.wire import RunPage, RunQuestion, RunsQuestion

if TYPE_CHECKING:
    from pathlib import Path


def ask(store_folder: Path, policy: str, *, tells_broken: bool = True) -> tuple[BrowserApi, str, str]:
    """Return who answers, a run that has a tag and one that has none, under a policy."""
    (store_folder.parent / "trackside.toml").write_text(f"[policy]\n{policy}\n")
    with ts.run("tagged", tags={"stage": "dev"}) as tagged, ts.run("bare") as bare:
        pass
    settings = find_settings(store_folder.parent)
    api = BrowserApi(Store(store_folder), Scope(), settings=lambda: settings, tells_broken=tells_broken)
    Store(store_folder).refresh(10)
    return api, tagged.id, bare.id


def told(page: RunPage) -> list[tuple[str, str]]:
    """Return what a run's page tells of the policy."""
    facts = [(fact.name, fact.text) for section in page.sections if section.name == "policy" for fact in section.facts]
    texts = [(text.name, text.text) for section in page.sections if section.name == "policy" for text in section.texts]
    return facts + texts


def test_runs_that_break_the_policy_are_marked_and_their_page_says_how(store_folder: Path) -> None:
    api, tagged, bare = ask(store_folder, 'tags = ["stage"]')
    assert api.runs(RunsQuestion()).broken == [bare]
    assert told(api.run(RunQuestion(run_id=tagged))) == [("tag stage", "kept: stage=dev")]
    [(name, text)] = told(api.run(RunQuestion(run_id=bare)))
    assert (name, text[:45]) == ("tag stage", "broken: found none; expected a tag stage; tag")


def test_views_in_notebooks_keep_no_such_marks(store_folder: Path) -> None:
    api, _, _ = ask(store_folder, 'tags = ["stage"]', tells_broken=False)
    assert api.runs(RunsQuestion()).broken == []


def test_a_policy_that_cannot_be_used_is_told_on_the_page_and_costs_no_list(store_folder: Path) -> None:
    api, tagged, _ = ask(store_folder, 'tagz = ["stage"]')
    assert len(api.runs(RunsQuestion()).run_ids) == 2
    assert api.runs(RunsQuestion()).broken == []
    [(name, text)] = told(api.run(RunQuestion(run_id=tagged)))
    assert name == "cannot be used"
    assert "unknown key 'tagz'" in text
