"""`ts.check` and `ts.assert_beats` judge the runs of real stores, and say what the verdict rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import log_loss, roc_auc_score

import trackside as ts
from tests.diff.support import details_of, keep_run
from trackside.errors import CheckFailed, InputError
from trackside.model import Dataset
from trackside.team.baselines import choose_baseline

if TYPE_CHECKING:
    from pathlib import Path

OLD, NEW, BAD = (0.90, 0.91, 0.89, 0.90, 0.905), (0.95, 0.96, 0.94, 0.955, 0.95), (0.80, 0.81, 0.79, 0.80, 0.82)
RIGHT = np.arange(200) % 2


def train(model: str, values: tuple[float, ...], metric: str = "val_acc", **params: Any) -> None:
    """Keep a run for each seed."""
    for seed, value in enumerate(values):
        with ts.run(model, params={"model": model, "seed": seed, **params}) as run:
            run.log({metric: value})


def predict(run_name: str, wrong: int, metric: str = "test_acc", truth: Any = RIGHT, **more: Any) -> None:
    """Keep a run with its predictions, of which so many are wrong."""
    with ts.run(run_name) as run:
        predicted = np.where(np.arange(len(truth)) < wrong, 1 - truth, truth)
        ts.log_predictions(truth, predicted, **more)
        run.log({metric: 1 - wrong / len(truth)})


@pytest.fixture
def trained(store_folder: Path) -> Path:
    """Return a store with three ways to train, five seeds each."""
    train("old", OLD)
    train("new", NEW)
    train("bad", BAD)
    return store_folder


@pytest.mark.usefixtures("trained")
def test_seeds_are_judged_together() -> None:
    made = ts.check("model == 'new'", against="model == 'old'")
    assert (made.verdict, made.passed, made.comparable) == ("better", True, "unknown")
    assert made.effect == pytest.approx(np.mean(NEW) - np.mean(OLD))
    assert made.interval is not None
    assert made.interval[0] < (made.effect or 0) < made.interval[1]
    assert made.method == "Welch's t interval"
    assert (made.rule.metric, made.rule.goal) == ("val_acc", "max")
    assert "how val_acc is defined is not on record" in repr(made)
    assert "a bootstrap over the runs (BCa) agrees" in repr(made)
    assert ts.check("model == 'new'", against="model == 'old'", min_delta=0.1).verdict == "no difference"


@pytest.mark.usefixtures("trained")
def test_a_regression_names_the_first_thing_that_differs() -> None:
    made = ts.check("model == 'bad'", "val_acc", ts.runs("model == 'old'"))
    assert made.verdict == "worse"
    assert made.first_difference == "params · model: old → bad"
    assert "first difference: params · model: old → bad" in repr(made)
    assert ts.check("model == 'new'", against="model == 'old'").first_difference is None


@pytest.mark.usefixtures("trained")
def test_several_candidates_are_each_held_to_more() -> None:
    made = ts.check(ts.runs(), against="model == 'old'")
    assert {each.candidate.label: each.verdict for each in made.each} == {"new": "better", "bad": "worse"}
    assert (made.verdict, made.passed) == ("worse", False)
    assert made.each[0].interval_confidence == pytest.approx(0.975)
    titles, *rows = repr(made).splitlines()[-3:]
    assert titles.split() == ["candidate", "verdict", made.rule.metric, "difference", "interval"]
    means = [f"{np.mean(each.candidate.values):.5g}" for each in made.each]
    ends = {row.index(mean) + len(mean) for row, mean in zip(rows, means, strict=True)}
    assert ends == {titles.index(made.rule.metric) + len(made.rule.metric)}
    assert "of 2 candidates the least decides: bad" in repr(made)
    assert "held to 97.5 % by Holm's correction" in repr(made)


@pytest.mark.usefixtures("trained")
def test_what_is_not_better_fails_the_cell() -> None:
    assert ts.assert_beats("model == 'new'", against="model == 'old'").passed
    with pytest.raises(CheckFailed, match="worse: val_acc 0"):
        ts.assert_beats("model == 'bad'", against="model == 'old'")
    assert issubclass(CheckFailed, AssertionError)


@pytest.mark.usefixtures("trained")
def test_one_run_is_held_against_several() -> None:
    with ts.run("alone", params={"model": "alone"}) as run:
        run.log(val_acc=0.9)
    ts.runs("alone").make_baseline()
    made = ts.check("model == 'new'")
    assert (made.verdict, len(made.baseline.values)) == ("better", 1)
    assert "one run against several" in made.method
    assert "it is taken that the way to train of which there is one run scatters like the other" in made.reasons


@pytest.mark.usefixtures("store_folder")
def test_the_runs_inside_of_a_run_are_its_seeds() -> None:
    for name, values in (("old", OLD), ("new", NEW)):
        with ts.run(name) as parent:
            for seed, value in enumerate(values):
                with ts.run(f"{name}-{seed}", params={"seed": seed}, parent=parent.id) as run:
                    run.log(val_acc=value)
    made = ts.check("new", against="old")
    assert (made.verdict, len(made.candidate.values), len(made.baseline.values)) == ("better", 5, 5)


@pytest.mark.usefixtures("store_folder")
def test_the_goal_says_what_better_is() -> None:
    train("old", OLD, "quality")
    train("new", NEW, "quality")
    with pytest.raises(InputError, match=r"say it: ts.metric\('quality', goal='min'\)"):
        ts.check("model == 'new'", "quality", "model == 'old'")
    ts.metric("quality", goal="min", main=True)
    assert ts.check("model == 'new'", against="model == 'old'").verdict == "worse"


@pytest.mark.usefixtures("store_folder")
def test_one_run_each_is_judged_by_the_predictions_of_both() -> None:
    predict("old", 50)
    predict("new", 20)
    made = ts.check("new", against="old")
    assert made.verdict == "better"
    assert made.effect == pytest.approx(0.15)
    assert "McNemar's exact test and bootstrap on 200 rows (30 right only here, 0 only there)" in repr(made)
    assert "not of how training them again would come out" in repr(made)
    assert ts.check("old", against="new").verdict == "worse"


@pytest.mark.usefixtures("store_folder")
@pytest.mark.parametrize("names", [None, ["no", "yes"], ["proba_0", "proba_1"]])
def test_kept_probabilities_tell_the_area_and_the_log_loss(names: list[str] | None) -> None:
    random = np.random.default_rng(0)
    truth = np.where(random.random(300) < 0.4, "yes", "no")
    for name, noise in (("old", 2.0), ("new", 0.5)):
        share = 1 / (1 + np.exp(-2 * ((truth == "yes") - 0.5) + random.normal(0, noise, 300)))
        proba = share if names is None else pd.DataFrame({names[0]: 1 - share, names[1]: share})
        with ts.run(name) as run:
            ts.log_predictions(truth, np.where(share > 0.5, "yes", "no"), proba=proba)
            run.log(val_auc=roc_auc_score(truth == "yes", share), val_log_loss=log_loss(truth, share))
    for metric in ("val_auc", "val_log_loss"):
        made = ts.check("new", metric, against="old")
        assert made.verdict == "better"
        assert made.effect == pytest.approx(made.candidate.values[0] - made.baseline.values[0])
        assert "not of how training them again" in repr(made)


@pytest.mark.usefixtures("store_folder")
@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"metric": "test_f1"}, "single rows do not tell test_f1"),
        ({"metric": "test_auc"}, "kept no probability of each class"),
        ({"name": "others"}, "kept no predictions of one name"),
        ({"truth": 1 - RIGHT}, "rows of one name have other targets in each"),
        ({"truth": RIGHT[:20]}, "of 20 same rows; expected 30 or more"),
        ({"ids": [f"r{row}" for row in range(200)]}, "of 0 same rows"),
    ],
)
def test_predictions_that_cannot_be_paired_are_no_evidence(more: dict[str, Any], told: str) -> None:
    predict("old", 50, **({"metric": more["metric"]} if "metric" in more else {}))
    predict("new", 5, **more)
    made = ts.check("new", against="old")
    assert (made.verdict, made.effect, made.interval) == ("not enough data", None, None)
    assert "one run on each side" in made.reasons[0]
    assert told in made.reasons[0]


def test_runs_that_were_not_evaluated_alike_are_refused_unless_asked(store_folder: Path) -> None:
    for digest, values in (("a", OLD), ("b", NEW)):
        for value in values:
            data = Dataset(name="X_val", kind="ndarray", shape="9×2", role="val", digest=digest)
            run = keep_run(
                store_folder, None, name=digest, params={"seed": value}, metrics={"val_acc": value}, datasets=[data]
            )
    details_of(store_folder, run)
    candidate, baseline = (ts.runs(f"name == '{name}'", include_hidden=True) for name in "ba")
    refused = candidate.check(against=baseline)
    assert (refused.verdict, refused.comparable, refused.effect) == ("not comparable", "not comparable", None)
    assert refused.reasons[0] == "not evaluated on the same data (X_val)"
    assert "allow_incomparable=True" in refused.reasons[1]
    allowed = candidate.check(against=baseline, allow_incomparable=True)
    assert (allowed.verdict, allowed.comparable, allowed.is_forced) == ("better", "not comparable", True)
    assert repr(allowed).startswith("✓ better (not comparable): val_acc")
    assert "not comparable, and judged all the same, as was asked: not evaluated on the same data" in repr(allowed)
    assert "not evaluated on the same data" in allowed._repr_html_()
    train("worse", BAD)
    both = ts.runs("name != 'a'", include_hidden=True).check(against=baseline, allow_incomparable=True)
    assert both.verdict == "worse"
    assert "b: not comparable, and judged all the same, as was asked: not evaluated on the same" in repr(both)
    assert "better (not comparable)" in both._repr_html_()


@pytest.mark.usefixtures("store_folder")
@pytest.mark.parametrize(
    ("values", "verdict", "told"),
    [
        ((0.95, float("nan"), 0.96), "not enough data", "not all values are finite"),
        ((float("inf"), 0.95), "not enough data", "not all values are finite"),
        ((0.95, 0.95, 0.95), "better", "one run"),
        ((0.95,), "better", "Crawford and Howell"),
        ((0.90, 0.91), "no difference", "no difference is shown"),
    ],
)
def test_odd_values_end_in_a_clear_verdict(values: tuple[float, ...], verdict: str, told: str) -> None:
    train("old", OLD)
    train("new", values)
    made = ts.check("model == 'new'", against="model == 'old'")
    assert made.verdict == verdict
    assert told in repr(made) or verdict == "better"
    assert made._repr_html_()


@pytest.mark.usefixtures("store_folder")
def test_the_same_values_everywhere_are_no_difference() -> None:
    train("old", (0.9, 0.9))
    train("new", (0.9, 0.9))
    assert ts.check("model == 'new'", against="model == 'old'").verdict == "no difference"
    train("newer", (0.91, 0.91))
    assert "came to one value" in ts.check("model == 'newer'", against="model == 'old'").reasons[0]


@pytest.mark.usefixtures("store_folder")
def test_what_does_not_count_is_told() -> None:
    train("old", OLD)
    train("new", NEW)

    def fail() -> None:
        with ts.run("new", params={"model": "new", "seed": 9}) as run:
            run.log(val_acc=1 / 0)

    with pytest.raises(ZeroDivisionError):
        fail()
    with ts.run("new", params={"model": "new", "seed": 0}) as run:
        run.log(val_acc=NEW[0])
    made = ts.runs("model == 'new'", include_hidden=True).check(against="model == 'old'")
    assert len(made.candidate.values) == 5
    assert "left out: 1 run that failed" in repr(made)
    assert "1 run of the same seed and value counted once" in repr(made)


@pytest.mark.usefixtures("trained")
@pytest.mark.parametrize(
    ("runs", "asked", "told"),
    [
        ("model == 'new'", {}, "'baseline' names no run: none was chosen"),
        ("model == 'new'", {"metric": "val_ac", "against": "last"}, "Did you mean 'val_acc'"),
        ("model == 'new'", {"against": "lasst"}, "'lasst' names no run"),
        ("model == 'new'", {"against": "seed == 0"}, "are of 3 kinds: they differ in model"),
        ("model == 'new'", {"against": "seed == 77"}, "names no run that is there"),
        ("model == 'none'", {"against": "last"}, "no run fulfils"),
        ("last", {"against": "last"}, "is the one that it is held against"),
        ("model == 'new'", {"against": "last", "min_delta": -1}, "min_delta is -1"),
        ("model == 'new'", {"against": "last", "confidence": 95}, "confidence is 95"),
    ],
)
def test_what_cannot_be_checked_is_said_in_one_line(runs: str, asked: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError, match=told) as raised:
        ts.check(runs, **asked)
    assert "\n" not in str(raised.value)


def test_a_baseline_that_is_gone_is_said_to_be(trained: Path) -> None:
    choose_baseline(ts.Store(trained), "p", ["digits"], "01934d5e-7c1a-7def-8abc-0123456789ab")
    with pytest.raises(InputError, match="'baseline' names no run that is there"):
        ts.check("model == 'new'")


@pytest.mark.usefixtures("trained")
def test_runs_of_another_store_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = ts.runs("model == 'new'")
    monkeypatch.setenv("TRACKSIDE_STORE", str(tmp_path / "other"))
    train("old", OLD)
    with pytest.raises(InputError, match="of another store"):
        here.check(against=ts.runs())


@pytest.mark.usefixtures("store_folder")
@pytest.mark.parametrize(("runs", "asked"), [(5, {}), ("new", {"against": None}), ("new", {"metric": ["val_acc"]})])
def test_values_of_the_wrong_kind_are_refused(runs: Any, asked: Any) -> None:
    train("new", NEW[:1])
    with pytest.raises(InputError, match=r"^found .*; expected "):
        ts.check(runs, **asked)


@pytest.mark.usefixtures("store_folder")
def test_no_runs_are_refused() -> None:
    with pytest.raises(InputError, match="no runs to check"):
        ts.runs().check()


@pytest.mark.usefixtures("trained")
def test_a_check_has_no_truth_of_its_own() -> None:
    made = ts.check("model == 'new'", against="model == 'old'")
    with pytest.raises(InputError, match=r"use \.verdict, or \.passed"):
        bool(made)


@pytest.mark.usefixtures("store_folder")
def test_names_from_a_store_reach_no_page_unescaped() -> None:
    for model, values in (("<script>a</script>", OLD), ("<img src=x>\u202e", NEW)):
        train(model, values, "val_acc")
    made = ts.check(ts.runs(), against="model == '<script>a</script>'")
    data, metadata = made._repr_mimebundle_()
    assert "<script>" not in data["text/html"]
    assert "<img" not in data["text/html"]
    assert "\u202e" not in data["text/html"] + data["text/plain"]
    assert metadata["trackside"]["kind"] == "check"
