"""`trackside check` tells a verdict in the form that is asked for, and by exit codes how it came out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

import trackside as ts
from tests.diff.support import details_of, keep_run
from trackside.cli import CANNOT, OK, main
from trackside.cli.exit_codes import NO_DIFFERENCE, NO_EVIDENCE, NOT_COMPARABLE, NOT_ENOUGH_DATA, WORSE
from trackside.model import Dataset

if TYPE_CHECKING:
    from pathlib import Path

    Capture = pytest.CaptureFixture[str]

LOSSES = {"old": (0.50, 0.51, 0.49), "new": (0.40, 0.41, 0.42), "same": (0.50, 0.49, 0.52), "nan": (0.4, float("nan"))}


@pytest.fixture
def store(store_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a store with several ways to train, one of which was evaluated on other data."""
    for model, losses in (LOSSES | {"other": LOSSES["new"]}).items():
        data = Dataset(name="X_val", kind="ndarray", shape="9×2", role="val", digest="b" if model == "other" else "a")
        for seed, loss in enumerate(losses):
            facts: dict[str, Any] = {"params": {"model": model, "seed": seed}, "metrics": {"val_loss": loss}}
            run = keep_run(store_folder, None, name=model, datasets=[data], cell_id=f"{model}{seed}", **facts)
    details_of(store_folder, run)
    monkeypatch.chdir(store_folder.parent)
    return store_folder


def check(capsys: Capture, model: str, *more: str) -> tuple[int, str]:
    """Return the exit code and what is printed of a check against the old model."""
    code = main(["check", f"model == '{model}'", "--against", "model == 'old'", *more])
    return code, capsys.readouterr().out


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("model", "code", "said"),
    [
        ("new", OK, "✓ better: val_loss 0.41 (new, 3 runs) against 0.5 (old, 3 runs)"),
        ("same", NO_DIFFERENCE, "= no difference: val_loss"),
        ("nan", NOT_ENOUGH_DATA, "? not enough data: val_loss nan"),
        ("other", NOT_COMPARABLE, "≠ not comparable: val_loss"),
    ],
)
def test_the_exit_code_tells_the_verdict(capsys: Capture, model: str, code: int, said: str) -> None:
    found, out = check(capsys, model)
    assert (found, out.startswith(said)) == (code, True), out


def test_worse_is_a_code_of_its_own_and_says_what_differs(store: Path, capsys: Capture) -> None:
    asked = ["check", "model == 'old'", "--against", "model == 'new'", "--store", str(store)]
    assert main(asked) == WORSE
    assert "first difference: params · model: new → old" in capsys.readouterr().out
    assert main([*asked, "--min-delta", "0.5"]) == NO_DIFFERENCE


def test_the_baseline_is_what_runs_are_held_against_by_default(store: Path, capsys: Capture) -> None:
    assert main(["check", "last"]) == NO_EVIDENCE
    assert "'baseline' names no run: none was chosen" in capsys.readouterr().err
    ts.runs("model == 'old'", store=store)[0].make_baseline()
    told = [(main(["check", *words, "--metric", "val_loss"]), capsys.readouterr().out) for words in ([], ["last"])]
    assert told[0] == told[1]
    assert main(["check", "model == 'new'", "--metric", "val_loss", "--confidence", "0.9"]) == OK
    out = capsys.readouterr().out
    assert "against 0.5 (old, 3 runs)" in out
    assert "baseline: 2 more runs count with it, which differ from it in nothing but the seed" in out


@pytest.mark.usefixtures("store")
def test_json_has_all_of_it(capsys: Capture) -> None:
    code, out = check(capsys, "new", "--format", "json")
    told = json.loads(out)
    assert (code, told["version"], told["verdict"], told["passed"], told["goal"]) == (OK, 1, "better", True, "min")
    assert told["candidate"]["values"] == pytest.approx([0.42, 0.41, 0.40])
    assert told["interval"][0] < told["effect"] < told["interval"][1] < 0
    assert told["comparable"] == "unknown"
    nan = json.loads(check(capsys, "nan", "--format", "json")[1])
    assert (nan["effect"], sorted(map(str, nan["candidate"]["values"]))) == (None, ["0.4", "NaN"])


@pytest.mark.usefixtures("store")
def test_markdown_is_a_table_with_reasons(capsys: Capture) -> None:
    out = check(capsys, "new", "--format", "markdown")[1]
    assert out.startswith("**✓ better** `val_loss`\n\n| candidate | verdict |")
    assert "| `new` | ✓ better | 0.41 | 0.5 | -0.09 | " in out
    assert "- `the whole interval is better`" in out


@pytest.mark.usefixtures("store")
def test_junit_has_a_case_for_each_candidate(capsys: Capture) -> None:
    asked = ["check", "model != 'old'", "--against", "model == 'old'", "--format", "junit"]
    assert main(asked) == NOT_COMPARABLE
    suite = ET.fromstring(capsys.readouterr().out)  # noqa: S314 - our own
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("4", "1", "2")
    outcomes = {case.get("name"): [(each.tag, each.get("type")) for each in case] for case in suite}
    assert outcomes == {
        "new beats old": [],
        "same beats old": [("failure", "no difference")],
        "nan beats old": [("error", "not enough data")],
        "other beats old": [("error", "not comparable")],
    }


@pytest.mark.usefixtures("store")
def test_runs_that_are_not_comparable_are_judged_where_asked(capsys: Capture) -> None:
    code, out = check(capsys, "other", "--allow-incomparable")
    assert code == OK
    assert "not comparable, and judged all the same, as was asked: not evaluated on the same data (X_val)" in out


def test_odd_names_make_well_formed_output(
    store_folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(store_folder.parent)
    for model, losses in (("a|`b`\x1b\x00<c>&", LOSSES["new"]), ("old", LOSSES["old"])):
        for seed, loss in enumerate(losses):
            with ts.run(model, params={"model": model, "seed": seed}) as run:
                run.log(val_loss=loss)
    ts.runs()
    asked = ["check", "model != 'old'", "--against", "model == 'old'", "--format"]
    assert main([*asked, "junit"]) == OK
    assert "a|`b`" in str(ET.fromstring(capsys.readouterr().out)[0].get("name"))  # noqa: S314 - our own
    assert main([*asked, "markdown"]) == OK
    row = capsys.readouterr().out.splitlines()[4]
    assert row.count("|") == 7
    assert "\x1b" not in row


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["last", "--against", "last~1", "--metrc", "val_loss"], "Did you mean '--metric'?"),
        (["last", "--against", "last~1", "--min-delta", "-1"], "min_delta is -1.0"),
    ],
)
def test_what_cannot_be_checked_is_one_clear_line(capsys: Capture, words: list[str], told: str) -> None:
    assert main(["check", *words]) == CANNOT
    said = capsys.readouterr().err
    assert told in said
    assert said.count("\n") == 1


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["lasst"], "'lasst' names no run"),
        (["no such run"], "'no such run' names no run"),
        (["model == 'none'", "--against", "last"], "no run fulfils"),
        (["last", "--against", "#99"], "'#99' names no run"),
        (["last", "--experiment", "nowhere"], "no run"),
        (["last", "--store", "nowhere"], "There is no store at"),
    ],
)
def test_nothing_to_judge_by_has_a_code_of_its_own(capsys: Capture, words: list[str], told: str) -> None:
    assert main(["check", *words]) == NO_EVIDENCE
    said = capsys.readouterr().err
    assert told in said
    assert said.count("\n") == 1


@pytest.mark.usefixtures("store_folder")
def test_that_nothing_can_be_judged_is_told_in_the_form_that_is_asked_for(capsys: Capture) -> None:
    told = {}
    for form in ("json", "junit", "markdown"):
        assert main(["check", "nosuch", "--format", form]) == NO_EVIDENCE
        told[form] = capsys.readouterr().out
    said = json.loads(told["json"])
    assert (said["verdict"], said["passed"]) == ("no evidence", False)
    [error] = ET.fromstring(told["junit"]).iter("error")  # noqa: S314 - our own
    assert error.attrib["message"] == said["reasons"][0]
    assert said["reasons"][0] in told["markdown"]


def test_it_has_help(capsys: Capture) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["check", "--help"])
    out = capsys.readouterr().out
    assert "6: no evidence" in " ".join(out.split())
