"""Where a run, a version or data comes from and what became of it: ``ts.lineage``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trackside.collection import Runs
from trackside.errors import InputError
from trackside.handles import is_handle, is_short_handle
from trackside.lookup import runs as find_runs
from trackside.store.store import Store
from trackside.team.lineage.view import trace_data, trace_run, trace_version
from trackside.team.registry.version import ModelVersion
from trackside.tracking import Run
from trackside.whereabouts import find_own_settings

if TYPE_CHECKING:
    from trackside.team.lineage.view import Lineage


def lineage(of: Runs | Run | ModelVersion | Any = "last") -> Lineage:
    """Return from which data by which cells and runs something was made, and what was made of it, and back.

    Parameters
    ----------
    of
        A run, its handle or name; a version of a model; data: a DataFrame, an array, a file's path, the name of a
        dataset, its digest or its source. A text that names both a run and data means the run.

    Raises
    ------
    InputError
        It is none of these, or a text that names nothing.

    Examples
    --------
    >>> import trackside as ts
    >>> ts.lineage(ts.models["churn"].champion)  # doctest: +SKIP
    >>> ts.lineage("X_train").df  # doctest: +SKIP
    """
    if isinstance(of, ModelVersion):
        return trace_version(of.store, of.model, of.version)
    if isinstance(of, Run):
        of = find_runs(of.id)
    if isinstance(of, Runs):
        if len(of) != 1:
            raise InputError(f"lineage is of one run; these are {len(of)}; choose one, such as ts.runs('best')")
        return trace_run(of.store, of.ids[0])
    store = Store(find_own_settings().store_folder)
    if isinstance(of, str) and (run_id := _named_run(of)) is not None:
        return trace_run(store, run_id)
    return trace_data(store, of)


def _named_run(text: str) -> str | None:
    """Return the run that a handle or a name means; None where no run is called so, and letters are no run's."""
    if not is_handle(text):
        found = find_runs(name=text)
        return found.ids[0] if len(found) else None
    try:
        return find_runs(text).ids[0]
    except InputError:
        if is_short_handle(text):
            raise
        return None
