"""Baselines: the runs that others are held against. Who chose which, when and why is kept for good.

An experiment has one of its own, whose name is empty, and any number of named ones: ``baseline:production``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trackside.capture.words.secrets import redact
from trackside.errors import InputError
from trackside.last_values import last_values
from trackside.tracking.deciding_alone import CATCH_UP_SECONDS, deciding_alone
from trackside.tracking.experiments import decide
from trackside.tracking.retention import refuse_dropped

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from trackside.config import Settings
    from trackside.store.store import Store

_NAME = re.compile(r"[\w.-]{1,60}")


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One time that somebody chose a baseline, or took it back.

    Attributes
    ----------
    name
        Of the baseline; empty for the experiment's own one.
    run_id, run
        The run and what it is called now: None where the baseline was taken back, or nothing is left of the run.
    author, why, time
        Who chose it, for what reason, and when, in UTC.
    until
        When another choice took its place; None while it stands.
    """

    project: str
    experiment: str
    name: str
    run_id: str | None
    run: str | None
    author: str | None
    why: str | None
    time: datetime
    until: datetime | None


def spell_handle(name: str) -> str:
    """Return how a baseline is named in place of a run.

    Examples
    --------
    >>> spell_handle(""), spell_handle("production")
    ('baseline', 'baseline:production')
    """
    return f"baseline:{name}" if name else "baseline"


def choose_baseline(
    store: Store,
    project: str,
    experiments: Sequence[str],
    run_id: str | None,
    *,
    name: str = "",
    by: str | None = None,
    why: str | None = None,
    settings: Settings | None = None,
) -> None:
    """Hold the runs of an experiment against one, or none; see `refuse_unless_compliant` for what the policy refuses.

    Parameters
    ----------
    experiments
        The experiment's name, and its former ones: what those have for this baseline is taken back.
    run_id
        The run; None takes the baseline back.
    name
        Which baseline; the experiment's own one by default.
    by, why
        Who chooses it, by default the author of this code's runs, and the reason.
    settings
        Those that name the policy; by default those that hold for the store.

    Raises
    ------
    InputError
        The run was dropped or purged, no baseline can have this name, or the policy refuses the run.
    JournalError
        The store's folder cannot be written.
    StoreBusyError
        The store was locked for too long.
    """
    if name and not _NAME.fullmatch(name):
        raise InputError(
            f"found {name[:80]!r} as a baseline's name; expected one word of at most 60 letters, digits, '.', '_' and "
            "'-', such as production"
        )
    from trackside.listings import list_decided
    from trackside.team.policy import refuse_unless_compliant

    name = redact(name)
    if run_id is not None:
        refuse_unless_compliant(store, [run_id], "baseline", settings=settings)
    with deciding_alone(store.folder):  # nobody drops or purges it meanwhile
        store.bring_up_to_date(CATCH_UP_SECONDS, "whether the run is there")
        if run_id is not None:
            refuse_dropped(store, run_id)
        for former in experiments[1:]:
            if name in list_decided(store, "baseline", project, [former]):
                decide(store, (project, former), "baseline", name, None, by=by, why=why)
        decide(store, (project, experiments[0]), "baseline", name, run_id, by=by, why=why)


def read_held(store: Store, project: str, experiments: Sequence[str]) -> dict[str, dict[str, float]]:
    """Return the last values of the metrics of the run that an experiment's are held against, by its id, if any is."""
    from trackside.listings import list_decided

    run_id = list_decided(store, "baseline", project, experiments).get("")
    if run_id is None:
        return {}
    with store.read() as connection:
        found = last_values("SELECT TRY_CAST(? AS UUID) AS run_id")
        rows = connection.execute(f"SELECT key, last FROM ({found})", [run_id]).fetchall()  # noqa: S608 - our own SQL
    return {run_id: dict(rows)}


def list_choices(store: Store, project: str | None = None, experiments: Sequence[str] = ()) -> list[Choice]:
    """Return all choices of baselines there ever were, the newest first.

    Parameters
    ----------
    project
        Of this one only.
    experiments
        Of an experiment's several names only.
    """
    condition = "(? IS NULL OR project = ?) AND (? OR list_contains(CAST(? AS VARCHAR[]), experiment))"
    return _read(store, condition, project, project, not experiments, list(experiments))


def list_choices_of(store: Store, run_id: str) -> list[Choice]:
    """Return all the times that a run became a baseline, the newest first."""
    return _read(store, "run_id = CAST(? AS UUID)", run_id)


def _read(store: Store, condition: str, *values: object) -> list[Choice]:
    with store.read() as connection:
        rows = connection.execute(
            f"""SELECT project, experiment, c.name, CAST(run_id AS VARCHAR), r.name, author, why, time, until
            FROM (SELECT *, lead(time) OVER (PARTITION BY project, experiment, name ORDER BY time, writer, seq) AS until
                  FROM baselines) c
            LEFT JOIN (SELECT run_id, name FROM named_runs) r USING (run_id)
            WHERE {condition} ORDER BY time DESC, writer DESC, seq DESC""",  # noqa: S608 - one of the conditions above
            list(values),
        ).fetchall()
    return [Choice(**dict(zip(Choice.__dataclass_fields__, row, strict=True))) for row in rows]
