"""What was decided about runs: all of it, whatever was decided later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from trackside.store.store import Store


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One decision about a run: ``"keep"``, ``"drop"`` or ``"promote"``; ``time`` is in UTC."""

    run_id: str
    decision: str
    author: str | None
    why: str | None
    time: datetime


def list_decisions(store: Store, run_ids: Sequence[str]) -> list[Decision]:
    """Return all that was ever decided about some runs, the newest first."""
    with store.read() as connection:
        rows = connection.execute(
            """SELECT CAST(run_id AS VARCHAR), decision, author, why, time FROM run_decisions
            WHERE run_id IN (SELECT CAST(unnest(?) AS UUID)) ORDER BY time DESC, writer DESC, seq DESC""",
            [list(run_ids)],
        ).fetchall()
    return [Decision(**dict(zip(Decision.__dataclass_fields__, row, strict=True))) for row in rows]
