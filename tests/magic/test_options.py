"""What stands after ``%%track`` is read as it was meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.magic.shells import run_cell, said
from tests.recorded import last_run
from trackside.magic.options import parse_options

if TYPE_CHECKING:
    from pathlib import Path

    from IPython.core.interactiveshell import InteractiveShell


@pytest.mark.parametrize(
    ("line", "name", "into"),
    [
        ("--into #12", None, "#12"),
        ("--into=#12", None, "#12"),
        ("run#3", "run#3", None),
        ("mlp  # don't: it's a comment", "mlp", None),
        ("# nothing but a comment", None, None),
        ("'a # b' --into last # c", "a # b", "last"),
    ],
)
def test_only_what_begins_with_a_sharp_and_a_blank_is_a_comment(line: str, name: str | None, into: str | None) -> None:
    options = parse_options(line)
    assert (options.name, options.into, options.problems) == (name, into, [])


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("-q", "-q is no flag, and is taken for the name"),
        ("mlp --tag a=1 b=2", "b=2 is taken for the name; expected --tag b=2 for a tag"),
        ("run -1", None),
        ("mlp", None),
    ],
)
def test_what_may_have_been_meant_otherwise_is_told(line: str, told: str | None) -> None:
    problems = parse_options(line).problems
    assert (problems == []) if told is None else (len(problems) == 1 and problems[0].startswith(told))


@pytest.mark.parametrize(
    ("line", "name", "tags"),
    [
        ("mlp-{lr * 2} --tag data=$data", "mlp-0.2", {"data": "digits"}),
        ("{cfg['depth']} layers # {nothing}", "4 layers", {}),
        ("{title}", "my run", {}),
        ("mlp --tag reviewed --tag by=ada", "mlp", {"reviewed": "", "by": "ada"}),
        ("mlp --tag 'stage = final'", "mlp", {"stage": "final"}),
        ("--tag 'set={\"a\": 1}' {lr", "{lr", {"set": '{"a": 1}'}),
        ("'$data' $$data {{lr}}", "$data $data {lr}", {}),
    ],
)
def test_values_of_the_notebook_are_put_into_the_line(
    shell: InteractiveShell, store_folder: Path, line: str, name: str, tags: dict[str, str]
) -> None:
    run_cell(shell, "lr = 0.1; data = 'digits'; title = 'my run'; cfg = {'depth': 4}")
    run_cell(shell, f"%%track {line}\nx = 1")
    run = last_run(store_folder)
    assert (run.started.name, run.tags) == (name, tags)


def test_a_name_has_the_value_that_its_cell_sets_and_not_the_one_of_the_run_before(
    shell: InteractiveShell, store_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for lr in (0.1, 0.03):
        run_cell(shell, f"%%track mlp-{{lr}} x{{twice}}\nlr = {lr}\ntwice = lr * 2")
        assert last_run(store_folder).started.name == f"mlp-{lr} x{lr * 2}"
    card = said(shell, capsys, "%%track mlp-{lr}\nlr = max(0.5, 0.25)")
    assert "lr is worked out by the cell itself; expected what it sets to a constant" in " ".join(card.split())
    assert last_run(store_folder).started.name == "mlp-{lr}"


@pytest.mark.parametrize("asked", ["--help", "-h", "?", "mlp --help"])
def test_help_is_shown_and_the_cell_runs_untracked(
    shell: InteractiveShell, store_folder: Path, capsys: pytest.CaptureFixture[str], asked: str
) -> None:
    card = said(shell, capsys, f"%%track {asked}\nx = 5")
    assert "--no-context leaves out names" in card
    assert "this cell is not tracked: %%track was asked for its help" in card
    assert shell.user_ns["x"] == 5
    assert not store_folder.exists()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("mlp-{rat}", "found 'mlp-{rat}' after %%track, but name 'rat' is not defined; .* Did you mean 'rate'?"),
        ("mlp-$rate.real.no", "'float' object has no attribute 'no'; expected what the cells before define."),
        ("mlp-{rate+}", "no Python (invalid syntax); expected the like of {lr * 2}, or {{ and }} for braces"),
        ("{rate / 0}", "division by zero; expected"),
    ],
)
def test_a_value_that_is_not_there_is_told_and_the_cell_is_tracked_all_the_same(
    shell: InteractiveShell, store_folder: Path, capsys: pytest.CaptureFixture[str], line: str, told: str
) -> None:
    run_cell(shell, "rate = 0.1")
    card = said(shell, capsys, f"%%track {line}\nx = 1")
    first, _, last = told.partition(".*")
    assert first in card
    assert last in card
    assert last_run(store_folder).started.name == line


def test_a_literal_brace_in_a_filter_stays(shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    run_cell(shell, "%%track\nkind = '{a'; lr = 0.5")
    assert said(shell, capsys, "%track star kind == '{a'").startswith("starred cell #1")
