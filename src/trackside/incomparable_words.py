"""How static tables and charts say which runs are not comparable; `js/core/incomparable.ts` says the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackside.quantities import spell_count
from trackside.run_table import find_column
from trackside.visible_text import cut

if TYPE_CHECKING:
    from trackside import wire

SIGN = "≠"

_CAUSES = 3
_CAUSE, _NAME = 300, 40


def find_causes(record: wire.ViewRecord) -> dict[str, str]:
    """Return why runs of a record are not comparable with the one that others are held against, by their ids."""
    known = record.comparability
    shown = set(record.table.run_ids)
    return {each: runs.cause for runs in (known.runs if known else ()) for each in runs.run_ids if each in shown}


def find_baseline_causes(record: wire.ViewRecord) -> dict[str, str]:
    """Return why runs are not comparable with the baseline, which differences in static tables and charts are to."""
    known = record.comparability
    return find_causes(record) if known and known.reference == record.table.baseline else {}


def describe_incomparable(record: wire.ViewRecord) -> str:
    """Return in a line which runs of a record are not comparable, and why; an empty text where it is none."""
    causes = find_causes(record)
    known = record.comparability
    if known is None or not causes:
        return ""
    counts = {cause: list(causes.values()).count(cause) for cause in dict.fromkeys(causes.values())}
    told = [f"{spell_count(count, 'run')}: {cut(cause, _CAUSE)}" for cause, count in counts.items()]
    why = cut(next(iter(counts)), _CAUSE) if len(counts) == 1 else "; ".join(told[:_CAUSES])
    more = f"; {len(told) - _CAUSES} more causes" if len(told) > _CAUSES else ""
    of = spell_count(len(record.table.run_ids), "run")
    verb = "is" if len(causes) == 1 else "are"
    what = f"{SIGN} {len(causes)} of {of} {verb} not comparable with {_reference(record.table, known.reference)}"
    return f"{what} by {cut(known.metric or '', _NAME)}: {why}{more}"


def _reference(table: wire.RunTable, run_id: str | None) -> str:
    if run_id == table.baseline or run_id not in table.run_ids:
        return "the baseline"
    return cut(str(find_column(table, "run:name").values[table.run_ids.index(run_id)]), _NAME)
