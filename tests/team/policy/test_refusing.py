"""With `on_violation = "refuse"` nothing is decided on a run that breaks the policy; without it, all goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import trackside as ts
from trackside.browser_api import BrowserApi
from trackside.errors import InputError, StoreBusyError
from trackside.locks import StoreLock
from trackside.query import Scope
from trackside.store.store import Store
from trackside.team.policy import refuse_unless_compliant
from trackside.team.policy.run_record import read_run_records
from trackside.tracking import Run
from trackside.whereabouts import find_own_settings
from trackside.wire import Failure

if TYPE_CHECKING:
    from pathlib import Path

    from trackside.team.policy.refusal import Act


REFUSE = "on_violation = 'refuse'"


@pytest.fixture
def project(store_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which the policy and the store of this test are."""
    monkeypatch.setattr("sys.ps1", ">>> ", raising=False)  # at a prompt the working folder counts
    monkeypatch.chdir(store_folder.parent)
    return store_folder.parent


def demand(project: Path, text: str) -> None:
    """Write a policy."""
    (project / "trackside.toml").write_text(f"[policy]\n{text}\n")


def keep(**tags: str) -> str:
    """Keep a run and return its id."""
    with ts.run("mlp", params={"seed": 0}, tags=tags) as run:
        run.log(val_acc=0.9)
    return run.id


def test_nothing_is_refused_without_a_policy_or_where_it_only_warns(project: Path) -> None:
    run_id, store = keep(), Store(project / ".trackside")
    refuse_unless_compliant(store, [run_id], "baseline")
    demand(project, 'tags = ["stage"]')
    refuse_unless_compliant(store, [run_id], "baseline")


@pytest.mark.parametrize("act", ["baseline", "register", "promote", "check"])
def test_each_act_is_refused_with_the_rule_that_is_broken_and_what_to_do(project: Path, act: Act) -> None:
    run_id, fine, store = keep(), keep(stage="dev"), Store(project / ".trackside")
    demand(project, 'on_violation = "refuse"\ntags = ["stage"]\nmetrics = ["test_acc"]')
    with pytest.raises(InputError) as caught:
        refuse_unless_compliant(store, [run_id, fine], act)
    first, *more = str(caught.value).splitlines()
    assert f"as the policy in {project / 'trackside.toml'} says: mlp ({run_id[-5:]}): " in first
    mended = f"tag it: %track tag {run_id[-5:]} stage=…"
    assert f"tag stage (line 3, tags): found none; expected a tag stage; {mended}" in str(caught.value)
    told = "metric test_acc (line 4, metrics): found none; expected one; add it: ts.log(test_acc=…)"
    told += f", in a cell with %%track --into {fine[-5:]}"
    assert f"mlp ({fine[-5:]}): {told}" in more
    assert len(more) == 2


def test_only_rules_that_refuse_do(project: Path) -> None:
    run_id, store = keep(), Store(project / ".trackside")
    demand(project, 'on_violation = "refuse"\n[[policy.rules]]\non_violation = "warn"\ntags = ["stage"]')
    refuse_unless_compliant(store, [run_id], "promote")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (f"[policy]\n{REFUSE}\n# tags\n  tags = ['stage']", "(line 4, tags)"),
        (f"[policy]\n{REFUSE}\n[[policy.rules]]\nwhen = 'x'\n[[ policy.rules ]]\n'tags' = ['stage']", "(line 6, tags)"),
        (f"[policy]\nrules = [{{ {REFUSE}, tags = ['stage'] }}]", "(rule 1, tags)"),
        (f"policy = {{ {REFUSE}, tags = ['stage'] }}", "(tags)"),
        (f"[policy]\n{REFUSE}\n[policy.param_ranges]\nlr = {{ max = 1 }}", "(line 3, param_ranges)"),
        (f"[[policy.rules]]\n{REFUSE}\n[policy.rules.param_ranges]\nlr = {{ max = 1 }}", "(line 3, param_ranges)"),
    ],
)
def test_a_refusal_says_on_which_line_the_rule_stands(project: Path, text: str, place: str) -> None:
    with ts.run("mlp", params={"lr": 9}) as run:
        run.log(val_acc=0.9)
    (project / "trackside.toml").write_text(text)
    with pytest.raises(InputError) as caught:
        refuse_unless_compliant(Store(project / ".trackside"), [run.id], "check")
    assert place in str(caught.value)


def test_a_tag_that_comes_later_mends_it(project: Path) -> None:
    run_id, store = keep(), Store(project / ".trackside")
    demand(project, 'on_violation = "refuse"\ntags = ["stage"]')
    with pytest.raises(InputError):
        refuse_unless_compliant(store, [run_id], "promote")
    ts.runs(run_id).tag("stage=dev")
    refuse_unless_compliant(store, [run_id], "promote")


def test_a_broken_policy_is_told_where_something_is_decided(project: Path) -> None:
    run_id, store = keep(), Store(project / ".trackside")
    demand(project, 'tagz = ["stage"]')
    with pytest.raises(InputError, match="unknown key 'tagz'"):
        refuse_unless_compliant(store, [run_id], "promote")


def test_no_such_run_is_made_the_baseline_or_checked(project: Path) -> None:
    keep(stage="dev")
    ts.runs("last").make_baseline()
    run_id = keep()
    demand(project, 'on_violation = "refuse"\ntags = ["stage"]')
    with pytest.raises(InputError, match="no other run is held against it"):
        ts.runs(run_id).make_baseline()
    with pytest.raises(InputError, match="it is not checked"):
        ts.check(run_id)
    with pytest.raises(InputError, match="it is not promoted"):
        ts.runs(run_id).decide("promote", "looks good")
    ts.runs(run_id).decide("keep", "to look at again")
    asked = {"ask": "baseline", "run_id": run_id}
    answer = BrowserApi(Store(project / ".trackside"), Scope(), settings=find_own_settings).answer(asked)
    assert isinstance(answer, Failure)
    assert "tag stage (line 3, tags): found none" in answer.message
    assert ts.runs().baseline != run_id


def test_what_is_not_on_record_or_not_known_yet_is_refused(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fine, store = keep(stage="dev"), Store(project / ".trackside")
    gone = f"{fine[:-5]}00000"
    demand(project, 'on_violation = "refuse"\ntags = ["stage"]')
    with pytest.raises(InputError, match=r"it is not registered: .* has no run 00000; expected all on record"):
        refuse_unless_compliant(store, [fine, gone], "register")
    monkeypatch.setattr("trackside.team.policy.refusal._WAIT", 0.1)
    keep(stage="dev")
    with (
        StoreLock(store.folder).hold("exclusive"),
        pytest.raises(StoreBusyError, match="not in its tables yet, and whether runs keep the policy hangs on them"),
    ):
        refuse_unless_compliant(store, [fine], "register")


def test_a_run_does_not_promote_itself_past_the_policy(project: Path) -> None:
    demand(project, 'on_violation = "refuse"\ntags = ["stage"]')
    with ts.run("mlp") as run:
        run.decide("keep", "to look at again")
        with pytest.raises(
            InputError, match=r"it is not promoted, as the policy in .*tag stage \(line 3, tags\): found none"
        ):
            run.decide("promote", "looks good")
    assert ts.runs().df["decision"].tolist() == ["keep"]
    demand(project, 'on_violation = "warn"\ntags = ["stage"]')
    run.decide("promote", "looks good")
    assert ts.runs().df["decision"].tolist() == ["promote"]


def test_seeds_are_counted_inside_a_run_beside_it_and_among_those_that_are_checked(project: Path) -> None:
    store = Store(project / ".trackside")
    with ts.run("parent") as parent:
        inside = []
        for seed in (0, 1, 1):
            with ts.run("child", params={"seed": seed}) as child:
                inside.append(child.id)
    apart = []
    for seed in (0, 1, 2):
        with ts.run("alone", params={"seed": seed}) as run:
            apart.append(run.id)
    store.refresh(10)
    assert [each.seeds for each in read_run_records(store, [parent.id, inside[0], apart[0]])] == [2, 2, 1]
    demand(project, 'on_violation = "refuse"\nseeds = 3')
    refuse_unless_compliant(store, apart, "check")
    with pytest.raises(
        InputError, match=r"3 seeds \(line 3, seeds\): found 1 seed; expected 3 or more before something is decided"
    ):
        refuse_unless_compliant(store, apart[:1], "check")


def test_seeds_count_for_each_way_to_train(project: Path) -> None:
    store, apart, inside = Store(project / ".trackside"), [], []
    for lr in (1, 2, 3):
        with ts.run("alone", params={"lr": lr, "seed": lr}) as run:
            apart.append(run.id)
    with ts.run("sweep") as parent:
        for lr, seed in ((1, 0), (1, 1), (1, 2), (2, 0)):
            with ts.run("child", params={"lr": lr, "seed": seed}) as child:
                inside.append(child.id)
    store.refresh(10)
    assert [each.seeds for each in read_run_records(store, [parent.id, inside[0], inside[-1]])] == [1, 3, 1]
    demand(project, 'on_violation = "refuse"\nseeds = 3')
    with pytest.raises(InputError, match=r"3 seeds \(line 3, seeds\): found 1 seed"):
        refuse_unless_compliant(store, apart, "promote")


def test_of_a_repeated_cell_the_seeds_of_repeats_count_that_have_finished_and_are_there(project: Path) -> None:
    folder, ids = project / ".trackside", []
    with Run.start(folder, name="cell", project="p", experiment="e", is_repeated=True) as cell:
        for seed in (0, 1, 2, 3, 3):
            each = Run.start(folder, name="seed", project="p", experiment="e", parent_id=cell.id, params={"seed": seed})
            each.log(val_acc=seed / 10)
            each.finish("failed" if seed == 0 else "finished")
            ids.append(each.id)
    store = Store(folder)
    store.refresh(10)
    assert [each.seeds for each in read_run_records(store, [cell.id, *ids])] == [3] * 6
    ts.runs(ids[1]).drop()
    store.refresh(10)
    assert [each.seeds for each in read_run_records(store, [cell.id, *ids])] == [2] * 6
    for run_id in ids[2:]:
        ts.runs(run_id).drop()
    store.refresh(10)
    assert [each.seeds for each in read_run_records(store, [cell.id])] == [0]
