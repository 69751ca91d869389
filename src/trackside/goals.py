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
        "loss losses error err errors merror mse rmse mae mape smape msle rmsle medae nll logloss mlogloss xent "
        "xentropy crossentropy brier cost costs perplexity ppl bpb bpc wer cer ter fid kid ece deviance regret hamming "
        "hinge distance divergence kl aic bic inertia"
    ).split()
)
_HIGH_IS_BETTER = frozenset(
    (
        "acc accs accuracy accuracies auc aucs auroc auprc aucpr roc pr ap map exact f1 fbeta precision recall "
        "sensitivity specificity r2 rsquared score scores iou miou jaccard dice bleu rouge meteor ndcg mrr hits reward "
        "rewards return returns kappa mcc psnr ssim silhouette gini correlation spearman pearson likelihood loglik llf "
        "elbo ev explained ari ami nmi homogeneity completeness"
    ).split()
)
_SAID_OF_OTHER_THINGS = frozenset("map return returns hits pr ev explained correlation distance".split())
"""Words that mean a metric only where nothing but a held-out word stands beside them: ``map``, not ``label_map``."""

_NO_GOAL = frozenset("std var deviation".split())
"""How much a metric scatters says nothing of which run is best."""

SYSTEM_PREFIX = "system/"
"""What the names of metrics begin with that are measured of the machine: they say nothing of a run's result."""

_HELD_OUT = frozenset("test val valid validation eval dev cv oof holdout".split())
ROLES = _HELD_OUT | frozenset("train training testing".split())
"""Words for the part of the data that a metric was measured on."""

_WORDS = re.compile(r"IoU|[A-Z]+(?![a-z])\d*|[A-Z]?[a-z]+\d*|\d+")


def split_words(name: str) -> list[str]:
    """Split a metric's name into lower-case words.

    Examples
    --------
    >>> split_words("val/rocAUC_f1")
    ['val', 'roc', 'auc', 'f1']
    """
    return [word.lower() for word in _WORDS.findall(name)]


def has_metric_word(name: str) -> bool:
    """Tell whether a name says that it is a metric's.

    Examples
    --------
    >>> has_metric_word("val_loss"), has_metric_word("testAccuracy"), has_metric_word("lossless")
    (True, True, False)
    """
    words = [_known(word) for word in split_words(name)]
    telling = (_LOW_IS_BETTER | _HIGH_IS_BETTER).intersection(words)
    stands_alone = all(word in telling or word in ROLES or word.isdigit() for word in words)
    return bool(telling if stands_alone else telling - _SAID_OF_OTHER_THINGS)


def infer_goal(metric: str) -> Goal | None:
    """Return the goal a metric's name tells, or None. The last telling word counts.

    Examples
    --------
    >>> infer_goal("val_loss"), infer_goal("log_loss_auc"), infer_goal("epoch")
    ('min', 'max', None)
    """
    words = [_known(word) for word in split_words(metric)]
    for at, word in reversed(list(enumerate(words))):
        if word in _NO_GOAL:
            return None
        if word in _LOW_IS_BETTER:
            return "max" if "neg" in words[:at] else "min"  # scikit-learn negates errors: test_neg_mean_squared_error
        if word in _HIGH_IS_BETTER:
            return "max"
    return None


def is_system_metric(metric: str) -> bool:
    """Tell whether a metric is one of the machine: ``system/cpu``, ``system/gpu0/memory``."""
    return metric.startswith(SYSTEM_PREFIX)


def rank_metrics(metrics: Iterable[str]) -> list[str]:
    """Order metrics by how well they say which run is best: held-out before training, known goals before unknown.

    Those of the machine come last.

    Examples
    --------
    >>> rank_metrics(["epoch", "loss", "val_loss"])
    ['val_loss', 'loss', 'epoch']
    """

    def rank(metric: str) -> tuple[bool, bool, bool, list[tuple[int, str]]]:
        words = split_words(metric)
        return (
            is_system_metric(metric),
            infer_goal(metric) is None,
            _HELD_OUT.isdisjoint(words),
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


def _known(word: str) -> str:
    """Return a word without the number at its end where only the rest is known: ``acc5``, but ``f1``."""
    is_known = word in _LOW_IS_BETTER or word in _HIGH_IS_BETTER
    return word if is_known else word.rstrip("0123456789") or word


def natural_order(name: str) -> list[tuple[int, str]]:
    """Return a key that sorts names as people do.

    Examples
    --------
    >>> sorted(["p10", "p2", "lr"], key=natural_order)
    ['lr', 'p2', 'p10']
    """
    pieces = re.split(r"(\d+)", name)
    return [(int(piece), "") if place % 2 else (-1, piece) for place, piece in enumerate(pieces)]
