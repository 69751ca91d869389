"""All that is known of a run, as plain text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from trackside.model import short_id
from trackside.quantities import spell_count
from trackside.visible_text import cut, spell, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trackside.goals import Goals
    from trackside.run_details import MetricFacts, RunDetails

_VALUE = 120
_NAME = 40
_SOURCE_LINES = 200
_WIDTH = 200


def summarize(run: RunDetails, goals: Goals) -> str:
    """Return what is known of a run, part by part.

    Parameters
    ----------
    goals
        Which metrics are better low and which high: it decides which of a metric's values is its best.
    """
    parts = {
        "params": _rows({key: f"{spell(value)} ({run.origins[key]})" for key, value in run.params.items()}),
        "metrics": _rows({name: _describe_metric(name, run.metrics[name], goals) for name in goals.rank(run.metrics)}),
        "tags": _rows(run.tags),
        "data": _rows(_data(run)),
        "models": _rows(_models(run)),
        "artifacts": [f"  {line}" for line in _artifacts(run)],
        "code": _rows(_code(run)),
        "environment": _rows(_environment(run)),
        "reproduction": [f"  {line}" for line in _reproduction(run)],
        "lost": [f"  {cut(line, _WIDTH)}" for line in run.lost],
        "error": _text(run.error),
        "source": _text(run.source),
    }
    lines = [f"{cut(run.name, 60)} {short_id(run.run_id)}", *_rows(_identity(run))]
    for name, rows in parts.items():
        lines += ["", name, *rows] if rows else []
    return "\n".join(lines)


def _rows(values: Mapping[str, str]) -> list[str]:
    width = max((len(cut(name, _NAME)) for name in values), default=0)
    return [f"  {cut(name, _NAME):<{width}}  {cut(text, _VALUE)}" for name, text in values.items()]


def _text(text: str | None) -> list[str]:
    lines = (text or "").splitlines()
    more = [f"  … and {spell_count(len(lines) - _SOURCE_LINES, 'more line')}"] if len(lines) > _SOURCE_LINES else []
    shown = [visible(line) for line in lines[:_SOURCE_LINES]]
    return [f"  {line if len(line) <= _WIDTH else line[: _WIDTH - 1] + '…'}" for line in shown] + more


def _identity(run: RunDetails) -> dict[str, str]:
    cell = f", cell [{run.execution_count}]" if run.execution_count is not None else ""
    facts = {
        "id": run.run_id,
        "first name": run.first_name if run.first_name != run.name else None,
        "status": run.status,
        "started": f"{run.started_at:%Y-%m-%d %H:%M:%S} UTC",
        "duration": f"{run.duration:.3g} s" if run.duration is not None else None,
        "experiment": run.experiment,
        "project": run.project,
        "group": run.group,
        "part of": short_id(run.parent_id) if run.parent_id else None,
        "user": f"{run.user} on {run.host}" if run.host else run.user,
        "notebook": f"{run.notebook_path}{cell}" if run.notebook_path else None,
        **{name: run.marks.get(name) for name in ("starred", "shelf", "note", "reproduced")},
    }
    return {name: text for name, text in facts.items() if text}


def _describe_metric(name: str, facts: MetricFacts, goals: Goals) -> str:
    best = {"min": facts.low, "max": facts.high}.get(goals.of(name) or "")
    told = f", best {best:.6g}" if best is not None and best != facts.last else ""
    return f"{facts.last:.6g}{told} ({spell_count(facts.points, 'point')})"


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


def _artifacts(run: RunDetails) -> Iterator[str]:
    for artifact in run.artifacts:
        step = f" at step {artifact.step}" if artifact.step is not None else ""
        kind, mime = cut(artifact.kind, _NAME), cut(artifact.mime, _NAME)
        yield f"{cut(artifact.name, 60)}{step}: {kind}, {mime}, {artifact.bytes:,} bytes"


def _code(run: RunDetails) -> dict[str, str]:
    code, notebook = run.code, run.notebook
    dirty = " and changes that are in no commit" if run.git_dirty else ""
    facts = {
        "commit": f"{run.git_commit}{dirty}" if run.git_commit else None,
        "branch": code.branch if code else None,
        "cells before": str(max(0, len(code.cells) - 1)) if code else "not known",
        "modules": _modules(run),
        "notebook": f"{spell_count(len(notebook.cells), 'cell')}, from the {notebook.came_from}" if notebook else None,
        "outputs": str(len(run.outputs.outputs)) if run.outputs else None,
        "added later": ", ".join(f"{len(each.outputs)} outputs of [{each.execution_count}]" for each in run.added),
        "notes": "; ".join(code.notes) if code else None,
    }
    return {name: text for name, text in facts.items() if text}


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
    facts = {
        "Python": f"{environment.implementation} {environment.python}",
        "OS": environment.os,
        "CPU": f"{environment.cpu}, {environment.cores} cores, {environment.memory / 2**30:.1f} GiB",
        "GPU": ", ".join(gpu.name for gpu in environment.gpus),
        "packages": str(len(environment.packages)),
    }
    return {name: text for name, text in facts.items() if text}


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
