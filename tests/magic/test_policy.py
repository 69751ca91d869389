"""A tracked cell's card, `%track policy` and completion tell what the policy demands; no cell is ever stopped by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from IPython.core.completer import provisionalcompleter

from tests.magic.shells import run_cell, said
from tests.magic.test_card import finished_run
from trackside.card import CARD_MIME, MAX_LINES, card_bundle, ended_card
from trackside.team.policy.checklist import draw_checklist
from trackside.team.policy.compliance import Finding

if TYPE_CHECKING:
    from pathlib import Path

    from IPython.core.interactiveshell import InteractiveShell

CELL = "%%track mlp\nimport trackside as ts\nlr = 0.1\nseed = 0\nts.log(val_acc=0.9)"
POLICY = '[policy]\ntags = ["stage"]\nparams = ["lr"]\nmetrics = ["val_acc"]\nseed = true\n'


@pytest.fixture
def policy(store_folder: Path) -> Path:
    """Return the file of a policy that the cell breaks by one rule of four."""
    file = store_folder.parent / "trackside.toml"
    file.write_text(POLICY)
    return file


def test_the_card_says_what_is_missing(
    shell: InteractiveShell, policy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "policy: 3 of 4 ✓, missing: tag stage" in said(shell, capsys, CELL)
    policy.write_text(POLICY + "seeds = 3\n")
    assert "policy: 3 of 5 ✓, missing: tag stage, to come: 3 seeds" in said(shell, capsys, CELL)
    tagged = CELL.replace("%%track mlp", "%%track mlp --tag stage=dev")
    policy.write_text(POLICY)
    assert "policy: 4 of 4 ✓\n" in said(shell, capsys, tagged)


def test_nothing_is_said_without_a_policy_of_a_cell_that_failed_or_that_is_not_kept(
    shell: InteractiveShell, policy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "policy:" not in said(shell, capsys, CELL + "\n1 / 0")
    assert "policy:" not in said(shell, capsys, CELL.replace("%%track mlp", "%%track --dry"))
    policy.unlink()
    assert "policy:" not in said(shell, capsys, CELL)


@pytest.mark.parametrize("text", ["[policy]\ntagz = []\n", "policy = 3\n"])
def test_a_policy_that_cannot_be_used_is_one_line_on_the_card_and_costs_no_cell(
    shell: InteractiveShell, policy: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    policy.write_text(text)
    out = said(shell, capsys, CELL)
    assert out.count("policy not applied: ") == 1
    assert str(policy) in out
    assert "✓ finished · mlp" in out


def test_with_refuse_the_cell_runs_and_only_its_baseline_is_refused(
    shell: InteractiveShell, policy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    policy.write_text(POLICY + 'on_violation = "refuse"\n')
    out = said(shell, capsys, CELL.replace("%%track mlp", "%%track mlp --baseline"))
    assert "✓ finished · mlp" in out
    assert "no other run is held against it, as the policy in" in out
    assert "this run is the baseline" not in out
    assert "there is no baseline" in said(shell, capsys, "%track baseline")


def test_the_seeds_of_a_repeated_cell_count(
    shell: InteractiveShell, policy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    policy.write_text('[policy]\non_violation = "refuse"\nseeds = 3\n')
    cell = CELL.replace("%%track mlp", "%%track mlp --repeat {} --baseline")
    out = said(shell, capsys, cell.format("3 --seed seed"))
    assert "policy: 1 of 1 ✓" in out
    assert "this run is the baseline from now on" in out
    assert "to come: 3 seeds" in said(shell, capsys, cell.format(3))


def test_a_repeated_cell_is_judged_as_one_run_and_its_repeats_go_by_its_name_and_tags(
    shell: InteractiveShell, policy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    policy.write_text(
        '[policy]\non_violation = "refuse"\nrun_name = "m-{number}"\nparams = ["lr"]\nmetrics = ["val_acc"]\n'
        'tags = ["owner"]\nseed = true\nseeds = 2\nartifacts = ["model"]\nmetric_ranges = { val_acc = { max = 0.5 } }\n'
    )
    cell = (
        "import trackside as ts\nlr = 0.1\nrs = 0\nts.log(val_acc=0.4 + rs / 10)\n"
        "ts.log_artifact(b'weights', 'weights.bin', kind='model')"
    )
    out = said(shell, capsys, f"%%track m-1 --repeat 3 --seed rs\n{cell}")
    line = out[out.index("policy: ") :].partition("\n")[0]
    assert line == "policy: 7 of 8 ✓, missing: tag owner"
    for run in ("m-1", "m-1 rs=1"):
        told = said(shell, capsys, f"%track policy {run}")
        assert line in told


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ("--seed rs=1,1,1", "2 of 3 ✓, to come: 2 seeds"),
        ("--repeat 2 --seed rs --fresh", "2 of 3 ✓, broken: metric val_acc in range"),
    ],
)
def test_the_card_and_the_store_judge_a_repeated_cell_alike(
    shell: InteractiveShell, policy: Path, capsys: pytest.CaptureFixture[str], flags: str, expected: str
) -> None:
    policy.write_text('[policy]\nrun_name = "m-{number}"\nseeds = 2\nmetric_ranges = { val_acc = { min = 0.5 } }\n')
    out = said(shell, capsys, f"%%track m-1 {flags}\nrs = 0\nval_acc = [0.1, 0.7][rs]")
    line = out[out.index("policy: ") :].partition("\n")[0]
    assert expected in line
    assert line in said(shell, capsys, "%track policy m-1")


def test_the_advice_names_the_run_to_rename(
    shell: InteractiveShell, policy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    policy.write_text('[policy]\nrun_name = "m-{number}"\n')
    run_cell(shell, f"{CELL.replace('mlp', 'mlp --repeat 2 --seed seed')}")
    for run in ("last", "mlp seed=1"):
        told = said(shell, capsys, f"%track policy {run}")
        command = "%track rename" + told.partition("%track rename")[2].partition("\n")[0]
        said(shell, capsys, command)
        assert "run name: kept" in said(shell, capsys, f"%track policy {run}")
        said(shell, capsys, "%track rename last --undo")


def test_the_verb_tells_the_rules_their_file_and_the_runs(
    shell: InteractiveShell, policy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_cell(shell, CELL)
    out = said(shell, capsys, "%track policy")
    assert out.startswith(
        f"policy of {policy}\n  all experiments (warn): param lr; metric val_acc; tag stage; a seed on"
    )
    assert "\n1 run:\n  mlp " in out
    assert out.rstrip().endswith(": 3 of 4 ✓, missing: tag stage")
    out = said(shell, capsys, "%track policy last")
    assert (
        "policy: 3 of 4 ✓, missing: tag stage\n  ✗ tag stage: broken: found none; expected a tag stage; tag it" in out
    )
    assert "  ✓ param lr: kept" in out
    policy.unlink()
    assert "there is no policy; [tool.trackside.policy]" in said(shell, capsys, "%track policy")
    assert "[RUNS]" in said(shell, capsys, "%track policy ?")


def test_parts_of_a_naming_scheme_are_completed(shell: InteractiveShell, policy: Path) -> None:
    policy.write_text(
        '[policy]\nexperiment_name = "{project}-{approach}-{team}"\nrun_name = "{approach}-{number}"\n'
        '[policy.parts]\napproach = ["mlp", "svm"]\n'
    )

    def offered(line: str) -> list[str]:
        completer: Any = shell.Completer
        with provisionalcompleter():
            return [each.text for each in completer.completions(line, len(line))]

    assert offered("%%track --experiment p-s") == ["p-svm-"]
    assert offered("%track experiment p") == ["p-mlp-", "p-svm-"]
    assert offered("%%track ml") == ["mlp-"]
    assert offered("%track rename s") == ["svm-"]
    policy.write_text("policy = 3")
    assert "p-svm-" not in offered("%%track --experiment p-s")


def test_a_card_with_a_policy_has_six_lines_and_the_rules_are_folded_behind_the_last() -> None:
    hostile = Finding("tag <b>x</b>", "broken", "none", "<script>", "\u202edo")
    folded = draw_checklist([hostile, *(Finding(f"param {n}", "kept", "it", "one", "") for n in range(50))])
    record = ended_card(finished_run(), notes=[f"note {n}" for n in range(9)], introduction="kept here", policy=folded)
    assert len(record.lines) == MAX_LINES - 1
    bundle = card_bundle(record, with_install_hint=False)
    assert bundle["text/plain"].splitlines()[-1] == "policy: 50 of 51 ✓, missing: tag <b>x</b>"
    assert "<details><summary" in bundle["text/html"]
    assert "<b>x" not in bundle["text/html"]
    assert "\u202e" not in bundle["text/html"]
    assert len(bundle[CARD_MIME]["policy"]["details"]) == 31
    assert len(bundle["text/html"]) < 10_000


def test_the_checks_that_the_policy_names_are_a_card_each(
    shell: InteractiveShell, policy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for value in (0.9, 0.8):
        run_cell(shell, CELL.replace("0.9", str(value)))
    policy.write_text('[[policy.checks]]\nname = "one"\nagainst = "last~1"\n')
    shown = run_cell(shell, "%track check --policy").result
    assert repr(shown).startswith("one\n  ? not enough data: ")
    assert 'class="trackside-check"' in shown._repr_html_()
    assert "expected it alone" in said(shell, capsys, "%track check --policy --metric val_acc")
    policy.write_text(POLICY)
    assert "the policy names no check for these runs" in said(shell, capsys, "%track check --policy")


@pytest.mark.parametrize("repeats", ["", " --repeat 2 --seed seed"])
def test_the_notebook_keeps_what_the_policy_needs_of_a_run_or_of_its_last_repeat(
    shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch, repeats: str
) -> None:
    published: list[dict[str, Any]] = []
    monkeypatch.setattr(shell.display_pub, "publish", lambda _data, metadata, **_: published.append(metadata))
    run_cell(shell, CELL.replace("%%track mlp", f"%%track mlp{repeats}"), cell_id="own")
    record = published[-1]["trackside"]["run"]
    assert record["metrics"] == {"val_acc": 0.9}
    assert record["params"]["lr"] == 0.1
    assert record["cell_id"] == "own"
    assert "user" not in record
