"""What ``%track runs``, ``compare`` and the other views show, of all runs or of those that somebody names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackside.errors import InputError
from trackside.magic.chosen_runs import find_named, refuse_word

if TYPE_CHECKING:
    from trackside.collection import Runs
    from trackside.widgets import View

_AXES = 2


def show(text: str) -> Runs:
    """Return the runs themselves, which show themselves as a table."""
    return _read(text)[1]


def compare(text: str) -> View:
    """Return runs side by side."""
    metric, chosen = _read(text, with_metric=True)
    return chosen.compare(metric)


def history(text: str) -> View:
    """Return how a metric went."""
    metric, chosen = _read(text, with_metric=True)
    return chosen.history(metric)


def parallel(text: str) -> View:
    """Return runs as parallel coordinates."""
    return _read(text)[1].parallel()


def scatter(text: str) -> View:
    """Return runs as points, along the params and metrics that are named."""
    from trackside.collection import runs

    names = text.split()
    if len(names) > _AXES:
        raise InputError(f"found {len(names)} names; expected at most two, for x and y, such as: scatter lr val_loss")
    return runs().scatter(*names)


def importance(text: str) -> View:
    """Return which params are important to a metric."""
    metric, chosen = _read(text, with_metric=True)
    return chosen.importance(metric)


def _read(text: str, *, with_metric: bool = False) -> tuple[str | None, Runs]:
    """Return the metric and the runs that ``[METRIC] [RUNS]`` means: handles and names, or a condition.

    Raises
    ------
    InputError
        It names neither.
    """
    from trackside.collection import runs

    shown = runs()
    metrics = shown.metric_names if with_metric else []
    if not text or text in metrics:
        return text or None, shown
    first, _, rest = text.partition(" ")
    rest = rest.strip()
    if (named := find_named(text)) is not None:
        return None, named
    if first in metrics and (named := find_named(rest)) is not None:
        return first, named
    refuse_word(text, shown, metrics)
    try:
        return None, runs(text)
    except InputError:
        if first not in metrics or not rest[:1].isidentifier():
            raise
        return first, runs(rest)  # ``val_loss lr < 0.1``
