"""In what data two runs differ: which there are, their shapes, columns, content, and how it was divided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trackside.changes import ABSENT
from trackside.quantities import spell_count
from trackside.run_diff.sections import Difference, Section, value_section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trackside.model import Dataset
    from trackside.records import ColumnProfile, DataProfile
    from trackside.run_details import RunDetails

_DIGITS = 12
"""Characters of a digest that tell it from others."""


def compare_data(before: RunDetails, after: RunDetails) -> Section:
    """Return in what data two runs differ."""
    differences, same = list[Difference](), 0
    for name in [*after.datasets, *(name for name in before.datasets if name not in after.datasets)]:
        old, new = before.datasets.get(name), after.datasets.get(name)
        if old is None or new is None:
            texts = [ABSENT if data is None else describe_data(data) for data in (old, new)]
            differences.append(Difference(name=name, before=texts[0], after=texts[1]))
            continue
        found = value_section("data", _facts(before, old, new), _facts(after, new, old)).differences
        differences += [_renamed(difference, f"{name} · {difference.name}") for difference in found]
        same += not found
    return Section(name="data", differences=differences, same=same)


def is_other_data(before: Dataset | None, after: Dataset | None) -> bool:
    """Tell whether what two runs had under one name is known not to be the same data."""
    if before is None or after is None:
        return True
    if before.digest and after.digest and before.sampled == after.sampled:
        return before.digest != after.digest
    return None not in (before.shape, after.shape) and before.shape != after.shape


def _renamed(difference: Difference, name: str) -> Difference:
    return Difference(name=name, before=difference.before, after=difference.after, said=difference.said)


def describe_data(data: Dataset) -> str:
    """Return what tells data from other data, in words."""
    return " ".join(text for text in (data.kind, data.shape, data.role, data.digest and data.digest[:_DIGITS]) if text)


def _facts(run: RunDetails, data: Dataset, other: Dataset) -> dict[str, Any]:
    """Return what is known of a run's data; digests only where both have one that was made alike."""
    facts: dict[str, Any] = {
        "type": data.kind,
        "shape": data.shape,
        "role": data.role,
        "source": data.source,
        "version": data.version,
    }
    if data.digest and other.digest and data.sampled == other.sampled:
        facts["content"] = data.digest[:_DIGITS] + (" (of a sample)" if data.sampled else "")
    if profile := run.profiles.get(data.name):
        facts |= dict(_profile_facts(profile))
    return {name: value for name, value in facts.items() if value is not None}


def _profile_facts(profile: DataProfile) -> Iterator[tuple[str, Any]]:
    for column in profile.columns:
        yield f"column {column.name}" if column.name else "values", _describe_column(column)
    for name, value in profile.split.items():
        yield f"split {name}", value
    for place, step in enumerate(profile.filters, 1):
        yield f"filter {place}", step.text if step.rows is None else f"{step.text} → {spell_count(step.rows, 'row')}"
    if profile.pipeline:
        yield "pipeline", profile.pipeline


def _describe_column(column: ColumnProfile) -> str:
    quantiles = [f"{number:.6g}" for number in column.quantiles]
    parts = [
        column.dtype,
        f"{column.nulls:,} missing" if column.nulls else "",
        f"{column.distinct:,} different" if column.distinct is not None else "",
        f"quantiles {' '.join(quantiles)}" if quantiles else "",
    ]
    return ", ".join(part for part in parts if part)
