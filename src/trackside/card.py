"""A run's card: one line while it runs, at most six when it has ended."""

from __future__ import annotations

import math
from collections import Counter
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from trackside.changes import ABSENT
from trackside.html_styles import BAD, BRAND, CODE, GOOD, MUTED, TEXT, WARNING
from trackside.model import NON_FINITE, short_id, short_labels
from trackside.quantities import spell_count, spell_duration
from trackside.visible_text import cut
from trackside.wire import RECORD_VERSION, CardRecord, FoldedLine, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from trackside.artifacts import KeptArtifact
    from trackside.changes import Change, Changes
    from trackside.model import Artifact, Param
    from trackside.outcomes import Outcome
    from trackside.quantities import Spread
    from trackside.run_facts import RunFacts
    from trackside.stored_card import StoredRun
    from trackside.tracking import Run

CARD_MIME = "application/vnd.trackside.card.v1+json"
MAX_LINES = 6
MOST_SHOWN = 6
"""Metrics that have room on a card."""
INSTALL_HINT = "In JupyterLab: pip install trackside where the lab runs"

_SHOWN_PARAMS = 8
_SHOWN_CHANGES = 6
_SHOWN_RUNS = 10
_SHOWN_KINDS = 3
_SHOWN_TEXT = 40
_SHOWN_NOTE = 300
_MARKS = {"running": "●", "finished": "✓", "failed": "✗", "interrupted": "■", "off": "○"}
_ADDED = {
    "running": "adding to",
    "finished": "added to",
    "failed": "this cell failed, added to",
    "interrupted": "this cell was interrupted, added to",
}
"""What is said of a cell that adds to a run which has ended: that run's own status stays."""

_TONES = {
    "plain": "",
    "strong": "font-weight:600",
    "muted": MUTED,
    "code": CODE,
    "good": GOOD,
    "bad": BAD,
    "warning": WARNING,
}
_SEPARATOR = Span(text=" · ", tone="muted")


def running_card(run: Run | StoredRun) -> CardRecord:
    """Return the one line of a run that is going on, with the last note on what could not be kept."""
    facts = [[Span(text=f"{name} {_spell(value)}")] for name, value in list(run.latest.items())[:MOST_SHOWN]]
    progress = [[Span(text=run.progress)]] if run.progress else []
    notes = [[Span(text=cut(note, _SHOWN_NOTE), tone="warning")] for note in run.notes[-1:]]
    return _record(run, [_join([*_identity(run), *progress, *facts, *notes])])


def ended_card(
    run: Run | StoredRun,
    *,
    before: RunFacts | None = None,
    changes: Changes | None = None,
    notes: Iterable[str] = (),
    error: str | None = None,
    introduction: str | None = None,
    experiment: str | None = None,
    decided: str | None = None,
    policy: FoldedLine | None = None,
    repeats: Outcome | None = None,
    spreads: Mapping[str, Spread] = MappingProxyType({}),
    held: Mapping[str, Mapping[str, float]] = MappingProxyType({}),
    incomparable: Mapping[str, str] = MappingProxyType({}),
) -> CardRecord:
    """Return the card of a run that has ended.

    Parameters
    ----------
    before, changes
        The same cell's last run, and what changed since, which is shown first.
    notes
        Lines about what was not found or not kept.
    error
        What went wrong; its first line is shown.
    introduction
        What is told once in a session: where the store is, what is taken, how to stop.
    experiment
        Where the run is, if that is not where one would look for it.
    decided
        What was decided about it, in words.
    policy
        How it keeps the policy.
    repeats
        What its repeats came to, whose means are its metrics.
    spreads
        Of a repeated cell's run as the store has it: of how many repeats its metrics are means, and how far apart.
    held
        The metrics of the run that others are held against, by its id.
    incomparable
        The metrics that are not to be compared with its, and why.
    """
    previous = before.metrics if before else {}
    baseline = {} if run.id in held else next(iter(held.values()), {})
    told = [*_tell_incomparable(baseline, incomparable), *(cut(note, _SHOWN_NOTE) for note in notes)]
    baseline = {name: value for name, value in baseline.items() if name not in incomparable}
    lines = [_join(_identity(run, experiment))]
    if decided:
        lines.append([Span(text=cut(decided, _SHOWN_NOTE), tone="strong")])
    if error:
        lines.append([Span(text=cut(error.partition("\n")[0], _SHOWN_NOTE), tone="bad")])
    if changes is not None:
        lines.append(_changes_line(changes))
    metrics = {**(repeats.means() if repeats else {}), **run.latest}
    if metrics:
        of_repeats = repeats.spreads() if repeats else spreads
        lines.append(_metrics_line(metrics, of_repeats, previous, baseline))
    if repeats is not None:
        lines.append(_inside_line(repeats))
    if run.params:
        lines.append(_params_line(run.params))
    if introduction:
        lines.append([Span(text=cut(introduction, _SHOWN_NOTE), tone="muted")])
    most = MAX_LINES - (policy is not None)
    if run.params and len(lines) + bool(told) > most:
        lines.remove(_params_line(run.params))  # they stand in the cell; what was not kept stands nowhere else
    room = most - len(lines)
    if len(told) > room:
        told = [*told[: room - 1], f"{told[room - 1]} (and {len(told) - room} more)"]
    lines += [[Span(text=note, tone="warning")] for note in told]
    return _record(run, lines, policy)


def off_card(messages: Iterable[str], *, tone: str = "warning") -> CardRecord:
    """Return a card with no run: why the cell was not tracked, or what its magic line got wrong."""
    told = [cut(message, _SHOWN_NOTE) for message in messages][:MAX_LINES]
    lines = [[Span(text=message, tone="muted" if tone == "muted" else "warning")] for message in told]
    return CardRecord(version=RECORD_VERSION, run_id="", status="off", lines=lines)


def card_bundle(record: CardRecord, *, with_install_hint: bool) -> dict[str, Any]:
    """Return a card in every form a front end may want, by MIME type."""
    import msgspec

    hint = [[Span(text=INSTALL_HINT, tone="muted")]] if with_install_hint else []
    return {
        CARD_MIME: msgspec.to_builtins(record),
        "text/html": _html(record.status, record.lines, record.policy, hint),
        "text/plain": "\n".join(map(_plain, [*record.lines, *([record.policy.line] if record.policy else [])])),
    }


def _plain(line: list[Span]) -> str:
    return "".join(span.text for span in line)


def _record(run: Run | StoredRun, lines: list[list[Span]], policy: FoldedLine | None = None) -> CardRecord:
    return CardRecord(version=RECORD_VERSION, run_id=run.id, status=run.status, lines=lines, policy=policy)


def _identity(run: Run | StoredRun, experiment: str | None = None) -> list[list[Span]]:
    tones: Mapping[str, Any] = {"finished": "good", "failed": "bad", "interrupted": "warning"}
    status = _ADDED[run.status] if run.is_joined else run.status
    is_kept = getattr(run, "store_folder", run) is not None
    return [
        [Span(text=f"{_MARKS[run.status]} {status}", tone=tones.get(run.status, "plain"))],
        *([] if is_kept else [[Span(text="not kept", tone="bad")]]),
        [Span(text=cut(run.name, _SHOWN_TEXT), tone="strong")],
        *([[Span(text=f"in {cut(experiment, _SHOWN_TEXT)}")]] if experiment else []),
        *([[Span(text=short_id(run.id), tone="code")]] if is_kept else []),  # it could be looked up nowhere
        [Span(text=spell_duration(run.duration), tone="muted")],
        *([[Span(text=spell_count(run.children, "run") + " inside")]] if run.children else []),
        *([[Span(text=_artifacts(run) + " kept")]] if run.artifacts else []),
    ]


def _artifacts(run: Run | StoredRun) -> str:
    """Return how many artifacts of each kind there are: ``3 figures, 1 table``."""
    kept: list[Artifact | KeptArtifact] = [*run.artifacts.values()]
    kinds = Counter(each.kind for each in kept if "folder" not in each.about)
    shown = [_count(number, cut(kind, _SHOWN_TEXT)) for kind, number in kinds.most_common(_SHOWN_KINDS)]
    more = sum(kinds.values()) - sum(number for _, number in kinds.most_common(_SHOWN_KINDS))
    return ", ".join([*shown, *([f"{more} more"] if more else [])])


def _count(number: int, kind: str) -> str:
    is_plural = kind.endswith("s") and not kind.endswith("ss")  # predictions, weights
    return f"{spell_count(number, 'set')} of {kind}" if is_plural else spell_count(number, kind)


def _changes_line(changes: Changes) -> list[Span]:
    """Return what changed since the last run of the cell, each thing with what it was."""
    if not changes:
        where = "since this cell's" if changes.is_around_known else "in this cell since its"
        return [Span(text=f"nothing changed {where} last run", tone="muted")]
    labels = short_labels(change.name for change in changes.params)
    parts: list[list[Span]] = []
    if changes.added or changes.removed:
        parts.append([Span(text=f"code +{changes.added} −{changes.removed} lines")])
    parts += [[Span(text=cut(name, _SHOWN_TEXT))] for name in changes.around]
    parts += [_change_part(labels[change.name], change) for change in changes.params]
    parts += [_change_part(f"data {change.name}", change) for change in changes.data]
    parts += [_change_part(change.name, change) for change in changes.environment]
    shown = [*parts[:_SHOWN_CHANGES], *_more(len(parts) - _SHOWN_CHANGES)]
    return [Span(text="changed: ", tone="muted"), *_join(shown)]


def _change_part(label: str, change: Change) -> list[Span]:
    name = cut(label, _SHOWN_TEXT)
    if change.text is not None:
        return [Span(text=f"{name} {change.text}")]
    if change.now is ABSENT:
        return [Span(text=f"{name} gone")]
    was = "new" if change.before is ABSENT else f"was {_spell(change.before)}"
    return [Span(text=f"{name} {_spell(change.now)}"), Span(text=f" ({was})", tone="muted")]


def _metrics_line(
    metrics: Mapping[str, float | str],
    spreads: Mapping[str, Spread],
    previous: Mapping[str, float | str],
    baseline: Mapping[str, float],
) -> list[Span]:
    """Return the metrics, those that are means with their standard deviations and numbers."""
    parts = []
    for name, value in list(metrics.items())[:MOST_SHOWN]:
        spread = spreads.get(name)
        shown = _spell(value) if spread is None else spread.spell_mean(float(value))
        part = [Span(text=f"{cut(name, _SHOWN_TEXT)} ", name=name), Span(text=shown, tone="strong")]
        part += [] if spread is None else [Span(text=f" {spread}")]
        parts.append([*part, *_changes_of(value, previous.get(name), baseline.get(name))])
    return _join([*parts, *_more(len(metrics) - MOST_SHOWN)])


def _tell_incomparable(baseline: Mapping[str, float], causes: Mapping[str, str]) -> Iterator[str]:
    """Yield what says that metrics are not comparable with the baseline's, and why."""
    told = {name: cause for name, cause in causes.items() if name in baseline}
    if not told:
        return
    names = ", ".join(cut(name, _SHOWN_TEXT) for name in [*told][:MOST_SHOWN])
    by = "" if len(told) == len(baseline) else f" by {names}"
    yield cut(f"≠ not comparable with the baseline{by}: {'; '.join(dict.fromkeys(told.values()))}", _SHOWN_NOTE)


def _inside_line(repeats: Outcome) -> list[Span]:
    """Return who the repeats are."""
    ids = ", ".join(map(short_id, repeats.run_ids[:_SHOWN_RUNS]))
    more = f" and {len(repeats.run_ids) - _SHOWN_RUNS} more" if len(repeats.run_ids) > _SHOWN_RUNS else ""
    return [Span(text=f"inside: {ids}{more}" if ids else "no run inside", tone="muted")]


def _params_line(params: Mapping[str, Param]) -> list[Span]:
    labels = short_labels(params)
    shown = list(params.items())[:_SHOWN_PARAMS]
    parts = [[Span(text=f"{cut(labels[key], _SHOWN_TEXT)} {_spell(param.value)}", name=key)] for key, param in shown]
    return _join([*parts, *_more(len(params) - _SHOWN_PARAMS)])


def _changes_of(value: float | str, previous: float | str | None, baseline: float | None) -> list[Span]:
    """Return how a metric stands to the cell's last run and to the baseline, where that can be said."""
    change, stand = (_difference(value, other) for other in (previous, baseline))
    told = "; ".join(filter(None, [change, stand and f"{stand} vs baseline"]))
    return [Span(text=f" ({told})", tone="muted")] if told else []


def _difference(value: float | str, before: float | str | None) -> str | None:
    if isinstance(value, str) or before is None or isinstance(before, str) or not math.isfinite(value - before):
        return None
    return "=" if _spell(value) == _spell(before) else f"{value - before:+.3g}"


def _spell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, str) and value not in NON_FINITE:
        return cut(value, _SHOWN_TEXT)
    return cut(str(value), _SHOWN_TEXT)


def _more(count: int) -> list[list[Span]]:
    return [[Span(text=f"+{count} more", tone="muted")]] if count > 0 else []


def _join(parts: list[list[Span]]) -> list[Span]:
    joined: list[Span] = []
    for part in parts:
        joined += [_SEPARATOR, *part] if joined else part
    return joined


def _html(status: str, lines: list[list[Span]], policy: FoldedLine | None, hint: list[list[Span]]) -> str:
    colour = _TONES[{"finished": "good", "failed": "bad", "running": "plain"}.get(status, "warning")]
    border = colour.removeprefix("color:") or BRAND
    rows = "".join([*map(_html_line, lines), _html_folded(policy) if policy else "", *map(_html_line, hint)])
    return (
        f'<div style="border-left:3px solid {border};padding:2px 8px;font-size:13px;line-height:1.5;'
        f'{TEXT};overflow-wrap:anywhere">{rows}</div>'
    )


def _html_line(line: list[Span]) -> str:
    return f"<div>{''.join(map(_html_span, line))}</div>"


def _html_folded(folded: FoldedLine) -> str:
    if not folded.details:
        return _html_line(folded.line)
    summary, details = "".join(map(_html_span, folded.line)), "".join(map(_html_line, folded.details))
    return f'<details><summary style="cursor:pointer">{summary}</summary>{details}</details>'


def _html_span(span: Span) -> str:
    style = _TONES[span.tone]
    text = escape(span.text)
    return f'<span style="{style}">{text}</span>' if style else text
