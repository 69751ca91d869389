"""The cells that a session has executed, and what each did to the kernel's names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from trackside.capture.code.held import Held, look_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_LOOKS = 1500
"""How many objects are looked at after a cell in all."""

_WORD = re.compile(r"[^\W\d]\w*")
_HIDDEN_CODE = re.compile(r"\b(?:exec|eval|globals|vars|locals|run_line_magic|run_cell_magic|run_cell)\b")
"""What runs code that is not written as such, or binds names without saying so."""

_IPYTHONS = re.compile(r"_+|_\d+|_i+\d*|_[iod]h|_exit_code|In|Out|exit|quit|get_ipython|open|__\w+__")


@dataclass(frozen=True, kw_only=True)
class Executed:
    """One execution of a cell.

    ``source`` is the cell as it stands in the notebook, ``code`` what Python ran. ``held`` has the names that hold
    something else, or reach other objects, since the cell before; ``rebound`` those among them that are bound anew, and
    ``gone`` those that are there no longer. None of it is known of cells that ran before anybody looked.
    """

    source: str
    code: str
    count: int | None = None
    cell_id: str | None = None
    time: float = 0.0
    has_failed: bool = False
    held: Mapping[str, Held] = field(default_factory=dict)
    rebound: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()


class ExecutedCells:
    """What ran in a session, in order; only ever added to, so that others may read what is there already.

    Parameters
    ----------
    namespace
        The kernel's names, as they stand now.
    """

    def __init__(self, namespace: Mapping[str, Any], earlier: Iterable[Executed] = ()) -> None:
        self.cells: list[Executed] = list(earlier)
        self.before: dict[str, Held] = {}
        """What names held when the session began."""
        self._held: dict[str, Held] = {}
        self.before, _, _ = self._look(namespace, "")

    def add(
        self,
        source: str,
        code: str,
        namespace: Mapping[str, Any],
        *,
        count: int | None = None,
        cell_id: str | None = None,
        time: float = 0.0,
        has_failed: bool = False,
    ) -> None:
        """Take in a cell that has just run."""
        held, rebound, gone = self._look(namespace, code)
        self.cells.append(
            Executed(
                source=source,
                code=code,
                count=count,
                cell_id=cell_id,
                time=time,
                has_failed=has_failed,
                held=held,
                rebound=rebound,
                gone=gone,
            )
        )

    def forget_last(self, source: str) -> None:
        """Forget the last cell where it is this one, which is to be taken in again: it had not ended."""
        if self.cells and self.cells[-1].source == source:
            self.cells.pop()

    def _look(self, namespace: Mapping[str, Any], code: str) -> tuple[dict[str, Held], frozenset[str], frozenset[str]]:
        names = {name: value for name, value in list(namespace.items()) if not is_ipythons(name)}
        last = self._held
        mentioned = set(_WORD.findall(code))
        changed = {name for name, value in names.items() if name not in last or last[name].identity != id(value)}
        first = changed | (mentioned & names.keys())
        rest = [name for name in last if name not in first and name in names and len(last[name].reaches) > 1]
        held: dict[str, Held] = {}
        looks = 0
        for name in (*first, *rest):
            if looks > MOST_LOOKS and name not in changed:
                break
            now = _look_safely(names[name])
            looks += 1 + len(now.reaches)
            if last.get(name) != now:
                held[name] = now
        gone = frozenset(name for name in last if name not in names)
        for name in gone:
            del last[name]
        last.update(held)
        if _HIDDEN_CODE.search(code):  # another object may have been given the place of one that is gone, and so its id
            changed |= mentioned & held.keys()
        return held, frozenset(changed), gone


def is_ipythons(name: str) -> bool:
    """Tell whether a name is IPython's own: ``_``, ``_12``, ``In``."""
    return _IPYTHONS.fullmatch(name) is not None


def _look_safely(value: Any) -> Held:
    try:
        return look_at(value)
    except Exception:  # noqa: BLE001 - another thread may change it meanwhile, and a class of the user's do anything
        return Held(id(value), "other", "", frozenset((id(value),)), runs_code=True)
