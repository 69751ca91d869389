"""Models and their versions as a table: in the notebook, and as text."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NamedTuple

from trackside.html_styles import BRAND, MUTED, TEXT
from trackside.model import short_id
from trackside.team.registry.card_page import alias_badge, stage_badge
from trackside.team.registry.card_text import NAME, say_when, say_who
from trackside.team.registry.card_text import TEXT as LONGEST
from trackside.visible_text import cut

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trackside.store.model_chain import ModelState

_CELL = "padding:1px 14px 1px 0;text-align:left;font-weight:normal;vertical-align:top"
_SHOWN = 100
_TITLES = ("model", "version", "stage", "aliases", "run", "registered", "by", "why")


class Row(NamedTuple):
    """One version in a table, as texts."""

    model: str
    version: str
    stage: str
    aliases: list[str]
    run: str
    registered: str
    by: str
    why: str


def list_rows(model: str, state: ModelState) -> Iterator[Row]:
    """Yield a model's versions, the newest first."""
    for number in sorted(state.versions, reverse=True):
        version = state.versions[number]
        event = version.registration
        yield Row(
            model=cut(model, NAME),
            version=str(number),
            stage=version.stage,
            aliases=sorted(alias for alias, meant in state.aliases.items() if meant == number),
            run=short_id(version.registered.run_id),
            registered=say_when(event),
            by=say_who(event),
            why=cut(event.why or "", LONGEST),
        )


def write_rows(rows: Sequence[Row]) -> str:
    """Return versions as lines of text, in columns."""
    cells = [[*row[:3], ", ".join(row.aliases), *row[4:]] for row in rows[:_SHOWN]]
    widths = [max(map(len, column)) for column in zip(_TITLES, *cells, strict=True)]
    lines = ["  ".join(map(str.ljust, line, widths)).rstrip() for line in (list(_TITLES), *cells)]
    return "\n".join([*lines, *([f"and {len(rows) - _SHOWN} more"] if len(rows) > _SHOWN else [])])


def write_markdown(rows: Sequence[Row]) -> str:
    """Return versions as Markdown's table."""
    lines = [_TITLES, ["---"] * len(_TITLES), *([*row[:3], ", ".join(row.aliases), *row[4:]] for row in rows)]
    return "\n".join(f"| {' | '.join(escape(cell).replace('|', '¦') for cell in line)} |" for line in lines)


def rows_page(rows: Sequence[Row], notes: Sequence[str] = ()) -> str:
    """Return versions as an HTML table; ``notes`` stand below."""
    head = "".join(f"<th scope='col' style='{_CELL};{MUTED}'>{title}</th>" for title in _TITLES)
    body = "".join(map(_html_row, rows[:_SHOWN]))
    told = [*notes, *([f"and {len(rows) - _SHOWN} more; .df has all"] if len(rows) > _SHOWN else [])]
    below = "".join(f"<div style='{MUTED}'><bdi>{escape(note)}</bdi></div>" for note in told)
    return (
        f"<div class='trackside-models' style='border-left:3px solid {BRAND};padding:2px 10px;font-size:13px;{TEXT};"
        f"overflow-wrap:anywhere'><table style='color:inherit;font-size:inherit'><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>{below}</div>"
    )


def _html_row(row: Row) -> str:
    aliases = " ".join(map(alias_badge, row.aliases))
    rest = "".join(_cell(text, MUTED) for text in row[4:])
    return (
        f"<tr><th scope='row' style='{_CELL}'><b><bdi>{escape(row.model)}</bdi></b></th>{_cell(row.version)}"
        f"<td style='{_CELL}'>{stage_badge(row.stage)}</td><td style='{_CELL}'>{aliases}</td>{rest}</tr>"
    )


def _cell(text: str, style: str = "") -> str:
    return f"<td style='{_CELL};{style}'><bdi>{escape(text)}</bdi></td>"
