"""A policy is read as it is written, and what is wrong with it is told: file, key, what was expected."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackside.config import find_settings
from trackside.errors import InputError
from trackside.team.policy.reading import parse_policy, read_policy
from trackside.team.policy.rules import NamedCheck, Rule

if TYPE_CHECKING:
    from pathlib import Path


def refused(table: Any) -> list[str]:
    """Return what is wrong with a policy, a line for each mistake."""
    with pytest.raises(InputError) as caught:
        parse_policy(table, "f.toml")
    return str(caught.value).splitlines()


def test_it_is_read_from_pyproject_and_from_a_file_of_its_own_which_wins(tmp_path: Path) -> None:
    assert read_policy(find_settings(tmp_path)) is None
    (tmp_path / "pyproject.toml").write_text('[tool.trackside.policy]\ntags = ["owner"]\n')
    policy = read_policy(find_settings(tmp_path))
    assert policy is not None
    assert (policy.file, policy.rules[0].tags) == (str(tmp_path / "pyproject.toml"), ["owner"])
    (tmp_path / "trackside.toml").write_text('[policy]\ntags = ["stage"]\n')
    policy = read_policy(find_settings(tmp_path))
    assert policy is not None
    assert (policy.file, policy.rules[0].tags) == (str(tmp_path / "trackside.toml"), ["stage"])


@pytest.mark.parametrize("gate", ["prodction", "archived", ["production"]])
def test_a_check_guards_a_stage_that_there_is_or_none(gate: Any) -> None:
    [told] = refused({"checks": [{"metric": "auc", "gate": gate}]})
    assert told.startswith(f'f.toml: policy, check 1: gate is {gate!r}; expected "staging" or "production"')
    assert told.endswith(". Did you mean 'production'?") is (gate == "prodction")


def test_a_broken_policy_is_no_reason_not_to_have_settings(tmp_path: Path) -> None:
    (tmp_path / "trackside.toml").write_text('project = "digits"\npolicy = 3\n')
    settings = find_settings(tmp_path)
    assert settings.project == "digits"
    with pytest.raises(InputError, match=r"trackside.toml: policy is 3; expected a table \[tool.trackside.policy\]"):
        read_policy(settings)


def test_rules_hold_for_the_experiments_that_they_name() -> None:
    table = {"seed": True, "rules": [{"when": "final-*", "on_violation": "refuse", "seeds": 5}]}
    policy = parse_policy(table, "f.toml")
    assert [rule.seeds for rule in policy.rules_for("final-mlp")] == [0, 5]
    assert [rule.seeds for rule in policy.rules_for("mlp")] == [0]
    assert [policy.refuses(rule) for rule in policy.rules] == [False, True]


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"parms": ["lr"]}, "f.toml: policy: unknown key 'parms'; expected on_violation, parts, rules, checks, "),
        ({"params": "lr"}, 'f.toml: policy: params is \'lr\'; expected a list of names, such as ["lr", "val_*"]'),
        ({"params": ["lr", 3]}, "f.toml: policy: params is ['lr', 3]; expected a list of names"),
        ({"params": [" "]}, "f.toml: policy: params is [' ']; expected a list of names"),
        ({"tags": ["=dev"]}, "f.toml: policy: tags is ['=dev']; expected a list of names"),
        ({"seed": 1}, "f.toml: policy: seed is 1; expected true or false"),
        ({"seeds": True}, "f.toml: policy: seeds is True; expected a whole number, 0 or more"),
        ({"seeds": -1}, "f.toml: policy: seeds is -1; expected a whole number, 0 or more"),
        ({"roles": ["valid"]}, 'f.toml: policy: roles is [\'valid\']; expected a list of "train", "val" and "test"'),
        ({"on_violation": "stop"}, 'f.toml: policy: on_violation is \'stop\'; expected "warn" or "refuse"'),
        ({"metric_ranges": {"auc": {"min": 1, "max": 0}}}, "f.toml: policy: metric_ranges is {'auc': {'min': 1, "),
        (
            {"metric_ranges": {"auc": {"least": 1}}},
            "f.toml: policy: metric_ranges is {'auc': {'least': 1}}; expected a",
        ),
        ({"metric_ranges": {"auc": {"min": float("nan")}}}, "f.toml: policy: metric_ranges is {'auc': {'min': nan}}"),
        ({"parts": {"approach": "mlp"}}, "f.toml: policy: parts is {'approach': 'mlp'}; expected a table of lists of"),
        ({"parts": {"date": ["x"]}}, "f.toml: policy: parts.date is known already; expected another name than "),
        ({"rules": {"tags": []}}, "f.toml: policy: rules is {'tags': []}; expected tables of rules, [[…policy.rules]]"),
        ({"rules": [{}, {"wen": "a"}]}, "f.toml: policy, rule 2: unknown key 'wen'; expected when, "),
        (
            {"checks": [{"confidence": 1}]},
            "f.toml: policy, check 1: confidence is 1; expected a number between 0 and 1",
        ),
        (
            {"run_name": "mlp"},
            "f.toml: policy: run_name 'mlp' has no parts; expected some in braces, such as {project}",
        ),
        ({"run_name": "{a"}, "f.toml: policy: run_name '{a' has '{' in it; expected parts in braces"),
        ({"run_name": "{a}{b}"}, "f.toml: policy: run_name '{a}{b}' has a and b side by side; expected a sign between"),
        (
            {"run_name": "{proejct}-x"},
            "f.toml: policy: run_name '{proejct}-x' has the part 'proejct', which is not known",
        ),
    ],
)
def test_a_mistake_is_told_with_its_file_its_key_and_what_was_expected(table: Any, told: str) -> None:
    found = refused(table)
    assert len(found) == 1
    assert found[0].startswith(told)


def test_a_key_that_is_mistyped_is_suggested() -> None:
    assert refused({"parms": ["lr"]})[0].endswith("Did you mean 'params'?")


def test_all_mistakes_are_told_at_once() -> None:
    found = refused({"seed": 1, "rules": [{"seeds": "five"}], "checks": 3})
    assert found[0] == "3 mistakes in the settings:"
    assert ["expected" in line for line in found] == [False, True, True, True]


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (
            {"params": ["lr"], "forbidden_params": ["l*"]},
            "f.toml: policy: params demands lr, and forbidden_params has l*; expected one of them",
        ),
        (
            {"params": ["lr"], "rules": [{"when": "final-*", "forbidden_params": ["lr"]}]},
            "f.toml: policy: params demands lr, and forbidden_params of policy, rule 1 ('final-*') has lr; expected",
        ),
        (
            {
                "param_ranges": {"lr": {"max": 0.1}},
                "rules": [{"when": "final-*", "param_ranges": {"lr": {"min": 0.2}}}],
            },
            "f.toml: policy, rule 1 ('final-*'): param_ranges has lr at least 0.2, and policy: at most 0.1; ",
        ),
        (
            {"tags": ["stage=dev|test"], "rules": [{"when": "final-*", "tags": ["stage=final"]}]},
            "f.toml: policy: tags demands stage=dev|test, and policy, rule 1 ('final-*'): stage=final; expected some",
        ),
        (
            {"rules": [{"when": "a", "run_name": "{number}"}, {"when": "a", "run_name": "x-{number}"}]},
            "f.toml: policy, rule 1 ('a'): run_name is {number}, and policy, rule 2 ('a'): x-{number}; exp",
        ),
    ],
)
def test_rules_that_cannot_both_be_kept_are_refused(table: Any, told: str) -> None:
    found = refused(table)
    assert len(found) == 1
    assert found[0].startswith(told)


def test_rules_that_never_meet_may_differ() -> None:
    apart = [{"when": "a-*", "params": ["lr"]}, {"when": "b-*", "forbidden_params": ["lr"]}]
    assert len(parse_policy({"rules": apart}, "f.toml").rules) == 3


@pytest.mark.parametrize("other", ["stage", "stage=final|dev", "stage=f*", "owner=dev"])
def test_tags_that_some_value_fulfils_may_stand_in_two_rules(other: str) -> None:
    table = {"tags": ["stage=final"], "rules": [{"when": "a", "tags": [other]}]}
    assert len(parse_policy(table, "f.toml").rules) == 2


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
keys = st.sampled_from([*Rule.__struct_fields__, *NamedCheck.__struct_fields__, "parts", "record"]) | st.text(
    max_size=8
)
tables = st.dictionaries(keys, values, max_size=5)


@given(
    table=tables,
    rules=values | st.lists(tables, max_size=3),
    checks=values | st.lists(tables, max_size=2),
    file=st.text(),
)
def test_whatever_stands_there_is_read_or_told(table: Any, rules: Any, checks: Any, file: str) -> None:
    with contextlib.suppress(InputError):
        parse_policy({**table, "rules": rules, "checks": checks}, file)
