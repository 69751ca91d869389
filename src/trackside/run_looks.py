"""How runs are called and drawn, the same in the live view and in Altair's charts: name, colour, dash.

`js/core/colours.ts` has the same rule and says how the colours were chosen; `js/core/example-rules.json` has examples
that both are tested on.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trackside import wire

RUN_COLOURS = ("#0090fc", "#f06c18", "#007890", "#c0306c", "#849c60", "#8454cc", "#906000", "#c078c0")
RUN_DASHES = ((), (6, 3), (2, 2), (8, 3, 2, 3))
"""Lines of one colour are told apart by dashes, in units of the line's width; none is a solid line."""


@dataclass(frozen=True)
class Look:
    """How a line is drawn."""

    colour: str
    dash: tuple[int, ...]


def colour_at(place: int) -> str:
    """Return the colour of what has a place among all, the oldest run being 0."""
    return RUN_COLOURS[place % len(RUN_COLOURS)]


def looks_at(places: Sequence[int]) -> list[Look]:
    """Return the looks of lines that are drawn together, by their places among all.

    A colour belongs to its place; dashes tell apart what has the same one, of which the first is solid.

    Examples
    --------
    >>> looks_at([9, 1])
    [Look(colour='#f06c18', dash=(6, 3)), Look(colour='#f06c18', dash=())]
    """
    taken: Counter[str] = Counter()
    looks = {}
    for place in sorted(places):
        colour = colour_at(place)
        looks[place] = Look(colour, RUN_DASHES[taken[colour] % len(RUN_DASHES)])
        taken[colour] += 1
    return [looks[place] for place in places]


def run_places(table: wire.RunTable) -> dict[str, int]:
    """Return the place of each run of a table, by id: it stays when newer runs arrive or others are hidden."""
    last = max(table.total, len(table.run_ids)) - 1
    places = table.ordinals if table.ordinals is not None else [last - row for row in range(len(table.run_ids))]
    return dict(zip(table.run_ids, places, strict=True))


def run_names(table: wire.RunTable) -> dict[str, str]:
    """Return what legends call each run of a table, by id."""
    names = next((column.values for column in table.columns if column.key == "run:name"), [])
    return dict(zip(table.run_ids, map(str, names), strict=True))


def shown_runs(record: wire.ViewRecord) -> list[str]:
    """Return the runs of a record that are drawn, in the table's order."""
    passing = set(record.table.run_ids if record.passing is None else record.passing)
    return [run_id for run_id in record.table.run_ids if run_id in passing]
