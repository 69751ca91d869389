"""What a run's metrics came to: its own last values, or of a repeated cell's run the means of its repeats."""

from __future__ import annotations


def last_values(among: str) -> str:
    """Return the SQL of a row for each metric of some runs, ``among`` being the SQL of their ids as ``run_id``.

    The repeats that have finished and that nobody dropped count. What a repeated cell's run logged itself goes before.

    Columns are ``run_id``, ``key``, ``last``, ``low``, ``high``, ``points``, ``first_time``, ``deviation`` and
    ``runs``. The last two are the standard deviation of the repeats, where it is known, and their number; NULL where
    ``last`` is the run's own. Then ``low`` and ``high`` are of its history, else the mean.
    """
    small = "FILTER (abs(last) < 1e150)"  # of what is larger, or not finite, DuckDB refuses to tell a deviation
    return f"""
        WITH among AS ({among})
        SELECT run_id, key, arg_max(last, last_time) AS last, min(min) AS low, max(max) AS high,
            CAST(sum(count) AS BIGINT) AS points, min(first_time) AS first_time,
            CAST(NULL AS DOUBLE) AS deviation, CAST(NULL AS BIGINT) AS runs
        FROM summaries JOIN among USING (run_id) GROUP BY run_id, key
        UNION ALL
        SELECT parent_id, key, avg(last), avg(last), avg(last), max(points), min(first_time),
            CASE WHEN count(*) = count(*) {small} THEN stddev_samp(last) {small} END, count(*)
        FROM (
            SELECT parent_id, run_id, key, arg_max(last, last_time) AS last, CAST(sum(count) AS BIGINT) AS points,
                min(first_time) AS first_time
            FROM summaries s JOIN (SELECT * FROM repeats WHERE counts AND parent_id IN (FROM among)) r USING (run_id)
            WHERE NOT EXISTS (SELECT 1 FROM summaries own WHERE own.run_id = r.parent_id AND own.key = s.key)
            GROUP BY parent_id, run_id, key
        ) GROUP BY parent_id, key"""  # noqa: S608 - our own SQL
