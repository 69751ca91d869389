"""What is known of a version: how good it is, on what data, what goes in and comes out, what it was held to."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from trackside.analysis.samples import read_evaluations
from trackside.capture.artifacts.models import find_load
from trackside.comparability.evaluations import compare_evaluations
from trackside.errors import InputError
from trackside.goals import Goals, is_system_metric
from trackside.model import Staged, short_id
from trackside.query import Scope, select_runs
from trackside.run_data import read_datasets
from trackside.run_details import read_details
from trackside.team.registry.history import list_events
from trackside.team.registry.registry import CHAMPION

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trackside.comparability.evaluations import Comparability
    from trackside.model import Artifact, Dataset, ModelChanged
    from trackside.records import DataProfile
    from trackside.run_data import RunDataset
    from trackside.run_details import RunDetails
    from trackside.store.model_chain import ModelState
    from trackside.team.registry.registry import Registry

_PREDICTED = re.compile(r"\b(y_pred|proba\S*) ([\w\[\]]+)")
_INPUT = re.compile(r"x|x[_\d].*|.*features?|.*inputs?", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class MetricRow:
    """A metric's last value, and that of the version in production before, where there is one.

    ``tone`` tells whether it became better; it is empty where that is not known, or the two may not be compared.
    """

    name: str
    value: float
    before: float | None = None
    comparability: Comparability | None = None
    tone: str = ""

    @property
    def change(self) -> float | None:
        """How far it is from the value before; None where the two may not be compared."""
        if self.before is None or (self.comparability and self.comparability.state == "not comparable"):
            return None
        change = self.value - self.before
        return change if math.isfinite(change) else None


@dataclass(frozen=True, kw_only=True)
class VersionFacts:
    """All that a version's card shows.

    Attributes
    ----------
    former
        The version in production before this one, or instead of it.
    left_behind
        The version that is champion still, although it was archived.
    renumbered
        What its number was in another store, from which it came by a merge.
    inputs, outputs
        The columns with their types, and whose they are; empty where that is not on record.
    run
        What is known of its run; None where it is not on record any more.
    """

    model: str
    version: int
    stage: str
    aliases: list[str]
    artifact: Artifact
    run_id: str
    registration: ModelChanged
    events: list[tuple[ModelChanged, str]]
    former: int | None = None
    left_behind: int | None = None
    renumbered: int | None = None
    metrics: list[MetricRow] = field(default_factory=list)
    data: list[Dataset] = field(default_factory=list)
    inputs: list[tuple[str, str]] = field(default_factory=list)
    inputs_of: str = ""
    outputs: list[tuple[str, str]] = field(default_factory=list)
    run: RunDetails | None = None

    @property
    def overridden(self) -> list[ModelChanged]:
        """The steps that somebody answers for although it did not pass."""
        return [event for event, lost in self.events if event.overridden_by and not lost]


def read_facts(registry: Registry, model: str, version: int) -> VersionFacts:
    """Return what is known of a version.

    Raises
    ------
    InputError
        There is no such version.
    """
    state = registry.find(model)
    own = state.versions[version]
    run_id = own.registered.run_id
    former = _former(state, version)
    try:
        run = read_details(registry.store, run_id)
    except InputError:  # purged elsewhere, or not merged yet: the registration still tells what it is
        run = None
    datasets = read_datasets(registry.store, [run_id])
    of, inputs = _inputs(datasets)
    return VersionFacts(
        model=model,
        version=version,
        stage=own.stage,
        aliases=sorted(alias for alias, number in state.aliases.items() if number == version),
        artifact=own.registered.artifact,
        run_id=run_id,
        registration=own.registration,
        events=list_events(state, version),
        former=former,
        left_behind=find_left_behind(state),
        renumbered=state.renumbered.get(version),
        metrics=list(_metrics(registry, run_id, state.versions[former].registered.run_id if former else None)),
        data=[each.dataset for each in datasets],
        inputs=inputs,
        inputs_of=of,
        outputs=_outputs(run.artifacts if run else []),
        run=run,
    )


def find_left_behind(state: ModelState) -> int | None:
    """Return the version that is champion still, although it was archived, as by the promotion of another."""
    champion = state.aliases.get(CHAMPION)
    return champion if champion is not None and state.versions[champion].stage == "archived" else None


def _former(state: ModelState, version: int) -> int | None:
    """Return the version that was in production when this one got there, or is there now."""
    current: int | None = None
    former: int | None = None
    for said in state.counted:
        event = said.event
        if isinstance(event.change, Staged):
            if event.change.stage == "production":
                former = current if event.version == version else former
                current = event.version
            elif event.version == current:
                current = None
    return former if state.versions[version].stage == "production" or current in (None, version) else current


def _metrics(registry: Registry, run_id: str, former: str | None) -> Iterator[MetricRow]:
    """Yield a run's metrics, those that say best first, beside those of the run before."""
    settings = registry.find_settings()
    wanted = [run_id, *([former] if former and former != run_id else [])]
    scope = Scope(run_ids=wanted, goals=Goals(settings.metrics, settings.main_metric))
    frame = select_runs(registry.store, scope)
    rows = {each: row for row, each in enumerate(frame.run_ids)}
    if run_id not in rows:
        return
    evaluations = read_evaluations(registry.store, wanted)
    for name, column in frame.metrics.items():
        values = np.ma.filled(column.astype(float), np.nan)
        missing = np.ma.getmaskarray(column)
        if is_system_metric(name) or missing[rows[run_id]]:
            continue
        before = None
        if former in rows and former != run_id and not missing[rows[former]]:
            before = float(values[rows[former]])
        compared = (
            compare_evaluations(name, [evaluations[run_id]], [evaluations[former]])
            if former is not None and before is not None
            else None
        )
        row = MetricRow(name=name, value=float(values[rows[run_id]]), before=before, comparability=compared)
        goal = frame.goals.of(name)
        tone = "" if goal is None or not row.change else "good" if (row.change < 0) == (goal == "min") else "bad"
        yield MetricRow(name=name, value=row.value, before=before, comparability=compared, tone=tone)


def _inputs(datasets: Sequence[RunDataset]) -> tuple[str, list[tuple[str, str]]]:
    """Return whose columns went in, and these: those of the data to train on, as far as they are on record."""
    with_columns = [each for each in datasets if each.profile and each.profile.columns and _is_input(each.dataset)]
    for each in sorted(with_columns, key=lambda one: one.dataset.role != "train"):
        return each.dataset.name, _columns(each.profile, each.dataset)
    return "", []


def _is_input(dataset: Dataset) -> bool:
    return bool(_INPUT.fullmatch(dataset.name))


def _columns(profile: DataProfile | None, dataset: Dataset) -> list[tuple[str, str]]:
    columns = profile.columns if profile else []
    return [(column.name or dataset.shape or dataset.kind, column.dtype) for column in columns]


def _outputs(artifacts: Sequence[Artifact]) -> list[tuple[str, str]]:
    kept = [artifact.about.get("columns", "") for artifact in artifacts if artifact.kind == "predictions"]
    return [(name, kind) for name, kind in _PREDICTED.findall(kept[-1])] if kept else []


def load_command(facts: VersionFacts) -> str:
    """Return the code by which the user loads the bytes; Trackside itself never does.

    ``version`` stands for the version.
    """
    kept = facts.artifact
    ending = kept.name.rpartition(".")[2].lower() if "." in kept.name else ""
    if "files" in kept.about:
        return f"version.save({f'{short_id(facts.run_id)}-model'!r})"
    if told := find_load(kept.mime, kept.about):
        path = "version.path" if kept.mime not in _NEED_ENDING else f"version.save('model{_NEED_ENDING[kept.mime]}')"
        return re.sub(r"(?<![.\w])path\b", path, told)
    return _BY_ENDING.get(ending, "version.path.read_bytes()")


_NEED_ENDING = {"application/x-keras": ".keras", "application/json": ".json"}
"""Libraries that tell by a file's ending how to read it, by the type of what they wrote."""

_TRUST = "  # runs code from the file: only for files that you trust"
_BY_ENDING = {
    "joblib": f"joblib.load(version.path){_TRUST}",
    "pkl": f"pickle.load(version.path.open('rb')){_TRUST}",
    "pickle": f"pickle.load(version.path.open('rb')){_TRUST}",
    "pt": "torch.load(version.path, weights_only=True)",
    "pth": "torch.load(version.path, weights_only=True)",
    "ckpt": "torch.load(version.path, weights_only=True)",
    "safetensors": "safetensors.torch.load_file(version.path)",
    "skops": "skops.io.load(version.path, trusted=[…])  # those of "
    "skops.io.get_untrusted_types(file=version.path) that you trust",
    "onnx": "onnxruntime.InferenceSession(str(version.path))",
    "keras": "keras.models.load_model(version.save('model.keras'))",
    "ubj": "model = xgboost.Booster(); model.load_model(version.save('model.ubj'))",
    "npy": "numpy.load(version.path)",
    "json": "json.loads(version.path.read_text())",
}
