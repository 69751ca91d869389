"""The tables, in the SQL that DuckDB and DuckLake share.

Used: UUID, VARCHAR, JSON, BIGINT, DOUBLE, BOOLEAN, TIMESTAMP (always UTC); MERGE with one UPDATE and one INSERT;
INSERT … SELECT; UPDATE … FROM. Kept out, because one of the two lacks it or breaks on it: keys, unique and check
constraints, indexes, sequences, enums, defaults that are functions, generated columns, ON CONFLICT, RETURNING, and
ALTER: a newer schema is a new file rebuilt from the journals. Views are fine.

Keys are kept unique by the drain, which is alone while it writes.
"""

from __future__ import annotations

import duckdb

from trackside.errors import StoreDamagedError, StoreVersionError
from trackside.model import TAG_MARK

SCHEMA_VERSION = 7
"""A file with a lower one is rebuilt; a file with a higher one is refused."""

TABLES = {
    "runs": {
        "run_id": "UUID",
        "project": "VARCHAR",
        "experiment": "VARCHAR",
        "name": "VARCHAR",
        "status": "VARCHAR",
        "status_order": "BIGINT",
        "started_at": "TIMESTAMP",
        "ended_at": "TIMESTAMP",
        "active": "DOUBLE",
        "user": "VARCHAR",
        "host": "VARCHAR",
        "origin": "VARCHAR",
        "notebook": "VARCHAR",
        "cell_id": "VARCHAR",
        "cell_digest": "VARCHAR",
        "environment_digest": "VARCHAR",
        "git_commit": "VARCHAR",
        "git_dirty": "BOOLEAN",
        "execution_count": "BIGINT",
        "parent_id": "UUID",
        "group": "VARCHAR",
        "is_repeated": "BOOLEAN",
        "source": "VARCHAR",
        "error": "VARCHAR",
        "last_at": "TIMESTAMP",
    },
    "params": {
        "run_id": "UUID",
        "key": "VARCHAR",
        "value": "JSON",
        "number": "DOUBLE",
        "kind": "VARCHAR",
        "origin": "VARCHAR",
        "time": "TIMESTAMP",
        "writer": "VARCHAR",
        "seq": "BIGINT",
    },
    "tags": {
        "run_id": "UUID",
        "key": "VARCHAR",
        "value": "VARCHAR",
        "time": "TIMESTAMP",
        "writer": "VARCHAR",
        "seq": "BIGINT",
    },
    "datasets": {
        "run_id": "UUID",
        "name": "VARCHAR",
        "kind": "VARCHAR",
        "shape": "VARCHAR",
        "role": "VARCHAR",
        "digest": "VARCHAR",
        "sampled": "BOOLEAN",
        "memory": "BIGINT",
        "source": "VARCHAR",
        "version": "VARCHAR",
        "profile": "VARCHAR",
        "time": "TIMESTAMP",
        "writer": "VARCHAR",
        "seq": "BIGINT",
    },
    "artifacts": {
        "run_id": "UUID",
        "name": "VARCHAR",
        "step": "BIGINT",
        "kind": "VARCHAR",
        "mime": "VARCHAR",
        "bytes": "BIGINT",
        "sha256": "VARCHAR",
        "about": "JSON",
        "time": "TIMESTAMP",
        "writer": "VARCHAR",
        "seq": "BIGINT",
    },
    "parts": {
        "run_id": "UUID",
        "part": "VARCHAR",
        "digest": "VARCHAR",
        "time": "TIMESTAMP",
        "writer": "VARCHAR",
        "seq": "BIGINT",
    },
    "marks": {
        "run_id": "UUID",
        "mark": "VARCHAR",
        "value": "VARCHAR",
        "author": "VARCHAR",
        "why": "VARCHAR",
        "time": "TIMESTAMP",
        "writer": "VARCHAR",
        "seq": "BIGINT",
    },
    "decisions": {
        "project": "VARCHAR",
        "experiment": "VARCHAR",
        "subject": "VARCHAR",
        "key": "VARCHAR",
        "value": "VARCHAR",
        "author": "VARCHAR",
        "why": "VARCHAR",
        "time": "TIMESTAMP",
        "writer": "VARCHAR",
        "seq": "BIGINT",
    },
    "baselines": {
        "project": "VARCHAR",
        "experiment": "VARCHAR",
        "name": "VARCHAR",
        "run_id": "UUID",
        "author": "VARCHAR",
        "why": "VARCHAR",
        "time": "TIMESTAMP",
        "writer": "VARCHAR",
        "seq": "BIGINT",
    },
    "models": {
        "model": "VARCHAR",
        "head": "VARCHAR",
        "versions": "BIGINT",
        "registered_at": "TIMESTAMP",
        "changed_at": "TIMESTAMP",
    },
    "model_versions": {
        "model": "VARCHAR",
        "version": "BIGINT",
        "run_id": "UUID",
        "stage": "VARCHAR",
        "artifact": "JSON",
        "sha256": "VARCHAR",
        "registered_at": "TIMESTAMP",
        "author": "VARCHAR",
        "why": "VARCHAR",
    },
    "model_aliases": {"model": "VARCHAR", "alias": "VARCHAR", "version": "BIGINT"},
    "model_events": {
        "model": "VARCHAR",
        "version": "BIGINT",
        "change": "VARCHAR",
        "value": "VARCHAR",
        "author": "VARCHAR",
        "why": "VARCHAR",
        "overridden_by": "VARCHAR",
        "lost": "VARCHAR",
        "event": "JSON",
        "time": "TIMESTAMP",
        "writer": "VARCHAR",
        "seq": "BIGINT",
    },
    "run_decisions": {
        "run_id": "UUID",
        "decision": "VARCHAR",
        "author": "VARCHAR",
        "why": "VARCHAR",
        "time": "TIMESTAMP",
        "writer": "VARCHAR",
        "seq": "BIGINT",
    },
    "forced_checks": {
        "run_id": "UUID",
        "metric": "VARCHAR",
        "outcome": "VARCHAR",
        "author": "VARCHAR",
        "why": "VARCHAR",
        "time": "TIMESTAMP",
        "writer": "VARCHAR",
        "seq": "BIGINT",
    },
    "reviews": {
        "review_id": "UUID",
        "since": "TIMESTAMP",
        "until": "TIMESTAMP",
        "experiments": "JSON",
        "runs": "BIGINT",
        "author": "VARCHAR",
        "why": "VARCHAR",
        "time": "TIMESTAMP",
        "writer": "VARCHAR",
        "seq": "BIGINT",
    },
    "reviewed_runs": {
        "run_id": "UUID",
        "review_id": "UUID",
        "author": "VARCHAR",
        "time": "TIMESTAMP",
        "writer": "VARCHAR",
        "seq": "BIGINT",
    },
    "purged": {"run_id": "UUID"},
    "metrics": {
        "run_id": "UUID",
        "writer": "VARCHAR",
        "seq": "BIGINT",
        "line_row": "BIGINT",
        "key": "VARCHAR",
        "step": "BIGINT",
        "time": "TIMESTAMP",
        "value": "DOUBLE",
    },
    "summaries": {
        "run_id": "UUID",
        "writer": "VARCHAR",
        "key": "VARCHAR",
        "first": "DOUBLE",
        "first_step": "BIGINT",
        "first_time": "TIMESTAMP",
        "last": "DOUBLE",
        "last_step": "BIGINT",
        "last_time": "TIMESTAMP",
        "min": "DOUBLE",
        "min_step": "BIGINT",
        "max": "DOUBLE",
        "max_step": "BIGINT",
        "sum": "DOUBLE",
        "count": "BIGINT",
        "non_finite": "BIGINT",
    },
    "environments": {"digest": "VARCHAR", "content": "JSON"},
    "journal_offsets": {
        "run_id": "UUID",
        "writer": "VARCHAR",
        "owner": "BOOLEAN",
        "generation": "BIGINT",
        "host": "VARCHAR",
        "bytes": "BIGINT",
        "rows": "BIGINT",
        "seq": "BIGINT",
        "unread": "BIGINT",
        "damaged": "BIGINT",
        "ended": "BOOLEAN",
        "last_at": "TIMESTAMP",
    },
}
"""Columns of each table.

``metrics``: in the order (run_id, writer, seq, line_row) points stand as they were logged; ``line_row`` counts the
rows of a history, and is 0 elsewhere.

``summaries``: one row for each series of a writer. ``first`` and ``last`` are the first and last point, finite or not;
``min``, ``max`` and ``sum`` are of the finite ones (``min`` and ``max`` NULL where there is none), and
``sum / (count - non_finite)`` is their mean.

``artifacts``: bytes are the blobs named ``sha256``; ``step`` is NULL for what belongs to the whole run. ``parts``: the
digests of records, which are blobs, too.

``params``, ``tags``, ``datasets``, ``artifacts``, ``parts``, ``marks``, ``decisions``: of a key the last in the order
(time, writer, seq) counts. In ``marks`` and ``decisions`` a value that is NULL was taken back; ``author`` said it, and
``why``.

``baselines``, ``run_decisions``, ``forced_checks``: all that was ever decided about them, one row each time. The
``name`` of an experiment's own baseline is empty, and ``run_id`` is NULL where one was taken back.

``reviews``: each review, of what period and experiments (pairs of project and name); ``reviewed_runs`` are its runs.

``models``, ``model_versions``, ``model_aliases``: what all of ``model_events`` come to, made anew for each model of
which something is said. ``head`` is the id of the event that the next one names; ``model_events.lost`` says why one
does not count, ``value`` is its run, alias or stage.

``runs``: ``status_order`` grows with what its owners said of its status, whatever their clocks showed.

``purged``: runs of which nothing is to be left, should more of them come in.

``journal_offsets``: how far a journal is in the tables: ``bytes`` of it, and ``rows`` of the history that begins there.
``seq`` and ``unread`` are where `JournalReader` left off; ``damaged`` counts what could not be read.
"""

VIEWS = {
    "named_runs": """
        SELECT r.* REPLACE (coalesce(m.value, r.name) AS name), r.name AS first_name
        FROM runs r LEFT JOIN marks m ON m.run_id = r.run_id AND m.mark = 'name'""",
    "current_tags": f"""
        SELECT run_id, key, value FROM (
            SELECT coalesce(t.run_id, m.run_id) AS run_id, coalesce(t.key, m.key) AS key,
                CASE WHEN m.key IS NULL THEN t.value WHEN t.key IS NULL THEN m.value
                    WHEN (t.time, t.writer, t.seq) > (m.time, m.writer, m.seq) THEN t.value ELSE m.value END AS value
            FROM tags t FULL JOIN (
                SELECT *, substr(mark, {len(TAG_MARK) + 1}) AS key FROM marks WHERE starts_with(mark, '{TAG_MARK}')
            ) m ON m.run_id = t.run_id AND m.key = t.key
        ) WHERE value IS NOT NULL""",  # noqa: S608 - made of a constant
    "repeats": """
        SELECT c.run_id, p.run_id AS parent_id,
            c.status = 'finished' AND c.run_id NOT IN (
                SELECT run_id FROM marks WHERE mark = 'shelf' AND value = 'dropped') AS counts
        FROM runs c JOIN runs p ON p.run_id = c.parent_id AND p.is_repeated""",
}
"""``repeats``: a repeated cell's run and those within it. ``counts`` tells whose metrics its own are the means of: of
those that have finished and that nobody dropped.

``named_runs``, ``current_tags``: what runs are called and tagged now. The tables ``runs`` and ``tags`` have what the
runs themselves said; what people said of them afterwards stands in ``marks``, and of both the last counts."""


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create all tables and views in an empty database."""
    connection.execute("BEGIN")
    for table, columns in TABLES.items():
        definition = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
        connection.execute(f"CREATE TABLE {table} ({definition})")
    for view, query in VIEWS.items():
        connection.execute(f"CREATE VIEW {view} AS {query}")
    connection.execute("CREATE TABLE meta (schema_version BIGINT)")
    connection.execute("INSERT INTO meta VALUES (?)", [SCHEMA_VERSION])
    connection.execute("COMMIT")


def is_outdated(connection: duckdb.DuckDBPyConnection) -> bool:
    """Return whether the file has an older schema and is to be rebuilt.

    Raises
    ------
    StoreVersionError
        The file has a newer schema.
    StoreDamagedError
        The file has no schema at all.
    """
    try:
        rows = connection.execute("SELECT schema_version FROM meta").fetchall()
    except duckdb.CatalogException as error:
        raise StoreDamagedError(
            "The store's index has no table 'meta'; expected Trackside's tables; run `trackside doctor --rebuild`."
        ) from error
    found = int(rows[0][0]) if rows else 0
    if found > SCHEMA_VERSION:
        raise StoreVersionError(
            f"The store has schema {found}; expected at most {SCHEMA_VERSION}; "
            "upgrade Trackside (pip install --upgrade trackside)."
        )
    return found < SCHEMA_VERSION
