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
        SELECT * EXCLUDE (is_own, has_own) FROM (
            SELECT own_run AS run_id, key, is_own, bool_or(is_own) OVER (PARTITION BY own_run, key) AS has_own,
                CASE WHEN is_own THEN any_value(last) ELSE avg(last) END AS last,
                CASE WHEN is_own THEN any_value(low) ELSE avg(last) END AS low,
                CASE WHEN is_own THEN any_value(high) ELSE avg(last) END AS high,
                max(points) AS points, min(first_time) AS first_time,
                CASE WHEN NOT is_own AND count(*) = count(*) {small} THEN stddev_samp(last) {small} END AS deviation,
                CASE WHEN NOT is_own THEN count(*) END AS runs
            FROM (
                SELECT own_run, own_run = run_id AS is_own, run_id, key, arg_max(last, last_time) AS last,
                    min(min) AS low, max(max) AS high, CAST(sum(count) AS BIGINT) AS points,
                    min(first_time) AS first_time
                FROM summaries JOIN (
                    WITH among AS ({among})
                    SELECT run_id, run_id AS own_run FROM among
                    UNION ALL
                    SELECT r.run_id, parent_id FROM repeats r JOIN among a ON a.run_id = parent_id WHERE counts
                ) USING (run_id) GROUP BY ALL
            ) GROUP BY own_run, key, is_own
        ) WHERE is_own OR NOT has_own"""  # noqa: S608 - our own SQL
