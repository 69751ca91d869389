"""The helpers draw with scikit-learn's displays and keep picture and numbers; rows of predictions can be found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

import trackside as ts
from trackside.errors import InputError
from trackside.tracking.current import begin_cell
from trackside.tracking.live_run import _EVALUATIONS

if TYPE_CHECKING:
    from trackside.artifacts import KeptArtifact

pytestmark = pytest.mark.usefixtures("store_folder")

rng = np.random.default_rng(0)
TRUTH = rng.integers(0, 2, 200)
SCORES = np.clip(TRUTH * 0.3 + rng.random(200) * 0.7, 0, 1)


def last(name: str) -> KeptArtifact:
    return ts.runs("last").artifacts()[name]


def test_a_confusion_matrix_is_a_figure_and_its_counts() -> None:
    with ts.run("r"):
        artifact = ts.log_confusion_matrix(["cat", "dog", "dog"], ["cat", "cat", "dog"])
    assert artifact is not None
    assert (artifact.name, artifact.kind, artifact.mime) == ("confusion matrix", "figure", "image/png")
    assert last("confusion matrix").data == {"labels": ["cat", "dog"], "matrix": [[1, 0], [1, 1]]}


def test_curves_are_scikit_learns() -> None:
    with ts.run("r"):
        ts.log_roc(TRUTH, SCORES, step=4)
        ts.log_pr(TRUTH, SCORES)
        ts.log_calibration(TRUTH, SCORES, bins=5)
    (roc,) = last("ROC").data["curves"]
    assert roc["auc"] == pytest.approx(roc_auc_score(TRUTH, SCORES))
    assert len(roc["fpr"]) == len(roc["tpr"]) == len(roc["threshold"])
    assert last("ROC").step == 4
    (curve,) = last("precision and recall").data["curves"]
    assert curve["average_precision"] == pytest.approx(average_precision_score(TRUTH, SCORES))
    assert len(last("calibration").data["predicted"]) == 5


def test_of_many_classes_each_has_a_curve() -> None:
    truth = np.array(["a", "b", "c"] * 20)
    with ts.run("r"):
        ts.log_roc(truth, rng.random((60, 3)))
    assert [curve["class"] for curve in last("ROC").data["curves"]] == ["a", "b", "c"]
    with ts.run("r"), pytest.raises(InputError, match=r"scores of shape .60, 2. for 3 classes"):
        ts.log_roc(truth, rng.random((60, 2)))


def test_it_draws_on_axes_that_are_given_and_else_shows_nothing() -> None:
    before = plt.get_fignums()
    figure, axes = plt.subplots()
    with ts.run("r"):
        ts.log_roc(TRUTH, SCORES)
        assert not axes.lines
        ts.log_roc(TRUTH, SCORES, ax=axes)
    assert axes.lines
    plt.close(figure)
    assert plt.get_fignums() == before


def test_what_scikit_learn_refuses_is_one_input_error() -> None:
    with ts.run("r"), pytest.raises(InputError, match=r"log_roc.*inconsistent numbers of samples"):
        ts.log_roc([0, 1], [0.1])


FRAME = pd.DataFrame({"x": np.arange(50.0), "y": list("abcde") * 10})


def table(**how: Any) -> pd.DataFrame:
    with ts.run("r"):
        ts.log_predictions(how.pop("y_true", range(50)), how.pop("y_pred", range(50)), **how)
    loaded: pd.DataFrame = last("predictions").load()
    return loaded


def test_rows_go_by_the_ids_given_the_index_or_their_content() -> None:
    assert table(ids=[f"r{n}" for n in range(50)])["id"].tolist()[:2] == ["r0", "r1"]
    indexed = FRAME.set_axis([f"i{n}" for n in range(50)])
    assert table(features=indexed)["id"].tolist()[:2] == ["i0", "i1"]
    assert last("predictions").about["ids"] == "index"
    straight, shuffled = table(features=FRAME), table(features=FRAME[::-1].reset_index(drop=True))
    assert straight["id"].tolist() == shuffled["id"].tolist()[::-1]
    assert len(set(straight["id"])) == 50
    assert table()["id"].astype(str).tolist() == [str(n) for n in range(50)]


def test_equal_rows_are_told_apart() -> None:
    ids = table(features=np.zeros((50, 2)))["id"].tolist()
    assert len(set(ids)) == 50
    assert ids[1] == f"{ids[0]}-2"


def test_every_run_keeps_the_same_sample() -> None:
    straight, shuffled = (
        table(features=FRAME, rows=10),
        table(features=FRAME.sample(frac=1, random_state=0).reset_index(drop=True), rows=10),
    )
    assert len(straight) == 10
    assert set(straight["id"]) == set(shuffled["id"])
    assert last("predictions").about["rows"] == "50"


def test_the_columns_are_predictions_probabilities_and_features() -> None:
    found = table(features=FRAME, proba=np.full((50, 2), 0.5))
    assert list(found) == ["id", "y_true", "y_pred", "proba_0", "proba_1", "x", "y"]


def test_lengths_must_agree() -> None:
    with ts.run("r"), pytest.raises(InputError, match="found 3 rows of y_pred and 2 of y_true"):
        ts.log_predictions([1, 2], [1, 2, 3])
    with ts.run("r"), pytest.raises(InputError, match="rows=0"):
        ts.log_predictions([1], [1], rows=0)


def test_without_a_run_the_helpers_warn() -> None:
    begin_cell()
    with pytest.warns(UserWarning, match=r"log_roc.…. was not kept"):
        assert ts.log_roc(TRUTH, SCORES) is None


def test_a_run_says_where_evaluations_are_logged() -> None:
    with (
        ts.run("mlp") as run,
        pytest.raises(AttributeError, match=r"ts\.log_predictions\(…\) logs to the"),
    ):
        run.log_predictions  # type: ignore[attr-defined]  # noqa: B018 - that a run has none is what is tried
    assert set(_EVALUATIONS) == {name for name in ts.__all__ if name.startswith("log_") and not hasattr(run, name)}
