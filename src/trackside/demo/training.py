"""The training that the demo's runs are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from trackside.demo.network import ACTIVATIONS, Network
from trackside.demo.optimizers import OPTIMIZERS
from trackside.demo.penguins import MEASURES, Birds, load_penguins
from trackside.errors import InputError, suggest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_HOPELESS = 2
"""Times the loss of guessing, from which on a training is given up."""


def train(
    *,
    hidden: int = 16,
    activation: str = "relu",
    optimizer: str = "adam",
    lr: float = 0.01,
    batch_size: int = 32,
    weight_decay: float = 0.0,
    epochs: int = 40,
    seed: int = 0,
) -> Iterator[dict[str, float]]:
    """Train a network to tell species and sex of a penguin from four measurements.

    Parameters
    ----------
    hidden
        Units of the hidden layer; 0 is softmax regression.
    activation
        ``"relu"`` or ``"tanh"``.
    optimizer
        ``"sgd"``, ``"momentum"`` or ``"adam"``.
    lr
        Length of a step.
    batch_size
        How many of the 100 birds a step is taken from.
    weight_decay
        How strongly the weights are drawn towards 0.
    epochs
        How often each bird is seen.
    seed
        Draws the first weights and the order of the birds.

    Yields
    ------
    dict
        After each epoch ``loss`` and ``accuracy`` for the birds it learns from, ``val_loss`` and ``val_accuracy`` for
        233 it does not see; the losses are mean cross-entropies in nats, the accuracies shares.

    Raises
    ------
    InputError
        There is no such activation or optimizer.
    FloatingPointError
        The steps are too long: the loss is far above that of guessing.

        Both are raised when the next epoch is asked for, as by every generator.

    Examples
    --------
    >>> *_, last = train(hidden=32, epochs=30)
    >>> last["val_accuracy"] > 0.8
    True
    """
    _check_name("activation", activation, ACTIVATIONS)
    _check_name("optimizer", optimizer, OPTIMIZERS)
    birds, unseen, kinds = load_penguins()
    rng = np.random.default_rng(seed)
    network = Network([len(MEASURES), *([hidden] if hidden else []), len(kinds)], activation, rng)
    descent = OPTIMIZERS[optimizer]([param for layer in network.layers for param in layer], lr)
    for epoch in range(epochs):
        for batch in _batches(birds, batch_size, rng):
            descent.step(network.gradients(*batch, weight_decay))
        loss, accuracy = network.score(*birds)
        _check_loss(loss, np.log(len(kinds)), epoch)
        val_loss, val_accuracy = network.score(*unseen)
        yield {"loss": loss, "accuracy": accuracy, "val_loss": val_loss, "val_accuracy": val_accuracy}


def _batches(birds: Birds, size: int, rng: np.random.Generator) -> Iterator[Birds]:
    """Yield all birds in a new order, in batches of nearly equal size: a step by two or three birds leads astray."""
    order = rng.permutation(len(birds.kinds))
    for batch in np.array_split(order, -(-len(order) // size)):
        yield Birds(birds.measures[batch], birds.kinds[batch])


def _check_name(what: str, name: str, known: Iterable[str]) -> None:
    if name not in known:
        raise InputError(f"no {what} {name!r}; expected {' or '.join(known)}.{suggest(name, [*known])}")


def _check_loss(loss: float, guessing: float, epoch: int) -> None:
    if not loss < _HOPELESS * guessing:
        raise FloatingPointError(
            f"the loss is {loss:.1f} after epoch {epoch}; expected less than {guessing:.1f}, that of guessing; lower lr"
        )
