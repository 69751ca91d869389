"""The runs that differ from one in nothing but their seed: they count with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackside.analysis.samples import has_ended_well, spell_config, unfold, without_dropped
from trackside.analysis.ways import keep_alike
from trackside.quantities import spell_count
from trackside.query import Scope, chosen_scope, select_runs
from trackside.run_data import read_sources

if TYPE_CHECKING:
    from collections.abc import Collection

    from trackside.query import RunFrame
    from trackside.store.store import Store

_PICKED = (
    "held against runs that differ from it in nothing but the seed: if it was picked for its value, that is chance"
)


def with_siblings(
    store: Store, scope: Scope, frame: RunFrame, metric: str, *, without: Collection[str]
) -> tuple[RunFrame, tuple[str, ...]]:
    """Return one run with those that differ from it in nothing but their seed, and what is to be said of that.

    They are of its experiment, have its params and its code but for the seed, and the same data as far as that is on
    record. Several runs are returned as they are, and so is one with neither params nor code on record.

    Parameters
    ----------
    without
        Runs that do not count with it: those that are held against it.
    """
    if len(frame.run_ids) != 1:
        return frame, ()
    own = frame.run_ids[0]
    project, experiment = (str(frame.attributes[key][0]) for key in ("project", "experiment"))
    around = Scope(project=project, experiment=experiment, former=scope.former, goals=scope.goals)
    wide = unfold(store, scope, select_runs(store, around))
    if own not in wide.run_ids or metric not in wide.metrics:
        return frame, ()
    if not any(column.count() for column in frame.params.values()) and not read_sources(store, [own]):
        return frame, ()
    config = spell_config(wide, wide.run_ids.index(own))
    alike = [
        run_id
        for row, run_id in enumerate(wide.run_ids)
        if run_id != own and has_ended_well(wide, row, metric) and spell_config(wide, row) == config
    ]
    alike = keep_alike(store, own, alike) if alike else []
    found = [run_id for run_id in alike if run_id not in without]
    if not found:
        return frame, (_PICKED,) if alike else ()
    count = "run counts" if len(found) == 1 else "runs count"
    told = f"{len(found)} more {count} with it, which differ from it in nothing but the seed"
    return select_runs(store, chosen_scope(scope, [own, *found])), (told,)


def with_repeats(store: Store, scope: Scope, frame: RunFrame, metric: str) -> tuple[RunFrame, tuple[str, ...]]:
    """Return one run of a repeated cell with the other repeats, and what is to be said of that.

    Runs within one that differ in more than their seed are returned as they are: a loop over something else.
    """
    parent = frame.attributes["parent"].tolist()[0] if len(frame.run_ids) == 1 else None
    if parent is None:
        return frame, ()
    with store.read() as connection:
        rows = connection.execute(
            "SELECT CAST(run_id AS VARCHAR) FROM runs WHERE parent_id = CAST(? AS UUID)", [parent]
        ).fetchall()
    wide = select_runs(store, chosen_scope(scope, [str(run_id) for (run_id,) in rows]))
    wide = without_dropped(wide, but=frame.run_ids[0])
    alike = [row for row in range(len(wide.run_ids)) if metric in wide.metrics and has_ended_well(wide, row, metric)]
    if len(alike) < 2 or len({spell_config(wide, row) for row in alike}) > 1:  # noqa: PLR2004 - itself and another
        return frame, ()
    others = spell_count(len(alike) - 1, "other repeat")
    return wide.take(alike), (f"counted with the {others} of its cell",)
