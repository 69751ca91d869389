"""A review as one HTML page that loads nothing and runs nothing: every text of a run is escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from trackside.browser_api import BrowserApi
from trackside.model import short_id
from trackside.quantities import spell_count
from trackside.query import Scope
from trackside.review.words import say_counts, say_difference, say_period, say_summary, spell_value
from trackside.static_html import view_html
from trackside.view_record import NOTEBOOK, draw_record
from trackside.visible_text import cut
from trackside.wire import ViewState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from trackside.review.findings import Candidate, ExperimentReview, Review
    from trackside.store.store import Store
    from trackside.wire import Panel

_LONGEST = 160
_SHOWN = 30
_NAMED = 5
_TONES = {"better": "good", "worse": "bad", "not comparable": "warn", "not enough data": "warn"}

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; --line: #8884; --quiet: #666; --good: #1b7f37; --bad: #c62828; --warn: #9a6700 }}
@media (prefers-color-scheme: dark) {{
  :root {{ --quiet: #aaa; --good: #5fd07a; --bad: #ff8a80; --warn: #f0b84a }}
  img {{ filter: invert(.93) hue-rotate(180deg); mix-blend-mode: screen }}
}}
body {{ max-width: 72rem; margin: 0 auto; padding: 2rem 1.5rem 4rem; font: 15px/1.5 system-ui, sans-serif }}
h1 {{ font-size: 1.6rem; margin: 0 }}
h2 {{ font-size: 1.25rem; margin: 2.5rem 0 .25rem; padding-top: 1rem; border-top: 1px solid var(--line) }}
h3 {{ font-size: 1rem; margin: 1.5rem 0 .25rem }}
p {{ margin: .25rem 0 }}
table {{ border-collapse: collapse; margin: .5rem 0; font-variant-numeric: tabular-nums }}
th, td {{ text-align: start; padding: .2rem 1rem .2rem 0; border-bottom: 1px solid var(--line); vertical-align: top }}
th, td code, [data-side=end] {{ white-space: nowrap }}
th {{ font-weight: 600; color: var(--quiet) }}
[data-side=end] {{ text-align: end }}
code {{ font-family: ui-monospace, monospace; font-size: .92em }}
ul {{ margin: .25rem 0; padding-inline-start: 1.2rem }}
figure {{ margin: .5rem 0; overflow-x: auto }}
img {{ max-width: 100% }}
.quiet {{ color: var(--quiet) }}
.good {{ color: var(--good) }} .bad {{ color: var(--bad) }} .warn {{ color: var(--warn) }}
.tiles {{ display: flex; flex-wrap: wrap; gap: 1rem 2.5rem; margin: 1.25rem 0 }}
.tiles b {{ display: block; font-size: 1.6rem; line-height: 1.2 }}
</style>
<body>
<h1>Review</h1>
<p>{period}</p>
<p class="quiet">{summary} By {author}.</p>
{body}
</body>
</html>
"""


def write_page(review: Review, store: Store) -> str:
    """Return a review as a page of its own."""
    return _PAGE.format(
        title=escape(f"Trackside: review of {say_period(review)}"),
        period=escape(say_period(review)),
        summary=escape(say_summary(review)),
        author=_text(review.author),
        body="\n".join(_parts(review, store)),
    )


def _parts(review: Review, store: Store) -> Iterator[str]:
    yield _tiles(review)
    yield from _questions(review)
    yield from (_experiment(review, each, store) for each in review.experiments)
    yield from _novelty(review)


def _tiles(review: Review) -> str:
    counts = review.counts
    better = sum(len(each.better) for each in review.experiments)
    broken = {run_id for each in review.experiments for rule in each.broken for run_id in rule.run_ids}
    failed = counts.get("failed", 0) + counts.get("interrupted", 0)
    tiles = [
        (sum(counts.values()), "runs", ""),
        (better, "better than the baseline", "good" if better else ""),
        (failed, "failed or interrupted", "bad" if failed else ""),
        *([(len(broken), "break the policy", "warn" if broken else "")] if review.policy else []),
        (sum(len(each.questions) for each in review.experiments), "open questions", ""),
    ]
    drawn = "".join(f'<div><b class="{tone}">{number:,}</b>{name}</div>' for number, name, tone in tiles)
    return f'<div class="tiles">{drawn}</div>'


def _questions(review: Review) -> Iterator[str]:
    asked = [
        f"<li>{_text(question.text)}"
        + (f"<br><code>{_text(question.code)}</code>" if question.code else "")
        + f' <span class="quiet">{_text(each.experiment)}</span></li>'
        for each in review.experiments
        for question in each.questions
    ]
    if asked:
        yield f"<h2>To decide</h2><ul>{''.join(asked)}</ul>"


def _experiment(review: Review, told: ExperimentReview, store: Store) -> str:
    people = ", ".join(f"{_text(name)} ({count})" for name, count in told.people.items())
    baseline = f"The baseline is <b>{_text(told.baseline)}</b>." if told.baseline else "There is no baseline."
    parts = [
        f"<h2>{_text(told.experiment)} <small class='quiet'>{_text(told.project)}</small></h2>",
        f"<p>{escape(say_counts(told.counts))}, by {people}. {baseline}</p>",
        "<h3>Against the baseline</h3>",
    ]
    if told.not_checked:
        parts.append(f'<p class="warn">Not checked: {_text(told.not_checked)}.</p>')
    titles = ["runs", "id", "verdict", cut(told.metric or "", _LONGEST), "difference", "decided", ""]
    rows = [_candidate_row(each) for each in told.candidates]
    parts.append(_table(titles, rows, ends=(3, 4)) if rows else "<p>None is ahead of it.</p>" if told.baseline else "")
    parts += [f"<figure>{_draw(told, store)}</figure>"]
    if told.failures:
        failed = [[_text(each.error), _count(each.run_ids), _ids(each.run_ids)] for each in told.failures]
        parts += ["<h3>Failed</h3>", _table(["error", "runs", "which"], failed, ends=(1,))]
    if review.policy is not None:
        broken = [
            [_text(each.rule), _count(each.run_ids), _text(each.advice), _ids(each.run_ids)] for each in told.broken
        ]
        titles = ["rule", "runs", "what to do", "which"]
        parts += ["<h3>Policy</h3>", _table(titles, broken, ends=(1,)) if broken else "<p>Every run keeps it.</p>"]
    return "\n".join(parts)


def _candidate_row(each: Candidate) -> list[str]:
    verdict = f'<span class="{_TONES.get(each.verdict, "quiet")}">{escape(each.verdict)}</span>'
    decided = _text(each.decision) if each.decision else '<span class="quiet">not yet</span>'
    return [
        _text(each.label),
        f"<code>{each.handle}</code>",
        verdict,
        spell_value(each.value),
        escape(say_difference(each)),
        decided,
        f'<span class="quiet">{_text(each.reason)}</span>',
    ]


def _draw(told: ExperimentReview, store: Store) -> str:
    """Return the histories of the runs and their table, as an output of a comparison is kept."""
    ids = [*told.runs.ids, *([told.runs.baseline] if told.runs.baseline else [])]
    panels: list[Panel] = ["history", "table"]
    api = BrowserApi(store, Scope(run_ids=list(dict.fromkeys(ids)), goals=told.runs.goals))
    return view_html(draw_record(api, ViewState(panels=panels), NOTEBOOK, wait=None), pictures=True)


def _novelty(review: Review) -> Iterator[str]:
    if review.data:
        rows = [
            [
                _text(each.name),
                _text(each.role or ""),
                _text(each.shape or ""),
                f"<code>{_text(each.digest[:16])}</code>",
                f"{each.runs:,}",
            ]
            for each in review.data[:_SHOWN]
        ]
        more = f"<p>… and {len(review.data) - _SHOWN} more</p>" if len(review.data) > _SHOWN else ""
        yield f"<h2>New data</h2>{_table(['name', 'role', 'shape', 'digest', 'runs'], rows, ends=(4,))}{more}"
    if review.environments:
        told = "".join(
            f"<li><code>{_text(each.digest[:12])}</code>, {spell_count(each.runs, 'run')}: "
            f"{_changes(each.changes)}</li>"
            for each in review.environments[:_SHOWN]
        )
        yield f"<h2>New environments</h2><ul>{told}</ul>"


def _changes(changes: Sequence[str]) -> str:
    more = f" and {len(changes) - _SHOWN} more" if len(changes) > _SHOWN else ""
    return ", ".join(map(_text, changes[:_SHOWN])) + more or "nothing to compare it with"


def _count(run_ids: Sequence[str]) -> str:
    return f"{len(run_ids):,}"


def _ids(run_ids: Sequence[str]) -> str:
    more = ", …" if len(run_ids) > _NAMED else ""
    return f"<code>{', '.join(map(short_id, run_ids[:_NAMED]))}{more}</code>"


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]], ends: Sequence[int] = ()) -> str:
    """Return a table of cells that are HTML already; numbers stand in the columns ``ends``."""
    side = dict.fromkeys(ends, ' data-side="end"')
    head = "".join(f'<th scope="col"{side.get(at, "")}>{_text(title)}</th>' for at, title in enumerate(titles))
    body = "".join(
        "<tr>" + "".join(f"<td{side.get(at, '')}>{cell}</td>" for at, cell in enumerate(row)) + "</tr>" for row in rows
    )
    return f"<figure><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></figure>"


def _text(text: str) -> str:
    return f"<bdi>{escape(cut(text, _LONGEST))}</bdi>" if text else ""
