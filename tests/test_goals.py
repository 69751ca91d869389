"""Whether a metric is better low or high is told by its name, and by nothing where the name does not say."""

from __future__ import annotations

import pytest

from trackside.goals import infer_goal, rank_metrics


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
        ("epoch", None),
        ("n_estimators", None),
        ("", None),
    ],
)
def test_goal_is_inferred_from_the_name(metric: str, goal: str | None) -> None:
    assert infer_goal(metric) == goal


def test_held_out_metrics_come_before_training_ones() -> None:
    assert rank_metrics(["loss", "epoch", "val_loss", "accuracy"]) == ["val_loss", "accuracy", "loss", "epoch"]
