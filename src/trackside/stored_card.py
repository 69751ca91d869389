"""The card of a run as it is now, for a card that was drawn while it ran and that nobody has renewed since."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from trackside.analysis.forced import list_forced
from trackside.analysis.incomparable import find_incomparable_metrics
from trackside.artifacts import list_artifacts
from trackside.capture.words.numbers import spell_number
from trackside.card import card_bundle, ended_card, running_card
from trackside.goals import is_system_metric
from trackside.model import Param, is_run_id
from trackside.query import Scope, select_runs
from trackside.store.store import Store
from trackside.team.baselines import read_held
from trackside.team.decisions import list_decisions
from trackside.tracking.live_runs import list_live_runs
from trackside.whereabouts import find_own_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trackside.artifacts import Artifacts, KeptArtifact
    from trackside.model import Status
    from trackside.query import RunFrame
    from trackside.team.decisions import Decision

_REFRESH_WAIT = 2.0  # seconds to wait for the tables to know how the run went on


@dataclass(frozen=True, kw_only=True)
class StoredRun:
    """What a card shows of a run, as the store has it."""

    id: str
    name: str
    status: Status
    duration: float
    latest: Mapping[str, float | str]
    params: Mapping[str, Param]
    artifacts: Mapping[tuple[str, int | None], KeptArtifact] = field(default_factory=dict)
    error: str | None = None
    is_joined: bool = False
    children: int = 0
    notes: list[str] = field(default_factory=list)
    progress: str | None = None


def answer_card(run_id: str) -> dict[str, Any]:
    """Answer our renderer how a run goes: with its card's forms by MIME type, as JSON; empty if it is not known."""
    live = next((run for run in list_live_runs() if run.id == run_id), None)
    if live is not None:
        bundle: dict[str, Any] | None = card_bundle(running_card(live), with_install_hint=False)
    else:
        store = Store(find_own_settings().store_folder)
        if store.folder.exists():
            store.refresh(_REFRESH_WAIT)
        bundle = stored_bundle(store, run_id)
    return {"op": "card", "bundle": json.dumps(bundle) if bundle else ""}


def stored_bundle(store: Store, run_id: str) -> dict[str, Any] | None:
    """Return the card of a run as the store's tables have it, in its forms by MIME type; None if they do not."""
    frame = select_runs(store, Scope(run_ids=[run_id])) if is_run_id(run_id) else None
    if frame is None or not frame.run_ids:
        return None
    decisions = list_decisions(store, [run_id])
    held = _held(store, frame)
    stored = _run_of(frame, list_artifacts(store, [run_id]))
    card = (
        running_card(stored)
        if stored.status == "running"
        else ended_card(
            stored,
            error=stored.error,
            decided=_tell(decisions),
            spreads={key: column.tolist()[0] for key, column in frame.spreads.items()},
            held=held,
            incomparable=find_incomparable_metrics(store, run_id, next(iter(held), None), stored.latest),
            notes=[f"{each.metric} {each}" for each in list_forced(store, [run_id], only_last=True)],
        )
    )
    return card_bundle(card, with_install_hint=False)


def _held(store: Store, frame: RunFrame) -> dict[str, dict[str, float]]:
    project, experiment = (str(frame.attributes[key].tolist()[0]) for key in ("project", "experiment"))
    return read_held(store, project, [experiment])


def _tell(decisions: list[Decision]) -> str | None:
    """Return the last decision in words: ``promote, by ada: beats the baseline``."""
    if not decisions:
        return None
    last = decisions[0]
    return f"{last.decision}, by {last.author or 'nobody knows whom'}: {last.why}"


def _run_of(frame: RunFrame, artifacts: Artifacts) -> StoredRun:
    about = {key: column.tolist()[0] for key, column in frame.attributes.items()}
    params = {key: column.tolist()[0] for key, column in frame.params.items()}
    return StoredRun(
        id=frame.run_ids[0],
        name=str(about["name"]),
        status=about["status"],
        duration=float(about["duration"] or 0.0),
        latest={
            key: spell_number(float(np.ma.getdata(column)[0]))
            for key, column in frame.metrics.items()
            if column.count() and not is_system_metric(key)
        },
        params={
            key: Param(key=key, value=value, kind="json", origin="given")
            for key, value in params.items()
            if value is not None
        },
        artifacts={(artifact.name, artifact.step): artifact for artifact in artifacts},
        error=about["error"],
    )
