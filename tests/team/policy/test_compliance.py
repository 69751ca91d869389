"""Whether a run keeps a policy hangs on what is known of it, and nothing that is known breaks the judging."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackside.team.policy.compliance import Finding, judge_run
from trackside.team.policy.reading import parse_policy
from trackside.team.policy.run_record import RecordedArtifact, RecordedData, RunRecord

RUN = RunRecord(
    run_id="r",
    project="digits",
    experiment="digits-mlp",
    name="mlp",
    status="finished",
    started_at=0,
    user="ada",
    params={"SVC.C": 10, "seed": 0, "gamma": "auto"},
    metrics={"val/auc": 0.9, "val/loss": "NaN"},
    tags={"stage": "dev"},
    datasets=[RecordedData(name="X_train", role="train")],
    artifacts=[RecordedArtifact(name="weights.pt", kind="model")],
    git_commit="c",
    git_dirty=False,
    seeds=1,
)


def judged(policy: dict[str, Any], run: RunRecord = RUN, *, deciding: bool = False, **facts: Any) -> dict[str, str]:
    """Return the state of each rule."""
    run = msgspec.structs.replace(run, **facts)
    return {each.rule: each.state for each in judge_run(parse_policy(policy, "f.toml"), run, deciding=deciding)}


@pytest.mark.parametrize(
    ("policy", "state"),
    [
        ({"params": ["C"]}, {"param C": "kept"}),
        ({"params": ["VC"]}, {"param VC": "broken"}),
        ({"forbidden_params": ["C", "lr"]}, {"no param C": "broken", "no param lr": "kept"}),
        ({"metrics": ["val/*", "test/*"]}, {"metric val/*": "kept", "metric test/*": "broken"}),
        ({"tags": ["stage"]}, {"tag stage": "kept"}),
        ({"tags": ["stage=dev|final"]}, {"tag stage": "kept"}),
        ({"tags": ["stage=final"]}, {"tag stage": "broken"}),
        ({"roles": ["train", "test"]}, {"data to train on": "kept", "data to test on": "broken"}),
        ({"artifacts": ["model", "*.pt", "figure"]}, {"artifact model": "kept", "artifact *.pt": "kept"}),
        ({"seed": True}, {"seed on record": "kept"}),
        ({"clean_git": True}, {"clean git": "kept"}),
        ({"param_ranges": {"C": {"max": 10}, "lr": {"max": 1}}}, {"param SVC.C in range": "kept"}),
        ({"param_ranges": {"gamma": {"max": 10}}}, {"param gamma in range": "broken"}),
        ({"metric_ranges": {"val/auc": {"min": 0.95}}}, {"metric val/auc in range": "broken"}),
        ({"metric_ranges": {"val/loss": {"max": 9}}}, {"metric val/loss in range": "broken"}),
        ({"experiment_name": "{project}-{approach}"}, {"experiment": "kept"}),
        ({"run_name": "{project}-{number}"}, {"run name": "broken"}),
        ({"rules": [{"when": "other-*", "tags": ["owner"]}]}, {}),
    ],
)
def test_a_rule_is_kept_or_broken(policy: dict[str, Any], state: dict[str, str]) -> None:
    found = judged(policy)
    assert {rule: found.get(rule) for rule in state} == state
    assert bool(found) == bool(state)


def test_what_a_running_or_failed_run_lacks_may_still_come_or_cannot() -> None:
    policy = {"metrics": ["test/auc"], "params": ["lr"]}
    assert set(judged(policy, status="running").values()) == {"unknown"}
    assert set(judged(policy, status="failed").values()) == {"unknown"}


def test_code_of_which_no_commit_is_known_is_not_clean() -> None:
    assert judged({"clean_git": True}, git_commit=None, git_dirty=None) == {"clean git": "unknown"}
    assert judged({"clean_git": True}, git_dirty=True) == {"clean git": "broken"}


def test_seeds_are_wanted_before_something_is_decided() -> None:
    assert judged({"seeds": 5}) == {"5 seeds": "unknown"}
    assert judged({"seeds": 5}, deciding=True) == {"5 seeds": "broken"}
    assert judged({"seeds": 5}, deciding=True, seeds=5) == {"5 seeds": "kept"}


def test_a_seed_is_a_number_that_was_given_and_no_fold() -> None:
    assert judged({"seed": True}, params={"random_state": None, "fold": 3}) == {"seed on record": "broken"}


def test_what_two_rules_demand_alike_stands_there_once_and_as_the_stricter_says() -> None:
    table = {"tags": ["owner"], "rules": [{"when": "digits-*", "tags": ["owner"], "on_violation": "refuse"}]}
    found = judge_run(parse_policy(table, "f.toml"), RUN)
    assert [(each.rule, each.state, each.refuses) for each in found] == [("tag owner", "broken", True)]


def test_of_two_schemes_the_later_one_counts() -> None:
    rules = [{"when": "*-mlp", "run_name": "{word}"}]
    assert judged({"run_name": "{number}", "rules": rules}) == {"run name": "kept"}


def test_what_is_broken_says_what_was_found_expected_and_to_do() -> None:
    (found,) = judge_run(parse_policy({"tags": ["stage=final"]}, "f.toml"), RUN)
    assert str(found) == "tag stage: found stage=dev; expected stage=final; tag it: %track tag stage=final"


texts = st.text(max_size=50)
values = st.none() | st.booleans() | st.integers() | st.floats() | texts | st.lists(texts, max_size=3)


@given(params=st.dictionaries(texts, values), metrics=st.dictionaries(texts, st.floats() | texts), name=texts)
def test_nothing_that_a_run_has_breaks_the_judging(params: Any, metrics: Any, name: str) -> None:
    table = {
        "run_name": "{team}-{date}",
        "params": ["lr", "[a-"],
        "seed": True,
        "param_ranges": {"*": {"max": 1}},
        "metric_ranges": {"*": {"min": 0}},
    }
    run = msgspec.structs.replace(RUN, params=params, metrics=metrics, name=name)
    found = judge_run(parse_policy(table, "f.toml"), run)
    assert all(isinstance(each, Finding) and len(str(each)) < 600 for each in found)
