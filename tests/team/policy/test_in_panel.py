"""The side panel marks runs that break the policy, and tells rule by rule on a run's page."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import patch

import trackside as ts
from trackside.browser_api import BrowserApi
from trackside.config import find_settings
from trackside.query import Scope
from trackside.store.store import Store
from trackside.team.policy.compliance import judge_run
from trackside.team.policy.kept import find_broken
from trackside.tracking import Run
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


def test_only_runs_of_which_something_was_said_since_are_judged_again(store_folder: Path) -> None:
    api, *_ = ask(store_folder, 'tags = ["stage"]\nseeds = 2')
    with ts.run("bare alone") as run:
        pass
    bare = run.id
    with patch("trackside.team.policy.kept.judge_run", wraps=judge_run) as judged:

        def ask_again() -> tuple[bool, set[str]]:
            Store(store_folder).refresh(10)
            judged.reset_mock()
            broken = api.runs(RunsQuestion(include_hidden=True)).broken
            return bare in broken, {call.args[1].run_id for call in judged.call_args_list}

        assert len(ask_again()[1]) == 3
        assert ask_again() == (True, set())
        ts.runs(bare).tag(stage="dev")
        assert ask_again() == (False, {bare})
        family = {bare}
        for seed in (1, 2):
            with Run.start(store_folder, name="seed", parent_id=bare, project="p", experiment="e") as inside:
                inside.log_params(seed=seed)
            family.add(inside.id)
            assert ask_again()[1] == family
        (store_folder.parent / "trackside.toml").write_text('[policy]\ntags = ["owner"]\n')
        changed = find_settings(store_folder.parent)
        assert find_broken(Store(store_folder), [bare], changed) == [bare]


def assert_broken_until_tagged(api: BrowserApi, cell: Run, repeat: Run) -> None:
    asked = RunsQuestion(include_hidden=True)
    api.store.refresh(10)
    assert {cell.id, repeat.id} <= {*api.runs(asked).broken}
    ts.runs(cell.id, project="p", experiment="e").tag(stage="dev")
    api.store.refresh(10)
    assert not {cell.id, repeat.id} & {*api.runs(asked).broken}


def test_a_repeat_with_a_run_inside_is_judged_again_once_its_cell_is_tagged(store_folder: Path) -> None:
    api, *_ = ask(store_folder, 'tags = ["stage"]')
    with (
        Run.start(store_folder, name="cell", project="p", experiment="e", is_repeated=True) as cell,
        Run.start(store_folder, name="repeat", parent_id=cell.id, project="p", experiment="e") as repeat,
        Run.start(store_folder, name="inside", parent_id=repeat.id, project="p", experiment="e"),
    ):
        pass
    assert_broken_until_tagged(api, cell, repeat)


def test_what_is_said_of_a_repeated_cell_later_holds_for_its_repeats(store_folder: Path) -> None:
    api, *_ = ask(store_folder, 'tags = ["stage=dev|final"]')
    said = {"stage": "prod"}
    with (
        Run.start(store_folder, name="cell", project="p", experiment="e", is_repeated=True, tags=said) as cell,
        Run.start(store_folder, name="one", parent_id=cell.id, project="p", experiment="e", tags=said) as repeat,
    ):
        pass
    assert_broken_until_tagged(api, cell, repeat)
