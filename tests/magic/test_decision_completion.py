"""TAB offers what the policy names, what may be decided, and the models' versions, aliases and stages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from IPython.core.completer import provisionalcompleter

import trackside as ts
from tests.magic.shells import run_cell
from trackside.lookup import runs

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

POLICY = '[policy]\ntags = ["stage=dev|final", "owner", "version=v*"]\nrun_name = "{kind}-{number}"\n'


@pytest.fixture
def decided(shell: InteractiveShell, store_folder: Path, monkeypatch: pytest.MonkeyPatch) -> InteractiveShell:
    """Return a shell in a project with a policy, and a model with two versions."""
    monkeypatch.chdir(store_folder.parent)
    Path("trackside.toml").write_text(f'{POLICY}[policy.parts]\nkind = ["mlp", "svm"]\n')
    code = "import trackside as ts\nts.log(val_loss=0.1)\nts.log_artifact({'w': 1}, 'weights')"
    run_cell(shell, f"%%track my run\n{code}")
    runs("last")
    for _ in range(2):
        ts.models.register("churn", "last", artifact="weights")
    ts.models.alias("churn", 1, "beta")
    return shell


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("%track decide last ke", ["keep"]),
        ("%%track --tag st", ["stage=dev", "stage=final"]),
        ("%%track --tag stage=f", ["stage=final"]),
        ("%track tag last ow", ["owner="]),
        ("%track tag last ver", ["version="]),
        ("%track untag last st", []),
        ("%%track ", ["mlp-", "svm-"]),
        ("%%track --quiet ml", ["mlp-"]),
        ("%%track mlp-1 ml", []),
        ("%track register last as ch", ["churn"]),
        ("%track promote churn ", ["beta", "latest", "2", "1"]),
        ("%track promote churn 1 ", ["staging", "production", "archived"]),
        ("%track alias churn 1 ", ["beta", "champion", "--delete"]),
        ("%track models churn be", ["beta"]),
        ('%track star "my', ['"my run"']),
        ('%track check "my run" --met', ["--metric"]),
    ],
)
def test_what_may_stand_there_is_offered(decided: InteractiveShell, line: str, offered: list[str]) -> None:
    found = complete(decided, line)
    assert [text for text in found if not text.startswith("--") or text in ("--delete", "--metric")] == offered


def test_after_a_decision_only_its_reason_may_stand(decided: InteractiveShell) -> None:
    assert "last" not in complete(decided, "%track decide last keep la")


def test_names_that_a_seed_may_be_put_in_are_offered(shell: InteractiveShell) -> None:
    cell = "%%track --repeat 5 --seed {}\ntree, SPLIT, rate = f(depth=3), 7, 0.1\nmodel = g(random_state=0)\nseed = 1\n"
    head, _, tail = cell.partition("{}")
    with provisionalcompleter():
        found = [each.text for each in shell.Completer.completions(head + tail, len(head))]
    assert found == ["seed", "g.random_state", "SPLIT"]


def complete(shell: InteractiveShell, line: str) -> list[str]:
    """Return what is offered at the end of a line."""
    completer: Any = shell.Completer
    with provisionalcompleter():
        return [each.text for each in completer.completions(line, len(line))]
