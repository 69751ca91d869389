"""A review as a notebook: what was found as text, and cells that show the runs again and decide about them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import nbformat.v4

from trackside.model import short_id
from trackside.quantities import spell_count
from trackside.review.gathering import write_condition
from trackside.review.words import say_counts, say_difference, say_period, say_summary, spell_value
from trackside.visible_text import code_span, cut

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from trackside.review.findings import ExperimentReview, Review

_LONGEST = 90
_SHOWN = 30
_NAMED = 5


def make_notebook(review: Review, store: Path | None = None) -> nbformat.NotebookNode:
    """Return a review as a notebook that runs from top to bottom.

    Parameters
    ----------
    store
        The store's folder, where the notebook would not find it by itself.
    """
    cells = [
        _text(f"# Review of {say_period(review)}", say_summary(review), f"By {code_span(review.author)}."),
        nbformat.v4.new_code_cell("import trackside as ts"),
        *(cell for each in review.experiments for cell in _tell_experiment(review, each, store)),
        *_tell_novelty(review),
    ]
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    made: nbformat.NotebookNode = nbformat.v4.new_notebook(cells=cells, metadata=metadata)
    nbformat.validate(made)
    return made


def _tell_experiment(review: Review, told: ExperimentReview, store: Path | None) -> Iterator[Any]:
    where = {"project": told.project, "experiment": told.experiment} | ({"store": str(store)} if store else {})
    named = ", ".join(f"{key}={value!r}" for key, value in where.items())
    baseline = f"The baseline is {code_span(told.baseline)}." if told.baseline else "There is no baseline."
    yield _text(f"## {code_span(told.experiment)}", f"{say_counts(told.counts)}, by {_people(told)}. {baseline}")
    yield nbformat.v4.new_code_cell(
        f'runs = ts.runs("{write_condition(review.since, review.until)}", {named})\nruns.compare()'
    )
    yield _text("### Against the baseline", *_candidates(told))
    if told.candidates and not told.not_checked:
        yield nbformat.v4.new_code_cell(f"runs.check({told.metric!r})")
    if told.failures:
        rows = [[code_span(each.error, _LONGEST), len(each.run_ids), _ids(each.run_ids)] for each in told.failures]
        yield _text("### Failed", _table(["error", "runs", "which"], rows))
    if review.policy is not None:
        rows = [
            [code_span(each.rule), len(each.run_ids), code_span(each.advice), _ids(each.run_ids)]
            for each in told.broken
        ]
        broken = _table(["rule", "runs", "what to do", "which"], rows) if rows else "Every run keeps it."
        yield _text("### Policy", broken)
    if told.questions:
        asked = [f"- {_plain(each.text)}" for each in told.questions]
        yield _text("### To decide", "\n".join(asked))
        lines = [f"# {cut(each.code, 2 * _LONGEST)}" for each in told.questions if each.code]
        if lines:
            yield nbformat.v4.new_code_cell("\n".join(["# Take the sign away, and say why:", *lines]))


def _candidates(told: ExperimentReview) -> Iterator[str]:
    if told.not_checked:
        yield f"Not checked: {_plain(told.not_checked)}."
    rows = [
        [
            code_span(each.label, _LONGEST),
            each.handle,
            each.verdict,
            spell_value(each.value),
            say_difference(each),
            each.decision or "not yet",
        ]
        for each in told.candidates
    ]
    titles = ["runs", "id", "verdict", code_span(told.metric or ""), "difference", "decided"]
    yield _table(titles, rows) if rows else "None is ahead of it." if told.baseline else ""


def _tell_novelty(review: Review) -> Iterator[Any]:
    data = [
        [code_span(each.name), each.role or "", code_span(each.shape or ""), each.digest[:16], each.runs]
        for each in review.data
    ]
    if data:
        yield _text("## New data", _table(["name", "role", "shape", "digest", "runs"], data))
    environments = [
        f"- {short}: {changes}"
        for short, changes in (
            (f"`{each.digest[:12]}`, {spell_count(each.runs, 'run')}", _changes(each.changes))
            for each in review.environments
        )
    ]
    if environments:
        yield _text("## New environments", "\n".join(environments))


def _changes(changes: Sequence[str]) -> str:
    more = f" and {len(changes) - _SHOWN} more" if len(changes) > _SHOWN else ""
    return ", ".join(code_span(each) for each in changes[:_SHOWN]) + more or "nothing to compare it with"


def _people(told: ExperimentReview) -> str:
    return ", ".join(f"{code_span(name)} ({count})" for name, count in told.people.items())


def _ids(run_ids: Sequence[str]) -> str:
    more = ", …" if len(run_ids) > _NAMED else ""
    return ", ".join(map(short_id, run_ids[:_NAMED])) + more


def _plain(text: str) -> str:
    """Return a text in which nothing means anything to Markdown."""
    return re.sub(r"([!-&*./:-@\[-`{-~])", r"\\\1", cut(text, 2 * _LONGEST))


def _text(*paragraphs: str) -> Any:
    return nbformat.v4.new_markdown_cell("\n\n".join(paragraphs))


def _table(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)
