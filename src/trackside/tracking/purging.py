"""Purge: nothing is left of runs, neither in the tables nor on the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackside.tracking.deciding_alone import CATCH_UP_SECONDS, deciding_alone
from trackside.tracking.retention import refuse_baselines, refuse_registered, refuse_reviewed
from trackside.tracking.statements import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trackside.store.store import Store


def purge_runs(store: Store, run_ids: Sequence[str]) -> int:
    """Leave nothing of runs, neither in the tables nor on the disk; return the bytes that were freed.

    A repeated cell's run takes its repeats along.

    Raises
    ------
    InputError
        One of them is still being written, is a baseline or was reviewed, or a version of a model was made of it.
    StoreBusyError
        The store was locked for too long; if the runs are gone already, `trackside gc` frees what they took.
    """
    from trackside.store.purge import refuse_live

    with deciding_alone(store.folder):  # nobody makes a model or a baseline of one meanwhile
        store.bring_up_to_date(CATCH_UP_SECONDS, "whether a run may be purged")
        run_ids = _with_repeats(store, run_ids)
        refuse_baselines(store, run_ids, "purge")
        refuse_registered(store, run_ids, "purged")
        refuse_reviewed(store, run_ids, "purged")
        refuse_live(store.folder, run_ids)
        say(store, "purged", run_ids=list(run_ids))
    store.bring_up_to_date(CATCH_UP_SECONDS, "what the purged runs take of the disk")
    return store.remove_purged().bytes


def _with_repeats(store: Store, run_ids: Sequence[str]) -> list[str]:
    with store.read() as connection:
        rows = connection.execute(
            """SELECT CAST(run_id AS VARCHAR) FROM repeats
            WHERE parent_id IN (SELECT CAST(unnest(?) AS UUID)) ORDER BY run_id""",
            [list(run_ids)],
        ).fetchall()
    return list(dict.fromkeys([*run_ids, *(str(run_id) for (run_id,) in rows)]))
