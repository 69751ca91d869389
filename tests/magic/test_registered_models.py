"""`%track register`, `promote`, `alias` and `models` in a session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from IPython.core.completer import provisionalcompleter

import trackside as ts
from tests.magic.shells import run_cell, said
from trackside.team.registry.version import ModelVersion

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    Capture = pytest.CaptureFixture[str]


@pytest.fixture
def trained(shell: InteractiveShell) -> InteractiveShell:
    """Return a shell in which a cell has kept a model."""
    run_cell(shell, "import trackside as ts")
    run_cell(shell, "%%track mlp\nts.log(val_auc=0.9)\n_ = ts.log_artifact(b'weights', 'w.bin', kind='model')")
    return shell


def version(shell: InteractiveShell, line: str) -> ModelVersion:
    made = run_cell(shell, line).result
    assert isinstance(made, ModelVersion)
    return made


def test_a_cells_model_is_registered_and_promoted(trained: InteractiveShell, capsys: Capture) -> None:
    made = version(trained, '%track register mlp as churn --artifact w.bin --why "the first"')
    assert (made.model, made.version, made.why) == ("churn", 1, "the first")
    assert version(trained, "%track register as churn").version == 2
    assert version(trained, "%track promote churn 1 staging --why good").stage == "staging"
    assert "✗ staging first" in said(trained, capsys, "%track promote churn 2 production")
    assert version(trained, '%track promote churn 2 production --why "in a hurry" --override ann').overridden
    assert version(trained, "%track alias churn 1 champion").aliases == ["champion"]
    assert version(trained, "%track models churn champion") == ts.models["churn"].version(1)
    assert version(trained, "%track alias churn champion --delete").aliases == []
    assert "production" in repr(run_cell(trained, "%track models").result)


def test_a_model_is_called_as_its_experiment_by_default(trained: InteractiveShell) -> None:
    assert version(trained, "%track register").model == ts.runs(experiment="*").df["experiment"].iloc[0]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("register mlp as", "such as: register best as churn"),
        ("register mlp it is good", "such as: register best as churn"),
        ("register mlp --artefact w.bin", "Did you mean '--artifact'"),
        ("promote churn 1", "such as: promote churn 3 staging"),
        ("alias churn 1", "such as: alias churn 3 champion"),
        ("models churn 1 2", "expected a model and perhaps a version"),
        ('promote churn 1 "staging', "quotes in pairs"),
        ("promoet churn 1 staging", "Did you mean 'promote'"),
    ],
)
def test_what_cannot_be_read_is_told(trained: InteractiveShell, capsys: Capture, line: str, expected: str) -> None:
    assert expected in said(trained, capsys, f"%track {line}")


def test_models_stages_and_aliases_are_completed(trained: InteractiveShell) -> None:
    run_cell(trained, "%track register mlp as churn")
    run_cell(trained, "%track alias churn 1 champion")

    def offered(line: str) -> set[Any]:
        with provisionalcompleter():
            return {each.text for each in trained.Completer.completions(line, len(line))}

    assert {"churn", "staging", "production", "--override"} <= offered("%track promote ")
    assert offered("%track models ch") == {"churn"}
    assert offered("%track models churn ch") == {"champion"}
