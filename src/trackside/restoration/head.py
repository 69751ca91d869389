"""What a restored notebook says first: which run it is of, on what data and where it ran."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackside.model import short_id
from trackside.visible_text import code_span, spell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from trackside.model import Dataset
    from trackside.run_details import RunDetails

_SHOWN = 40


def write_head(run: RunDetails, notes: Iterable[str], *, is_whole: bool) -> str:
    """Return the first cell of a restored notebook, as Markdown in which nothing from the store has a meaning."""
    what = "The notebook as it stood when the run began" if is_whole else "The cells that the run depended on, in order"
    lines = [f"## {code_span(run.name, 60)}", "", f"{what}; restored by Trackside. Nothing of it was executed.", ""]
    lines += [f"- **{name}**: {text}" for name, text in _facts(run)]
    told = list(notes)
    if told:
        lines += ["", "What is not as it was:", "", *(f"- {note}" for note in told)]
    return "\n".join(lines)


def _facts(run: RunDetails) -> Iterator[tuple[str, str]]:
    yield "run", f"{code_span(run.run_id)}, {run.status}, started {run.started_at:%Y-%m-%d %H:%M:%S} UTC"
    yield "experiment", code_span(run.experiment)
    if run.notebook_path:
        yield "notebook", code_span(run.notebook_path)
    if run.git_commit:
        yield "commit", code_span(run.git_commit) + (" and changes that were in no commit" if run.git_dirty else "")
    for group in (_values("params", run.params), _values("metrics", {k: v.last for k, v in run.metrics.items()})):
        yield from group
    if run.datasets:
        yield "data", ", ".join(_describe_data(data) for data in list(run.datasets.values())[:_SHOWN])
    if environment := run.environment:
        gpus = "".join(f", {code_span(gpu.name)}" for gpu in environment.gpus)
        machine = f"{code_span(environment.os)}, {code_span(environment.cpu)}{gpus}"
        yield "environment", f"{environment.implementation} {code_span(environment.python)}, {machine}"


def _values(name: str, values: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    if values:
        shown = list(values.items())[:_SHOWN]
        more = f" and {len(values) - _SHOWN} more" if len(values) > _SHOWN else ""
        yield name, ", ".join(code_span(f"{key} = {spell(value)}", 80) for key, value in shown) + more


def _describe_data(data: Dataset) -> str:
    digest = f"sha256 {data.digest[:16]}…{' of a sample' if data.sampled else ''}" if data.digest else ""
    words = " ".join(text for text in (data.kind, data.shape, data.role, digest) if text)
    return f"{code_span(data.name, 60)} ({code_span(words)})"


def name_of(run: RunDetails) -> str:
    """Return a run's name and id as a file's name, without an ending: letters, digits and dashes only.

    A name from a store is a label: nothing of it that could lead elsewhere is left.
    """
    letters = "".join(char if char.isascii() and char.isalnum() else "-" for char in run.name)
    name = "-".join(part for part in letters.split("-") if part)[:60].rstrip("-")
    return f"{name or 'run'}-{short_id(run.run_id)}"
