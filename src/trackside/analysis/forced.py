"""Checks that judged runs although these were known not to be comparable: kept with the runs, for good."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from trackside.model import FORCED_MARK
from trackside.tracking.marks import mark_runs
from trackside.visible_text import cut

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from trackside.store.store import Store

_LONGEST = 500


class ForcedCheck(NamedTuple):
    """What was found by a metric, why the runs were not comparable, and who had them judged all the same, when."""

    run_id: str
    metric: str
    outcome: str
    author: str | None
    time: datetime

    def __str__(self) -> str:
        by = self.author or "nobody knows whom"
        return f"judged although not comparable, by {by} on {self.time:%Y-%m-%d %H:%M} UTC: {self.outcome}"


def keep_forced(store: Store, run_ids: Sequence[str], metric: str, outcome: str) -> None:
    """Keep with runs that they were judged although not comparable.

    Raises
    ------
    JournalError
        The store's folder cannot be written.
    """
    mark_runs(store, run_ids, {f"{FORCED_MARK}{metric}": cut(outcome, _LONGEST)})


def list_forced(store: Store, run_ids: Sequence[str], *, only_last: bool = False) -> list[ForcedCheck]:
    """Return the checks that judged runs although not comparable, the newest first; of each metric all or the last."""
    with store.read() as connection:
        rows = connection.execute(
            """SELECT CAST(run_id AS VARCHAR), metric, outcome, author, time FROM forced_checks
            WHERE run_id IN (SELECT CAST(unnest(?) AS UUID))
            QUALIFY NOT ? OR (time, writer, seq) = max((time, writer, seq)) OVER (PARTITION BY run_id, metric)
            ORDER BY time DESC, metric, run_id""",
            [list(run_ids), only_last],
        ).fetchall()
    return [ForcedCheck(*row) for row in rows]
