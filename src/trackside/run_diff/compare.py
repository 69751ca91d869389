"""Compares all that is known of two runs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import msgspec

from trackside.changes import ABSENT
from trackside.comparability.evaluations import Evaluation, list_incomparable, make_evaluation
from trackside.goals import is_system_metric
from trackside.run_data import RunDataset
from trackside.run_diff.cells import CellText, compare_cells, label_cell
from trackside.run_diff.code import compare_code, own_source
from trackside.run_diff.data import compare_data
from trackside.run_diff.sections import Difference, Section, SectionName, value_section
from trackside.visible_text import cut

if TYPE_CHECKING:
    from trackside.goals import Goals
    from trackside.records import Environment, Gpu
    from trackside.run_details import RunDetails

_NAMED = 4
_NOT_HARDWARE = {"python", "implementation", "executable", "packages", "direct", "gpus", "memory"}


def compare_details(before: RunDetails, after: RunDetails, goals: Goals) -> list[Section]:
    """Return in what two runs differ, part by part: the parts that changed first."""
    sections = [
        value_section("params", before.params, after.params),
        _compare_metrics(before, after, goals),
        compare_code(before, after),
        compare_data(before, after),
        value_section("model", _models(before), _models(after)),
        *_compare_environments(before, after),
        _compare_notebooks(before, after),
        _compare_runs(before, after),
    ]
    return sorted(sections, key=lambda section: not section.differences)


def _compare_metrics(before: RunDetails, after: RunDetails, goals: Goals) -> Section:
    differences, same = list[Difference](), 0
    for name in goals.rank({*before.metrics, *after.metrics}):
        old, new = (run.metrics[name].last if name in run.metrics else None for run in (before, after))
        if old is not None and new is not None and (old == new or (math.isnan(old) and math.isnan(new))):
            same += 1
        else:
            differences.append(_metric_difference(name, old, new, goals))
    return Section(name="metrics", differences=differences, same=same, notes=_say_incomparable(before, after))


def _metric_difference(name: str, old: float | None, new: float | None, goals: Goals) -> Difference:
    before, after = (ABSENT if value is None else value for value in (old, new))
    if old is None or new is None or not (math.isfinite(old) and math.isfinite(new)):
        return Difference(name=name, before=before, after=after)
    goal, delta = goals.of(name), new - old
    said = f"{delta:+.4g}"
    if goal is None:
        return Difference(name=name, before=before, after=after, said=said)
    is_better = (delta < 0) == (goal == "min")
    verdict = "better" if is_better else "worse"
    return Difference(
        name=name, before=before, after=after, said=f"{said}, {verdict}", tone="good" if is_better else "bad"
    )


def _say_incomparable(before: RunDetails, after: RunDetails) -> list[str]:
    """Say which metrics cannot be held side by side, as the runs are known to be evaluated otherwise, and why."""
    common = sorted(before.metrics.keys() & after.metrics.keys())
    measured = [metric for metric in common if not is_system_metric(metric)]
    told: dict[str, list[str]] = {}
    for metric, cause in list_incomparable(measured, _evaluation(after), _evaluation(before)).items():
        told.setdefault(cause, []).append(metric)
    return [f"not comparable as they stand: {_name(metrics, measured)}{cause}" for cause, metrics in told.items()]


def _evaluation(run: RunDetails) -> Evaluation:
    datasets = [
        RunDataset(run_id=run.run_id, dataset=each, profile=run.profiles.get(name))
        for name, each in run.datasets.items()
    ]
    return make_evaluation(datasets, own_source(run), [each.about for each in run.artifacts])


def _name(metrics: list[str], among: list[str]) -> str:
    """Return the names of metrics, where it is not so for all."""
    if len(metrics) == len(among):
        return ""
    more = len(metrics) - _NAMED
    return ", ".join([*(cut(each, 60) for each in metrics[:_NAMED]), *([f"{more} more"] if more > 0 else [])]) + ": "


def _compare_environments(before: RunDetails, after: RunDetails) -> list[Section]:
    notes = [
        f"what the run {word} ran on is not known"
        for word, run in (("before", before), ("after", after))
        if run.environment is None
    ]
    sections = []
    names: tuple[SectionName, SectionName] = ("packages", "hardware")
    for name, facts in zip(names, (_software, _hardware), strict=True):
        if before.environment and after.environment:
            sections.append(value_section(name, facts(before.environment), facts(after.environment)))
        else:
            sections.append(Section(name=name, notes=notes if name == "packages" and len(notes) == 1 else []))
    return sections


def _software(environment: Environment) -> dict[str, Any]:
    return {"Python": f"{environment.implementation} {environment.python}", **environment.packages}


def _hardware(environment: Environment) -> dict[str, Any]:
    """Return what is known of the machine, under the names of the record's fields."""
    known = msgspec.structs.asdict(environment)
    facts = {name: value for name, value in known.items() if name not in _NOT_HARDWARE and value not in (None, [], {})}
    gpus = ", ".join(map(_describe_gpu, environment.gpus))
    facts |= {"memory": _spell_memory(environment.memory)} | ({"GPU": gpus} if gpus else {})
    return {name.replace("_", " "): value for name, value in facts.items()}


def _describe_gpu(gpu: Gpu) -> str:
    return f"{gpu.name} ({_spell_memory(gpu.memory)})"


def _spell_memory(size: int) -> str:
    return f"{size / 2**30:.1f} GiB"


def _compare_notebooks(before: RunDetails, after: RunDetails) -> Section:
    if before.notebook is None or after.notebook is None:
        return Section(name="notebook")
    own = {before.cell_id, after.cell_id} - {None} if before.cell_id == after.cell_id else set[str | None]()
    cells = [
        [
            CellText(label_cell(text, cell.execution_count), text, cell.sha256, cell.cell_id)
            for cell, text in ((cell, run.sources.get(cell.sha256)) for cell in run.notebook.cells)
            if cell.cell_id not in own  # it stands among the code
        ]
        for run in (before, after)
        if run.notebook
    ]
    differences, same = compare_cells(*cells)
    return Section(name="notebook", differences=differences, same=same)


def _models(run: RunDetails) -> dict[str, str]:
    models = run.models.models if run.models else []
    return {
        model.name: model.kind if model.parameters is None else f"{model.kind}, {model.parameters:,} parameters"
        for model in models
    }


def _compare_runs(before: RunDetails, after: RunDetails) -> Section:
    return value_section("run", _said_of(before), _said_of(after))


def _said_of(run: RunDetails) -> dict[str, Any]:
    """Return what is known of a run itself, apart from what is another for each."""
    facts = {
        "experiment": run.experiment,
        "status": run.status,
        "error": run.error.partition("\n")[0] if run.error else None,
        "user": run.user or None,
        "notebook": run.notebook_path,
    }
    tags = {f"tag {key}": value for key, value in run.tags.items()}
    return {name: value for name, value in facts.items() if value is not None} | tags
