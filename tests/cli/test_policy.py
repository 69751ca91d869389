"""`trackside policy check` judges notebooks by their store, by what they carry, or by a committed record."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import nbformat
import pytest
from nbclient import NotebookClient

from trackside.cli import CANNOT, OK, PROBLEMS, main
from trackside.cli.exit_codes import NO_EVIDENCE, NOT_COMPARABLE, NOT_ENOUGH_DATA
from trackside.store.store import Store
from trackside.tracking import Run

if TYPE_CHECKING:
    from pathlib import Path

    Capture = pytest.CaptureFixture[str]

TRAIN = (
    "%%track mlp --metrics val_acc\nfrom sklearn.svm import SVC\nC = 1.0\nmodel = SVC(C=C).fit([[0], [1]], [0, 1])\n"
    "ts.log(val_acc=0.9)"
)
POLICY = '[policy]\nparams = ["C"]\nmetrics = ["val_acc"]\n'


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project with a notebook that was executed, by nbclient in a kernel of its own, and its store."""
    folder = tmp_path_factory.mktemp("trained")
    cells = ["import trackside as ts", TRAIN, "from sklearn.svm import SVC\nSVC().fit([[0], [1]], [0, 1])"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    (folder / "trackside.toml").write_text(POLICY)
    os.environ["JPY_SESSION_NAME"] = str(folder / "train.ipynb")
    try:
        NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": str(folder)}}).execute()
    finally:
        del os.environ["JPY_SESSION_NAME"]
    nbformat.write(notebook, folder / "train.ipynb")
    assert Store(folder / ".trackside").refresh(60)
    return folder


@pytest.fixture
def project(trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the project without its store, in which the commands of a test run."""
    folder = tmp_path / "project"
    shutil.copytree(trained, folder, ignore=shutil.ignore_patterns(".trackside"))
    drop_untracked(folder / "train.ipynb")
    monkeypatch.chdir(folder)
    return folder


def drop_untracked(file: Path) -> None:
    """Take the last cell out of a notebook, which trains without being tracked."""
    notebook = json.loads(file.read_text())
    notebook["cells"] = notebook["cells"][:-1]
    file.write_text(json.dumps(notebook))


def strip_outputs(file: Path) -> None:
    """Take the outputs out of a notebook, as nbstripout does."""
    notebook = json.loads(file.read_text())
    for cell in notebook["cells"]:
        cell["outputs"], cell["execution_count"] = [], None
    file.write_text(json.dumps(notebook))


def demand(project: Path, more: str) -> None:
    """Let the policy demand more."""
    (project / "trackside.toml").write_text(POLICY + more)


def test_what_the_notebook_carries_is_enough_where_there_is_no_store(project: Path, capsys: Capture) -> None:
    assert main(["policy", "check", "train.ipynb"]) == OK
    out = capsys.readouterr().out
    assert out.splitlines()[0] == "train.ipynb"
    assert "✓ cell [2]: mlp (" in out
    assert "policy: 2 of 2 ✓" in out
    demand(project, 'tags = ["stage"]\n')
    assert main(["policy", "check"]) == PROBLEMS
    told = capsys.readouterr().out
    assert re.search(
        "      ✗ tag stage: broken: found none; expected a tag stage; tag it: %track tag .{5} stage=…", told
    )


def test_the_record_in_a_notebook_is_small_and_names_nobody(trained: Path) -> None:
    notebook = json.loads((trained / "train.ipynb").read_text())
    about = [output["metadata"]["trackside"] for output in notebook["cells"][1]["outputs"] if output.get("metadata")]
    [record] = [each["run"] for each in about if "run" in each]
    assert record["params"]["C"] == 1.0
    assert "user" not in record
    assert str(trained) not in json.dumps(record)
    assert len(json.dumps(record)) < 2_000


def test_a_cell_that_trains_without_being_tracked_is_named(trained: Path, capsys: Capture) -> None:
    assert main(["policy", "check", str(trained / "train.ipynb")]) == PROBLEMS
    assert "✗ cell [3]: trains without %%track: SVC().fit([[0], [1]], [0, 1])" in capsys.readouterr().out


def test_a_cell_that_was_edited_since_its_run_has_no_evidence(project: Path, capsys: Capture) -> None:
    file = project / "train.ipynb"
    file.write_text(file.read_text().replace("C = 1.0", "C = 5000"))
    assert main(["policy", "check"]) == NO_EVIDENCE
    assert "? cell [2]: no evidence: the cell was edited since its run" in capsys.readouterr().out


def test_a_cell_that_trains_in_a_run_of_its_own_is_judged_by_that_run(project: Path, capsys: Capture) -> None:
    source = "from sklearn.svm import SVC\nimport trackside as ts\nwith ts.run('x'):\n    SVC().fit([[0], [1]], [0, 1])"
    cell = nbformat.v4.new_code_cell(source)
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), file := project / "own.ipynb")
    assert main(["policy", "check", "own.ipynb"]) == NO_EVIDENCE
    with Run.start(
        project / ".trackside",
        name="x",
        project="p",
        experiment="e",
        notebook=str(file),
        cell_id=cell.id,
        source=source,
    ) as run:
        run.log(val_acc=0.9)
    capsys.readouterr()
    assert main(["policy", "check", "own.ipynb", "--store", str(project / ".trackside")]) == PROBLEMS
    assert "missing: param C" in capsys.readouterr().out


def test_the_store_knows_what_was_said_since(
    project: Path, trained: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKSIDE_STORE", str(shutil.copytree(trained / ".trackside", project / ".trackside")))
    demand(project, 'tags = ["stage"]\n')
    assert main(["policy", "check"]) == PROBLEMS
    from trackside.lookup import runs

    runs("last", experiment="*", store=project / ".trackside").tag("stage=dev")
    assert main(["policy", "check"]) == OK
    assert "policy: 3 of 3 ✓" in capsys.readouterr().out


def test_a_notebook_without_outputs_is_judged_by_the_store_or_by_a_committed_record(
    project: Path, trained: Path, capsys: Capture
) -> None:
    strip_outputs(project / "train.ipynb")
    assert main(["policy", "check"]) == NO_EVIDENCE
    assert "? cell 2 of the notebook: no evidence" in capsys.readouterr().out
    record = trained / "runs.jsonl"
    assert main(["export", "--record", str(record), "--store", str(trained / ".trackside")]) == OK
    assert capsys.readouterr().out == f"1 run in {record}\n"
    shutil.move(record, project / "runs.jsonl")
    assert main(["policy", "check", "--record", "runs.jsonl"]) == OK
    demand(project, 'record = "runs.jsonl"\n')
    assert main(["policy", "check"]) == OK
    assert str(trained) not in (project / "runs.jsonl").read_text()


def test_a_record_of_the_same_runs_is_the_same_file(trained: Path, tmp_path: Path, capsys: Capture) -> None:
    store, files = str(trained / ".trackside"), [tmp_path / "a.jsonl", tmp_path / "b.jsonl"]
    for file in files:
        assert main(["export", "mlp", "--record", str(file), "--store", store]) == OK
    assert files[0].read_bytes() == files[1].read_bytes()
    assert json.loads(files[0].read_text())["params"] == {"C": 1.0}
    assert main(["export", "--record", str(tmp_path / "none" / "a.jsonl"), "--store", store]) == CANNOT
    assert "cannot be written" in capsys.readouterr().err
    assert main(["export", "--record", str(files[0]), "--store", store, "--limit", "0"]) == CANNOT


@pytest.mark.usefixtures("project")
def test_each_form_has_a_case_for_each_cell(capsys: Capture) -> None:
    assert main(["policy", "check", "--format", "json"]) == OK
    [notebook] = json.loads(capsys.readouterr().out)["notebooks"]
    assert (notebook["notebook"], [cell["state"] for cell in notebook["cells"]]) == ("train.ipynb", ["kept"])
    assert main(["policy", "check", "--format", "markdown"]) == OK
    assert "| `train.ipynb` | cell [2] | ✓ " in capsys.readouterr().out
    assert main(["policy", "check", "--format", "junit"]) == OK
    suite = ET.fromstring(capsys.readouterr().out.partition("\n")[2])  # noqa: S314 - our own
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("1", "0", "0")
    assert [suite[0].get(key) for key in ("classname", "name", "file")] == ["train", "cell [2]", "train.ipynb"]


def test_rules_that_only_warn_need_not_count(project: Path) -> None:
    demand(project, 'tags = ["stage"]\n')
    assert main(["policy", "check", "--refusing-only"]) == OK
    demand(project, 'tags = ["stage"]\non_violation = "refuse"\n')
    assert main(["policy", "check", "--refusing-only"]) == PROBLEMS


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        '{"cells": [3]}',
        "{",
        '{"cells": [{"cell_type": "code"}]}',
        '{"cells": [], "metadata": [3]}',
        "\x00\xff",
    ],
)
def test_what_is_no_notebook_is_told_and_costs_no_other(project: Path, capsys: Capture, content: str) -> None:
    (project / "odd.ipynb").write_text(content)
    assert main(["policy", "check"]) == CANNOT
    told = capsys.readouterr()
    assert "policy: 2 of 2 ✓" in told.out
    assert "odd.ipynb is no notebook" in told.err


@pytest.mark.parametrize(
    ("record", "told"),
    [
        ("no json", "runs.jsonl, line 1 is no run"),
        ('{"run_id": 3}', "runs.jsonl, line 1 is no run"),
        (None, "runs.jsonl cannot be read"),
    ],
)
def test_what_is_no_record_is_told(project: Path, capsys: Capture, record: str | None, told: str) -> None:
    if record is not None:
        (project / "runs.jsonl").write_text(record)
    assert main(["policy", "check", "--record", "runs.jsonl"]) == CANNOT
    assert told in capsys.readouterr().err


def test_without_a_policy_nothing_is_kept_and_the_command_says_so(project: Path, capsys: Capture) -> None:
    (project / "trackside.toml").unlink()
    assert main(["policy", "check"]) == CANNOT
    assert "train.ipynb has no policy" in capsys.readouterr().err


def test_only_notebooks_that_changed_are_looked_at(project: Path, capsys: Capture) -> None:
    def git(*words: str) -> None:
        subprocess.run(["git", "-c", "user.email=a@b", "-c", "user.name=a", *words], cwd=project, check=True)

    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "first")
    assert main(["policy", "check", "--changed"]) == OK
    assert capsys.readouterr().out == ""
    shutil.copy(project / "train.ipynb", project / "new.ipynb")
    assert main(["policy", "check", "--changed"]) == OK
    assert capsys.readouterr().out.splitlines()[0] == "new.ipynb"
    assert main(["policy", "check", "--changed", "nowhere"]) == CANNOT
    assert main(["policy", "check", "--changed=--output=x"]) == CANNOT
    assert not (project / "x").exists()


def test_a_notebook_that_was_restored_is_not_judged_until_it_is_changed(
    project: Path, trained: Path, capsys: Capture
) -> None:
    store = str(trained / ".trackside")
    for folder, more in (("cells", []), ("whole", ["--notebook"])):
        assert main(["restore", "mlp", folder, *more, "--store", store]) == OK
    [cells], [whole] = ((project / folder).glob("*.ipynb") for folder in ("cells", "whole"))
    capsys.readouterr()
    assert main(["policy", "check", "--format", "json"]) == OK
    told = capsys.readouterr()
    assert [each["notebook"] for each in json.loads(told.out)["notebooks"]] == ["train.ipynb"]
    assert told.err.count("is as it was restored: its runs are judged where they ran") == 2
    whole.write_text(whole.read_text().replace("C = 1.0", "C = 5000"))
    assert main(["policy", "check", str(cells), str(whole)]) == NO_EVIDENCE
    assert [line for line in capsys.readouterr().out.splitlines() if line[0] != " "] == [str(whole)]
    notebook = nbformat.read(cells, as_version=4)
    notebook.cells[-1].outputs = [
        nbformat.v4.new_output("display_data", {}, metadata={"trackside": {"kind": "card", "run_id": "x"}})
    ]
    nbformat.write(notebook, cells)
    assert main(["policy", "check", str(cells)]) == NO_EVIDENCE


def make_record(project: Path, **changed: Any) -> None:
    """Write a record with two ways to train, three seeds each, the old one the baseline."""
    lines = list[str]()
    for model, values in {"old": (0.90, 0.91, 0.89), "new": (0.95, 0.96, 0.94)}.items():
        for seed, value in enumerate(values):
            run: dict[str, Any] = {
                "run_id": f"0197f0c0-0000-7000-8000-00000000{len(lines):04d}",
                "project": "p",
                "experiment": "e",
                "name": model,
                "status": "finished",
                "started_at": 1.7e9 + len(lines),
                "params": {"model": model, "seed": seed},
                "metrics": {"val_acc": value},
                "datasets": [{"name": "X_val", "role": "val", "digest": "d", "shape": "9×2"}],
            }
            lines.append(json.dumps(run | changed))
    (project / "runs.jsonl").write_text("\n".join(lines))


def test_checks_work_on_a_record_where_there_is_no_store(project: Path, capsys: Capture) -> None:
    make_record(project)
    asked = ["check", "model == 'new'", "--against", "model == 'old'", "--metric", "val_acc"]
    assert main([*asked, "--record", "runs.jsonl"]) == OK
    assert "✓ better: val_acc 0.95 (new, 3 runs) against 0.9 (old, 3 runs)" in capsys.readouterr().out
    assert main(["check", "no such run", "--record", "runs.jsonl"]) == NO_EVIDENCE
    assert "'no such run' names no run" in (told := capsys.readouterr().err)
    assert told.endswith("; runs.jsonl records 6 runs: new, old\n")
    assert main(asked) == NO_EVIDENCE
    demand(project, 'record = "runs.jsonl"\n')
    assert main(asked) == OK
    assert not (project / ".trackside").exists()


def test_a_record_knows_another_metric_of_the_same_name_as_the_store_does(project: Path, capsys: Capture) -> None:
    store = project / ".trackside"
    for name, average in (("old", "macro"), ("new", "micro")):
        source = f"p = model.predict(X)\nval_f1 = f1_score(y, p, average={average!r})"
        run = Run.start(store, project="p", experiment="e", name=name, source=source)
        run.log(val_f1=0.9)
        run.finish()
    asked = ["check", "new", "--against", "old", "--metric", "val_f1", "--experiment", "e"]
    assert main(["export", "--record", "runs.jsonl", "--experiment", "e"]) == OK
    assert main(asked) == NOT_COMPARABLE
    in_store = capsys.readouterr().out.splitlines()[-2:]
    assert main([*asked, "--record", "runs.jsonl"]) == NOT_COMPARABLE
    assert capsys.readouterr().out.splitlines()[-2:] == in_store
    assert "f1_score(average='micro') and f1_score(average='macro')" in "".join(in_store)


@pytest.mark.usefixtures("project")
def test_a_check_takes_runs_from_a_notebook_too(capsys: Capture) -> None:
    assert main(["check", "mlp", "--record", "train.ipynb"]) == NO_EVIDENCE
    assert "baseline" in capsys.readouterr().err


def test_a_record_of_a_newer_version_is_refused_and_numbers_that_are_none_are_read(
    project: Path, capsys: Capture
) -> None:
    make_record(project, version=99)
    assert main(["check", "new", "--record", "runs.jsonl"]) == CANNOT
    assert "upgrade Trackside" in capsys.readouterr().err
    make_record(project, metrics={"val_acc": "NaN"})
    asked = ["check", "model == 'new'", "--against", "model == 'old'", "--metric", "val_acc", "--record", "runs.jsonl"]
    assert main(asked) == NOT_ENOUGH_DATA
