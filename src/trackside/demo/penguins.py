"""The data: measurements of penguins, to learn from and to be judged by."""

from __future__ import annotations

import csv
import functools
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MEASURES = ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g")
TRAINING_SHARE = 0.3
"""So few that a network can learn them by heart: some of the demo's runs overfit."""

_FILE = Path(__file__).with_name("penguins.csv")
_SHUFFLE_SEED = 7


class Birds(NamedTuple):
    """Some penguins.

    Attributes
    ----------
    measures
        One row a bird, one column for each of `MEASURES`, scaled by mean and deviation of the training birds.
    kinds
        Each bird's kind, an index into `Penguins.kinds`.
    """

    measures: NDArray[np.float64]
    kinds: NDArray[np.int64]


class Penguins(NamedTuple):
    """The birds to learn from, those to be judged by, and what each kind is called: ``"Gentoo female"``."""

    training: Birds
    validation: Birds
    kinds: list[str]


@functools.cache
def load_penguins() -> Penguins:
    """Read the birds of which every measurement and the sex are known: 100 to learn from and 233 to be judged by.

    Examples
    --------
    >>> load_penguins().kinds[:2]
    ['Adelie female', 'Adelie male']
    """
    with _FILE.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if "NA" not in row.values()]
    names = [f"{row['species']} {row['sex']}" for row in rows]
    kinds = sorted(set(names))
    numbers = np.array([kinds.index(name) for name in names])
    measures = np.array([[float(row[measure]) for measure in MEASURES] for row in rows])
    order = np.random.default_rng(_SHUFFLE_SEED).permutation(len(rows))
    training, validation = np.split(order, [round(TRAINING_SHARE * len(rows))])
    scaled = (measures - measures[training].mean(axis=0)) / measures[training].std(axis=0)
    return Penguins(
        training=Birds(scaled[training], numbers[training]),
        validation=Birds(scaled[validation], numbers[validation]),
        kinds=kinds,
    )
