"""A version in words, and a model, and all of them: as plain text."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from trackside.labels import format_value
from trackside.model import short_id
from trackside.quantities import spell_bytes, spell_count
from trackside.team.registry.facts import load_command
from trackside.team.registry.history import say_event
from trackside.team.registry.registry import CHAMPION
from trackside.visible_text import cut

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trackside.model import Dataset, Gate, ModelChanged
    from trackside.team.registry.facts import MetricRow, VersionFacts

NAME = 60
TEXT = 200
NOT_ON_RECORD = "not on record"
_METRICS = 8
_COLUMNS = 12


def write_text(facts: VersionFacts) -> str:
    """Return a version's card as text."""
    return "\n".join([say_head(facts), *(f"  {line}" for line in _lines(facts))])


def say_head(facts: VersionFacts) -> str:
    """Return which version it is and where it stands: ``churn 3 · production · champion``."""
    aliases = [cut(alias, NAME) for alias in facts.aliases]
    return " · ".join([f"{cut(facts.model, NAME)} {facts.version}", facts.stage, *aliases])


def say_what(facts: VersionFacts) -> str:
    """Return what it is: class, library, size and digest."""
    kept = facts.artifact
    told = (kept.about.get("class", "").rpartition(".")[2] or kept.name, kept.about.get("library"))
    return " · ".join(
        [*(cut(each, NAME) for each in told if each), spell_bytes(kept.bytes), f"sha256 {kept.sha256[:12]}…"]
    )


def say_registration(facts: VersionFacts) -> str:
    """Return by whom, when, of which run and why it was registered."""
    event = facts.registration
    run = f"run {short_id(facts.run_id)}" + (
        f" ({cut(facts.run.name, NAME)})" if facts.run else ", not on record any more"
    )
    merged = f" as version {facts.renumbered} of another store" if facts.renumbered else ""
    return f"registered by {say_who(event)} on {say_when(event)}{merged}, of {run}" + say_why(event)


def say_who(event: ModelChanged) -> str:
    """Return who said something."""
    return cut(event.by or "somebody", NAME)


def say_why(event: ModelChanged) -> str:
    """Return the reason, to stand behind what was done."""
    return f": {cut(event.why, TEXT)}" if event.why else ""


def say_when(event: ModelChanged) -> str:
    """Return when something was said."""
    return f"{datetime.fromtimestamp(event.time, tz=UTC):%Y-%m-%d %H:%M} UTC"


def say_gate(gate: Gate) -> str:
    """Return what it was held to and how that came out."""
    return f"{'✓' if gate.passed else '✗'} {cut(gate.name, NAME)}" + (f": {cut(gate.text, TEXT)}" if gate.text else "")


def say_step(event: ModelChanged, lost: str) -> str:
    """Return one step of its life in a line."""
    override = f", overridden by {cut(event.overridden_by, NAME)}" if event.overridden_by else ""
    ending = f" (lost: {lost})" if lost else ""
    return f"{say_when(event)} {cut(say_event(event), TEXT)}, by {say_who(event)}{override}{say_why(event)}{ending}"


def say_override(event: ModelChanged) -> str:
    """Return that somebody answers for what was not passed."""
    failed = ", ".join(cut(gate.name, NAME) for gate in event.gates if not gate.passed)
    who = cut(event.overridden_by or "", NAME)
    return f"! {cut(say_event(event), NAME)} although it did not pass: {failed}; {who} answers for it{say_why(event)}"


def say_left_behind(model: str, version: int | None) -> str:
    """Return that the champion is archived, and what to do; nothing where it is not."""
    if version is None:
        return ""
    return (
        f"! {CHAMPION} still means version {version}, which is archived: have it mean another, "
        f"ts.models.alias({model!r}, …, {CHAMPION!r}), or none, .unalias({CHAMPION!r})"
    )


def say_change(row: MetricRow) -> str:
    """Return how far a metric is from that of the version before, or why that cannot be told."""
    if row.before is None:
        return ""
    if row.change is None:
        causes = "; ".join(row.comparability.causes) if row.comparability else ""
        return f"≠ not comparable: {cut(causes, TEXT)}" if causes else f"before {row.before:.6g}"
    unknown = (
        " (whether they were evaluated alike is not known)"
        if row.comparability and row.comparability.state == "unknown"
        else ""
    )
    return (f"{row.change:+.4g}".replace("-", "−") if row.change else "=") + unknown


def say_data(dataset: Dataset) -> str:
    """Return what a dataset is: role, kind, shape and digest."""
    digest = (dataset.digest or "").rpartition(":")[2][:8]
    sample = " of a sample" if dataset.sampled else ""
    told = (
        dataset.role,
        dataset.kind,
        dataset.shape,
        f"digest {digest}{sample}" if digest else "no digest",
        dataset.source,
    )
    return " · ".join(cut(each, NAME) for each in told if each)


def say_columns(columns: list[tuple[str, str]]) -> str:
    """Return columns with their types, of many the first few."""
    told = ", ".join(f"{cut(name, NAME)} {cut(kind, NAME)}" for name, kind in columns[:_COLUMNS])
    more = f" and {len(columns) - _COLUMNS} more" if len(columns) > _COLUMNS else ""
    return told + more if columns else NOT_ON_RECORD


def say_environment(facts: VersionFacts) -> str:
    """Return where it was made: Python, system, GPU, commit."""
    environment = facts.run.environment if facts.run else None
    if facts.run is None or environment is None:
        return NOT_ON_RECORD
    gpus = ", ".join(gpu.name for gpu in environment.gpus)
    dirty = " and changes that are in no commit" if facts.run.git_dirty else ""
    commit = f"commit {facts.run.git_commit[:10]}{dirty}" if facts.run.git_commit else ""
    packages = spell_count(len(environment.packages), "package")
    told = (f"{environment.implementation} {environment.python}", environment.os, gpus, packages, commit)
    return " · ".join(cut(each, TEXT) for each in told if each)


def _lines(facts: VersionFacts) -> Iterator[str]:
    yield say_what(facts)
    yield say_registration(facts)
    yield from map(say_override, facts.overridden)
    if told := say_left_behind(facts.model, facts.left_behind):
        yield told
    against = f", against version {facts.former}" if facts.former else ""
    yield f"metrics{against}:" if facts.metrics else f"metrics: {NOT_ON_RECORD}"
    yield from (
        f"  {cut(row.name, NAME)} {format_value(row.value)}  {say_change(row)}".rstrip()
        for row in facts.metrics[:_METRICS]
    )
    if len(facts.metrics) > _METRICS:
        yield f"  and {len(facts.metrics) - _METRICS} more"
    yield "data:" if facts.data else f"data: {NOT_ON_RECORD}"
    yield from (f"  {cut(dataset.name, NAME)} {say_data(dataset)}" for dataset in facts.data[:_METRICS])
    yield f"inputs{facts.inputs_of and f' (columns of {cut(facts.inputs_of, NAME)})'}: {say_columns(facts.inputs)}"
    yield f"outputs{' (of the predictions kept)' if facts.outputs else ''}: {say_columns(facts.outputs)}"
    yield f"environment: {say_environment(facts)}"
    yield f"load it: {cut(load_command(facts), TEXT)}"
    yield "history:"
    for event, lost in facts.events:
        yield f"  {say_step(event, lost)}"
        yield from (f"    {say_gate(gate)}" for gate in event.gates)
