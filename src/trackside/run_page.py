"""All that is known of a run, part by part, as the browser's run page and plain text show it."""

from __future__ import annotations

import json
from datetime import UTC
from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec

from trackside.model import short_id
from trackside.quantities import Spread, spell_count, spell_difference, spell_duration
from trackside.run_diff.cells import label_cell
from trackside.visible_text import cut, spell, visible
from trackside.wire import CodeText, Fact, RunPage, RunSection

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from trackside.goals import Goals
    from trackside.run_details import MetricFacts, RunDetails
    from trackside.wire import SectionName


_VALUE = 120
_NAME = 40
_WIDTH = 200
_LINES = 200
_MOST_FACTS = 500
_MOST_CELLS = 40


def describe_run(
    run: RunDetails,
    goals: Goals,
    *,
    before: str | None = None,
    baseline: str | None = None,
    against: Mapping[str, float] = MappingProxyType({}),
    incomparable: Mapping[str, str] = MappingProxyType({}),
    decided: Sequence[Fact] = (),
    versions: Sequence[Fact] = (),
    policy: RunSection | None = None,
) -> RunPage:
    """Return what is known of a run.

    Parameters
    ----------
    goals
        Which metrics are better low and which high: it decides which of a metric's values is its best.
    before, baseline
        The run of the same cell before this one, and the run that its experiment's runs are held against.
    against
        The last values of that run's metrics.
    incomparable
        The metrics that are not to be compared with those, and why.
    decided
        What was decided about the run; see `trackside.team.standing`.
    versions
        The versions of models that are made of it; see `trackside.team.registry.of_run`.
    policy
        How it keeps the policy.
    """
    own, *others = _sections(run, goals, _stand(run, against, incomparable), decided, versions)
    sections = [own, *([policy] if policy else []), *others]
    return RunPage(
        run_id=run.run_id,
        name=run.name,
        status=run.status,
        project=run.project,
        experiment=run.experiment,
        started_at=run.started_at.replace(tzinfo=UTC).timestamp(),
        sections=[section for section in sections if section.facts or section.texts],
        notebook=run.notebook_path,
        cell_id=run.cell_id,
        execution_count=run.execution_count,
        before=before,
        baseline=baseline,
        has_notebook=run.notebook is not None,
        has_outputs=run.outputs is not None,
    )


def _stand(run: RunDetails, against: Mapping[str, float], incomparable: Mapping[str, str]) -> dict[str, str]:
    """Return in words how each metric stands to the baseline's, where that can be said."""
    changes = {name: spell_difference(facts.last, against.get(name)) for name, facts in run.metrics.items()}
    told = {name: f"{change} against the baseline" for name, change in changes.items() if change}
    return told | {
        name: f"≠ not comparable with the baseline: {incomparable[name]}" for name in told if name in incomparable
    }


def _sections(
    run: RunDetails, goals: Goals, standing: Mapping[str, str], decided: Sequence[Fact], versions: Sequence[Fact]
) -> Iterator[RunSection]:
    params = [Fact(name=key, text=spell(value), note=run.origins[key]) for key, value in run.params.items()]
    metrics = [_describe_metric(name, run.metrics[name], goals, standing.get(name)) for name in goals.rank(run.metrics)]
    packages = run.environment.packages if run.environment else {}
    yield RunSection(name="run", facts=_facts(_identity(run)))
    yield _section("decisions", decided)
    yield _section("versions", versions)
    yield _section("params", params)
    yield _section("metrics", metrics)
    yield _section("tags", _facts(run.tags))
    yield _section("data", _facts(_data(run)))
    yield _section("models", _facts(_models(run)))
    yield _section("artifacts", _artifacts(run))
    cells = list(_cells(run))
    more = max(0, len(cells) - _MOST_CELLS)
    yield RunSection(name="code", facts=_facts(_code(run)), texts=cells[more:], more=more)  # the nearest ones
    yield RunSection(name="environment", facts=_facts(_environment(run)))
    yield _section("packages", _facts(packages))
    yield RunSection(name="reproduction", texts=_lines(_reproduction(run)))
    yield RunSection(name="lost", texts=_lines(cut(line, _WIDTH) for line in run.lost))
    yield RunSection(name="error", texts=_text(run.error))
    yield RunSection(name="source", texts=_text(run.source))


def _section(name: SectionName, facts: Iterable[Fact]) -> RunSection:
    facts = list(facts)
    shown = [msgspec.structs.replace(each, name=cut(each.name, _NAME), text=cut(each.text, _VALUE)) for each in facts]
    return RunSection(name=name, facts=shown[:_MOST_FACTS], more=max(0, len(facts) - _MOST_FACTS))


def _facts(texts: Mapping[str, str | None]) -> list[Fact]:
    return [Fact(name=cut(name, _NAME), text=cut(text, _VALUE)) for name, text in texts.items() if text]


def _identity(run: RunDetails) -> dict[str, str | None]:
    cell = f", cell [{run.execution_count}]" if run.execution_count is not None else ""
    return {
        "id": run.run_id,
        "first name": run.first_name if run.first_name != run.name else None,
        "status": run.status,
        "started": f"{run.started_at:%Y-%m-%d %H:%M:%S} UTC",
        "duration": spell_duration(run.duration) if run.duration is not None else None,
        "experiment": run.experiment,
        "project": run.project,
        "group": run.group,
        "part of": short_id(run.parent_id) if run.parent_id else None,
        "user": f"{run.user} on {run.host}" if run.host else run.user,
        "notebook": f"{run.notebook_path}{cell}" if run.notebook_path else None,
        **{name: run.marks.get(name) for name in ("starred", "shelf", "note", "reproduced")},
    }


def _describe_metric(name: str, facts: MetricFacts, goals: Goals, standing: str | None) -> Fact:
    best = {"min": facts.low, "max": facts.high}.get(goals.of(name) or "")
    told = f", best {best:.6g}" if best is not None and best != facts.last else ""
    if facts.runs is not None:
        told, of = f" {Spread(facts.runs, facts.deviation)}", f"mean of {spell_count(facts.runs, 'repeat')}"
    else:
        of = spell_count(facts.points, "point")
    return Fact(name=name, text=f"{facts.last:.6g}{told}", note=f"{standing}, {of}" if standing else of)


def _data(run: RunDetails) -> dict[str, str]:
    described = {}
    for name, data in run.datasets.items():
        digest = f"sha256 {data.digest[:12]}…{' of a sample' if data.sampled else ''}" if data.digest else None
        source = f"from {data.source}" if data.source else None
        words = (data.kind, data.shape, data.role, digest, source, data.version)
        described[name] = ", ".join(word for word in words if word)
    return described


def _models(run: RunDetails) -> dict[str, str]:
    models = run.models.models if run.models else []
    return {
        model.name: model.kind + (f", {model.parameters:,} parameters" if model.parameters is not None else "")
        for model in models
    }


def _artifacts(run: RunDetails) -> Iterator[Fact]:
    for artifact in run.artifacts:
        step = f" at step {artifact.step}" if artifact.step is not None else ""
        kind, mime = cut(artifact.kind, _NAME), cut(artifact.mime, _NAME)
        yield Fact(name=f"{artifact.name}{step}", text=f"{kind}, {mime}, {artifact.bytes:,} bytes")


def _code(run: RunDetails) -> dict[str, str | None]:
    code, notebook = run.code, run.notebook
    dirty = " and changes that are in no commit" if run.git_dirty else ""
    return {
        "commit": f"{run.git_commit}{dirty}" if run.git_commit else None,
        "branch": code.branch if code else None,
        "cells before": str(max(0, len(code.cells) - 1)) if code else "not known",
        "modules": _modules(run),
        "notebook": f"{spell_count(len(notebook.cells), 'cell')}, from the {notebook.came_from}" if notebook else None,
        "outputs": str(len(run.outputs.outputs)) if run.outputs else None,
        "added later": ", ".join(f"{len(each.outputs)} outputs of [{each.execution_count}]" for each in run.added),
        "notes": "; ".join(code.notes) if code else None,
    }


def _cells(run: RunDetails) -> Iterator[CodeText]:
    """Yield the cells that the run's own depends on, as they ran."""
    for cell in run.code.cells[:-1] if run.code else ():
        source = run.sources.get(cell.sha256)
        yield from _text(source, name=label_cell(source, cell.execution_count))


def _modules(run: RunDetails) -> str | None:
    if run.modules is None:
        return None
    edited = {True: " (edited since imported)", False: ""}
    told = [module.name + edited[module.is_edited] for module in run.modules.modules]
    left_out = run.modules.left_out
    return ", ".join([*told, *([f"{left_out} more that are too many or too large"] if left_out else [])])


def _environment(run: RunDetails) -> dict[str, str]:
    environment = run.environment
    if environment is None:
        return {}
    return {
        "Python": f"{environment.implementation} {environment.python}",
        "OS": environment.os,
        "CPU": f"{environment.cpu}, {environment.cores} cores, {environment.memory / 2**30:.1f} GiB",
        "GPU": ", ".join(gpu.name for gpu in environment.gpus),
        "packages": str(len(environment.packages)),
    }


def _reproduction(run: RunDetails) -> Iterator[str]:
    """Yield what was found when the run was run again."""
    try:
        kept = json.loads(run.marks.get("reproduction", "{}"))
        told = {
            name: [str(line) for line in kept.get(name, [])] for name in ("metrics", "data", "environment", "notes")
        }
    except (ValueError, AttributeError, TypeError):
        return
    for name, lines in told.items():
        yield from (f"{name}: {cut(line, _WIDTH)}" for line in lines)


def _lines(lines: Iterable[str]) -> list[CodeText]:
    text = "\n".join(lines)
    return [CodeText(name="", text=text)] if text else []


def _text(text: str | None, name: str = "") -> list[CodeText]:
    if not text:
        return []
    lines = [visible(line) for line in text.splitlines()]
    shown = [line if len(line) <= _WIDTH else line[: _WIDTH - 1] + "…" for line in lines[:_LINES]]
    return [CodeText(name=name, text="\n".join(shown), more=max(0, len(lines) - _LINES))]
