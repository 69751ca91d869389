"""The thirty trials of the demo, in the order in which somebody who tunes a network might make them."""

from __future__ import annotations

import inspect
from typing import Any, NamedTuple

from trackside.demo.training import train


class Trial(NamedTuple):
    """What one run of the demo is.

    Attributes
    ----------
    name, stage
        What the run is called, and what was being looked for.
    params
        All arguments of `train`, those left at their defaults too.
    stopped_after
        The epoch after which it is stopped by hand, if it is.
    ends_with
        The exceptions that are meant to end it.
    """

    name: str
    stage: str
    params: dict[str, Any]
    stopped_after: int | None
    ends_with: tuple[type[BaseException], ...]


_DEFAULTS = {name: param.default for name, param in inspect.signature(train).parameters.items()}


def _trial(
    stage: str,
    name: str,
    *,
    stopped_after: int | None = None,
    ends_with: tuple[type[BaseException], ...] = (),
    **changed: Any,
) -> Trial:
    return Trial(name, stage, _DEFAULTS | changed, stopped_after, ends_with)


TRIALS = [
    _trial("first look", "softmax regression", hidden=0, optimizer="sgd", lr=0.1, epochs=30),
    _trial("first look", "first network", optimizer="sgd", lr=0.03),
    _trial("first look", "swish", activation="swish", ends_with=(ValueError,)),  # there is no such activation
    _trial("first look", "far too slow", lr=0.001, stopped_after=24, ends_with=(KeyboardInterrupt,)),
    _trial("first look", "far too fast", hidden=8, optimizer="momentum", lr=0.9, ends_with=(FloatingPointError,)),
    _trial("first look", "learned by heart", hidden=256, lr=0.06, batch_size=100, epochs=60),
    *(
        _trial("weight decay", f"decay {decay}", hidden=256, lr=0.06, batch_size=100, epochs=60, weight_decay=decay)
        for decay in (0.003, 0.01, 0.03)
    ),
    _trial("learning rate", "adam"),
    *(_trial("learning rate", f"adam {lr}", lr=lr) for lr in (0.002, 0.005, 0.03, 0.1, 0.3)),
    *(_trial("optimizer", f"sgd {lr}", optimizer="sgd", lr=lr) for lr in (0.1, 0.3, 1.0)),
    *(_trial("optimizer", f"momentum {lr}", optimizer="momentum", lr=lr) for lr in (0.01, 0.1, 0.7)),
    *(_trial("batch size", f"batches of {size}", batch_size=size) for size in (8, 100)),
    *(_trial("width", f"{units} units", hidden=units, epochs=60) for units in (4, 32, 128)),
    *(_trial("activation", f"tanh {units}", activation="tanh", hidden=units) for units in (16, 64)),
    *(_trial("seed", f"seed {seed}", hidden=32, lr=0.03, weight_decay=0.001, seed=seed) for seed in (1, 2)),
]
