"""The checks that the policy names are carried out together, in Python, in the shell and in a notebook."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

import trackside as ts
from trackside.cli import CANNOT, OK, main
from trackside.cli.exit_codes import NO_EVIDENCE, WORSE
from trackside.config import find_settings
from trackside.errors import NoRunError
from trackside.store.store import Store
from trackside.team.policy.check_forms import PolicyChecks
from trackside.team.policy.checks import PolicyCheck, run_checks

if TYPE_CHECKING:
    from pathlib import Path

    Capture = pytest.CaptureFixture[str]

VALUES = {"old": (0.90, 0.91, 0.89), "new": (0.95, 0.96, 0.94), "bad": (0.80, 0.81, 0.79)}
POLICY = """
[[policy.checks]]
metric = "val_acc"
against = "model == 'old'"
gate = "staging"
[[policy.checks]]
name = "by a lot <b>"
metric = "val_acc"
against = "model == 'old'"
min_delta = 0.02
gate = "production"
[[policy.checks]]
when = "other-*"
metric = "test_acc"
"""


@pytest.fixture
def project(store_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with three ways to train, three seeds each, and a policy with three checks."""
    for model, values in VALUES.items():
        with ts.run(model) as parent:
            for seed, value in enumerate(values):
                with ts.run(f"{model} {seed}", params={"model": model, "seed": seed}, parent=parent) as run:
                    run.log(val_acc=value)
    monkeypatch.chdir(store_folder.parent)
    (store_folder.parent / "trackside.toml").write_text(POLICY)
    Store(store_folder).refresh(10)
    return store_folder.parent


def carried_out(project: Path, where: str, gate: str | None = None) -> list[PolicyCheck]:
    """Return the outcomes of the checks of a run."""
    [run_id] = ts.runs(where, store=project / ".trackside").ids
    return run_checks(Store(project / ".trackside"), run_id, gate, settings=find_settings(project))


def test_each_check_that_applies_has_an_outcome_and_a_gate_has_its_own(project: Path) -> None:
    assert [(each.name, each.outcome, each.passed) for each in carried_out(project, "new")] == [
        ("val_acc beats model == 'old'", "better", True),
        ("by a lot <b>", "better", True),
    ]
    assert [each.outcome for each in carried_out(project, "bad")] == ["worse", "worse"]
    assert [each.name for each in carried_out(project, "new", "production")] == ["by a lot <b>"]
    assert carried_out(project, "new", "archived") == []
    with pytest.raises(NoRunError):
        run_checks(Store(project / ".trackside"), [], settings=find_settings(project))


def test_a_run_of_another_experiment_takes_no_check_away(project: Path) -> None:
    new, store = ts.runs("new"), Store(project / ".trackside")
    when = new.df["experiment"].iloc[0]
    (project / "trackside.toml").write_text(
        f'[[policy.checks]]\nwhen = "{when}"\nmetric = "val_acc"\nagainst = "model == \'old\'"\n'
    )
    with ts.run("newer", experiment="third") as other:
        other.log(val_acc=0.5)
    made = run_checks(store, [*new.ids, other.id], settings=find_settings(project))
    assert [each.outcome for each in made] == ["better"]
    with pytest.raises(NoRunError):
        run_checks(store, [*new.ids, f"{new.ids[0][:-5]}00000"], settings=find_settings(project))


def test_what_cannot_be_judged_says_why(project: Path) -> None:
    (project / "trackside.toml").write_text(
        '[[policy.checks]]\nmetric = "val_acc"\n[[policy.checks]]\nmetric = "auc"\n'
    )
    missing, unknown = carried_out(project, "new")
    assert (missing.outcome, missing.check) == ("no evidence", None)
    assert "baseline" in missing.text
    assert unknown.outcome in ("no evidence", "not carried out")
    (project / "trackside.toml").write_text('[[policy.checks]]\nmetric = "auc"\nagainst = "old"\n')
    [unknown] = carried_out(project, "new")
    assert unknown.outcome == "not carried out"
    assert "No metric 'auc'" in unknown.text


def test_the_command_tells_them_all_and_exits_by_the_worst(project: Path, capsys: Capture) -> None:
    assert main(["check", "new", "--policy"]) == OK
    out = capsys.readouterr().out
    assert out.startswith("val_acc beats model == 'old'\n  ✓ better: val_acc 0.95")
    assert "by a lot <b>\n  ✓ better" in out
    assert main(["check", "bad", "--policy", "--format", "junit"]) == WORSE
    suite = ET.fromstring(capsys.readouterr().out.partition("\n")[2])  # noqa: S314 - our own
    assert [case.get("name") for case in suite] == ["val_acc beats model == 'old'", "by a lot <b>"]
    assert {case.get("classname") for case in suite} == {f"trackside.{ts.runs().df['experiment'].iloc[0]}"}
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("2", "2", "0")
    assert main(["check", "new", "--policy", "--format", "json"]) == OK
    assert [each["outcome"] for each in json.loads(capsys.readouterr().out)["checks"]] == ["better", "better"]
    assert main(["check", "new", "--policy", "--format", "markdown"]) == OK
    assert "### `by a lot <b>`" in capsys.readouterr().out
    (project / "trackside.toml").write_text('[[policy.checks]]\nmetric = "val_acc"\n')
    assert main(["check", "new", "--policy"]) == NO_EVIDENCE
    (project / "trackside.toml").unlink()
    assert main(["check", "new", "--policy"]) == CANNOT
    assert "the policy names no check for these runs" in capsys.readouterr().err
    assert main(["check", "new", "--policy", "--metric", "auc"]) == CANNOT


def test_a_run_that_breaks_the_policy_is_not_checked(project: Path, capsys: Capture) -> None:
    (project / "trackside.toml").write_text(f'[policy]\non_violation = "refuse"\ntags = ["stage"]\n{POLICY}')
    assert main(["check", "new", "--policy"]) == CANNOT
    assert "it is not checked, as the policy in" in capsys.readouterr().err
    assert main(["check", "new", "--against", "old"]) == CANNOT


def test_a_notebook_shows_a_card_for_each(project: Path) -> None:
    shown = PolicyChecks(carried_out(project, "new"))._repr_html_()
    assert shown.count('class="trackside-check"') == 2
    assert "by a lot &lt;b&gt;" in shown
