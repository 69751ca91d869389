"""What a store has, in SQL: experiments, what was decided for them, and runs that others rely on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trackside.model import Subject
    from trackside.store.store import Store


def list_baselines(store: Store) -> set[str]:
    """Return the runs of a store that others are held against, under whatever names."""
    with store.read() as connection:
        rows = connection.execute(
            "SELECT value FROM decisions WHERE subject = 'baseline' AND value IS NOT NULL"
        ).fetchall()
    return {str(run_id) for (run_id,) in rows}


def list_registered(store: Store, run_ids: Sequence[str]) -> list[tuple[str, str, int]]:
    """Return the versions of models that are made of runs: end of the run's id, model, version.

    Also those that are lost, as another change of the model came first: their bytes and runs stay all the same.
    """
    with store.read() as connection:
        rows = connection.execute(
            """SELECT DISTINCT right(value, 5), model, version FROM model_events
            WHERE change = 'registered' AND value IN (SELECT unnest(?)) ORDER BY model, version""",
            [list(run_ids)],
        ).fetchall()
    return [(str(run), str(model), int(version)) for run, model, version in rows]


def list_reviewed(store: Store, run_ids: Sequence[str]) -> dict[str, str]:
    """Return which of some runs were reviewed, and of each what was decided about it last, or an empty text."""
    with store.read() as connection:
        rows = connection.execute(
            """SELECT DISTINCT CAST(r.run_id AS VARCHAR), coalesce(m.value, '') FROM reviewed_runs r
            LEFT JOIN marks m ON m.run_id = r.run_id AND m.mark = 'decision'
            WHERE r.run_id IN (SELECT CAST(unnest(?) AS UUID)) ORDER BY ALL""",
            [list(run_ids)],
        ).fetchall()
    return dict(rows)


def list_decided(store: Store, subject: Subject, project: str, experiments: Sequence[str]) -> dict[str, str]:
    """Return what was decided of a subject for an experiment of several names, by key; the last word counts."""
    with store.read() as connection:
        rows = connection.execute(
            """SELECT key, value FROM decisions
            WHERE subject = ? AND project = ? AND list_contains(CAST(? AS VARCHAR[]), experiment)
            ORDER BY time, writer, seq""",
            [subject, project, list(experiments)],
        ).fetchall()
    return {key: value for key, value in dict(rows).items() if value is not None}


def list_deciding(store: Store, subject: Subject, project: str, key: str) -> list[str]:
    """Return the experiments of a project for which something was decided of a subject's key."""
    with store.read() as connection:
        rows = connection.execute(
            "SELECT experiment FROM decisions WHERE subject = ? AND project = ? AND key = ? AND value IS NOT NULL"
            " ORDER BY experiment",
            [subject, project, key],
        ).fetchall()
    return [str(experiment) for (experiment,) in rows]


def list_experiments(store: Store) -> list[tuple[str, int]]:
    """Return the experiments of a store with their numbers of runs, most runs first."""
    with store.read() as connection:
        rows = connection.execute(
            "SELECT experiment, count(*) FROM runs GROUP BY experiment ORDER BY count(*) DESC, experiment"
        ).fetchall()
    return [(str(name), int(count)) for name, count in rows]


def list_projects(store: Store, experiment: str) -> list[str]:
    """Return the projects that have runs in an experiment of this name, most runs first."""
    with store.read() as connection:
        rows = connection.execute(
            "SELECT project FROM runs WHERE experiment = ? GROUP BY project ORDER BY count(*) DESC, project",
            [experiment],
        ).fetchall()
    return [str(project) for (project,) in rows]
