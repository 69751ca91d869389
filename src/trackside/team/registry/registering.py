"""Makes a run's artifact a version of a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackside.analysis.samples import unfold
from trackside.artifacts import list_artifacts
from trackside.errors import InputError, list_known, suggest
from trackside.model import Artifact, Registered, short_id
from trackside.query import Scope, select_runs
from trackside.ranking import best_rows
from trackside.team.registry.gates import answer_for, hold_run_to
from trackside.team.registry.registry import clean_name
from trackside.team.registry.version import ModelVersion
from trackside.tracking.late_work import wait_for_late_work
from trackside.tracking.retention import refuse_dropped

if TYPE_CHECKING:
    from trackside.artifacts import KeptArtifact
    from trackside.store.model_chain import ModelState
    from trackside.team.registry.registry import Registry

_WAIT = 30.0
_SHOWN = 5


def register_artifact(
    registry: Registry, name: str, run_id: str, artifact: str | None, *, why: str | None, override: str | None
) -> ModelVersion:
    """Return the next version of a model, made of a run's artifact; see ``ts.models.register``.

    Raises
    ------
    GateError
        The run does not keep the policy.
    InputError
        The name cannot be one, or the run has no such artifact, was dropped or purged.
    StoreDamagedError
        The artifact's bytes are missing or no longer what was kept.
    """
    model = clean_name(name)
    wait_for_late_work()
    registry.store.bring_up_to_date(_WAIT, "which artifacts the run has")
    kept = _choose(registry, run_id, artifact)
    kept.check()
    gates = hold_run_to(registry, run_id)
    overridden_by = answer_for(gates, f"registering run {short_id(run_id)} as {model!r}", override, why)
    registered = Registered(run_id=run_id, artifact=_as_said(kept))

    def decide(state: ModelState) -> tuple[int, Registered]:
        refuse_dropped(registry.store, run_id)
        return max(state.versions, default=0) + 1, registered

    version = registry.take_step(model, decide, why=why, gates=gates, overridden_by=overridden_by)
    return ModelVersion(registry, model, version)


def _choose(registry: Registry, run_id: str, name: str | None) -> KeptArtifact:
    found = list_artifacts(registry.store, [run_id])
    if not (found.of_kind("model") if name is None else name in found.names) and (
        inside := _say_inside(registry, run_id)
    ):
        raise InputError(f"run {short_id(run_id)} is a repeated cell's: its models are in its repeats, {inside}")
    if name is not None:
        if name not in found.names:
            known = found.names
            there_are = list_known(name, known, "none; keep one with ts.log_artifact(model, kind='model')")
            raise InputError(
                f"run {short_id(run_id)} has no artifact {name!r}.{suggest(name, known)} There are: {there_are}."
            )
        return found[name]
    models = found.of_kind("model").names
    if len(models) != 1:
        told = f"{len(models)} models ({', '.join(models[:5])})" if models else "no model"
        raise InputError(
            f"run {short_id(run_id)} has kept {told}; expected one; "
            + ("say which: artifact='…'" if models else "keep it: ts.log_artifact(model, kind='model')")
        )
    return found[models[0]]


def _say_inside(registry: Registry, run_id: str) -> str:
    """Return which of a repeated cell's runs kept models, and how one is registered; nothing of any other run."""
    frame = unfold(registry.store, Scope(), select_runs(registry.store, Scope(run_ids=[run_id])))
    kept = {artifact.run_id for artifact in list_artifacts(registry.store, frame.run_ids).of_kind("model")}
    inside = frame.take([row for row, its in enumerate(frame.run_ids) if its in kept and its != run_id])
    if not inside.run_ids:
        return ""
    try:
        metric = inside.main_metric or ""
        best = best_rows(inside, metric, None)[0]
        told = f"of which {short_id(inside.run_ids[best])} has the best {metric} ({inside.metrics[metric][best]:.4g})"
    except (InputError, IndexError):  # nobody knows which is best
        best, told = 0, "which are hidden in tables"
    named = ", ".join(map(short_id, inside.run_ids[:_SHOWN])) + (", …" if len(inside.run_ids) > _SHOWN else "")
    return f"{named}, {told}; expected one of them: ts.models.register(…, {short_id(inside.run_ids[best])!r})"


def _as_said(kept: KeptArtifact) -> Artifact:
    return Artifact(
        name=kept.name,
        kind=kept.kind,
        mime=kept.mime,
        bytes=kept.size,
        sha256=kept.sha256,
        step=kept.step,
        about=kept.about,
    )
