"""An evaluation in the next cell goes to the run of the training."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.magic.shells import run_cell, said
from trackside.cli import OK, main
from trackside.locks import StoreLock
from trackside.lookup import runs
from trackside.magic.tracked_cell import NO_METRIC

if TYPE_CHECKING:
    from pathlib import Path

    from IPython.core.interactiveshell import InteractiveShell

TRAIN = "%%track train\nimport trackside as ts\nlr = 0.5; batch = 32\nfor _ in range(3): ts.log(loss=1.0)"


def test_what_the_next_cell_finds_is_added_to_the_last_run(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    run_cell(shell, TRAIN)
    card = said(shell, capsys, "%%track --into last\nfolds = 5\nts.log(loss=0.5, accuracy=0.9)").splitlines()
    (found,) = runs()
    assert card[0].startswith("✓ added to · train · ")
    assert found.params == [{"lr": 0.5, "batch": 32, "folds": 5}]
    assert found.metrics == [{"loss": 0.5, "accuracy": 0.9}]
    assert found._frame.points["loss"] == 4
    assert found.df["status"].tolist() == ["finished"]


def test_a_param_that_the_run_has_stays_as_the_run_used_it(shell: InteractiveShell) -> None:
    run_cell(shell, TRAIN)
    run_cell(shell, "%%track --into last\nbatch = 512\naccuracy = max(0.5, 0.25)")
    assert runs().params == [{"lr": 0.5, "batch": 32}]


def test_a_tag_is_set_on_the_run_that_is_added_to(shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    run_cell(shell, TRAIN)
    card = said(shell, capsys, "%%track --into last --tag stage=final --tag data=b\nfolds = 5").splitlines()
    assert "tagged stage=final, data=b" in card
    assert len(runs(tags={"stage": "final", "data": "b"})) == 1
    assert main(["show", "last"]) == OK
    told = capsys.readouterr().out
    assert "\ntags\n  data   b\n  stage  final\n" in told


def test_an_evaluation_that_fails_leaves_the_run_finished(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    run_cell(shell, TRAIN)
    card = said(shell, capsys, "%%track --into last\n1 / 0")
    assert "✗ this cell failed, added to · train · " in card
    assert runs().df["status"].tolist() == ["finished"]


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        ("--into lats", "--into lats: 'lats' names no run; expected the like of last, .* Did you mean 'last'"),
        ("--inot last", "%%track has no flag --inot; expected .* Did you mean '--into'"),
        ("--into", "--into stands alone; expected --into RUN$"),
        ("--dyr", "%%track has no flag --dyr; expected .* Did you mean '--dry'"),
    ],
)
def test_a_cell_meant_for_no_run_of_its_own_makes_none_by_mistake(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str], flags: str, told: str
) -> None:
    run_cell(shell, TRAIN)
    card = said(shell, capsys, f"%%track {flags}\naccuracy = max(0.5, 0.25)\nts.log(more=1.0)")
    assert card.startswith("✓ finished · not kept · cell #2")
    assert re.search(f"^nothing of this cell is kept: {told}", card, re.MULTILINE)
    run_cell(shell, "%%track --into last\naccuracy = max(0.5, 0.25)")
    assert runs().metrics == [{"loss": 1.0, "accuracy": 0.5}]
    assert runs().names == ["train"]


def test_what_an_added_cell_reads_or_calls_is_no_param_of_the_run(shell: InteractiveShell) -> None:
    run_cell(shell, "from sklearn.dummy import DummyClassifier; from sklearn.svm import SVC; depth = 7")
    run_cell(shell, "%%track svc\nmodel = SVC(C=10)\nname = 'rbf'")
    run_cell(shell, "other, another = SVC(C=1, gamma=0.3), DummyClassifier(strategy='uniform')")
    evaluate = (
        "other.get_params(), another, depth\nmade = DummyClassifier(constant=1)\nthreshold = 0.4\nscore = max(0, 1)"
    )
    run_cell(shell, f"%%track --into last\n{evaluate}")
    assert runs().params == [{"SVC.C": 10, "name": "rbf", "threshold": 0.4}]
    run_cell(shell, f"%%track --into last --params depth,DummyClassifier\n{evaluate}")
    assert runs().params[0].keys() - {"SVC.C", "name", "threshold"} == {
        "depth",
        "DummyClassifier.constant",
        "DummyClassifier.strategy",
    }


def test_a_run_can_be_made_the_baseline_as_it_runs(shell: InteractiveShell) -> None:
    run_cell(shell, "%%track --baseline\nlr = 0.5")
    assert runs().baseline == runs().ids[0]


def test_the_card_tells_what_a_script_logged_to_the_cells_run(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    script = tmp_path / "train.py"
    script.write_text(
        "import trackside as ts\nwith ts.run(params={'lr': 0.1, 'depth': 4}) as run:\n"
        "    for s in range(3000): run.log(loss=1 / (s + 1))\n"
    )
    code = f"import sys, trackside as ts\nlr = 0.5; ts.log(folds=5)\n!{{sys.executable}} {script}"
    card = said(shell, capsys, f"%%track\n{code}").splitlines()
    (found,) = runs()
    assert card[1:3] == ["folds 5 · loss 0.0003333", "lr 0.1 · depth 4"]
    assert (found.params, found.metrics) == ([{"lr": 0.1, "depth": 4}], [{"folds": 5, "loss": 1 / 3000}])


def test_what_the_run_had_before_is_not_taken_for_the_cells_own(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    run_cell(shell, TRAIN)
    card = said(shell, capsys, "%%track --into last\nfolds = 5").splitlines()
    assert card[1:] == ["folds 5", NO_METRIC]


def test_a_command_that_fails_is_told(shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    card = said(shell, capsys, "%%track\nimport sys\n!{sys.executable} -c 'raise SystemExit(3)'")
    assert "a command of this cell ended with exit code 3" in card


def test_a_cell_is_not_added_to_a_run_while_the_newest_may_be_another(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str], store_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trackside.tracking.resuming.REFRESH_SECONDS", 0.1)
    run_cell(shell, TRAIN)
    with StoreLock(store_folder).hold("exclusive"):
        card = said(shell, capsys, "%%track --into last\naccuracy = max(0.5, 0.25)")
    assert "which run 'last' names hangs on them" in card
    assert "kept as a run of its own" in card
