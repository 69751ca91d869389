"""Checks that judged runs although these were known not to be comparable: kept with the runs, for good."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from trackside.tracking.decisions import mark_runs
from trackside.visible_text import cut

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from trackside.store.store import Store

MARK = "forced:"
"""What the mark of such a check begins with: ``forced:val_acc``."""

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
    """Keep with runs that they were judged although not comparable; of one metric the last outcome is shown.

    Raises
    ------
    JournalError
        The store's folder cannot be written.
    """
    mark_runs(store, run_ids, {f"{MARK}{metric}": cut(outcome, _LONGEST)})


def list_forced(store: Store, run_ids: Sequence[str]) -> list[ForcedCheck]:
    """Return the checks that judged runs although not comparable, of each run and metric the last, the newest first."""
    with store.read() as connection:
        rows = connection.execute(
            """SELECT CAST(run_id AS VARCHAR), substr(mark, ?), value, author, time FROM marks
            WHERE run_id IN (SELECT CAST(unnest(?) AS UUID)) AND starts_with(mark, ?) AND value IS NOT NULL
            ORDER BY time DESC, mark, run_id""",
            [len(MARK) + 1, list(run_ids), MARK],
        ).fetchall()
    return [ForcedCheck(*row) for row in rows]
