"""Which runs are worth a look: what was put away, failed at once or only repeats another run is left out and counted.

Forty runs a day need no tidying by hand then. Nothing is lost: whoever asks for everything gets it. A run that somebody
named, tagged or decided on afterwards, or of which a model was made, stays until it is put away. A repeat stands in no
table beside its cell, whatever was said of it, and is put away with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from trackside.model import TAG_MARK

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    import duckdb

Reason: TypeAlias = Literal["dropped", "archived", "failed", "repeats", "inside"]
"""Why a run is left out: somebody put it away; it ended at once with nothing to show; a newer one is just the same; it
is one of a repeated cell's repeats, of which that cell's own run, which is in scope, has the mean."""

_IN_WORDS: dict[Reason, str] = {
    "repeats": "just like a newer run",
    "inside": "inside repeated cells",
    "failed": "failed at once",
    "archived": "archived",
    "dropped": "dropped",
}

AT_ONCE = 10.0
"""Seconds within which a run that fails and has logged nothing has failed at once."""

_JUDGED = """
    CREATE OR REPLACE TEMP TABLE judged AS
    WITH said AS (
        SELECT m.run_id, max(m.value) FILTER (mark = 'starred') AS starred,
            max(m.value) FILTER (mark = 'shelf') AS shelf,
            max(m.value) FILTER (mark = 'note') AS note, max(m.value) FILTER (mark = 'reproduced') AS reproduced,
            max(m.value) FILTER (mark = 'decision') AS decision,
            count(m.value) FILTER (mark = 'decision' OR (mark = 'name' AND m.value IS DISTINCT FROM r.name)
                OR (starts_with(mark, '{tag}') AND m.value IS DISTINCT FROM t.value)) > 0 AS edited
        FROM marks m JOIN runs r USING (run_id) LEFT JOIN tags t ON t.run_id = m.run_id AND '{tag}' || t.key = m.mark
        GROUP BY m.run_id
    ), candidate AS (
        SELECT r.run_id, r.started_at, r.project, r.experiment, r.cell_digest, inside.parent_id AS repeat_of,
            around.value AS cell_shelf,
            starred IS NOT NULL AS starred, shelf, note, reproduced, decision, coalesce(edited, false) AS edited,
            starred IS NOT NULL OR coalesce(shelf, '') = 'kept' OR CAST(r.run_id AS VARCHAR) IN (
                SELECT value FROM decisions WHERE subject = 'baseline' AND value IS NOT NULL)
                OR CAST(r.run_id AS VARCHAR) IN (SELECT value FROM model_events WHERE change = 'registered') AS wanted,
            CASE WHEN NOT regexp_full_match(r.first_name, 'cell #\\d+') THEN r.first_name END AS given_name,
            r.origin = 'notebook' AND r.status = 'finished' AND r.cell_digest IS NOT NULL AND r.parent_id IS NULL
                AS repeatable,
            r.status IN ('failed', 'interrupted')
                AND coalesce(r.active, epoch(r.last_at) - epoch(r.started_at)) < {at_once}
                AND NOT EXISTS (
                    SELECT 1 FROM summaries s WHERE s.run_id = r.run_id AND NOT starts_with(s.key, 'system/'))
                AND NOT EXISTS (SELECT 1 FROM runs c WHERE c.parent_id = r.run_id) AS failed_at_once
        FROM named_runs r LEFT JOIN said USING (run_id) LEFT JOIN repeats inside ON inside.run_id = r.run_id
        LEFT JOIN marks around ON around.run_id = inside.parent_id AND around.mark = 'shelf'
        WHERE {condition}
    ), outcome AS (
        SELECT run_id, bit_xor(part) AS digest FROM (
            SELECT run_id, hash('param', key, value) AS part FROM params
            UNION ALL SELECT run_id, hash('metric', key, writer_count, last, count) AS part FROM (
                SELECT run_id, key, count(*) AS writer_count, sum(last) AS last, sum(count) AS count
                FROM summaries WHERE NOT starts_with(key, 'system/') GROUP BY run_id, key)
            UNION ALL SELECT parent_id, hash('inside', key, list(last ORDER BY last)) AS part
            FROM summaries JOIN repeats USING (run_id) WHERE counts AND NOT starts_with(key, 'system/')
            GROUP BY parent_id, key
            UNION ALL SELECT run_id, hash('tag', key, value) AS part FROM tags
            UNION ALL SELECT run_id, hash('data', name, kind, shape, CASE WHEN NOT sampled THEN digest END) AS part
            FROM datasets
        ) WHERE run_id IN (SELECT run_id FROM candidate WHERE repeatable) GROUP BY run_id
    ), counted AS (
        SELECT c.*, row_number() OVER (same ORDER BY started_at DESC, run_id DESC) AS place, count(*) OVER same AS count
        FROM candidate c LEFT JOIN outcome USING (run_id)
        WINDOW same AS (PARTITION BY repeatable, project, experiment, cell_digest, given_name, digest)
    )
    SELECT run_id, started_at, starred, shelf, note, reproduced, decision, wanted, repeat_of,
        CASE WHEN repeatable THEN count ELSE 1 END AS repeats,
        CASE WHEN cell_shelf IN ('dropped', 'archived') THEN cell_shelf
            WHEN shelf IN ('dropped', 'archived') THEN shelf
            WHEN repeat_of IN (SELECT run_id FROM candidate) THEN 'inside' WHEN wanted OR edited THEN NULL
            WHEN failed_at_once THEN 'failed' WHEN repeatable AND place > 1 THEN 'repeats' END AS reason
    FROM counted
"""


def judge_runs(connection: duckdb.DuckDBPyConnection, condition: str, values: Sequence[Any]) -> dict[Reason, int]:
    """Make the temporary table ``judged``: a row for each run, and why it is left out.

    Parameters
    ----------
    condition, values
        Which runs ``r`` are meant, in SQL, and what its placeholders stand for.

    Returns
    -------
    dict
        How many runs are left out, by reason.
    """
    connection.execute(_JUDGED.format(condition=condition, at_once=AT_ONCE, tag=TAG_MARK), list(values))
    rows = connection.execute("SELECT reason, count(*) FROM judged WHERE reason IS NOT NULL GROUP BY reason").fetchall()
    return {reason: int(count) for reason, count in sorted(rows)}


def describe_hidden(hidden: Mapping[Any, int]) -> str:
    """Return in words how many runs are left out, and why.

    Examples
    --------
    >>> describe_hidden({"failed": 2, "repeats": 3})
    'hidden: 3 just like a newer run, 2 failed at once'
    """
    return "hidden: " + ", ".join(f"{hidden[reason]} {text}" for reason, text in _IN_WORDS.items() if reason in hidden)
