"""How far a run has come, for those who add to it after its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trackside.errors import InputError
from trackside.model import short_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trackside.store.store import Store


@dataclass(frozen=True, kw_only=True)
class RunState:
    """A run as the store knows it.

    Attributes
    ----------
    active
        Seconds that its owners worked on it.
    owners
        How many processes have owned it.
    next_steps
        For each metric the step after its last.
    params
        The keys of its params.
    artifacts
        The names and steps of its artifacts.
    """

    run_id: str
    name: str
    project: str
    experiment: str
    status: str
    active: float
    owners: int
    next_steps: Mapping[str, int]
    params: frozenset[str]
    artifacts: frozenset[tuple[str, int | None]]


def read_run_state(store: Store, run_id: str) -> RunState:
    """Return how far a run has come.

    Raises
    ------
    InputError
        There is no such run.
    """
    with store.read() as connection:
        row = connection.execute(
            "SELECT name, project, experiment, status, coalesce(active, 0) FROM named_runs WHERE run_id = ?", [run_id]
        ).fetchone()
        owners = connection.execute(
            "SELECT coalesce(max(generation) + 1, 0) FROM journal_offsets WHERE owner AND run_id = ?", [run_id]
        ).fetchone()
        steps = connection.execute(
            "SELECT key, max(last_step) + 1 FROM summaries WHERE run_id = ? GROUP BY key", [run_id]
        ).fetchall()
        params = connection.execute("SELECT key FROM params WHERE run_id = ?", [run_id]).fetchall()
        artifacts = connection.execute("SELECT name, step FROM artifacts WHERE run_id = ?", [run_id]).fetchall()
    if row is None or owners is None:
        raise InputError(f"No run {short_id(run_id)} in {store.folder}; expected one of `ts.runs()`; name another.")
    name, project, experiment, status, active = row
    return RunState(
        run_id=run_id,
        name=name,
        project=project,
        experiment=experiment,
        status=status,
        active=active,
        owners=owners[0],
        next_steps=dict(steps),
        params=frozenset(key for (key,) in params),
        artifacts=frozenset((str(name), step) for name, step in artifacts),
    )
