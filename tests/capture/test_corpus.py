"""Training cells as people write them: what they find with no log call, and how that is scored.

The short form runs every fourth cell of the libraries that the ``test`` extra brings; ``--long`` runs all that are
installed.
"""

from __future__ import annotations

from pkgutil import resolve_name
from typing import TYPE_CHECKING

import pytest
from tests.benchmarks.capture_rules import RULES, Rule, no_metrics
from tests.corpus.cases import Case, Wanted, is_installed, read_cases
from tests.corpus.results import JUNK_GOAL, USEFUL_GOAL, Result
from tests.corpus.running import run_cases
from tests.corpus.scoring import score

if TYPE_CHECKING:
    from pathlib import Path

ALWAYS_INSTALLED = ("lightgbm", "numpy", "sklearn", "torch", "xgboost")


@pytest.fixture(scope="module")
def result(request: pytest.FixtureRequest) -> Result:
    if request.config.getoption("--long"):
        return Result.measure([case for case in read_cases() if is_installed(case.library)])
    return Result.measure([case for case in read_cases() if case.library in ALWAYS_INSTALLED][1::4])


@pytest.mark.timeout(3600)
def test_every_cell_runs_unharmed(result: Result) -> None:
    assert not result.errors, "\n".join(f"{case}: {error}" for case, error in result.errors.items())


@pytest.mark.timeout(3600)
def test_nine_cards_of_ten_are_useful(result: Result) -> None:
    useless = [str(case) for case, value in result.scores.items() if not value.is_useful]
    assert result.useful >= USEFUL_GOAL, f"nothing useful on the card of {', '.join(useless)}"


@pytest.mark.timeout(3600)
def test_hardly_a_name_is_junk(result: Result) -> None:
    junk = {str(case): value.params.junk + value.metrics.junk for case, value in result.scores.items()}
    assert result.junk < JUNK_GOAL, {case: names for case, names in junk.items() if names}


def test_corpus_is_large_and_varied() -> None:
    cases = read_cases()
    assert len(cases) >= 60
    assert {case.library for case in cases} >= {"sklearn", "xgboost", "lightgbm", "keras", "torch", "lightning"}


def case_of(tmp_path: Path, header: str, *cells: str) -> Case:
    path = tmp_path / "numpy" / "some.ipy"
    path.parent.mkdir()
    path.write_text("\n".join([header, *cells, ""]))
    return Case.read(path)


def test_case_is_read_from_its_file(tmp_path: Path) -> None:
    header = "# A title.\n# params: C|reg=10, sizes=(64, 32)\n# metrics: acc\n# fine: a*, b\n"
    case = case_of(tmp_path, header, "# %%", "x = 1", "# %% track --into last", "y = x  # %% no mark")
    assert case.params == (Wanted(("C", "reg"), "10"), Wanted(("sizes",), "(64, 32)"))
    assert case.metrics == (Wanted(("acc",)),)
    assert case.fine == (Wanted(("a*",)), Wanted(("b",)))
    assert case.cells == ("x = 1\n", "%%track --into last\ny = x  # %% no mark\n")


def test_case_without_a_tracked_cell_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no cell marked"):
        case_of(tmp_path, "# params: a", "# %%", "a = 1")


def case_wanting(params: str = "", metrics: str = "", fine: str = "") -> Case:
    wanted, measured, also = (tuple(map(Wanted.parse, items.split())) for items in (params, metrics, fine))
    return Case("numpy", "some", wanted, measured, also, cells=())


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("C", "SVC.C"),
        ("c", "C"),
        ("eval.f1", "eval/f1"),
        ("val_acc", "Val Acc"),
        ("svm|svc", "svc"),
        ("scores.*", "scores.mean"),
        ("f1-score", "macro avg.f1-score"),
    ],
)
def test_a_name_answers_a_wish(wanted: str, found: str) -> None:
    assert score(case_wanting(params=wanted), {found: 1}, {}).params.hit
    assert not score(case_wanting(params=wanted), {found: 1}, {}).params.junk


@pytest.mark.parametrize(
    ("wanted", "found"), [("C", "SVC.C.gamma"), ("loss", "val_loss"), ("f1", "f1_score"), ("eval.f1", "f1")]
)
def test_a_name_does_not_answer_a_wish(wanted: str, found: str) -> None:
    assert score(case_wanting(params=wanted), {found: 1}, {}).params.missed
    assert score(case_wanting(params=wanted), {found: 1}, {}).params.junk == (found,)


@pytest.mark.parametrize(
    ("wanted", "value", "is_hit"),
    [
        ("lr=1e-3", 0.001, True),
        ("lr=1e-3", 0.01, False),
        ("cv=5", 5.0, True),
        ("kernel=rbf", "rbf", True),
        ("sizes=(1,2)", [1, 2], True),
        ("flag=True", True, True),
        ("depth=None", None, True),
        ("depth=None", 3, False),
    ],
)
def test_a_wish_with_a_value_is_answered_by_that_value_only(wanted: str, value: object, is_hit: bool) -> None:  # noqa: FBT001
    assert bool(score(case_wanting(params=wanted), {wanted.partition("=")[0]: value}, {}).params.hit) == is_hit


def test_shares() -> None:
    result = score(case_wanting("a b", "acc", "also"), {"a": 1, "also": 2, "acc": 3, "c": 4}, {"n": 1})
    assert (result.params.recall, result.params.precision) == (0.5, 0.75)
    assert (result.metrics.recall, result.metrics.precision) == (0.0, 0.0)
    assert not result.is_useful
    assert score(case_wanting("a b"), {"a": 1}, {}).is_useful
    assert (result.params + result.metrics).junk == ("c", "n")


def test_run_is_read_back_from_the_store(tmp_path: Path) -> None:
    case = case_of(tmp_path, "# params: a", "# %% track", "lr = 0.5", "loss = abs(-lr) / 3", "# %%", "print('no')")
    replaced = [("trackside.capture.metrics.find.find_metrics", no_metrics)]
    (found,) = run_cases([case])
    assert (found.params, found.error) == ({"lr": 0.5}, None)
    assert found.metrics == pytest.approx({"loss": 0.5 / 3})
    assert [found.metrics for found in run_cases([case], replaced)] == [{}]


def test_only_what_a_rule_matters_to_runs_again_without_it(tmp_path: Path) -> None:
    case = case_of(tmp_path, "# params: lr\n# metrics: loss", "# %% track", "lr = 0.5", "loss = abs(-lr) / 3")
    names = [f"trackside.capture.metrics.find._Reader.{name}" for name in ("_read_binding", "_read_shown")]
    (found,) = run_cases([case], watched=[(name, no_metrics) for name in names])
    assert found.touched == frozenset(names[:1])
    assert found.metrics == pytest.approx({"loss": 0.5 / 3})
    whole = Result.measure([case], watched=[(name, no_metrics) for name in names])
    assert [whole.without([(name, no_metrics)]).metrics.recall for name in names] == [0.0, 1.0]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.words)
def test_rules_that_can_be_taken_away_are_there(rule: Rule) -> None:
    assert all(resolve_name(name) for name, _ in rule.patches)


def test_a_cell_that_fails_is_an_error_of_the_corpus(tmp_path: Path) -> None:
    (found,) = run_cases([case_of(tmp_path, "# params: a", "# %% track", "a = 1 / 0")])
    assert "ZeroDivisionError" in (found.error or "")
    assert Result.measure([case_wanting("a")]).errors
