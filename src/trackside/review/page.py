"""A review as one HTML page that loads nothing and runs nothing: every text of a run is escaped."""

from __future__ import annotations

from html import escape
from math import isfinite
from typing import TYPE_CHECKING

from trackside.browser_api import BrowserApi
from trackside.query import Scope
from trackside.review.outline import Bullets, Heading, Paragraph, Runs, Steps, Table, outline
from trackside.review.words import say_period
from trackside.static_html import draw_pictures
from trackside.view_record import NOTEBOOK, draw_record
from trackside.visible_text import cut
from trackside.wire import ViewState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trackside.review.findings import ExperimentReview, Review
    from trackside.review.outline import Bar, Block, Line, Text
    from trackside.store.store import Store

_LONGEST = 200
_BAR = 90
"""Pixels that a bar of differences is wide."""

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
h2 .quiet {{ font-weight: 400 }}
p {{ margin: .25rem 0 }}
table {{ border-collapse: collapse; margin: .5rem 0; font-variant-numeric: tabular-nums }}
th, td {{ text-align: start; padding: .2rem .9rem .2rem 0; border-bottom: 1px solid var(--line); vertical-align: top }}
th, td code, [data-side=end] {{ white-space: nowrap }}
td > code:only-child {{ white-space: normal }}
td svg {{ vertical-align: -2px; margin-inline-start: .5rem }}
@media (max-width: 60rem) {{ td svg {{ display: block; margin-inline-start: auto }} }}
th {{ font-weight: 600; color: var(--quiet) }}
[data-side=end] {{ text-align: end }}
code {{ font-family: ui-monospace, monospace; font-size: .92em }}
ul {{ margin: .25rem 0; padding-inline-start: 1.2rem }}
figure {{ margin: .5rem 0; overflow-x: auto }}
img {{ max-width: 100% }}
.quiet {{ color: var(--quiet) }}
.good {{ color: var(--good) }} .bad {{ color: var(--bad) }} .warn {{ color: var(--warn) }}
.tiles {{ display: flex; flex-wrap: wrap; gap: 1rem 2rem; margin: 1.25rem 0 }}
.tiles b {{ display: block; font-size: 1.6rem; line-height: 1.2 }}
</style>
<body>
{body}
</body>
</html>
"""


def write_page(review: Review, store: Store) -> str:
    """Return a review as a page of its own."""
    body = "\n".join(_parts(review, store))
    return _PAGE.format(title=escape(f"Trackside: review. {say_period(review)}"), body=body)


def _parts(review: Review, store: Store) -> Iterator[str]:
    has_tiles = False
    for block in outline(review):
        if isinstance(block, Heading) and block.level > 1 and not has_tiles:
            yield _tiles(review)
            has_tiles = True
        yield _write(block, store)


def _tiles(review: Review) -> str:
    counts = review.counts
    better = sum(len(each.better) for each in review.experiments)
    failed = sum(len(failure.run_ids) for each in review.experiments for failure in each.failures)
    broken = sum(len(each.breaking) for each in review.experiments)
    tiles = [
        (sum(counts.values()), "runs", ""),
        (better, "better than the baseline", "good" if better else ""),
        (failed, "failed or interrupted", "bad" if failed else ""),
        *([(broken, "break the policy", "warn" if broken else "")] if review.policy else []),
        (len(review.decisions), "decisions", ""),
        (sum(len(each.questions) for each in review.experiments), "open questions", ""),
    ]
    drawn = "".join(f'<div><b class="{tone}">{number:,}</b>{name}</div>' for number, name, tone in tiles)
    return f'<div class="tiles">{drawn}</div>'


def _write(block: Block, store: Store) -> str:
    match block:
        case Heading(level, line):
            return f"<h{level}>{_line(line)}</h{level}>"
        case Paragraph(line):
            return f"<p>{_line(line)}</p>"
        case Bullets(lines):
            return f"<ul>{''.join(f'<li>{_line(each)}</li>' for each in lines)}</ul>"
        case Table():
            return _table(block)
        case Runs(told):
            return _draw(told, store)
        case Steps():
            return ""  # a page runs nothing, and the questions name them


def _draw(told: ExperimentReview, store: Store) -> str:
    """Return how the main metric went, where any run has a history."""
    ids = [*told.runs.ids, *([told.runs.baseline] if told.runs.baseline else [])]
    api = BrowserApi(store, Scope(run_ids=list(dict.fromkeys(ids)), goals=told.runs.goals))
    record = draw_record(api, ViewState(panels=["history"]), NOTEBOOK, wait=None)
    return f"<figure>{draw_pictures(record)}</figure>" if record.histories else ""


def _table(table: Table) -> str:
    side = dict.fromkeys(table.numbers, ' data-side="end"')
    bars = _bars(table) if table.bars else [""] * len(table.rows)
    head = "".join(f'<th scope="col"{side.get(at, "")}>{_line(title)}</th>' for at, title in enumerate(table.titles))
    body = "".join(
        "<tr>"
        + "".join(
            f"<td{side.get(at, '')}>{_line(cell)}{bar if at == table.bar_column else ''}</td>"
            for at, cell in enumerate(row)
        )
        + "</tr>"
        for row, bar in zip(table.rows, bars, strict=True)
    )
    return f"<figure><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></figure>"


def _bars(table: Table) -> list[str]:
    """Return the differences of a table's rows as pictures of one scale, the baseline in the middle of each."""
    effects = [abs(bar.effect) for bar in table.bars if bar and isfinite(bar.effect)]
    widest = 1.25 * max(effects, default=0.0) or 1.0
    return [_bar(bar, widest) for bar in table.bars]


def _bar(bar: Bar | None, widest: float) -> str:
    def place(value: float) -> float:
        return round(_BAR / 2 * (1 + max(-1.0, min(1.0, value / widest))), 1)

    drawn = f'<path d="M{_BAR / 2} 0V14" stroke="var(--line)"/>'
    if bar and bar.interval and all(map(isfinite, bar.interval)):
        low, high = map(place, bar.interval)
        drawn += f'<path d="M{low} 7H{high}" stroke="currentColor" stroke-width="2" opacity=".5"/>'
    if bar and isfinite(bar.effect):
        drawn += f'<circle cx="{place(bar.effect)}" cy="7" r="3.5" fill="currentColor"/>'
    return f'<svg width="{_BAR}" height="14" aria-hidden="true">{drawn}</svg>'


def _line(line: Line) -> str:
    return "".join(escape(each) if isinstance(each, str) else _text(each) for each in line)


def _text(text: Text) -> str:
    told = escape(cut(text.text, _LONGEST))
    told = told if told.isascii() or not told else f"<bdi>{told}</bdi>"
    match text.look:
        case "plain":
            return told
        case "code":
            return f"<code>{told}</code>" if told else ""
        case "strong":
            return f"<b>{told}</b>"
        case tone:
            return f'<span class="{tone}">{told}</span>'
