"""`%track check` in a session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from IPython.core.completer import provisionalcompleter

from tests.magic.shells import run_cell, said
from trackside.analysis.check import Check

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    Capture = pytest.CaptureFixture[str]


@pytest.fixture
def trained(shell: InteractiveShell) -> InteractiveShell:
    """Return a shell in which cells trained with two rates and three seeds each; the last one has the rate 2."""
    run_cell(shell, "import trackside as ts")
    for seed in range(3):
        for lr in (1, 2):
            run_cell(shell, f"%%track lr{lr}\nlr, seed = {lr}, {seed}\nts.log(val_loss={lr} + 0.1 * seed, kept=1.0)")
    return shell


def check(shell: InteractiveShell, asked: str) -> Check:
    made = run_cell(shell, f"%track check {asked}").result
    assert isinstance(made, Check)
    return made


def test_runs_are_held_against_those_that_are_named(trained: InteractiveShell) -> None:
    made = check(trained, "lr == 2 --against lr == 1")
    assert (made.verdict, len(made.candidate.values), len(made.baseline.values)) == ("worse", 3, 3)
    assert made.first_difference == "params · lr: 1 → 2"
    assert check(trained, "lr == 1 --metric val_loss --against 'lr == 2' --min-delta=0.1").verdict == "better"
    assert check(trained, "lr == 1 --against lr == 2 --min-delta 2 --confidence 0.9").rule.confidence == 0.9
    assert check(trained, "lr == 1 --allow-incomparable --against lr == 2").rule.allow_incomparable


def test_alone_it_holds_the_last_run_against_the_baseline(trained: InteractiveShell, capsys: Capture) -> None:
    assert "'baseline' names no run" in said(trained, capsys, "%track check")
    run_cell(trained, "%track baseline last~1")
    made = check(trained, "")
    assert (made.verdict, made.candidate.label, made.baseline.label) == (
        "worse",
        "lr2",
        "lr1",
    )  # with their other seeds


def test_it_shows_itself(trained: InteractiveShell, capsys: Capture) -> None:
    out = said(trained, capsys, "%track check lr == 2 --against lr == 1")
    assert "✗ worse: val_loss 2.1 (lr2, 3 runs) against 1.1 (lr1, 3 runs)" in out


def test_cells_that_split_without_a_seed_are_not_comparable(shell: InteractiveShell) -> None:
    run_cell(shell, "import numpy as np\nfrom sklearn.model_selection import train_test_split\nX = np.arange(400)")
    for seed in ("", ", random_state=0"):
        for _ in range(2):
            cell = f"%%track split\nX_train, X_val = train_test_split(X{seed})\nval_accuracy = float(X_val.mean())"
            run_cell(shell, cell)
    assert check(shell, "last --against last~1 --metric val_accuracy").comparable != "not comparable"
    refused = check(shell, "last~2 --against last~3 --metric val_accuracy")
    assert refused.verdict == "not comparable"
    assert "(X_val): the split has no random_state" in refused.reasons[0]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("last --metrc val_loss", "found --metrc val_loss; expected --metric, --against,"),
        ("last --metrc val_loss", "Did you mean '--metric'?"),
        ("last --metric", "--metric stands alone; expected a name behind it"),
        ("last --min-delta", "--min-delta stands alone; expected a number behind it"),
        ("last --min-delta wide", "--min-delta is 'wide'; expected a number"),
        ("last --allow-incomparable yes", "found --allow-incomparable yes"),
        ("last --against lasst", "'lasst' names no run"),
        ("last --against last~1 --metric kept", "whether 'kept' is better low or high is not known"),
        ("last --against last~1 --metric val_los", "Did you mean 'val_loss'?"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    trained: InteractiveShell, capsys: Capture, asked: str, told: str
) -> None:
    out = said(trained, capsys, f"%track check {asked}")
    assert told in out
    assert len(out.splitlines()) == 1


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("%track chec", "check"),
        ("%track check la", "last"),
        ("%track check last --min", "--min-delta"),
        ("%track check last --metric val", "val_loss"),
        ("%track check last --against bas", "baseline"),
    ],
)
def test_it_completes_what_may_stand_there(trained: InteractiveShell, line: str, offered: str) -> None:
    run_cell(trained, "%track runs")  # what is offered is what the tables have
    completer: Any = trained.Completer
    with provisionalcompleter():
        assert [each.text for each in completer.completions(line, len(line))] == [offered]


def test_it_has_help(trained: InteractiveShell, capsys: Capture) -> None:
    assert said(trained, capsys, "%track check ?").startswith("%track check [RUNS] [--metric M] [--against RUNS]")
