"""Whether runs were evaluated alike is told from what is on record of their data, split, preparation and metric."""

from __future__ import annotations

from typing import Any

import pytest

from trackside.comparability.evaluations import Comparability, Evaluation, compare_evaluations
from trackside.comparability.metric_definitions import find_definition
from trackside.model import Dataset
from trackside.records import DataProfile, FilterStep
from trackside.run_data import RunDataset

ACCURACY = "%%track\nval_acc = accuracy_score(y_val, model.predict(X_val))"
SPLIT: dict[str, Any] = {"by": "train_test_split", "test_size": 0.2, "random_state": 0}


def data(name: str = "X_val", digest: str | None = "a", role: Any = "val", **more: Any) -> RunDataset:
    known = {key: more.pop(key) for key in ("split", "pipeline", "filters") if key in more}
    dataset = Dataset(name=name, kind="ndarray", role=role, digest=digest, **({"shape": "9×2"} | more))
    return RunDataset(run_id="r", dataset=dataset, profile=DataProfile(**known) if known else None)


def run(*datasets: RunDataset, source: str | None = ACCURACY) -> Evaluation:
    return Evaluation(datasets=datasets, source=source)


def compare(candidate: Evaluation, baseline: Evaluation, metric: str = "val_acc") -> Comparability:
    return compare_evaluations(metric, [candidate], [baseline])


def test_the_same_data_and_the_same_metric_are_comparable() -> None:
    assert compare(run(data()), run(data())) == Comparability(state="comparable")


@pytest.mark.parametrize(
    ("candidate", "baseline", "cause"),
    [
        (data(digest="b"), data(), "not evaluated on the same data (X_val)"),
        (
            data(digest="b", split=SPLIT | {"random_state": None}),
            data(split=SPLIT | {"random_state": None}),
            (
                "not evaluated on the same data (X_val): the split has no random_state, so that each run is evaluated "
                "on other rows"
            ),
        ),
        (
            data(digest="b", split=SPLIT | {"test_size": 0.3}),
            data(split=SPLIT),
            (
                "not evaluated on the same data (X_val): split is train_test_split(test_size=0.3, random_state=0) in "
                "the candidate, train_test_split(test_size=0.2, random_state=0) in the baseline"
            ),
        ),
        (
            data(digest="b", pipeline="StandardScaler", filters=[FilterStep(text="paid")]),
            data(),
            "not evaluated on the same data (X_val)",
        ),
        (
            data(digest="b", pipeline="StandardScaler", filters=[FilterStep(text="paid")]),
            data(pipeline="MinMaxScaler"),
            (
                "not evaluated on the same data (X_val): preprocessing is paid → StandardScaler in the candidate, "
                "MinMaxScaler in the baseline"
            ),
        ),
        (data(digest=None, shape="8×2"), data(), "not evaluated on the same data (X_val)"),
        (
            data(digest=None, split={"by": "train_test_split"}),
            data(split={"by": "train_test_split"}),
            "not evaluated alike: the split has no random_state, so that each run is evaluated on other rows",
        ),
        (data("X_te", digest="b"), data(), "not evaluated on the same data: other names, other content"),
    ],
)
def test_what_makes_runs_incomparable_is_said_in_words(candidate: RunDataset, baseline: RunDataset, cause: str) -> None:
    assert compare(run(candidate), run(baseline)) == Comparability(state="not comparable", causes=(cause,))


@pytest.mark.parametrize(
    ("candidate", "baseline", "cause"),
    [
        (run(), run(data()), "the data that val_acc was measured on is not on record"),
        (run(data(digest=None)), run(data()), "whether the content of X_val is the same is not on record"),
        (run(data(sampled=True)), run(data()), "whether the content of X_val is the same is not on record"),
        (run(data("X_te", digest=None)), run(data()), "by other names in each, and its content is not on record"),
        (run(data(), source=None), run(data()), "how val_acc is defined is not on record"),
        (run(data(), source="ts.log(val_acc=right / n)"), run(data()), "how val_acc is defined is not on record"),
    ],
)
def test_what_is_not_on_record_is_unknown(candidate: Evaluation, baseline: Evaluation, cause: str) -> None:
    found = compare(candidate, baseline)
    assert found.state == "unknown"
    assert cause in found.causes[-1]


def test_data_that_is_the_same_by_content_is_the_same_whatever_is_known_of_its_split() -> None:
    unseeded = data(split={"by": "train_test_split"})
    assert compare(run(unseeded), run(data(split=SPLIT))).state == "comparable"
    assert compare(run(data("X_te")), run(data())).state == "comparable"


def test_a_split_without_a_seed_is_told_where_no_name_says_what_was_evaluated_on() -> None:
    other = data("X_other", "b", None, split={"by": "train_test_split", "test_size": 0.3})
    cause = "not evaluated alike: the split has no random_state, so that each run is evaluated on other rows"
    assert compare(run(other), run(data())) == Comparability(state="not comparable", causes=(cause,))


def test_another_split_is_told_where_no_name_says_what_was_evaluated_on() -> None:
    theirs = run(data(split=SPLIT))
    other = run(data("Xv", "b", None, split=SPLIT | {"random_state": 4}))
    assert compare(other, theirs).state == "not comparable"
    assert "random_state=4) in the candidate, train_test_split(test_size=0.2, random_state=0)" in compare(
        other, theirs
    ).causes[0].replace("test_size=0.2, random_state=4", "random_state=4")
    assert compare(run(data("Xv", "b", None, split=SPLIT)), theirs).state == "unknown"


def test_folds_count_beside_the_content() -> None:
    folds: dict[str, Any] = {"by": "KFold", "n_splits": 5}
    source = "val_acc = cross_val_score(model, X, y, cv=KFold(5)).mean()"

    def of(**split: Any) -> Evaluation:
        return run(data("X", role=None, split=folds | split), source=source)

    assert compare(of(), of()).state == "unknown"
    assert "split is KFold(n_splits=5) in the candidate, KFold(n_splits=10)" in compare(of(), of(n_splits=10)).causes[0]
    assert "no random_state" in compare(of(shuffle=True), of(shuffle=True)).causes[0]
    assert compare(of(shuffle=True, random_state=0), of(shuffle=True, random_state=0)).state == "unknown"


def test_a_metric_of_the_test_data_is_compared_by_the_test_data() -> None:
    candidate = run(data(), data("X_test", "c", "test"), source=None)
    baseline = run(data(), data("X_test", "d", "test"), source=None)
    assert compare(candidate, baseline, "val_acc").state == "unknown"
    assert "X_test" in compare(candidate, baseline, "test_acc").causes[0]
    assert "X_test" in compare(candidate, baseline, "acc").causes[0]


def test_seeds_may_be_evaluated_on_other_rows_each_as_long_as_both_sides_are() -> None:
    one, other = run(data(digest="a")), run(data(digest="b"))
    assert compare_evaluations("val_acc", [one, other], [other, one]).state == "comparable"
    assert compare_evaluations("val_acc", [one, other], [one]).state == "not comparable"


def test_metrics_by_other_functions_or_settings_are_not_comparable() -> None:
    macro = run(data(), source="ts.log(val_f1=f1_score(y, p, average='macro'))")
    micro = run(data(), source="f = f1_score(y, q, average='micro')\nts.log({'val_f1': float(f)})")
    assert compare(macro, macro, "val_f1").state == "comparable"
    assert compare(macro, micro, "val_f1") == Comparability(
        state="not comparable",
        causes=(
            (
                "val_f1 is another metric in the candidate and in the baseline: f1_score(average='macro') and "
                "f1_score(average='micro')"
            ),
        ),
    )


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (None, None),
        ("", None),
        ("not python at all (", None),
        ("ts.log(acc=acc)", None),
        ("acc = acc", None),
        ("a = b\nb = a\nts.log(acc=a)", None),
        ("!pip list\n%%time\nacc = model.score(X, y)", "score()"),
        ("run.log(acc=accuracy_score(y, p).item())", "accuracy_score()"),
        ("acc = accuracy_score(y, p)\nacc = balanced_accuracy_score(y, p)", None),
        ("acc = float()", None),
        ("acc = np.mean(right)", None),
        ("acc = f1_score(y, p, average=mode, beta=2 ** 1, sample_weight=w)", "f1_score(beta=2)"),
        ("acc = " + "(" * 500 + "1" + ")" * 500, None),
    ],
)
def test_a_definition_is_known_where_the_cell_says_it(source: str | None, found: str | None) -> None:
    assert find_definition(source, "acc") == found
