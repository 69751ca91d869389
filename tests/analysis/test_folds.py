"""The corrected resampled t-test says what published examples say, and raises no more false alarms than it says."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from sklearn.datasets import make_moons
from sklearn.model_selection import GridSearchCV, RepeatedStratifiedKFold
from sklearn.svm import SVC

from tests.benchmarks.null_folds import null_folds
from trackside.analysis.evidence import TDifference
from trackside.analysis.folds import corrected_t
from trackside.analysis.verdicts import Rule, rule_all

COMPARISONS = 2000


def test_it_says_what_scikit_learns_example_says() -> None:
    """In "Statistical comparison of models using grid search" of its user guide: t = 0.750, one-sided p = 0.227."""
    features, labels = make_moons(noise=0.352, random_state=1, n_samples=100)
    folds = RepeatedStratifiedKFold(n_splits=10, n_repeats=10, random_state=0)
    kernels = [{"kernel": ["linear"]}, {"kernel": ["poly"], "degree": [2, 3]}, {"kernel": ["rbf"]}]
    search = GridSearchCV(SVC(random_state=0), kernels, scoring="roc_auc", cv=folds).fit(features, labels)
    ranked = np.argsort(search.cv_results_["rank_test_score"])[:2]
    best, second = (
        np.array([search.cv_results_[f"split{fold}_test_score"][row] for fold in range(100)]) for row in ranked
    )
    found = corrected_t(best - second, 10 / 90)
    assert isinstance(found, TDifference)
    assert found.effect / found.error == pytest.approx(0.750, abs=5e-4)
    assert found.p_value(0) / 2 == pytest.approx(0.227, abs=5e-4)


def test_it_is_the_formula_of_its_source() -> None:
    differences = np.random.default_rng(0).normal(0.02, 0.03, 15)
    found = corrected_t(differences, 0.1 / 0.9)
    assert isinstance(found, TDifference)
    wider = np.sqrt((1 / 15 + 1 / 9) / (1 / 15))
    plain = stats.ttest_1samp(differences, 0)
    assert found.effect / found.error == pytest.approx(plain.statistic / wider)
    assert found.interval(0.95)[1] - found.effect == pytest.approx(
        wider * (plain.confidence_interval(0.95).high - differences.mean())
    )


@pytest.mark.parametrize(
    ("differences", "told"),
    [
        ([0.1], "too few"),
        ([], "too few"),
        ([0.1, float("nan"), 0.2], "not all of their scores are finite"),
        ([0.5, 0.5, 0.5], "all folds differ by the same"),
    ],
)
def test_odd_folds_are_told(differences: list[float], told: str) -> None:
    found = corrected_t(differences, 0.25)
    assert isinstance(found, str)
    assert told in found


def test_folds_that_score_the_same_do_not_differ() -> None:
    found = corrected_t([0.0, 0.0, 0.0], 0.5)
    assert isinstance(found, TDifference)
    assert rule_all([found], Rule(metric="acc", goal="max"))[0].verdict == "no difference"


@pytest.mark.parametrize("repeats", [1, 3])
def test_models_that_learn_equally_well_are_found_to_differ_no_more_often_than_said(repeats: int) -> None:
    rule, alarms = Rule(metric="mse", goal="min"), 0
    for differences, share in null_folds(COMPARISONS, repeats=repeats):
        found = corrected_t(differences, share)
        assert isinstance(found, TDifference)
        alarms += rule_all([found], rule)[0].verdict != "no difference"
    assert alarms <= stats.binom.interval(0.99, COMPARISONS, 0.05)[1], alarms / COMPARISONS
