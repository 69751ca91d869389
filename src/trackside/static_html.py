"""The static form of a view: what a notebook shows where nothing of Trackside's runs (GitHub, nbviewer, nbconvert).

A plain HTML table, and pictures of the charts.
"""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

import msgspec

from trackside.tidying import describe_hidden

if TYPE_CHECKING:
    from trackside import wire

_ROWS = 50
_COLUMNS = 16
_MUTED = "opacity:.65"
_TEXT = 60
"""Characters of a cell that are shown."""


def view_html(record: wire.ViewRecord, *, pictures: bool) -> str:
    """Return a view as static HTML: escaped, with no script and no address to load from.

    Parameters
    ----------
    record
        What the view shows.
    pictures
        Whether to draw the charts with Altair; false where the browser will put HTML with its own pictures in place
        of this.
    """
    drawn = _pictures(record) if pictures else ""
    return f'<div class="trackside-static" style="font-size:13px">{drawn}{_table(record.table)}</div>'


def describe_runs(table: wire.RunTable) -> str:
    """Return in words how many runs a table shows, of how many, and how many are hidden: ``20 of 134 runs``."""
    shown = f"{len(table.run_ids)} of " if len(table.run_ids) < table.total else ""
    hidden = f"; {words}" if (words := _hidden_words(table)) else ""
    return f"{shown}{table.total} run{'' if table.total == 1 else 's'}{hidden}"


def _hidden_words(table: wire.RunTable) -> str:
    counts = msgspec.to_builtins(table.hidden) if table.hidden else {}
    found = {reason: count for reason, count in counts.items() if count}
    return describe_hidden(found) if found else ""


def _pictures(record: wire.ViewRecord) -> str:
    from trackside.charts import draw_png

    images = []
    for panel in record.state.panels:
        png = draw_png(record, panel)
        if png:
            images.append(f'<img alt="{escape(panel)}" style="max-width:100%" src="data:image/png;base64,{png}">')
    return "".join(f"<div>{image}</div>" for image in images)


def _table(table: wire.RunTable) -> str:
    hidden = f"<p style='{_MUTED}'>{words}</p>" if (words := _hidden_words(table)) else ""
    if not table.run_ids:
        return f"<p>{'All runs are hidden.' if hidden else 'No runs yet.'}</p>{hidden}"
    columns = _telling_columns(table)
    head = "".join(f"<th style='{_style(column)}'>{escape(column.name)}</th>" for column in columns)
    body = "".join(
        f"<tr{_row_style(table, row)}>"
        + "".join(f"<td style='{_style(column)}'>{_cell(table, column, row)}</td>" for column in columns)
        + "</tr>"
        for row in range(min(_ROWS, len(table.run_ids)))
    )
    more = table.total - min(_ROWS, len(table.run_ids))
    note = f"<p>… and {more} more run{'' if more == 1 else 's'}.</p>" if more > 0 else ""
    drawn = f"<table style='white-space:nowrap'><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return drawn + note + hidden


def _telling_columns(table: wire.RunTable) -> list[wire.Column]:
    """Name and status, then what differs between the runs: a page has room for few columns.

    Metrics come first, the main one before all, else what most runs have.
    """
    fixed = [column for column in table.columns if column.key in {"run:name", "run:status"}]
    differing = [
        column
        for column in table.columns
        if column.group != "run" and (len(table.run_ids) == 1 or len(set(map(str, column.values))) > 1)
    ]
    differing.sort(key=lambda column: (column.key != table.main, column.group != "metric", column.values.count(None)))
    chosen = differing[: _COLUMNS - len(fixed)]
    return fixed + [column for column in table.columns if column in chosen]


def _row_style(table: wire.RunTable, row: int) -> str:
    return f" style='{_MUTED}'" if table.run_ids[row] in table.shown_anyway else ""


def _cell(table: wire.RunTable, column: wire.Column, row: int) -> str:
    text = escape(_text(column, row))
    return _name_cell(table, row, text) if column.key == "run:name" else text


def _name_cell(table: wire.RunTable, row: int, name: str) -> str:
    """Return a run's name with its star, how many runs came out like it, and whether it is the baseline."""
    run_id = table.run_ids[row]
    repeats = table.repeats[row] if table.repeats else 1
    notes = [f"×{repeats}"] * (repeats > 1) + ["baseline"] * (run_id == table.baseline)
    star = "★ " if run_id in table.starred else ""
    return star + name + "".join(f" <span style='{_MUTED}'>{note}</span>" for note in notes)


def _style(column: wire.Column) -> str:
    return f"padding:2px 10px 2px 0;text-align:{'right' if column.kind == 'number' else 'left'}"


def _text(column: wire.Column, row: int) -> str:
    value = column.values[row]
    if value is None:
        return "—"
    if isinstance(value, float) and not isinstance(value, bool) and math.isfinite(value):
        return f"{value:.5g}"
    text = str(value)
    return text if len(text) <= _TEXT else text[: _TEXT - 1] + "…"
