"""Questions about runs, in SQL: which runs there are, what is known of them, how a metric went.

Every question opens the store, materialises its answer as NumPy columns and lets go again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from trackside.errors import InputError, list_known, suggest
from trackside.goals import Goals, natural_order
from trackside.labels import label_runs
from trackside.last_values import last_values
from trackside.model import spell_tag
from trackside.quantities import Spread, spell_count
from trackside.tidying import Reason, judge_runs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import duckdb

    from trackside.store.store import Store

Column: TypeAlias = "np.ma.MaskedArray[Any, np.dtype[Any]]"
"""One value a run, masked where the run has none."""

_ATTRIBUTES = {
    "name": "r.name",
    "experiment": "r.experiment",
    "project": "r.project",
    "status": "r.status",
    "started_at": "r.started_at",
    "ended_at": "r.ended_at",
    "duration": "coalesce(r.active, epoch(r.last_at) - epoch(r.started_at))",
    "user": "r.user",
    "host": "r.host",
    "notebook": "r.notebook",
    "cell_id": "r.cell_id",
    "execution_count": "r.execution_count",
    "group": 'r."group"',
    "parent": "CAST(r.parent_id AS VARCHAR)",
    "repeat_of": "CAST(judged.repeat_of AS VARCHAR)",
    "rerun_of": "CAST(previous.rerun_of AS VARCHAR)",
    "git_commit": "r.git_commit",
    "git_dirty": "r.git_dirty",
    "error": "r.error",
    "starred": "judged.starred",
    "shelf": "judged.shelf",
    "note": "judged.note",
    "reproduced": "judged.reproduced",
    "decision": "judged.decision",
    "repeats": "judged.repeats",
    "left_out": "judged.reason",
}
"""Columns of a run itself: name and SQL. ``duration`` is in seconds, without the time the machine slept; ``rerun_of``
is the run of the same cell before this one, for one that ``ts.run`` began another such; ``repeat_of`` is the run of the
repeated cell that it is a part of; ``repeats`` counts the runs that came out just the same, itself too; ``left_out`` is
why tidying hides it."""

_RERUNS = """
    SELECT run_id, lag(run_id) OVER (
        PARTITION BY project, experiment, notebook, coalesce(cell_id, cell_digest), cell_digest IS NULL
        ORDER BY started_at, run_id
    ) AS rerun_of
    FROM runs WHERE origin = 'notebook' AND coalesce(cell_id, cell_digest) IS NOT NULL
"""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Which runs are asked for. What is None does not matter.

    ``limit`` keeps the newest, and with ``or_wanted`` also those that somebody starred, kept or made a baseline, and
    those of the ids in ``wanted``.
    ``former`` are experiments that count as the same one: those of a notebook's former names.
    ``include_hidden`` asks also for runs that tidying leaves out; those asked for by their ids always come.
    ``condition`` tells how ``run_ids`` were chosen, where a filter did: those of a scope that fulfil an expression.
    ``goals`` are what the settings say of metrics; what was decided in the store goes before.
    """

    project: str | None = None
    experiment: str | None = None
    former: Sequence[str] = ()
    group: str | None = None
    name: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    run_ids: Sequence[str] | None = None
    limit: int | None = None
    or_wanted: bool = False
    wanted: Sequence[str] = ()
    include_hidden: bool = False
    condition: tuple[Scope, str] | None = None
    goals: Goals = field(default_factory=Goals)

    @property
    def names(self) -> list[str]:
        """The names of the experiment, now and formerly."""
        return [*([] if self.experiment is None else [self.experiment]), *self.former]


@dataclass(frozen=True, kw_only=True)
class RunFrame:
    """Runs, newest first, and what is known of them, column by column.

    ``metrics`` holds each metric's last value; ``points`` how many points each run has of it. Of a repeated cell's run
    the value is the mean of its repeats, and ``spreads`` has their standard deviation and number, a `Spread`.
    ``total`` counts the runs in scope, of which the newest may have been kept, or none because none passed a condition;
    ``hidden`` those that tidying left out.
    ``ordinals`` numbers the runs among all in scope, the oldest being 0; hiding some does not change it.
    ``baselines`` are the runs that others are held against, by name; the experiment's own has the empty one.
    """

    run_ids: list[str]
    attributes: dict[str, Column]
    params: dict[str, Column]
    metrics: dict[str, Column]
    tags: dict[str, Column]
    points: dict[str, Column]
    total: int
    spreads: dict[str, Column] = field(default_factory=dict)
    ordinals: list[int] = field(default_factory=list)
    hidden: dict[Reason, int] = field(default_factory=dict)
    goals: Goals = field(default_factory=Goals)
    baselines: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def empty(cls) -> RunFrame:
        """Return a frame of no runs."""
        attributes = {key: _missing(0, object) for key in _ATTRIBUTES}
        return cls(run_ids=[], attributes=attributes, params={}, metrics={}, tags={}, points={}, total=0)

    @property
    def baseline(self) -> str | None:
        """The run that others are held against, where one was chosen."""
        return self.baselines.get("")

    @property
    def main_metric(self) -> str | None:
        """The metric that says best which of these runs is best, where that can be known."""
        return self.goals.main_of(self.metrics)

    @cached_property
    def tag_texts(self) -> Column:
        """Each run's tags as one text: ``"stage=final, best-so-far"``."""
        tags: dict[int, list[str]] = {}
        for key, column in self.tags.items():
            values = np.ma.getdata(column).tolist()  # a masked array is slow to ask for one value
            for at in np.flatnonzero(~np.ma.getmaskarray(column)).tolist():
                tags.setdefault(at, []).append(spell_tag(key, values[at]))
        texts = _missing(len(self.run_ids), object)
        for row, spelt in tags.items():
            texts[row] = ", ".join(spelt)
        return texts

    def check_metric(self, metric: str) -> None:
        """Refuse the name of a metric that none of these runs has.

        Raises
        ------
        InputError
            There is no such metric.
        """
        if metric not in self.metrics:
            known = list(self.metrics)
            there_are = list_known(metric, known, "none yet; log one with ts.log(loss=…)")
            among = spell_count(len(self.run_ids), "run")
            raise InputError(f"No metric {metric!r} in {among}.{suggest(metric, known)} There are: {there_are}.")

    def take(self, rows: Sequence[int]) -> RunFrame:
        """Return the runs in these rows, in this order, without the columns that none of them has."""
        index = np.asarray(rows, dtype=np.intp)

        def pick(columns: dict[str, Column]) -> dict[str, Column]:
            picked = {key: column[index] for key, column in columns.items()}
            return {key: column for key, column in picked.items() if not np.ma.getmaskarray(column).all()}

        metrics = pick(self.metrics)
        return replace(
            self,
            run_ids=[self.run_ids[row] for row in rows],
            attributes={key: column[index] for key, column in self.attributes.items()},
            params=pick(self.params),
            metrics=metrics,
            tags=pick(self.tags),
            points={key: counts[index] for key, counts in self.points.items() if key in metrics},
            spreads=pick(self.spreads),
            total=len(rows),
            ordinals=[self.ordinals[row] for row in rows],
            hidden={},
        )

    def without_repeats(self) -> RunFrame:
        """Return the runs without the repeats of those among them, which have their means: each counts once."""
        rows = self.rows_without_repeats()
        return self if len(rows) == len(self.run_ids) else self.take(rows)

    def rows_without_repeats(self) -> list[int]:
        """Return the rows of `without_repeats`."""
        known = {*self.run_ids}
        return [row for row, parent in enumerate(self.attributes["repeat_of"].tolist()) if parent not in known]

    def labels(self) -> list[str]:
        """Return one distinct label a run: its name and, among namesakes, the params in which they differ."""
        return label_runs([str(name) for name in self.attributes["name"]], self.params, self.run_ids)


def chosen_scope(scope: Scope, run_ids: Sequence[str]) -> Scope:
    """Return the scope of some runs that were chosen among those of another, whatever the experiment was called."""
    return Scope(run_ids=run_ids, former=scope.names if scope.former else (), goals=scope.goals)


def select_runs(store: Store, scope: Scope) -> RunFrame:
    """Return the runs in scope with all their params, tags and the last value of each metric.

    While the tables have not changed, the same question gets the same frame again. Where nothing was tracked yet,
    there is no store and there are no runs.
    """
    if not store.folder.exists():
        return RunFrame.empty()
    question, signature = (store.folder, repr(scope)), store.signature()
    kept = _frames.pop(question, None)  # what was asked for last is kept longest; another thread may take it out, too
    frame = kept[1] if kept is not None and kept[0] == signature else _read_runs(store, scope)
    _frames[question] = signature, frame  # taken before the read: a change meanwhile only costs another read
    for old in list(_frames)[:-_KEPT_FRAMES]:  # a copy: a view's question may be in another thread
        _frames.pop(old, None)
    return frame


_KEPT_FRAMES = 8
_frames: dict[tuple[Path, str], tuple[object, RunFrame]] = {}


def _read_runs(store: Store, scope: Scope) -> RunFrame:
    with store.read() as connection:
        condition, values = _scope_condition(scope)
        hidden = judge_runs(connection, condition, values)
        shows_all = scope.include_hidden or scope.run_ids is not None
        total = _choose(connection, scope, "true" if shows_all else "reason IS NULL")
        attributes = _fetch(
            connection,
            "SELECT CAST(r.run_id AS VARCHAR) AS run_id, ordinal, "
            + ", ".join(f'{sql} AS "{name}"' for name, sql in _ATTRIBUTES.items())
            + " FROM chosen JOIN named_runs r USING (run_id) JOIN judged USING (run_id)"
            + f" LEFT JOIN ({_RERUNS}) previous USING (run_id) ORDER BY row",
        )
        run_ids = [str(run_id) for run_id in attributes.pop("run_id")]
        ordinals = attributes.pop("ordinal").tolist()
        goals, baselines = _decisions(connection, scope.names)
        metrics, points, spreads = _metric_columns(connection, len(run_ids), scope.goals.overlaid(goals))
        return RunFrame(
            run_ids=run_ids,
            attributes=attributes,
            params=_param_columns(connection, len(run_ids)),
            metrics=metrics,
            tags=_tag_columns(connection, len(run_ids)),
            points=points,
            total=total,
            spreads=spreads,
            ordinals=ordinals,
            hidden={} if shows_all else hidden,
            goals=scope.goals.overlaid(goals),
            baselines=baselines,
        )


def _choose(connection: duckdb.DuckDBPyConnection, scope: Scope, shown: str) -> int:
    """Make the temporary table ``chosen``, the runs of a frame and their rows; return how many there would be."""
    rows = connection.execute(f"SELECT count(*) FROM judged WHERE {shown}").fetchone()
    total = int(rows[0]) if rows else 0
    limit = total if scope.limit is None else int(scope.limit)
    wanted = "wanted OR run_id IN (SELECT CAST(unnest(?) AS UUID))" if scope.or_wanted else "false"
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE chosen AS
        SELECT run_id, ordinal, row_number() OVER newest - 1 AS row FROM (
            SELECT run_id, started_at, wanted, ordinal, row_number() OVER newest AS place FROM (
                SELECT *, row_number() OVER (ORDER BY started_at, run_id) - 1 AS ordinal FROM judged) WHERE {shown}
            WINDOW newest AS (ORDER BY started_at DESC, run_id DESC))
        WHERE place <= {limit} OR ({wanted})
        WINDOW newest AS (ORDER BY started_at DESC, run_id DESC)
        ORDER BY row""",
        [list(scope.wanted)] if scope.or_wanted else [],
    )
    return total


def _decisions(connection: duckdb.DuckDBPyConnection, names: Sequence[str]) -> tuple[Goals, dict[str, str]]:
    """Return what was decided for the experiments of the chosen runs; where they differ, the last word counts.

    There are baselines only where the runs are of one experiment, which may have had several ``names``.
    """
    rows = connection.execute(
        """WITH names AS (SELECT unnest(CAST(? AS VARCHAR[])) AS name),
        own AS (SELECT DISTINCT project, experiment FROM chosen JOIN runs USING (run_id)),
        experiments AS (
            FROM own UNION SELECT project, name FROM own, names WHERE experiment IN (SELECT name FROM names))
        SELECT subject, key, value,
            (SELECT count(DISTINCT [project, CASE WHEN experiment NOT IN (SELECT name FROM names) THEN experiment END])
                <= 1 FROM own)
        FROM decisions WHERE (project, experiment) IN (SELECT (project, experiment) FROM experiments)
        ORDER BY time, writer, seq""",
        [list(names)],
    ).fetchall()
    given = {key: value for subject, key, value, _ in rows if subject == "goal" and value is not None}
    main = next((value for subject, _, value, _ in reversed(rows) if subject == "main" and value is not None), None)
    chosen = {key: value for subject, key, value, is_one in rows if subject == "baseline" and is_one}
    return Goals(given, main), {name: run_id for name, run_id in chosen.items() if run_id is not None}


def _scope_condition(scope: Scope) -> tuple[str, list[Any]]:
    conditions, values = ["true"], list[Any]()
    if scope.experiment is not None:
        conditions.append("list_contains(CAST(? AS VARCHAR[]), r.experiment)")
        values.append(scope.names)
    for column in ("project", "group", "name"):
        wanted = getattr(scope, column)
        if wanted is not None:
            conditions.append(f'r."{column}" = ?')
            values.append(wanted)
    for key, value in scope.tags.items():
        conditions.append("r.run_id IN (SELECT run_id FROM current_tags WHERE key = ? AND value = ?)")
        values += [key, value]
    if scope.run_ids is not None:
        conditions.append("r.run_id IN (SELECT CAST(unnest(?) AS UUID))")
        values.append(list(scope.run_ids))
    return " AND ".join(conditions), values


def _fetch(connection: duckdb.DuckDBPyConnection, sql: str, values: Sequence[Any] = ()) -> dict[str, Column]:
    fetched = connection.execute(sql, list(values)).fetchnumpy()
    return {name: np.ma.asarray(column) for name, column in fetched.items()}


_LARGEST_EXACT_INT = 2**53  # from there on the table's doubles cannot tell all whole numbers apart
_DTYPES: dict[frozenset[str], type] = {
    frozenset(("int",)): int,
    frozenset(("float",)): float,
    frozenset(("int", "float")): float,
    frozenset(("bool",)): bool,
}
"""How a param's values stand in an array, by their kinds; other mixtures are objects."""


def _param_columns(connection: duckdb.DuckDBPyConnection, runs: int) -> dict[str, Column]:
    """Return the params, those that most runs have first."""
    keys = _keys(connection, "params")
    cells = _fetch(
        connection,
        f"""SELECT row, k.ordinal AS key, kind, number,
            CASE WHEN number IS NULL OR (kind = 'int' AND abs(number) >= {_LARGEST_EXACT_INT}) THEN value END AS value
        FROM params JOIN chosen USING (run_id) JOIN ordinals k USING (key)""",
    )
    columns: dict[str, Column] = {}
    order = np.argsort(cells["key"], kind="stable")
    bounds = np.searchsorted(cells["key"][order], np.arange(len(keys) + 1))
    for ordinal, key in enumerate(keys):
        part = order[bounds[ordinal] : bounds[ordinal + 1]]
        columns[key] = _param_column(runs, {name: column[part] for name, column in cells.items()})
    return dict(sorted(columns.items(), key=lambda item: (-item[1].count(), natural_order(item[0]))))


def _param_column(runs: int, cells: dict[str, Column]) -> Column:
    """Numbers as an array of theirs while all are numbers; otherwise each value as it was given."""
    kinds = frozenset(cells["kind"].tolist())
    dtype = _DTYPES.get(kinds, object)
    if dtype in (int, float) and not cells["value"].count():
        return _scatter(runs, cells["row"], cells["number"], dtype)
    column = np.empty(len(cells["row"]), dtype=object)
    column[:] = [
        json.loads(value) if value is not None else int(number) if kind == "int" else number
        for kind, number, value in zip(*(cells[name].tolist() for name in ("kind", "number", "value")), strict=True)
    ]
    return _scatter(runs, cells["row"], column, dtype)


def _missing(shape: int | tuple[int, int], dtype: type) -> Column:
    return np.ma.masked_array(np.zeros(shape, dtype=dtype), mask=True)


def _scatter(runs: int, rows: Column, values: Any, dtype: type) -> Column:
    column: Column = _missing(runs, dtype)
    column[np.asarray(rows)] = np.ma.getdata(values)
    return column


def _metric_columns(
    connection: duckdb.DuckDBPyConnection, runs: int, goals: Goals
) -> tuple[dict[str, Column], dict[str, Column], dict[str, Column]]:
    """Return each metric's last value, number of points and spread, the metrics that say best first."""
    found = last_values("SELECT run_id FROM chosen")
    wanted = "run_id, key, last, points, deviation, runs"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE chosen_values AS SELECT {wanted} FROM ({found})")
    keys = _keys(connection, "chosen_values")
    cells = _fetch(
        connection,
        """SELECT row, k.ordinal AS key, last, points, deviation, runs
        FROM chosen_values JOIN chosen USING (run_id) JOIN ordinals k USING (key)""",
    )
    place = np.asarray(cells["key"], dtype=np.intp), np.asarray(cells["row"], dtype=np.intp)
    last, points = _missing((len(keys), runs), float), _missing((len(keys), runs), int)
    last[place] = np.ma.getdata(cells["last"])
    points[place] = np.ma.getdata(cells["points"]).astype(np.int64)
    spreads: dict[str, Column] = {}
    for at in np.flatnonzero(~np.ma.getmaskarray(cells["runs"])).tolist():
        key, row, deviation, count = (cells[name][at : at + 1].tolist()[0] for name in _SPREAD)
        spreads.setdefault(keys[key], _missing(runs, object))[row] = Spread(count, deviation)
    rows = {key: keys.index(key) for key in goals.rank(keys)}
    return {key: last[row] for key, row in rows.items()}, {key: points[row] for key, row in rows.items()}, spreads


_SPREAD = ("key", "row", "deviation", "runs")


def _tag_columns(connection: duckdb.DuckDBPyConnection, runs: int) -> dict[str, Column]:
    cells = _fetch(connection, "SELECT row, key, value FROM current_tags JOIN chosen USING (run_id) ORDER BY key")
    keys, starts = np.unique(np.ma.getdata(cells["key"]), return_index=True)
    return {
        str(key): _scatter(runs, cells["row"][start:end], cells["value"][start:end], object)
        for key, (start, end) in zip(keys, pairwise([*starts, len(cells["key"])]), strict=True)
    }


def _keys(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """Give numbers to the keys that the chosen runs use, so that cells travel as integers instead of text."""
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE ordinals AS
        SELECT key, row_number() OVER (ORDER BY key) - 1 AS ordinal
        FROM (SELECT DISTINCT key FROM {table} JOIN chosen USING (run_id))"""
    )
    return [str(key) for (key,) in connection.execute("SELECT key FROM ordinals ORDER BY ordinal").fetchall()]
