"""What is settled for an experiment: goals, the main metric, baselines, names to leave out, how views look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from trackside.errors import InputError
from trackside.store.store import Store
from trackside.tracking.statements import say
from trackside.whereabouts import find_own_settings

if TYPE_CHECKING:
    from trackside.goals import Goal
    from trackside.model import Subject


def decide(
    store: Store,
    experiment: tuple[str, str],
    subject: Subject,
    key: str,
    value: str | None,
    *,
    by: str | None = None,
    why: str | None = None,
) -> None:
    """Decide something for an experiment, given as project and name; None takes it back. See `mark_runs`."""
    project, name = experiment
    say(store, "decided", by, why, project=project, experiment=name, subject=subject, key=key, value=value)


def metric(
    name: str, *, goal: Literal["min", "max"] | None = None, main: bool = False, experiment: str | None = None
) -> None:
    """Say once how a metric is to be read; it is remembered for the experiment.

    Parameters
    ----------
    name
        The metric.
    goal
        Whether it is better low (``"min"``) or high (``"max"``); by default inferred from the name.
    main
        Whether it is the one that says which run is best.
    experiment
        The experiment this is meant for; by default this notebook's.

    Raises
    ------
    InputError
        Neither goal nor main is given, or the goal is none.

    Examples
    --------
    >>> import trackside as ts
    >>> ts.metric("val_loss", goal="min", main=True)  # doctest: +SKIP
    """
    if goal not in ("min", "max", None):
        raise InputError(f"goal is {goal!r}; expected 'min' or 'max'")
    if goal is None and not main:
        raise InputError(f"nothing is said of the metric {name!r}; expected goal='min', goal='max' or main=True")
    settings = find_own_settings()
    if settings.mode == "disabled":
        return
    store = Store.create(settings.store_folder, shared=settings.is_shared)
    meant = settings.project, experiment or settings.experiment
    known = _known_decisions(store, meant)
    said: tuple[tuple[Subject, str, str | None], ...] = ("goal", name, goal), ("main", "", name if main else None)
    for subject, key, value in said:
        if value is not None and known.get((subject, key)) != value:
            decide(store, meant, subject, key, value)


def _known_decisions(store: Store, experiment: tuple[str, str]) -> dict[tuple[str, str], Goal | str]:
    store.refresh()
    with store.read() as connection:
        rows = connection.execute(
            "SELECT subject, key, value FROM decisions WHERE project = ? AND experiment = ?", list(experiment)
        ).fetchall()
    return {(subject, key): value for subject, key, value in rows}
