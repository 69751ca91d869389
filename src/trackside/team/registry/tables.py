"""Models and their versions as a table: in the notebook, and as text."""

from __future__ import annotations

from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from trackside.html_styles import CELL, MUTED, NUMBER, TABLE, card
from trackside.model import short_id
from trackside.team.registry.card_page import alias_badge, stage_badge
from trackside.team.registry.card_text import NAME, say_when, say_who
from trackside.team.registry.card_text import TEXT as LONGEST
from trackside.visible_text import align, cut

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from trackside.store.model_chain import ModelState

_SHOWN = 100
_TITLES = ("model", "version", "stage", "aliases", "run", "registered", "author", "why")
_BEFORE_METRIC = _TITLES.index("run")


class Row(NamedTuple):
    """One version in a table, as texts; ``value`` is that of the model's main metric, where one is shown."""

    model: str
    version: str
    stage: str
    aliases: list[str]
    run: str
    registered: str
    by: str
    why: str
    run_id: str
    value: str = ""


def list_rows(model: str, state: ModelState, values: Mapping[str, str] = MappingProxyType({})) -> Iterator[Row]:
    """Yield a model's versions, the newest first; ``values`` are those of a metric, by the runs' ids."""
    for number in sorted(state.versions, reverse=True):
        version = state.versions[number]
        event, run_id = version.registration, version.registered.run_id
        yield Row(
            model=cut(model, NAME),
            version=str(number),
            stage=version.stage,
            aliases=sorted(cut(alias, NAME) for alias, meant in state.aliases.items() if meant == number),
            run=short_id(run_id),
            registered=say_when(event),
            by=say_who(event),
            why=cut(event.why or "", LONGEST),
            run_id=run_id,
            value=values.get(run_id, ""),
        )


def write_rows(rows: Sequence[Row], metric: str = "", note: str = "") -> str:
    """Return versions as lines of text, in columns; with a metric's values where one is named, and a note below."""
    titles = _titles(metric)
    cells = [_texts(row, metric) for row in rows[:_SHOWN]]
    lines = align([titles, *cells], numbers={_BEFORE_METRIC} if metric else ())
    more = f"and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else ""
    return "\n".join(filter(None, [*lines, more, note]))


def write_markdown(rows: Sequence[Row]) -> str:
    """Return versions as Markdown's table."""
    lines = [_TITLES, ["---"] * len(_TITLES), *(_texts(row) for row in rows)]
    return "\n".join(f"| {' | '.join(escape(cell).replace('|', '¦') for cell in line)} |" for line in lines)


def rows_page(rows: Sequence[Row], metric: str = "", note: str = "") -> str:
    """Return versions as an HTML table; with the values of a metric where one is named, and a note below."""
    head = "".join(
        f"<th scope='col' style='{CELL};{MUTED};{NUMBER if metric and at == _BEFORE_METRIC else ''}'>"
        f"<bdi>{escape(each)}</bdi></th>"
        for at, each in enumerate(_titles(metric))
    )
    body = "".join(_html_row(row, metric) for row in rows[:_SHOWN])
    more = len(rows) - _SHOWN
    below = f"<div style='{MUTED}'>and {more} more; .df has all</div>" if more > 0 else ""
    below += "".join(f"<div>{escape(line)}</div>" for line in note.splitlines())
    drawn = f"<table style='{TABLE}'><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return card("models", drawn + below)


def _titles(metric: str) -> list[str]:
    own = [cut(metric, NAME)] if metric else []
    return [*_TITLES[:_BEFORE_METRIC], *own, *_TITLES[_BEFORE_METRIC:]]


def _texts(row: Row, metric: str = "") -> list[str]:
    """Return a row's cells as texts, in the order of the titles."""
    own = [row.value] if metric else []
    return [row.model, row.version, row.stage, ", ".join(row.aliases), *own, row.run, row.registered, row.by, row.why]


def _html_row(row: Row, metric: str) -> str:
    aliases = " ".join(map(alias_badge, row.aliases))
    own = _cell(row.value, NUMBER) if metric else ""
    rest = "".join(_cell(text, MUTED) for text in (row.run, row.registered, row.by, row.why))
    return (
        f"<tr><th scope='row' style='{CELL}'><b><bdi>{escape(row.model)}</bdi></b></th>{_cell(row.version)}"
        f"<td style='{CELL}'>{stage_badge(row.stage)}</td><td style='{CELL}'>{aliases}</td>{own}{rest}</tr>"
    )


def _cell(text: str, style: str = "") -> str:
    return f"<td style='{CELL};{style}'><bdi>{escape(text)}</bdi></td>"
