"""A tour with real runs: a small network that learns to tell penguins apart, trained with thirty different settings.

::

    from trackside.demo import train

    %%track
    for scores in train(hidden=32, lr=0.03):
        ts.log(scores)

The data, `penguins.csv`, is CC0; `penguins.md` says where it comes from.
"""

from trackside.demo.training import train
from trackside.demo.trials import TRIALS, Trial

__all__ = ["TRIALS", "Trial", "train"]
