"""The static form of a view: what a notebook shows where nothing of Trackside's runs (GitHub, nbviewer, nbconvert).

A plain HTML table, and pictures of the charts.
"""

from __future__ import annotations

import importlib.util
import math
from html import escape
from typing import TYPE_CHECKING

import msgspec

from trackside.goals import is_system_metric
from trackside.incomparable_words import SIGN, describe_incomparable, find_baseline_causes, find_causes
from trackside.quantities import spell_count
from trackside.run_table import deltas, pick_runs
from trackside.tidying import describe_hidden
from trackside.visible_text import cut, visible

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from trackside import wire

_PICTURES = 82_000
"""Characters of all pictures together; larger ones are drawn more plainly: a notebook is kept in git."""

_ROWS = 30
_COLUMNS = 12
_MUTED = "opacity:.65"
_TEXT = 40
"""Characters of a cell that are shown."""

_CAUSE = 300
"""Characters of why a run is not comparable."""


def view_html(record: wire.ViewRecord, *, pictures: bool) -> str:
    """Return a view as static HTML, of the runs that pass: escaped, with no script and no address to load from.

    Parameters
    ----------
    record
        What the view shows.
    pictures
        Whether to draw the charts with Altair; false where the browser will put HTML with its own pictures in place
        of this.
    """
    record = _passing_part(record)
    drawn = draw_pictures(record) if pictures else ""
    return f'<div class="trackside-static" style="font-size:13px">{drawn}{_table(record)}</div>'


def describe_runs(table: wire.RunTable) -> str:
    """Return in words how many runs a table shows, of how many and why, and how many are hidden: ``20 of 134 runs``."""
    shown = f"{len(table.run_ids)} of " if len(table.run_ids) < table.total else ""
    why = f" ({words})" if (words := _why_words(table)) else ""
    hidden = f"; {words}" if (words := _hidden_words(table)) else ""
    return f"{shown}{spell_count(table.total, 'run')}{why}{hidden}"


def _passing_part(record: wire.ViewRecord) -> wire.ViewRecord:
    if record.passing is None:
        return record
    passing = set(record.passing)
    histories = [
        msgspec.structs.replace(history, lines=[line for line in history.lines if line.run_id in passing])
        for history in record.histories
    ]
    return msgspec.structs.replace(record, table=pick_runs(record.table, passing), histories=histories)


def _why_words(table: wire.RunTable) -> str:
    """Return which runs are shown where a comparison has chosen them by itself; empty where it shows all."""
    if table.newest is None or (table.saved_of or len(table.run_ids)) >= table.total:
        return ""
    return f"the newest {table.newest}, with the best, starred, kept and baseline ones; newest=None shows all"


def _hidden_words(table: wire.RunTable) -> str:
    counts = msgspec.to_builtins(table.hidden) if table.hidden else {}
    found = {reason: count for reason, count in counts.items() if count}
    return describe_hidden(found) if found else ""


def draw_pictures(record: wire.ViewRecord) -> str:
    """Return the charts of a view as pictures; an empty text where the library that draws them is not there."""
    charted = [panel for panel in record.state.panels if panel != "table"]
    if not charted or importlib.util.find_spec("vl_convert") is None:
        return ""  # Altair takes seconds to import: a table is not to wait for it
    from trackside.charts import draw_picture

    drawn = {panel: picture for panel in charted if (picture := draw_picture(record, panel, _PICTURES))}
    room = _PICTURES
    for place, panel in enumerate(sorted(drawn, key=lambda panel: len(drawn[panel].uri))):
        share = room // (len(drawn) - place)  # what the smaller ones leave is for the larger ones
        if len(drawn[panel].uri) > share:
            drawn[panel] = draw_picture(record, panel, share) or drawn[panel]
        room -= len(drawn[panel].uri)
    return "".join(
        f'<div><img alt="{escape(panel)}" width="{picture.width}" style="max-width:100%" src="{picture.uri}"></div>'
        for panel, picture in drawn.items()
    )


def _table(record: wire.ViewRecord) -> str:
    table = record.table
    hidden = f"<p style='{_MUTED}'>{words}</p>" if (words := _hidden_words(table)) else ""
    if not table.run_ids:
        none = "All runs are hidden." if hidden else "No runs yet."
        if table.total:
            none = f"No run passes the {'condition' if record.passing is None else 'filter'}, "
            none += f"of {spell_count(table.total, 'run')}."
        return f"<p>{none}</p>{hidden}"
    columns = _telling_columns(table)
    apart = find_baseline_causes(record)
    changes = {column.key: _changes(table, column, apart) for column in columns}
    causes = find_causes(record)
    head = "".join(f"<th align='{_side(column)}'>{escape(visible(column.name))}</th>" for column in columns)
    body = "".join(
        f"<tr{_row_style(table, row)}>"
        + "".join(
            f"<td align='{_side(column)}'>{_cell(table, column, row, changes, causes)}</td>" for column in columns
        )
        + "</tr>"
        for row in range(min(_ROWS, len(table.run_ids)))
    )
    more = table.total - min(_ROWS, len(table.run_ids))
    why = f" Compared are {words}." if (words := _why_words(table)) else ""
    note = f"<p>… and {spell_count(more, 'more run')}.{why}</p>" if more > 0 else ""
    drawn = (
        f"<table style='white-space:nowrap' cellpadding='4'><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )
    line = escape(describe_incomparable(record))
    return (f"<p><b>{line}</b></p>" if line else "") + drawn + note + hidden


def _telling_columns(table: wire.RunTable) -> list[wire.Column]:
    """Name and status, then what differs between the runs, but no load of a machine: a page has room for few columns.

    Metrics come first, the main one before all, else what most runs have.
    """
    fixed = [column for column in table.columns if column.key in {"run:name", "run:status"}]
    differing = [
        column
        for column in table.columns
        if column.group != "run"
        and not is_system_metric(column.key.removeprefix("metric:"))
        and (len(table.run_ids) == 1 or len(set(map(str, column.values))) > 1)
    ]
    differing.sort(key=lambda column: (column.key != table.main, column.group != "metric", column.values.count(None)))
    chosen = differing[: _COLUMNS - len(fixed)]
    return fixed + [column for column in table.columns if column in chosen]


def _row_style(table: wire.RunTable, row: int) -> str:
    return f" style='{_MUTED}'" if table.run_ids[row] in table.shown_anyway else ""


def _cell(
    table: wire.RunTable,
    column: wire.Column,
    row: int,
    changes: Mapping[str, Mapping[str, str]],
    causes: Mapping[str, str],
) -> str:
    text = escape(_text(column, row))
    if column.key == "run:name":
        return _name_cell(table, row, text, causes.get(table.run_ids[row]))
    change = changes[column.key].get(table.run_ids[row])
    return f"{text} <small>{change}</small>" if change else text


def _changes(table: wire.RunTable, column: wire.Column, apart: Container[str]) -> dict[str, str]:
    """Return how a metric of each run stands to the baseline's, as HTML; struck for those that are not comparable."""
    found = deltas(table, column)
    return {run_id: f"{SIGN} <s>{text}</s>" if run_id in apart else text for run_id, text in found.items()}


def _name_cell(table: wire.RunTable, row: int, name: str, cause: str | None) -> str:
    """Return a run's name with its star, how many came out like it, whether it is the baseline or not comparable."""
    run_id = table.run_ids[row]
    repeats = table.repeats[row] if table.repeats else 1
    notes = [f"×{repeats}"] * (repeats > 1) + ["baseline"] * (run_id == table.baseline)
    star = "★ " if run_id in table.starred else ""
    apart = f" <span title='{escape(cut(cause, _CAUSE))}'>{SIGN}</span>" if cause else ""
    return star + name + apart + "".join(f" <span style='{_MUTED}'>{note}</span>" for note in notes)


def _side(column: wire.Column) -> str:
    """Say with an attribute where the text stands: a style would be most of what a cell weighs."""
    return "right" if column.kind == "number" else "left"


def _text(column: wire.Column, row: int) -> str:
    value = column.values[row]
    if value is None:
        return "—"
    if isinstance(value, float) and not isinstance(value, bool) and math.isfinite(value):
        spread = column.spreads[row] if column.spreads else None
        return f"{value:.5g} {spread}" if spread else f"{value:.5g}"
    return cut(str(value), _TEXT)
