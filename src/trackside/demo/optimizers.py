"""Ways to change params by their gradients."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Arrays: TypeAlias = list[NDArray[np.float64]]


class Descent:
    """Gradient descent; with momentum, each step goes on in the direction of those before it."""

    def __init__(self, params: Arrays, lr: float, momentum: float = 0.0) -> None:
        self._params, self._lr, self._momentum = params, lr, momentum
        self._velocities = [np.zeros_like(param) for param in params]

    def step(self, gradients: Arrays) -> None:
        """Change the params in place."""
        for param, velocity, gradient in zip(self._params, self._velocities, gradients, strict=True):
            velocity[:] = self._momentum * velocity + gradient
            param[:] -= self._lr * velocity


class Adam:
    """Adam: steps as long as the gradient's mean is against its spread (Kingma and Ba, 2015, algorithm 1)."""

    MEAN, SPREAD, TINY = 0.9, 0.999, 1e-8

    def __init__(self, params: Arrays, lr: float) -> None:
        self._params, self._lr = params, lr
        self._means = [np.zeros_like(param) for param in params]
        self._spreads = [np.zeros_like(param) for param in params]
        self._steps = 0

    def step(self, gradients: Arrays) -> None:
        """Change the params in place."""
        self._steps += 1
        lr = self._lr * (1 - self.SPREAD**self._steps) ** 0.5 / (1 - self.MEAN**self._steps)
        for param, mean, spread, gradient in zip(self._params, self._means, self._spreads, gradients, strict=True):
            mean[:] += (1 - self.MEAN) * (gradient - mean)
            spread[:] += (1 - self.SPREAD) * (gradient**2 - spread)
            param[:] -= lr * mean / (np.sqrt(spread) + self.TINY)


OPTIMIZERS: dict[str, Callable[[Arrays, float], Descent | Adam]] = {
    "sgd": Descent,
    "momentum": lambda params, lr: Descent(params, lr, momentum=0.9),
    "adam": Adam,
}
