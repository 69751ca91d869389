"""Tells which runs something was said of since: what a run keeps of a policy rests on nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trackside.store.store import Store


def read_stamps(store: Store, run_ids: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Return a stamp of each run that is another once anything was said of it, of runs inside of it or beside it.

    It is of how far their journals are in the tables, and of what people said of them.
    """
    with store.read() as connection:
        rows = connection.execute(
            """WITH families AS (
                SELECT run_id, unnest(list_distinct([run_id, coalesce(parent_id, run_id)])) AS family
                FROM runs WHERE run_id IN (SELECT CAST(unnest(?) AS UUID))),
            members AS (
                SELECT DISTINCT family, family AS run_id FROM families
                UNION ALL SELECT family, r.run_id FROM (SELECT DISTINCT family FROM families) JOIN runs r
                    ON parent_id = family),
            said AS (
                SELECT family, count(*) AS journals, sum(bytes + rows) AS length
                FROM members JOIN journal_offsets USING (run_id) GROUP BY family),
            marked AS (
                SELECT family, count(*) AS marks, bit_xor(hash(mark, time, writer, seq)) AS last
                FROM members JOIN marks USING (run_id) GROUP BY family)
            SELECT CAST(run_id AS VARCHAR), coalesce(sum(journals), 0), coalesce(sum(length), 0),
                coalesce(sum(marks), 0), coalesce(bit_xor(hash(family, last)), 0)
            FROM families LEFT JOIN said USING (family) LEFT JOIN marked USING (family) GROUP BY run_id""",
            [list(run_ids)],
        ).fetchall()
    return {run_id: tuple(map(int, stamp)) for run_id, *stamp in rows}
