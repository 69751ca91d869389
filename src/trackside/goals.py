"""Whether a metric is better low or high, and which metric says best: known from its name, where it is known at all."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Goal: TypeAlias = Literal["min", "max"]

_LOW_IS_BETTER = frozenset(
    (
        "loss losses error err errors mse rmse mae mape smape msle rmsle medae nll logloss crossentropy xent brier "
        "perplexity ppl bpb bpc wer cer ter fid kid ece deviance regret hamming hinge distance divergence kl"
    ).split()
)
_HIGH_IS_BETTER = frozenset(
    (
        "acc accuracy auc auroc auprc roc pr ap map f1 fbeta precision recall sensitivity specificity r2 score scores "
        "iou miou jaccard dice bleu rouge meteor ndcg mrr hits reward return kappa mcc psnr ssim silhouette gini "
        "correlation spearman pearson likelihood elbo ev explained"
    ).split()
)
_HELD_OUT = ("test", "val", "valid", "validation", "eval", "dev", "cv", "oof", "holdout")
_WORDS = re.compile(r"[A-Z]+(?![a-z])\d*|[A-Z]?[a-z]+\d?|\d+")


def split_words(name: str) -> list[str]:
    """Split a metric's name into lower-case words.

    Examples
    --------
    >>> split_words("val/rocAUC_f1")
    ['val', 'roc', 'auc', 'f1']
    """
    return [word.lower() for word in _WORDS.findall(name)]


def infer_goal(metric: str) -> Goal | None:
    """Return the goal a metric's name tells, or None. The last telling word counts.

    Examples
    --------
    >>> infer_goal("val_loss"), infer_goal("log_loss_auc"), infer_goal("epoch")
    ('min', 'max', None)
    """
    words = split_words(metric)
    for at, word in reversed(list(enumerate(words))):
        if word in _LOW_IS_BETTER:
            return "max" if "neg" in words[:at] else "min"  # scikit-learn negates errors: test_neg_mean_squared_error
        if word in _HIGH_IS_BETTER:
            return "max"
    return None


def rank_metrics(metrics: Iterable[str]) -> list[str]:
    """Order metrics by how well they say which run is best: held-out before training, known goals before unknown.

    Examples
    --------
    >>> rank_metrics(["epoch", "loss", "val_loss"])
    ['val_loss', 'loss', 'epoch']
    """

    def rank(metric: str) -> tuple[bool, bool, list[tuple[int, str]]]:
        words = split_words(metric)
        return (
            infer_goal(metric) is None,
            not any(word in _HELD_OUT for word in words),
            natural_order(metric),
        )

    return sorted(metrics, key=rank)


@dataclass(frozen=True)
class Goals:
    """What somebody said of metrics; of the others their names tell.

    Attributes
    ----------
    given
        Goals by metric.
    main
        The metric that says which run is best, if somebody chose one.
    """

    given: Mapping[str, Goal] = field(default_factory=dict)
    main: str | None = None

    def of(self, metric: str) -> Goal | None:
        """Return a metric's goal: as given, else as its name tells, else None."""
        return self.given.get(metric) or infer_goal(metric)

    def is_given(self, metric: str) -> bool:
        """Tell whether somebody said the metric's goal; else it is inferred."""
        return metric in self.given

    def main_of(self, metrics: Iterable[str]) -> str | None:
        """Return the metric that says best which of some runs is best, or None where nobody can know.

        Examples
        --------
        >>> Goals().main_of(["epoch", "loss", "val_loss"]), Goals(main="loss").main_of(["loss", "val_loss"])
        ('val_loss', 'loss')
        """
        ranked = self.rank(metrics)
        return next((metric for metric in ranked if metric == self.main or self.of(metric)), None)

    def rank(self, metrics: Iterable[str]) -> list[str]:
        """Order metrics as `rank_metrics` does, those first whose goal was given, the main one before all."""
        return sorted(rank_metrics(metrics), key=lambda metric: (metric != self.main, metric not in self.given))

    def overlaid(self, other: Goals) -> Goals:
        """Return these goals with ``other`` before them."""
        return Goals({**self.given, **other.given}, other.main or self.main)


def natural_order(name: str) -> list[tuple[int, str]]:
    """Return a key that sorts names as people do.

    Examples
    --------
    >>> sorted(["p10", "p2", "lr"], key=natural_order)
    ['lr', 'p2', 'p10']
    """
    pieces = re.split(r"(\d+)", name)
    return [(int(piece), "") if place % 2 else (-1, piece) for place, piece in enumerate(pieces)]
