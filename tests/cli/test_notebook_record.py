"""What a notebook records of its runs, of those beside them and of the baseline is enough for `trackside check`."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import nbformat
import pytest
from nbclient import NotebookClient

from trackside.cli import main
from trackside.cli.exit_codes import NO_DIFFERENCE, NO_EVIDENCE, NOT_COMPARABLE, OK

if TYPE_CHECKING:
    from pathlib import Path

    Capture = pytest.CaptureFixture[str]

DATA = """%load_ext trackside
from sklearn.datasets import load_breast_cancer
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split
from sklearn.tree import DecisionTreeClassifier
X, y = load_breast_cancer(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)"""
TRAIN = """%%track {name} --repeat 4 --seed seed
seed = 0
model = DecisionTreeClassifier(random_state=seed, max_depth={depth}).fit(X_train, y_train)
test_acc = accuracy_score(y_test, model.predict(X_test))"""
DEEP, SHALLOW, STUMP = (
    TRAIN.format(name=name, depth=depth) for name, depth in [("deep", 6), ("shallow", 2), ("stump", 1)]
)
FEWER = "X_test, y_test = X_test[:60], y_test[:60]"
OTHER = """%%track other
test_acc = accuracy_score(y_test, model.predict(X_test))"""


def execute(file: Path, *cells: str) -> None:
    """Execute a notebook in a kernel of its own, below cells that are not in it, and save it."""
    (file.parent / "trackside.toml").write_text('experiment = "trees"\n')
    sources = [f"%env JPY_SESSION_NAME={file}", DATA, *cells]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": str(file.parent)}}).execute()
    nbformat.write(notebook, file)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with two notebooks, the first of which makes the baseline, and their store."""
    folder = tmp_path_factory.mktemp("trees")
    execute(folder / "first.ipynb", DEEP.replace("--seed", "--baseline --seed"), SHALLOW)
    execute(folder / "second.ipynb", STUMP, FEWER, OTHER)
    return folder


def check(folder: Path, capsys: Capture, *words: str) -> tuple[int, list[str]]:
    """Return the exit code and what was told, without what names a run's place in a store."""
    capsys.readouterr()
    code = main(["check", *words, "--metric", "test_acc", "--store", str(folder)])
    told = capsys.readouterr()
    return code, [line for line in (told.out + told.err).splitlines() if "counts with it" not in line]


@pytest.mark.parametrize(
    ("named", "code"),
    [("first shallow", OK), ("second stump", NO_DIFFERENCE), ("second other", NOT_COMPARABLE)],
)
def test_a_check_answers_as_with_the_store(
    project: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch, named: str, code: int
) -> None:
    monkeypatch.chdir(project)
    notebook, run = named.split()
    known = check(project / ".trackside", capsys, run)
    recorded = check(project / "none", capsys, run, "--record", f"{notebook}.ipynb")
    assert known[0] == recorded[0] == code
    assert recorded[1][:2] == known[1][:2]
    causes = [[line for line in told if "not evaluated" in line] for _, told in (known, recorded)]
    assert causes[0] == causes[1]


def test_a_committed_record_has_the_repeats_and_the_baseline_too(
    project: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    known, store = check(project / ".trackside", capsys, "shallow"), str(project / ".trackside")
    record = tmp_path / "runs.jsonl"
    assert main(["export", "shallow", "--record", str(record), "--store", store]) == OK
    assert capsys.readouterr().out == f"10 runs in {record}, 9 of them counted with others\n"
    assert check(project / "none", capsys, "shallow", "--record", str(record)) == known


def test_what_a_notebook_cannot_know_is_no_evidence(project: Path, capsys: Capture, tmp_path: Path) -> None:
    file = tmp_path / "second.ipynb"
    shutil.copy(project / "second.ipynb", file)
    notebook = json.loads(file.read_text())
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            about = output.get("metadata", {}).get("trackside", {})
            about.pop("baselines", None)
    file.write_text(json.dumps(notebook))
    code, told = check(tmp_path / "none", capsys, "stump", "--record", str(file))
    assert code == NO_EVIDENCE
    assert "'baseline' names no run" in told[0]
    assert "second.ipynb records" in told[0]


def test_what_a_notebook_records_beside_a_run_is_small_and_names_nobody(project: Path) -> None:
    notebook = json.loads((project / "second.ipynb").read_text())
    outputs = [output for cell in notebook["cells"] for output in cell["outputs"]]
    about = [each["metadata"]["trackside"] for each in outputs if each.get("metadata", {}).get("trackside")]
    assert len(about) == 2
    assert {each["name"] for each in about[1]["beside"]} == {"deep", *(f"deep seed={seed}" for seed in range(4))}
    assert all("user" not in each and len(json.dumps(each)) <= 2_000 for each in about[1]["beside"])
    assert str(project) not in json.dumps([each["beside"] for each in about])


def test_data_that_is_divided_otherwise_is_known_from_a_committed_record(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    lines = []
    for number, folds in enumerate((5, 10)):
        split = {"by": "KFold", "n_splits": folds}
        run = {
            "run_id": f"0197f0c0-0000-7000-8000-00000000000{number}",
            "name": f"in {folds}",
            "metrics": {"cv_acc": 1},
        }
        data = [{"name": "X", "digest": "d", "shape": "9×2", "split": split}]
        about = {"project": "p", "experiment": "e", "status": "finished", "started_at": 1.7e9 + number}
        lines.append(json.dumps(run | about | {"datasets": data}))
    (tmp_path / "runs.jsonl").write_text("\n".join(lines))
    asked = ["check", "in 10", "--against", "in 5", "--metric", "cv_acc", "--record", "runs.jsonl"]
    assert main(asked) == NOT_COMPARABLE
    assert "split is KFold(n_splits=10) in the candidate, KFold(n_splits=5) in the baseline" in capsys.readouterr().out
    assert main([*asked, "--allow-incomparable"]) != OK
