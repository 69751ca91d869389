"""What changed of the code around a cell: of the cells whose names it uses, and of local modules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackside.records import Code, Modules

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from trackside.records import Record

_NAMED = 3
"""How many names of one cell are told."""


def compare_code_around(
    before: Mapping[str, Record], now: Mapping[str, Record], told: Collection[str] = ()
) -> list[str] | None:
    """Return which code around a cell differs between two runs: ``"f in cell [4]"``; None where that is not known.

    What only one of them uses is left out: then the cell, or other code that is named, has changed, too.

    Parameters
    ----------
    told
        Params and data of which the user knows already that they changed.
    """
    match before, now:
        case {"code": Code() as old, "modules": Modules() as was}, {
            "code": Code() as new,
            "modules": Modules() as now_is,
        }:
            return [*_changed_cells(old, new, told), *_changed_modules(was, now_is)]
    return None


def _changed_cells(before: Code, now: Code, told: Collection[str]) -> Iterator[str]:
    old, new = _cells_by_name(before), _cells_by_name(now)
    changed: dict[int | None, list[str]] = {}
    for name, cells in new.items():
        if name in told or name not in old or cells.keys() == old[name].keys():
            continue
        counts = [count for digest, count in cells.items() if digest not in old[name]] or [*cells.values()]
        changed.setdefault(counts[-1], []).append(name)
    for count, names in changed.items():
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        yield f"{', '.join(names[:_NAMED])}{more} in {'another cell' if count is None else f'cell [{count}]'}"


def _cells_by_name(code: Code) -> dict[str, dict[str, int | None]]:
    """Return the digests and counts of the cells that made each name: the run's own cell may be repeated."""
    *earlier, own = code.cells
    found: dict[str, dict[str, int | None]] = {}
    for cell in earlier:
        if cell.sha256 != own.sha256 and (cell.cell_id is None or cell.cell_id != own.cell_id):
            for name in cell.names:
                found.setdefault(name, {})[cell.sha256] = cell.execution_count
    return found


def _changed_modules(before: Modules, now: Modules) -> Iterator[str]:
    """Yield the modules that both imported; of those that are edited since, what ran is not known."""
    old = {module.name: module for module in before.modules}
    for module in now.modules:
        was = old.get(module.name)
        if was is not None and not (was.is_edited or module.is_edited) and was.sha256 != module.sha256:
            yield f"module {module.name}"
