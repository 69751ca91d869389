"""What ``%track runs``, ``compare`` and the other views show, of all runs or of those that somebody names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trackside.errors import InputError
from trackside.magic.choices import unquoted
from trackside.magic.chosen_runs import find_named, refuse_word

if TYPE_CHECKING:
    from trackside.collection import Runs
    from trackside.widgets import View

_AXES = 2
_VIEW = re.compile(r"(?:^|\s)--view\b")
_OPERATOR = re.compile(r"\s*[^\w\s#~]")


def show(text: str) -> Runs:
    """Return the runs themselves, which show themselves as a table."""
    return _read(text)[1]


def compare(text: str) -> View:
    """Return runs side by side, as the view looks whose name stands behind ``--view``."""
    runs, *views = _VIEW.split(text, maxsplit=1)
    metrics, chosen = _read(runs.strip(), with_metrics=True)
    names = [unquoted(view.strip()) for view in views]
    if "" in names:
        raise InputError("--view stands alone; expected the name of a saved view behind it")
    return chosen.compare(*metrics, view=names[0] if names else None)


def history(text: str) -> View:
    """Return how metrics went."""
    metrics, chosen = _read(text, with_metrics=True)
    return chosen.history(*metrics)


def parallel(text: str) -> View:
    """Return runs as parallel coordinates."""
    return _read(text)[1].parallel()


def scatter(text: str) -> View:
    """Return runs as points, along the params and metrics that are named."""
    from trackside.lookup import runs

    names = text.split()
    if len(names) > _AXES:
        raise InputError(f"found {len(names)} names; expected at most two, for x and y, such as: scatter lr val_loss")
    return runs().scatter(*names)


def importance(text: str) -> View:
    """Return which params are important to a metric."""
    metrics, chosen = _read(text, with_metrics=True)
    if len(metrics) > 1:
        raise InputError(f"found {len(metrics)} metrics; expected one, such as: importance {metrics[0]}")
    return chosen.importance(*metrics)


def _read(text: str, *, with_metrics: bool = False) -> tuple[list[str], Runs]:
    """Return the metrics and the runs that ``[METRICS] [RUNS]`` means: handles and names, or a condition.

    Raises
    ------
    InputError
        It names neither.
    """
    from trackside.lookup import runs

    shown = runs()
    known = shown.metric_names if with_metrics else []
    if not text or text in known:
        return [text] if text else [], shown
    metrics, rest = _split_metrics(text, known)
    if (named := find_named(text)) is not None:
        return [], named
    if metrics and not rest:
        return metrics, shown
    if metrics and (named := find_named(rest)) is not None:
        return metrics, named
    refuse_word(text, shown, known)
    try:
        return [], runs(text)
    except InputError:
        if not metrics or not rest[:1].isidentifier():
            raise
        return metrics, runs(rest)  # ``val_loss lr < 0.1``


def _split_metrics(text: str, known: list[str]) -> tuple[list[str], str]:
    """Return the metrics that a text begins with, and its rest: of ``loss acc < 0.1`` the second begins a condition."""
    metrics: list[str] = []
    first, _, rest = text.partition(" ")
    while (names := [name for name in first.split(",") if name]) and set(known).issuperset(names):
        if _OPERATOR.match(rest.lstrip(",")):
            break
        metrics += names
        text = rest.lstrip(", ")
        first, _, rest = text.partition(" ")
    return metrics, text
