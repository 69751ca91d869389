"""Metrics in printed text: what is read where only the text is to be had, not the code that put it together."""

from __future__ import annotations

import re

from trackside.capture.metrics.labels import name_places

MAX_TEXT = 10_000
"""A longer text is no line about a training."""

_NUMBER = re.compile(
    r"(?<![\w.@])[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|nan\b|inf\b)(?![\w.]*[A-Za-z_])", re.IGNORECASE
)


def read_text(text: str) -> dict[str, float]:
    """Return the metrics that a printed text tells; of one name the first counts.

    Examples
    --------
    >>> read_text("Epoch 3: train loss 0.25, accuracy: 91.5%")
    {'train_loss': 0.25, 'train_accuracy': 91.5}
    """
    if len(text) > MAX_TEXT:
        return {}
    pieces: list[str | None] = []
    numbers: list[float] = []
    end = 0
    for number in _NUMBER.finditer(text):
        pieces += [text[end : number.start()], None]
        numbers.append(float(number[0]))
        end = number.end()
    pieces.append(text[end:])
    found: dict[str, float] = {}
    for name, value in zip(name_places(tuple(pieces)), numbers, strict=True):
        if name is not None:
            found.setdefault(name, value)
    return found
