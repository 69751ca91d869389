"""The statistics of a check say what SciPy, published examples and simulation say; odd input never breaks them."""

from __future__ import annotations

import builtins
import math
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import roc_auc_score

from trackside.analysis.evidence import (
    TDifference,
    bootstrap_interval,
    hedges_g,
    single_case,
    weigh_values,
    welch,
)
from trackside.analysis.paired_rows import (
    RowDifference,
    compare_areas,
    compare_correctness,
    compare_losses,
    weigh_rows,
)
from trackside.analysis.verdicts import Rule, Ruling, holm_levels, rule_all
from trackside.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

COMPARISONS = 2000


def judge(candidate: Sequence[float], baseline: Sequence[float], **asked: Any) -> Ruling:
    evidence = weigh_values(candidate, baseline)
    assert isinstance(evidence, TDifference), evidence
    (ruling,) = rule_all([evidence], Rule(**({"metric": "auc", "goal": "max"} | asked)))
    return ruling


def correct(both: int, won: int, lost: int, neither: int) -> tuple[Any, Any]:
    """Return which rows each of two runs has right."""
    one, other = [True] * (both + won), [True] * both + [False] * won
    return np.array(one + [False] * (lost + neither)), np.array(other + [True] * lost + [False] * neither)


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.999])
def test_welchs_interval_is_scipys(confidence: float) -> None:
    random = np.random.default_rng(1)
    for sizes in ((2, 2), (3, 8), (20, 5)):
        one, other = random.normal(0.9, 0.01, sizes[0]), random.normal(0.88, 0.05, sizes[1])
        theirs = stats.ttest_ind(one, other, equal_var=False)
        ours = weigh_values(one.tolist(), other.tolist())
        assert isinstance(ours, TDifference)
        assert ours.interval(confidence) == pytest.approx(tuple(theirs.confidence_interval(confidence)))
        assert ours.p_value(0.0) == pytest.approx(theirs.pvalue)
        assert ours.freedom == pytest.approx(theirs.df)


def test_one_run_against_several_is_the_t_test_of_equal_variances() -> None:
    several = np.array([0.90, 0.92, 0.89, 0.91, 0.93])
    ours = single_case(np.array([0.97]), several)
    design = np.column_stack([np.ones(6), [1, 0, 0, 0, 0, 0]])
    values = np.array([0.97, *several])
    solution, squares, *_ = np.linalg.lstsq(design, values)
    error = math.sqrt(squares[0] / 4 * np.linalg.inv(design.T @ design)[1, 1])
    assert (ours.effect, ours.error, ours.freedom) == pytest.approx((solution[1], error, 4))


def test_hedges_g_is_that_of_a_published_example() -> None:
    # Borenstein, Hedges, Higgins and Rothstein (2009), "Introduction to meta-analysis", chapter 4: means 103 and 100,
    # deviations 5.5 and 4.5, 50 in each group: d = 0.5970, g = 0.5924.
    shape = np.linspace(-1, 1, 50)
    shape /= shape.std(ddof=1)
    assert hedges_g(103 + 5.5 * shape, 100 + 4.5 * shape) == pytest.approx(0.5924, abs=1e-4)


def test_mcnemars_p_value_is_that_of_a_published_example() -> None:
    # Fagerland, Lydersen and Laake (2013), "The McNemar test for binary matched-pairs data", table 1: 0.0703.
    assert compare_correctness(*correct(1, 7, 1, 12)).exact == pytest.approx(0.0703, abs=5e-5)


def test_holm_rejects_as_in_a_published_example() -> None:
    # https://en.wikipedia.org/wiki/Holm–Bonferroni_method, example: H1 and H4 are rejected, H2 and H3 are not.
    found = [0.01, 0.04, 0.03, 0.005]
    assert [p <= level for p, level in zip(found, holm_levels(found, 0.05), strict=True)] == [True, False, False, True]


@given(st.lists(st.floats(1e-6, 1.0), min_size=1, max_size=12), st.floats(0.001, 0.5))
def test_holms_levels_reject_what_his_adjusted_p_values_do(found: list[float], level: float) -> None:
    order = np.argsort(found, kind="stable")
    adjusted = np.maximum.accumulate([found[which] * (len(found) - place) for place, which in enumerate(order)])
    rejected = [p <= held for p, held in zip(found, holm_levels(found, level), strict=True)]
    near = np.isclose(adjusted, level, rtol=1e-9)
    assert all(
        rejected[which] == (adjusted[place] <= level)
        for place, which in enumerate(order)
        if not near[: place + 1].any()
    )


def test_the_bootstrap_interval_is_near_welchs_where_values_are_normal() -> None:
    random = np.random.default_rng(2)
    one, other = random.normal(0.9, 0.02, 40), random.normal(0.88, 0.03, 40)
    found = bootstrap_interval(one.tolist(), other.tolist(), 0.95)
    assert found == pytest.approx(welch(one, other).interval(0.95), abs=0.002)
    assert found == bootstrap_interval(one.tolist(), other.tolist(), 0.95)
    assert bootstrap_interval([0.1, 0.2, 0.3, 0.4], other.tolist(), 0.95) is None


def test_the_paired_bootstrap_is_scipys() -> None:
    random = np.random.default_rng(3)
    truth = random.normal(size=300)
    losses = [np.square(random.normal(0, scale, 300) + truth * 0.1) for scale in (1.0, 1.2)]
    for statistic in (np.asarray, np.sqrt):
        ours = compare_losses(losses[0], losses[1], statistic)
        theirs = stats.bootstrap(
            losses,
            lambda a, b, axis, f=statistic: f(a.mean(axis=axis)) - f(b.mean(axis=axis)),
            paired=True,
            method="percentile",
            rng=np.random.default_rng(4),
        )
        assert ours.interval(0.95) == pytest.approx(tuple(theirs.confidence_interval), abs=0.02)


def test_the_difference_of_areas_is_scikit_learns_and_its_error_that_of_a_bootstrap() -> None:
    random = np.random.default_rng(8)
    truth = random.random(400) < 0.3
    scores = [np.round(truth * gain + random.normal(0, 1, 400), 1) for gain in (1.5, 1.0)]  # some are alike
    found = compare_areas(truth, *scores)
    assert isinstance(found, TDifference)
    areas = [roc_auc_score(truth, each) for each in scores]
    assert found.effect == pytest.approx(areas[0] - areas[1])
    rows = [random.integers(400, size=400) for _ in range(800)]
    drawn = [roc_auc_score(truth[at], scores[0][at]) - roc_auc_score(truth[at], scores[1][at]) for at in rows]
    assert found.error == pytest.approx(np.std(drawn), rel=0.1)


def test_equal_areas_are_found_to_differ_no_more_often_than_said() -> None:
    random = np.random.default_rng(9)
    truth = np.arange(200) < 80
    alarms = 0
    for _ in range(COMPARISONS // 4):
        shared = truth + random.normal(0, 1, 200)
        found = compare_areas(truth, shared + random.normal(0, 0.5, 200), shared + random.normal(0, 0.5, 200))
        assert isinstance(found, TDifference)
        alarms += rule_all([found], Rule(metric="auc", goal="max"))[0].verdict != "no difference"
    low, high = stats.binom.interval(0.99, COMPARISONS // 4, 0.05)
    assert low <= alarms <= high


@pytest.mark.parametrize(
    ("truth", "candidate", "told"),
    [
        ([True] * 39 + [False], np.arange(40.0), "almost all of one class"),
        ([True, False] * 20, np.full(40, np.nan), "not all predictions are finite"),
        ([True, False] * 20, np.tile([1.0, 0.0], 20), "do not vary over the rows"),
    ],
)
def test_areas_that_say_nothing_are_told_in_words(truth: list[bool], candidate: Any, told: str) -> None:
    assert told in str(compare_areas(np.array(truth), candidate, np.zeros(40)))


def test_correct_rows_resampled_by_their_counts_are_rows_resampled_in_pairs() -> None:
    one, other = correct(700, 90, 60, 150)
    counted = compare_correctness(one, other).interval(0.95)
    drawn = compare_losses(one.astype(float), other.astype(float), np.asarray).interval(0.95)
    assert counted == pytest.approx(drawn, abs=0.002)


@pytest.mark.parametrize(
    ("sizes", "deviations"), [((5, 5), (1.0, 1.0)), ((3, 8), (1.0, 1.0)), ((10, 10), (1.0, 3.0)), ((1, 5), (1.0, 1.0))]
)
def test_runs_that_differ_in_nothing_are_found_to_differ_no_more_often_than_said(
    sizes: tuple[int, int], deviations: tuple[float, float]
) -> None:
    random = np.random.default_rng(5)
    samples = [random.normal(0, scale, (COMPARISONS, size)) for size, scale in zip(sizes, deviations, strict=True)]
    rulings = [judge(*pair) for pair in zip(*samples, strict=True)]
    alarms = sum(ruling.verdict in ("better", "worse") for ruling in rulings)
    low, high = stats.binom.interval(0.99, COMPARISONS, 0.05)
    assert low <= alarms <= high, alarms / COMPARISONS


@pytest.mark.parametrize("constant", ["candidate", "baseline"])
def test_runs_that_all_came_to_one_value_count_as_one(constant: str) -> None:
    random, alarms = np.random.default_rng(10), 0
    for one, *others in random.normal(size=(COMPARISONS, 9)).tolist():
        alarms += judge(*([[one] * 8, others] if constant == "candidate" else [others, [one] * 8])).verdict in (
            "better",
            "worse",
        )
    low, high = stats.binom.interval(0.99, COMPARISONS, 0.05)
    assert low <= alarms <= high, alarms / COMPARISONS
    found = weigh_values(*([[2.0] * 8, others] if constant == "candidate" else [others, [2.0] * 8]))
    assert isinstance(found, TDifference)
    assert f"the 8 runs of the {constant} all came to one value: they count as one" in found.caveat


def test_one_of_many_candidates_is_found_to_differ_no_more_often_than_said() -> None:
    random = np.random.default_rng(6)
    rule = Rule(metric="auc", goal="max")
    alarms = 0
    for _ in range(COMPARISONS // 4):
        baseline = random.normal(size=8).tolist()
        found = [weigh_values(random.normal(size=8).tolist(), baseline) for _ in range(4)]
        weighed = [each for each in found if not isinstance(each, str)]
        assert len(weighed) == len(found)
        alarms += any(ruling.verdict != "no difference" for ruling in rule_all(weighed, rule))
    assert alarms <= stats.binom.interval(0.99, COMPARISONS // 4, 0.05)[1]


def test_models_that_are_equally_good_on_rows_are_found_to_differ_no_more_often_than_said() -> None:
    random = np.random.default_rng(7)
    rule = Rule(metric="accuracy", goal="max")
    counts = random.multinomial(400, [0.7, 0.08, 0.08, 0.14], size=COMPARISONS)
    found = [compare_correctness(*correct(*row)) for row in counts.tolist()]
    alarms = sum(ruling.verdict != "no difference" for each in found for ruling in rule_all([each], rule))
    assert alarms <= stats.binom.interval(0.99, COMPARISONS, 0.05)[1]


def test_losses_that_are_equal_on_average_are_found_to_differ_no_more_often_than_said() -> None:
    random, alarms = np.random.default_rng(8), 0
    for _ in range(COMPARISONS):
        losses = random.exponential(size=(2, 60))
        found = weigh_rows("mse", np.zeros(60), *np.sqrt(losses))
        assert isinstance(found, RowDifference)
        alarms += rule_all([found], Rule(metric="mse", goal="min"))[0].verdict != "no difference"
    low, high = stats.binom.interval(0.99, COMPARISONS, 0.05)
    assert low <= alarms <= high, alarms / COMPARISONS


def test_a_difference_counts_only_beyond_min_delta_and_by_the_goal() -> None:
    one, other = [0.930, 0.932, 0.931], [0.920, 0.921, 0.922]
    assert judge(one, other).verdict == "better"
    assert judge(other, one).verdict == "worse"
    assert judge(one, other, goal="min").verdict == "worse"
    assert judge(other, one, goal="min").verdict == "better"
    assert judge(one, other, min_delta=0.005).verdict == "better"
    assert judge(one, other, min_delta=0.02).verdict == "no difference"
    assert judge(one, other, confidence=0.9999).verdict == "no difference"


@pytest.mark.parametrize("min_delta", [0.0, 0.004, 0.008])
def test_the_p_value_is_where_the_interval_ends_at_what_counts(min_delta: float) -> None:
    found = weigh_values([0.93, 0.932, 0.931], [0.92, 0.921, 0.922])
    assert isinstance(found, TDifference)
    assert found.interval(1 - found.p_value(min_delta))[0] == pytest.approx(min_delta)


def test_rows_are_judged_by_the_exact_test_where_the_bootstrap_is_too_sure() -> None:
    found = compare_correctness(*correct(90, 5, 0, 5))
    assert found.interval(0.95)[0] > 0
    assert found.exact == pytest.approx(0.0625)
    assert rule_all([found], Rule(metric="accuracy", goal="max"))[0].verdict == "no difference"


@pytest.mark.parametrize(
    ("candidate", "baseline", "told"),
    [
        ([0.9, math.nan], [0.8, 0.7], "not all values are finite"),
        ([0.9, 0.8], [math.inf, 0.7], "not all values are finite"),
        ([-math.inf], [0.7], "not all values are finite"),
        ([0.9], [0.8], "one run on each side"),
        ([0.9], [0.9], "one run on each side"),
        ([0.9, 0.9], [0.8, 0.8], "all came to one value"),
        ([0.9], [0.8, 0.8 + 1e-16], "all came to one value"),
        ([1.7e308, 1.6e308], [-1.7e308, -1.6e308], "too large"),
    ],
)
def test_what_says_nothing_is_told_in_words(candidate: list[float], baseline: list[float], told: str) -> None:
    assert told in str(weigh_values(candidate, baseline))


def test_values_that_are_all_the_same_are_no_difference() -> None:
    assert judge([0.9, 0.9], [0.9]) == Ruling(verdict="no difference", effect=0.0, interval=(0.0, 0.0), confidence=0.95)


@pytest.mark.parametrize("scale", [1e-320, 1e-200, 1.0, 1e200, 1e307])
def test_the_size_of_the_unit_changes_no_verdict(scale: float) -> None:
    assert judge([3 * scale, 4 * scale, 3 * scale], [9 * scale, 10 * scale, 9 * scale]).verdict == "worse"


finite = st.floats(allow_nan=True, allow_infinity=True)


@given(st.lists(finite, min_size=1, max_size=7), st.lists(finite, min_size=1, max_size=7))
def test_any_numbers_end_in_a_verdict(candidate: list[float], baseline: list[float]) -> None:
    evidence = weigh_values(candidate, baseline)
    if not isinstance(evidence, str):
        (ruling,) = rule_all([evidence], Rule(metric="auc", goal="max"))
        assert ruling.verdict in ("better", "worse", "no difference", "not enough data")
        low, high = ruling.interval
        assert ruling.verdict == "not enough data" or low <= ruling.effect <= high


def test_predictions_are_judged_by_what_the_metric_makes_of_them() -> None:
    truth = np.arange(100)
    near, far = truth + 1.0, truth + np.where(truth % 2, 3.0, 1.0)
    found = {metric: weigh_rows(metric, truth, near, far) for metric in ("mse", "rmse", "mae")}
    effects = {metric: each.effect for metric, each in found.items() if isinstance(each, RowDifference)}
    assert effects == pytest.approx({"mse": -4.0, "rmse": 1 - math.sqrt(5), "mae": -1.0})
    labels = np.array(["a", "b"] * 50)
    wrong = np.where(np.arange(100) < 30, "c", labels)
    accuracy, errors = (weigh_rows(metric, labels, labels, wrong) for metric in ("accuracy", "error rate"))
    assert isinstance(accuracy, RowDifference)
    assert isinstance(errors, RowDifference)
    assert (accuracy.effect, errors.effect) == (0.3, -0.3)
    assert accuracy.interval(0.95) == pytest.approx(tuple(-bound for bound in reversed(errors.interval(0.95))))
    assert rule_all([errors], Rule(metric="error", goal="min"))[0].verdict == "better"


def test_predictions_that_say_nothing_are_told_in_words() -> None:
    truth = np.arange(40.0)
    assert "of 29 same rows" in str(weigh_rows("mae", truth[:29], truth[:29], truth[:29]))
    assert "not all predictions are finite" in str(weigh_rows("mse", truth, truth + 1e300, truth))
    assert "not all predictions are finite" in str(weigh_rows("mae", truth, truth * np.nan, truth))
    same = weigh_rows("accuracy", truth, truth, truth)
    assert isinstance(same, RowDifference)
    assert rule_all([same], Rule(metric="acc", goal="max"))[0] == Ruling(
        verdict="no difference", effect=0.0, interval=(0.0, 0.0), confidence=0.95
    )


@pytest.mark.parametrize(
    "asked",
    [
        {"min_delta": -0.1},
        {"min_delta": math.nan},
        {"min_delta": math.inf},
        {"min_delta": "0.1"},
        {"min_delta": True},
        {"confidence": 95},
        {"confidence": 1.0},
        {"confidence": 0.05},
        {"confidence": None},
    ],
)
def test_a_rule_that_cannot_be_used_is_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=f"{next(iter(asked))} is .*; expected"):
        Rule(metric="auc", goal="max", **asked)


def test_where_scipy_is_missing_one_line_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.partition(".")[0] == "scipy":
            raise ModuleNotFoundError(name)
        return real(name, *rest)

    monkeypatch.delitem(sys.modules, "scipy")
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(InputError, match=r"pip install 'trackside\[analysis\]'"):
        judge([0.9, 0.8], [0.7, 0.6])
