"""Whether a metric is better low or high is told by its name, and by nothing where the name does not say."""

from __future__ import annotations

import pytest

from trackside.goals import has_metric_word, infer_goal, rank_metrics


@pytest.mark.parametrize(
    ("metric", "goal"),
    [
        ("loss", "min"),
        ("val_loss", "min"),
        ("val/rmse", "min"),
        ("logLoss", "min"),
        ("testError", "min"),
        ("accuracy", "max"),
        ("val_acc", "max"),
        ("roc_auc_score", "max"),
        ("f1", "max"),
        ("R2", "max"),
        ("neg_mean_squared_error", "max"),
        ("test_neg_mean_squared_error.mean", "max"),
        ("acc5", "max"),
        ("mIoU", "max"),
        ("loss2", "min"),
        ("aic", "min"),
        ("scores.std", None),
        ("epoch", None),
        ("n_estimators", None),
        ("", None),
    ],
)
def test_goal_is_inferred_from_the_name(metric: str, goal: str | None) -> None:
    assert infer_goal(metric) == goal


@pytest.mark.parametrize(
    "name", ["val_loss", "testAccuracy", "acc5", "R2", "val/rocAUC", "mIoU", "map", "val_map50", "ari"]
)
def test_a_metric_is_known_by_its_name(name: str) -> None:
    assert has_metric_word(name)


@pytest.mark.parametrize("name", ["lossless", "label_map", "returns_df", "accent", "epoch", "learning_rate", "f", ""])
def test_other_names_are_no_metrics(name: str) -> None:
    assert not has_metric_word(name)


@pytest.mark.parametrize("metric", ["acc", "val_loss", "rmse", "r2", "f1", "roc_auc", "perplexity", "map", "aic"])
def test_what_has_a_goal_is_a_metric(metric: str) -> None:
    """One vocabulary serves both questions."""
    assert has_metric_word(metric)
    assert infer_goal(metric) is not None


def test_held_out_metrics_come_before_training_ones() -> None:
    assert rank_metrics(["loss", "epoch", "val_loss", "accuracy"]) == ["val_loss", "accuracy", "loss", "epoch"]
