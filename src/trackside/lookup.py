"""Which runs of which store are meant."""

from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from trackside.callers import user_stacklevel
from trackside.collection import REFRESH_WAIT, Runs
from trackside.errors import InputError, NoRunError, NoStoreError, list_known, suggest
from trackside.filters import filter_columns
from trackside.goals import Goals
from trackside.handles import find_run, has_name, is_handle, is_words
from trackside.listings import list_experiments
from trackside.query import Scope, chosen_scope, select_runs
from trackside.run_facts import find_former_experiments
from trackside.store.store import Store
from trackside.team.baselines import list_choices, spell_handle
from trackside.whereabouts import find_notebook, find_own_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from trackside.config import Settings

EVERYTHING = "*"
_HANDLE_WAIT = 10.0
"""Seconds: an older table is better than none, but not where it would name another run."""


def runs(
    where: str | None = None,
    *,
    experiment: str | None = None,
    project: str | None = None,
    group: str | None = None,
    name: str | None = None,
    tags: Mapping[str, str] | None = None,
    store: str | Path | None = None,
    limit: int | None = None,
    include_hidden: bool = False,
) -> Runs:
    """Return runs of the store, newest first; none where nothing was tracked yet.

    Runs that were put away, failed at once, came out just like a newer one or are the repeats of one cell, whose own
    run has their means, are left out, and counted.

    Parameters
    ----------
    where
        A condition as in `Runs.where`, or one run: ``"last"``, ``"last~2"``, ``"best"``, ``"baseline"``, ``"#12"``,
        five letters of its id, or its name: of several runs that are called so the newest, which a warning says.
    experiment
        Name of an experiment, in whatever project; ``"*"`` means all. By default this notebook's, of its project, and
        where the notebook was renamed, also those of its former names.
    project, group, name, tags
        What the runs must have.
    store
        Folder of another store, ``/data/team/.trackside``. By default the one this notebook writes to.
    limit
        Keep the newest so many, before ``where`` narrows them.
    include_hidden
        Whether to leave nothing out.

    Raises
    ------
    InputError
        There is no such experiment or run, or ``where`` or ``limit`` cannot be used.
    StoreError
        There is no store in the folder given, or it cannot be read.

    Examples
    --------
    >>> import trackside as ts
    >>> ts.runs("lr < 0.01").best("val_loss", 5).compare()  # doctest: +SKIP
    """
    if where is not None and not isinstance(where, str):
        raise InputError(
            f"found {where!r} as the runs; expected a condition, a handle or a name, such as 'lr < 0.1' or '#5'"
        )
    if limit is not None and limit < 0:
        raise InputError(f"limit is {limit}; expected how many of the newest runs to keep, 0 or more")
    opened, here = _open(experiment, project, store)
    scope = replace(here, group=group, name=name, tags=dict(tags or {}), limit=limit, include_hidden=include_hidden)
    text = where.strip() if where else ""
    if is_handle(text) or (text and has_name(opened, scope, text)):
        return _one(opened, scope, text)
    frame = select_runs(opened, scope)
    if experiment and frame.total == 0 and opened.folder.exists():
        _check_experiment(opened, experiment)
    if is_words(text) and text.lower() not in map(str.lower, filter_columns(frame)):
        return _one(opened, scope, text)  # neither a run nor a condition: it is told as a run that is not there
    found = Runs(opened, scope, frame)
    return found.where(text) if text else found


def baseline(name: str = "", *, experiment: str | None = None, store: str | Path | None = None) -> Runs | None:
    """Return the run that others are held against; None where none was chosen, or it is not there.

    Parameters
    ----------
    name
        Of a baseline beside the experiment's own, ``"production"``.
    experiment, store
        As in `runs`.

    Raises
    ------
    StoreError
        There is no store in the folder given, or it cannot be read.

    Examples
    --------
    >>> import trackside as ts
    >>> ts.baseline("production")  # doctest: +SKIP
    """
    opened, scope = _open(experiment, None, store)
    run_id = select_runs(opened, scope).baselines.get(name)
    chosen = chosen_scope(scope, [run_id] if run_id else [])
    found = Runs(opened, chosen, select_runs(opened, chosen))
    return found if len(found) else None


def baselines(*, experiment: str | None = None, store: str | Path | None = None) -> pd.DataFrame:
    """Return all baselines that were ever chosen, the newest first: which run, who chose it, when and why.

    A row without a run tells that the baseline was taken back. ``until`` is when another choice took its place; times
    are in UTC.

    Parameters
    ----------
    experiment, store
        As in `runs`.

    Raises
    ------
    StoreError
        There is no store in the folder given, or it cannot be read.

    Examples
    --------
    >>> import trackside as ts
    >>> ts.baselines()[["baseline", "run", "author", "why"]]  # doctest: +SKIP
    """
    import pandas as pd

    opened, scope = _open(experiment, None, store)
    choices = list_choices(opened, scope.project, scope.names) if opened.folder.exists() else []
    columns = ["time", "baseline", "run", "run_id", "author", "why", "until", "experiment"]
    rows = [vars(choice) | {"baseline": spell_handle(choice.name)} for choice in choices]
    return pd.DataFrame(rows, columns=columns)


def one_run(handle: str, *, experiment: str | None = None, store: str | Path | None = None) -> Runs:
    """Return the one run that a handle or a name means; see `runs`.

    Raises
    ------
    InputError
        It means none, or several.
    StoreError
        There is no store in the folder given, or it cannot be read.
    """
    return _one(*_open(experiment, None, store), handle.strip())


def _one(store: Store, scope: Scope, handle: str) -> Runs:
    if not store.refresh(_HANDLE_WAIT):
        warnings.warn(
            f"The tables of {store.folder} are behind; what {handle!r} means hangs on runs that may not be in them yet",
            stacklevel=user_stacklevel(),
        )
    chosen = chosen_scope(scope, [find_run(store, scope, handle)])
    return Runs(store, chosen, select_runs(store, chosen))


def _open(experiment: str | None, project: str | None, folder: str | Path | None) -> tuple[Store, Scope]:
    """Return a store as it is now, by default this notebook's, and which runs of it are meant."""
    settings = find_own_settings()
    store = Store(Path(folder).expanduser() if folder else settings.store_folder)
    if folder is not None and not store.folder.is_dir():
        raise NoStoreError(
            f"There is no store at {store.folder}; expected a folder made by a tracked run; correct store="
        )
    store.refresh(REFRESH_WAIT)
    scope = Scope(
        experiment=None if experiment == EVERYTHING else experiment or settings.experiment,
        former=() if experiment else find_former_names(store, settings),
        project=project or (None if experiment else settings.project),
        goals=Goals(settings.metrics, settings.main_metric),
    )
    return store, scope


def find_former_names(store: Store, settings: Settings) -> list[str]:
    """Return the experiments of this notebook's former names."""
    notebook = find_notebook()
    if notebook is None or not store.folder.exists():
        return []
    return find_former_experiments(store, (settings.project, settings.experiment), notebook)


def _check_experiment(store: Store, experiment: str) -> None:
    """Refuse the name of an experiment that is not there; one with no run that was asked for is fine."""
    known = [name for name, _ in list_experiments(store)]
    if experiment not in {EVERYTHING, *known}:
        raise NoRunError(
            f"No experiment {experiment!r} in {store.folder}.{suggest(experiment, known)} "
            f"There are: {list_known(experiment, known)}."
        )
