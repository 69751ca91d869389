"""`trackside models` tells what is registered and takes steps; its exit code says whether one was refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import trackside as ts
from trackside.cli import CANNOT, OK, main
from trackside.cli.exit_codes import REFUSED

if TYPE_CHECKING:
    from pathlib import Path

    Capture = pytest.CaptureFixture[str]


@pytest.fixture
def run_id(store_folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    with ts.run("mlp") as run:
        ts.log(val_auc=0.9)
        ts.log_artifact(b"weights", "weights.bin", kind="model")
    monkeypatch.chdir(store_folder.parent)
    return run.id


def told(capsys: Capture, *words: str) -> tuple[int, str, str]:
    code = main(["models", *words])
    return code, *capsys.readouterr()


@pytest.mark.usefixtures("run_id")
def test_a_model_goes_to_production_from_the_shell(capsys: Capture) -> None:
    code, out, _ = told(capsys, "register", "churn", "last", "--why", "nightly")
    assert code == OK
    assert out.startswith("churn 1 · none\n")
    code, out, err = told(capsys, "promote", "churn", "1", "production")
    assert (code, out) == (REFUSED, "")
    assert "✗ staging first: it has not been in staging" in err
    assert told(capsys, "promote", "churn", "latest", "staging")[0] == OK
    assert told(capsys, "promote", "churn", "1", "production", "--why", "on time")[0] == OK
    assert told(capsys, "alias", "churn", "production", "champion")[0] == OK
    code, out, _ = told(capsys, "churn", "champion", "--format", "json")
    (version,) = json.loads(out)["versions"]
    assert (version["stage"], version["aliases"], version["metrics"]) == ("production", ["champion"], {"val_auc": 0.9})
    assert [step["why"] for step in version["history"]] == ["nightly", None, "on time", None]
    assert told(capsys, "unalias", "churn", "champion")[0] == OK
    assert ts.models["churn"].aliases == {}


@pytest.mark.usefixtures("run_id")
def test_a_refusal_is_overridden_by_name_and_reason_only(capsys: Capture) -> None:
    told(capsys, "register", "churn", "last")
    assert told(capsys, "promote", "churn", "1", "production", "--override", "ann")[0] == CANNOT
    code, out, _ = told(capsys, "promote", "churn", "1", "production", "--override", "ann", "--why", "hurry")
    assert code == OK
    assert "although it did not pass: staging first; ann answers for it: hurry" in out


def test_the_policy_of_the_stores_project_refuses_from_another_folder(
    capsys: Capture, run_id: str, store_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ts.models.register("churn", run_id)
    (store_folder.parent / "trackside.toml").write_text('[policy]\non_violation = "refuse"\ntags = ["owner"]\n')
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.delenv("TRACKSIDE_STORE", raising=False)
    monkeypatch.chdir(elsewhere)
    (elsewhere / "trackside.toml").write_text(f'store = "{elsewhere / ".trackside"}"\n[policy]\n')
    at = ("--store", str(store_folder))
    for step in (("promote", "churn", "1", "staging"), ("alias", "churn", "1", "champion")):
        code, _, err = told(capsys, *step, *at)
        assert (code, "tags): found none" in err) == (REFUSED, True)
        assert told(capsys, *step, *at, "--override", "ann", "--why", "hurry")[0] == OK


def test_what_is_registered_is_listed_in_each_form(capsys: Capture, run_id: str) -> None:
    assert told(capsys)[:2] == (OK, "model  version  stage  aliases  run  registered  author  why\n")
    for name in ("churn", "<i>a|b</i>"):
        ts.models.register(name, run_id)
    assert told(capsys)[1].count(run_id[-5:]) == 2
    assert "&lt;i&gt;a¦b&lt;/i&gt;" in told(capsys, "--format", "markdown")[1]
    versions = json.loads(told(capsys, "--format", "json")[1])["versions"]
    assert {version["model"] for version in versions} == {"churn", "<i>a|b</i>"}
    assert told(capsys, "churn", "--format", "json")[1].count('"model"') == 2  # the version's, and its artifact's kind
    assert "val_auc" in told(capsys, "churn", "1", "--format", "markdown")[1]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["churm"], "Did you mean 'churn'"),
        (["churn", "9"], "names no version"),
        (["promote", "churn", "1"], "expected promote NAME VERSION STAGE"),
        (["promote", "churn", "1", "prodction"], "Did you mean 'production'"),
        (["churn", "1", "x"], "expected a model's name and perhaps a version"),
        (["register", "churn", "nonsense"], "names no run"),
    ],
)
def test_what_cannot_be_done_is_told(capsys: Capture, run_id: str, words: list[str], expected: str) -> None:
    ts.models.register("churn", run_id)
    code, out, err = told(capsys, *words)
    assert code != OK
    assert out == ""
    assert expected in err


def test_a_model_may_be_called_as_a_step_is(capsys: Capture, run_id: str) -> None:
    ts.models.register("promote", run_id)
    assert told(capsys, "promote")[1].splitlines()[1].startswith("promote  1")


def test_what_is_known_of_a_run_tells_its_versions(capsys: Capture, run_id: str) -> None:
    ts.models.register("churn", run_id, why="nightly").promote("staging").alias("champion")
    assert main(["show", "last"]) == OK
    out = capsys.readouterr().out.partition("\nversions\n")[2]
    assert out.startswith("  churn 1  staging · champion (by ")
    assert "UTC: nightly)" in out.splitlines()[0]
