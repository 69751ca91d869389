"""What changed from one run of a cell to the next: its code, its params, the data it reads, its environment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from trackside.code_around import compare_code_around
from trackside.line_diff import count_changed_lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trackside.model import Dataset
    from trackside.records import Environment
    from trackside.run_facts import RunFacts


ABSENT = object()
"""Stands where there is nothing: None is a value like another."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that changed; ``before`` is `ABSENT` where it is new, ``now`` where it is gone.

    ``text`` says it where both values would not.
    """

    name: str
    before: Any
    now: Any
    text: str | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What changed. ``added`` and ``removed`` count lines of the cell's own code; ``around`` names other code.

    ``is_around_known`` tells whether the code around both cells is on record, and was compared.
    """

    added: int
    removed: int
    around: list[str]
    is_around_known: bool
    params: list[Change]
    data: list[Change]
    environment: list[Change]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.around or self.params or self.data or self.environment)


def compare_runs(before: RunFacts, now: RunFacts) -> Changes:
    """Return what changed between two runs of a cell.

    Examples
    --------
    >>> from trackside.run_facts import RunFacts
    >>> compare_runs(RunFacts(params={"lr": 0.1}), RunFacts(params={"lr": 0.2})).params
    [Change(name='lr', before=0.1, now=0.2)]
    """
    added, removed = _count_lines(before.source, now.source)
    params, data = compare_values(before.params, now.params), _compare_data(before.datasets, now.datasets)
    around = compare_code_around(
        before.parts, now.parts, told={change.name.partition(".")[0] for change in (*params, *data)}
    )
    return Changes(
        added=added,
        removed=removed,
        around=around or [],
        is_around_known=around is not None,
        params=params,
        data=data,
        environment=compare_values(describe_environment(before.environment), describe_environment(now.environment))
        if before.environment and now.environment
        else [],
    )


def _count_lines(before: str | None, now: str | None) -> tuple[int, int]:
    if before is None or now is None or before == now:
        return 0, 0
    return count_changed_lines(before, now)


def compare_values(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[Change]:
    """Return which of two runs' named values differ; True is not 1.

    Examples
    --------
    >>> compare_values({"a": 1, "b": 2}, {"a": 1, "b": 3})
    [Change(name='b', before=2, now=3)]
    """
    names = [*now, *(name for name in before if name not in now)]
    return [
        Change(name=name, before=before.get(name, ABSENT), now=now.get(name, ABSENT))
        for name in names
        if not _is_same(before.get(name, ABSENT), now.get(name, ABSENT))
    ]


def _compare_data(before: Mapping[str, Dataset], now: Mapping[str, Dataset]) -> list[Change]:
    """Compare data by shape, then by content: digests of which one is of a sample and the other is not say nothing."""
    names = [*now, *(name for name in before if name not in now)]
    return [change for name in names if (change := _data_change(name, before.get(name), now.get(name))) is not None]


def _data_change(name: str, before: Dataset | None, now: Dataset | None) -> Change | None:
    if before is None or now is None:
        return Change(name=name, before=_size(before), now=_size(now))
    if _size(before) != _size(now):
        return Change(name=name, before=_size(before), now=_size(now))
    if before.kind != now.kind:
        return Change(name=name, before=before.kind, now=now.kind)
    if None in (before.digest, now.digest) or before.sampled != now.sampled or before.digest == now.digest:
        return None
    text = "other content, same shape" if now.shape else "other content"
    return Change(name=name, before=before.digest, now=now.digest, text=text)


def _size(dataset: Dataset | None) -> Any:
    return ABSENT if dataset is None else dataset.shape or dataset.kind


def _is_same(before: Any, now: Any) -> bool:
    return bool(before == now) and isinstance(before, bool) == isinstance(now, bool)


def describe_environment(environment: Environment) -> dict[str, str]:
    """Return what tells one environment from another: the machine's main facts and the packages, by name."""
    machine = {
        "Python": environment.python,
        "OS": environment.os,
        "CPU": environment.cpu,
        "GPU": ", ".join(gpu.name for gpu in environment.gpus),
        "host": environment.host,
    }
    return {name: text for name, text in machine.items() if text} | dict(environment.packages)
