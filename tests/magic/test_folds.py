"""What cross-validations and searches score fold by fold in a tracked cell is kept, and held against each other."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from sklearn.model_selection import LeaveOneOut, RandomizedSearchCV
from sklearn.model_selection._search import BaseSearchCV

import trackside as ts
from tests.magic.shells import run_cell
from trackside.artifacts import list_artifacts
from trackside.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from IPython.core.interactiveshell import InteractiveShell

SETUP = (
    "import numpy as np, trackside as ts\n"
    "from sklearn.datasets import load_iris\n"
    "from sklearn.linear_model import LogisticRegression\n"
    "from sklearn.tree import DecisionTreeClassifier\n"
    "from sklearn.experimental import enable_halving_search_cv\n"
    "from sklearn.model_selection import *\n"
    "X, y = load_iris(return_X_y=True)\n"
    "tree, stump = DecisionTreeClassifier(random_state=0), DecisionTreeClassifier(max_depth=1)\n"
    "cv = KFold(5, shuffle=True, random_state=0)"
)


def folds(store: Path) -> list[dict[str, Any]]:
    """Return the fold scores of the newest run."""
    found = list_artifacts(Store(store), [ts.runs("last").ids[0]]).of_kind("folds")
    loaded: list[dict[str, Any]] = found[0].load() if len(found) else []
    return loaded


@pytest.fixture
def prepared(shell: InteractiveShell) -> InteractiveShell:
    run_cell(shell, SETUP)
    return shell


@pytest.mark.parametrize(
    "code", ["cross_val_score(tree, X, y, cv=LeaveOneOut())", "GridSearchCV(tree, {}, cv=LeaveOneOut()).fit(X, y)"]
)
def test_what_has_very_many_folds_is_not_divided_again(
    prepared: InteractiveShell, store_folder: Path, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    monkeypatch.setattr("trackside.magic.fold_listener.MAX_FOLDS", 149)  # of 150
    divided: list[Any] = []
    monkeypatch.setattr(LeaveOneOut, "split", _told(LeaveOneOut.split, divided))
    run_cell(prepared, f"%%track\n{code}")
    assert (len(divided), folds(store_folder)) == (1, [])
    monkeypatch.setattr("trackside.magic.fold_listener.MAX_FOLDS", 150)
    run_cell(prepared, f"%%track\n{code}")
    assert [len(each["scores"]) for each in folds(store_folder)] == [150]


def test_each_cross_validation_is_kept_with_its_folds_and_data(prepared: InteractiveShell, store_folder: Path) -> None:
    cell = (
        "cv_acc = cross_val_score(tree, X, y, cv=cv).mean()\n"
        "def inner():\n    return cross_validate(tree, X, y, cv=3, scoring=['accuracy', 'f1_macro'])\n"
        "found = inner()\nany_folds = cross_val_score(tree, X, y, cv=ShuffleSplit(4))"
    )
    run_cell(prepared, f"%%track\n{cell}")
    kept = folds(store_folder)
    assert [(each["score"].partition(",")[0], len(each["scores"])) for each in kept] == [
        ("score", 5),
        ("accuracy_score", 3),
        ("f1_score", 3),
        ("score", 4),
    ]
    assert kept[0]["scores"] == pytest.approx(prepared.user_ns["cross_val_score"](**_arguments(prepared)))
    assert np.mean(kept[1]["scores"]) == pytest.approx(prepared.user_ns["found"]["test_accuracy"].mean())
    assert kept[0]["splitter"] == "KFold(n_splits=5, random_state=0, shuffle=True)"
    assert kept[0]["share"] == pytest.approx(1 / 4)
    assert len({each["data"] for each in kept}) == 1
    assert kept[0]["folds"] != kept[1]["folds"] == kept[2]["folds"]
    assert (kept[3]["folds"], kept[3]["share"]) == (None, None)


def _told(method: Any, calls: list[Any]) -> Any:
    def tell_and_call(*args: Any, **kwargs: Any) -> Any:
        calls.append(args)
        return method(*args, **kwargs)

    return tell_and_call


def _arguments(shell: InteractiveShell) -> dict[str, Any]:
    names = shell.user_ns
    return {"estimator": names["tree"], "X": names["X"], "y": names["y"], "cv": names["cv"]}


@pytest.mark.parametrize(
    "search",
    [
        "GridSearchCV(tree, {'max_depth': [1, 2, 3]}, cv=cv)",
        "RandomizedSearchCV(tree, {'max_depth': [1, 2, 3]}, cv=cv, n_iter=2, random_state=0)",
        "HalvingGridSearchCV(tree, {'max_depth': [1, 2, 3]}, cv=cv, random_state=0)",
    ],
)
def test_of_a_search_the_folds_of_the_best_candidate_are_kept(
    prepared: InteractiveShell, store_folder: Path, search: str
) -> None:
    run_cell(prepared, f"%%track\nsearch = {search}.fit(X, y)")
    (kept,) = folds(store_folder)
    made = prepared.user_ns["search"]
    assert kept["by"] == search.partition("(")[0]
    assert np.mean(kept["scores"]) == pytest.approx(made.best_score_)
    assert kept["scores"] == [made.cv_results_[f"split{fold}_test_score"][made.best_index_] for fold in range(5)]
    assert kept["folds"]


def test_runs_are_judged_by_the_same_folds_of_the_same_data(prepared: InteractiveShell) -> None:
    for name in ("stump", "tree"):
        run_cell(prepared, f"%%track {name}\ncv_acc = cross_val_score({name}, X, y, cv=cv).mean()")
    made = ts.check("tree", "cv_acc", against="stump")
    assert made.verdict == "better"
    assert made.method == "corrected resampled t interval over 5 folds (Nadeau and Bengio)"
    assert any("folds share rows that they train on" in reason for reason in made.reasons)


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ("cross_val_score(tree, X, y, cv=KFold(5, shuffle=True, random_state=1))", "they have other rows: KFold("),
        ("cross_val_score(tree, X, y, cv=KFold(5, shuffle=True))", "drawn anew each time"),
        ("cross_val_score(tree, X + 1, y, cv=cv)", "they are of other data"),
        ("cross_val_score(tree, X, y, cv=cv, scoring='f1_macro')", "they are of other scores: f1_score"),
        ("np.array([0.5])", "no cross-validation that came to it is on record on both sides"),
    ],
)
def test_other_folds_are_not_held_against_each_other(prepared: InteractiveShell, other: str, told: str) -> None:
    run_cell(prepared, "%%track stump\ncv_acc = cross_val_score(stump, X, y, cv=cv).mean()")
    run_cell(prepared, f"%%track other\ncv_acc = {other}.mean()")
    made = ts.check("other", "cv_acc", against="stump", allow_incomparable=True)
    assert made.verdict == "not enough data"
    assert told in " ".join(made.reasons)


def test_what_folds_score_defines_the_metric_of_their_mean(prepared: InteractiveShell) -> None:
    own = "def own(model, X, y):\n    return model.score(X, y)"
    run_cell(prepared, f"scoring, other = 'accuracy', 'f1_macro'\n{own}")
    for name, given in (("stump", "scoring"), ("tree", "scoring"), ("other", "other"), ("mine", "own")):
        model = "stump" if name == "stump" else "tree"
        run_cell(prepared, f"%%track {name}\ncv_acc = cross_val_score({model}, X, y, cv=cv, scoring={given}).mean()")
    assert ts.check("tree", "cv_acc", against="stump").comparable == "comparable"
    made = ts.check("other", "cv_acc", against="stump")
    assert made.verdict == "not comparable"
    assert "pos_label=None, average='macro') and accuracy_score(" in made.reasons[0]
    assert ts.check("mine", "cv_acc", against="stump").comparable == "not comparable"


def test_an_error_that_is_to_be_minimised_is_judged_by_its_negative_scores(prepared: InteractiveShell) -> None:
    for name in ("stump", "tree"):
        scores = f"cross_val_score({name}, X, y, cv=cv, scoring='neg_log_loss')"
        run_cell(prepared, f"%%track {name}\nval_loss = -{scores}.mean()")
    made = ts.check("tree", "val_loss", against="stump")
    assert "over 5 folds" in made.method
    assert made.effect == pytest.approx(made.candidate.values[0] - made.baseline.values[0])


def test_folds_go_to_the_run_that_is_current(prepared: InteractiveShell, store_folder: Path) -> None:
    run_cell(
        prepared, "%%track outer\nwith ts.run('inner'):\n    ts.log(cv_acc=cross_val_score(tree, X, y, cv=cv).mean())"
    )
    assert ts.runs("last").names == ["inner"]
    assert len(folds(store_folder)) == 1
    assert len(ts.runs("outer").artifacts().of_kind("folds")) == 0


def test_scikit_learn_is_as_it_was_after_the_cell_and_random_generators_too(prepared: InteractiveShell) -> None:
    validation = sys.modules["sklearn.model_selection._validation"]
    before = validation._aggregate_score_dicts, BaseSearchCV._format_results
    cell = (
        "np.random.seed(0)\nscores = cross_val_score(tree, X, y, cv=KFold(5, shuffle=True))\nafter = np.random.rand()"
    )
    run_cell(prepared, cell)
    plain = prepared.user_ns["after"]
    run_cell(prepared, f"%%track\n{cell}")
    assert prepared.user_ns["after"] == plain
    assert (validation._aggregate_score_dicts, BaseSearchCV._format_results) == before
    assert "_format_results" not in vars(RandomizedSearchCV)
    run_cell(prepared, "%%track\n1 / 0")
    assert validation._aggregate_score_dicts is before[0]


def test_a_cell_that_imports_scikit_learn_itself_is_heard(shell: InteractiveShell, store_folder: Path) -> None:
    run_cell(shell, f"%%track\n{SETUP}\ncv_acc = cross_val_score(tree, X, y, cv=4).mean()")
    assert [len(each["scores"]) for each in folds(store_folder)] == [4]


def test_repeats_keep_their_own_folds(prepared: InteractiveShell) -> None:
    cell = "seed = 0\ncv_acc = cross_val_score(tree, X, y, cv=KFold(5, shuffle=True, random_state=seed)).mean()"
    run_cell(prepared, f"%%track forest --repeat 2 --seed seed\n{cell}")
    first, second = (run.artifacts().of_kind("folds")[0].load() for run in ts.runs(include_hidden=True)[:2])
    assert len(first) == len(second) == 1
    assert first[0]["folds"] != second[0]["folds"]


def test_a_splitter_of_the_users_own_is_not_asked_twice(prepared: InteractiveShell, store_folder: Path) -> None:
    split = (
        "    def split(self, *given, **named):\n        Own.asked += 1\n        return super().split(*given, **named)"
    )
    run_cell(prepared, f"class Own(KFold):\n    asked = 0\n{split}")
    run_cell(prepared, "%%track\ncv_acc = cross_val_score(tree, X, y, cv=Own(3)).mean()")
    assert prepared.user_ns["Own"].asked == 1
    assert folds(store_folder)[0]["folds"] is None


@pytest.mark.parametrize(
    ("other", "cause"),
    [
        ("cross_val_score(tree, X[30:], y[30:], cv=5)", "cross-validated on other data"),
        ("cross_val_score(tree, X, y, cv=4)", "the folds have other rows"),
    ],
)
@pytest.mark.parametrize("repeat", ["", " --repeat 3 --seed seed"])
def test_what_is_cross_validated_on_other_data_or_folds_is_not_comparable(
    prepared: InteractiveShell, repeat: str, other: str, cause: str
) -> None:
    for name, scores in (("base", "cross_val_score(tree, X, y, cv=5)"), ("other", other)):
        run_cell(
            prepared, f"%%track {name}{repeat}\nseed = 0\ntree.set_params(random_state=seed)\ncv_acc = {scores}.mean()"
        )
    made = ts.check("other", "cv_acc", against="base")
    assert made.verdict == "not comparable"
    assert any(cause in reason for reason in made.reasons)


def test_what_is_cross_validated_on_the_same_folds_is_comparable(prepared: InteractiveShell) -> None:
    for name in ("base", "other"):
        run_cell(prepared, f"%%track {name}\ncv_acc = cross_val_score(tree, X, y, cv=5, scoring='accuracy').mean()")
    assert ts.check("other", "cv_acc", against="base").comparable == "comparable"
