"""A small neural network in plain NumPy."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[np.float64]
    Labels: TypeAlias = NDArray[np.int64]

ACTIVATIONS: dict[str, tuple[Callable[[Array], Array], Callable[[Array], Array]]] = {
    "relu": (lambda x: np.maximum(x, 0), np.sign),
    "tanh": (np.tanh, lambda y: 1 - y * y),
}
"""Each activation, and its slope told from its value."""


class Network:
    """Layers of weights between measurements and kinds; with no hidden layer it is softmax regression.

    Parameters
    ----------
    sizes
        How many inputs, hidden units (of any number of layers) and kinds there are: ``[4, 16, 6]``.
    activation
        One of `ACTIVATIONS`.
    rng
        Draws the first weights.

    Attributes
    ----------
    layers
        Weights and biases of each layer; a training changes these arrays in place.
    """

    def __init__(self, sizes: list[int], activation: str, rng: np.random.Generator) -> None:
        self._bend, self._slope = ACTIVATIONS[activation]
        self.layers = [
            (rng.normal(0, 1 / np.sqrt(inputs), (inputs, outputs)), np.zeros(outputs))
            for inputs, outputs in pairwise(sizes)
        ]

    def score(self, measures: Array, kinds: Labels) -> tuple[float, float]:
        """Return the mean cross-entropy and the share of birds that are told right."""
        logs = _log_softmax(self._values(measures)[-1])
        loss = -logs[np.arange(len(kinds)), kinds].mean()
        return float(loss), float((logs.argmax(axis=1) == kinds).mean())

    def gradients(self, measures: Array, kinds: Labels, weight_decay: float) -> list[Array]:
        """Return the gradients of the mean cross-entropy, layer by layer: of the weights, of the biases.

        ``weight_decay`` draws the weights towards 0: half of it times the sum of their squares counts as loss.
        """
        *values, logits = self._values(measures)
        error = np.exp(_log_softmax(logits))
        error[np.arange(len(kinds)), kinds] -= 1
        error /= len(kinds)
        gradients: list[Array] = []
        for (weights, _), value in zip(reversed(self.layers), reversed(values), strict=True):
            gradients = [value.T @ error + weight_decay * weights, error.sum(axis=0), *gradients]
            error = error @ weights.T * self._slope(value)
        return gradients

    def _values(self, measures: Array) -> list[Array]:
        """Return what goes into each layer, and last the logits that come out."""
        *hidden, (weights, bias) = self.layers
        values = [measures]
        for hidden_weights, hidden_bias in hidden:
            values.append(self._bend(values[-1] @ hidden_weights + hidden_bias))
        return [*values, values[-1] @ weights + bias]


def _log_softmax(logits: Array) -> Array:
    centred = logits - logits.max(axis=1, keepdims=True)
    logs: Array = centred - np.log(np.exp(centred).sum(axis=1, keepdims=True))
    return logs
