"""The notebook's cell that calls ``ts.run``, as the session that runs it tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from trackside.tracking.live_run import Run


class OwnCell(NamedTuple):
    """A cell that is being executed: its source without likely secrets, its id and the number in its ``In[n]``.

    ``keep_code`` keeps, beside the caller, the notebook and the code that a run begun in the cell depends on.
    """

    source: str
    cell_id: str | None
    execution_count: int | None
    keep_code: Callable[[Run], None]


_find: Callable[[], OwnCell | None] | None = None


def tell_of_cells(find: Callable[[], OwnCell | None] | None) -> None:
    """Have ``find`` tell which cell is being executed, None where none is; with None nobody tells any more."""
    global _find  # noqa: PLW0603 - one process has one session
    _find = find


def find_own_cell() -> OwnCell | None:
    """Return the cell that this code is part of; None in a script, and where a cell's thread outlives it."""
    return _find() if _find is not None else None
