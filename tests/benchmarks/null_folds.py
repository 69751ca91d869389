"""Cross-validations of two models that learn equally well, for how often a test finds a difference between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray


def null_folds(
    count: int, *, rows: int = 60, folds: int = 5, repeats: int = 1, gain: float = 0.0, seed: int = 0
) -> Iterator[tuple[NDArray[np.float64], float]]:
    """Yield how much less the first errs by fold (mean squared error), and the share of rows tested by rows trained on.

    Each time there are new data, of two groups of three features that tell equally much of the target; one model is
    fitted (least squares) to the first group, the other to the second. With ``gain`` the first tells so much more.
    """
    random = np.random.default_rng(seed)
    for _ in range(count):
        features = random.normal(size=(rows, 6))
        weights = np.array([1 + gain] * 3 + [1.0] * 3)
        target = features @ weights + random.normal(size=rows)
        errors = [
            [_error(features[:, group], target, tested) for group in (slice(0, 3), slice(3, 6))]
            for _ in range(repeats)
            for tested in np.array_split(random.permutation(rows), folds)
        ]
        yield np.diff(np.array(errors), axis=1)[:, 0], 1 / (folds - 1)


def _error(features: NDArray[np.float64], target: NDArray[np.float64], tested: NDArray[np.intp]) -> float:
    is_trained = np.ones(len(target), bool)
    is_trained[tested] = False
    design = np.column_stack([np.ones(len(target)), features])
    weights = np.linalg.lstsq(design[is_trained], target[is_trained], rcond=None)[0]
    return float(np.mean((design[tested] @ weights - target[tested]) ** 2))
