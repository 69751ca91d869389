"""Which runs are to stay: what others are held against, what is registered, what was reviewed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackside.errors import InputError
from trackside.model import short_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trackside.store.store import Store

_NAMED = 3


def refuse_dropped(store: Store, run_id: str) -> None:
    """Refuse to rely on a run that purge takes, or has taken.

    Raises
    ------
    InputError
        It was dropped or purged.
    """
    with store.read() as connection:
        (is_dropped, is_purged) = connection.execute(
            """SELECT count(*) FILTER (what = 'dropped') > 0, count(*) FILTER (what = 'purged') > 0 FROM (
                SELECT run_id, value AS what FROM marks WHERE mark = 'shelf'
                UNION ALL SELECT run_id, 'purged' FROM purged) WHERE run_id = ?""",
            [run_id],
        ).fetchall()[0]
    if is_purged:
        raise InputError(f"run {short_id(run_id)} was purged; expected one that stays; choose another")
    if is_dropped:
        raise InputError(
            f"run {short_id(run_id)} was dropped; expected one that is to stay; bring it back first: "
            f"%track keep {short_id(run_id)}"
        )


def refuse_baselines(store: Store, run_ids: Sequence[str], verb: str) -> None:
    """Refuse to lose what other runs are held against, of whatever experiments the runs are."""
    from trackside.listings import list_baselines

    baselines = list_baselines(store).intersection(_with_related(store, run_ids))
    if baselines:
        named = ", ".join(sorted(map(short_id, baselines)))
        raise InputError(
            f"The baseline is among these runs, or a repeat of it ({named}); expected others only; choose another one "
            f"before you {verb} it"
        )


def refuse_registered(store: Store, run_ids: Sequence[str], what: str) -> None:
    """Refuse to lose what versions of models were made of: their bytes, and what is known of them."""
    from trackside.listings import list_registered

    related = _with_related(store, run_ids)
    named = [f"{run} (version {version} of {model!r})" for run, model, version in list_registered(store, related)]
    if named:
        more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
        raise InputError(
            f"Versions of models are made of these runs: {', '.join(named[:_NAMED])}{more}; expected others only; "
            f"what is registered is never {what}; archive the runs instead"
        )


def refuse_reviewed(store: Store, run_ids: Sequence[str], what: str) -> None:
    """Refuse to lose what somebody has looked at, unless it was decided with a reason to drop it."""
    from trackside.listings import list_reviewed

    reviewed = [run_id for run_id, decision in list_reviewed(store, run_ids).items() if decision != "drop"]
    if reviewed:
        named = ", ".join(map(short_id, reviewed[:_NAMED]))
        more = f" and {len(reviewed) - _NAMED} more" if len(reviewed) > _NAMED else ""
        raise InputError(
            f"Reviewed runs are among these ({named}{more}); expected others only; what was reviewed is {what} by a "
            f'decision: %track decide {short_id(reviewed[0])} drop "why"'
        )


def _with_related(store: Store, run_ids: Sequence[str]) -> list[str]:
    """Return runs, those inside of them, whose cell and lineage are known from the run around them, and repeated cells.

    A repeated cell's run has no numbers but those of its repeats.
    """
    with store.read() as connection:
        rows = connection.execute(
            """WITH own AS (SELECT CAST(unnest(?) AS UUID) AS run_id)
            SELECT CAST(run_id AS VARCHAR) FROM runs WHERE parent_id IN (FROM own)
            UNION SELECT CAST(parent_id AS VARCHAR) FROM repeats WHERE run_id IN (FROM own)""",
            [list(run_ids)],
        ).fetchall()
    return [*run_ids, *(str(run_id) for (run_id,) in rows)]
