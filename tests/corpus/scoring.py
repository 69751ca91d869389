"""How what was found is held against what was wanted.

A name is matched by its last dotted parts (``SVC.C`` is ``C``, ``eval/f1`` is ``f1``), in any case, with blanks and
hyphens as underscores; ``*`` stands for any letters. Several names may answer one wish: ``SVC.C`` and ``C`` are one
thing said twice, and not junk. A wish with a value is answered only by that value.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.corpus.cases import Case, Wanted


@dataclass(frozen=True)
class Tally:
    """What became of one kind of names: the wanted that were found, those that were not, the junk."""

    hit: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    junk: tuple[str, ...] = ()
    listed: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.hit + other.hit, self.missed + other.missed, self.junk + other.junk, self.listed + other.listed
        )

    @property
    def recall(self) -> float:
        """The share of the wanted names that are listed; 1 where none is wanted."""
        return _share(len(self.hit), len(self.hit) + len(self.missed))

    @property
    def precision(self) -> float:
        """The share of the listed names that are not junk; 1 where none is listed."""
        return _share(self.listed - len(self.junk), self.listed)

    @property
    def is_useful(self) -> bool:
        """Whether something wanted is listed, or nothing is wanted."""
        return bool(self.hit) or not self.missed


@dataclass(frozen=True)
class Score:
    """A case's result. It is useful with at least one wanted param and one wanted metric, as far as any are wanted."""

    params: Tally
    metrics: Tally

    @property
    def is_useful(self) -> bool:
        return self.params.is_useful and self.metrics.is_useful


def score(case: Case, params: Mapping[str, Any], metrics: Mapping[str, Any]) -> Score:
    """Hold the params and metrics of a run against what its case wants."""
    return Score(
        tally(params, case.params, [*case.metrics, *case.fine]),
        tally(metrics, case.metrics, case.fine),
    )


def tally(found: Mapping[str, Any], wanted: Iterable[Wanted], fine: Iterable[Wanted]) -> Tally:
    """Count hits, misses and junk among the names found."""
    wishes = list(wanted)
    answered = {wish: [n for n, v in found.items() if _is_named(n, wish) and _is_valued(v, wish)] for wish in wishes}
    welcome = {name for names in answered.values() for name in names}
    welcome |= {name for name in found for wish in fine if _is_named(name, wish)}
    return Tally(
        hit=tuple(str(wish) for wish in wishes if answered[wish]),
        missed=tuple(str(wish) for wish in wishes if not answered[wish]),
        junk=tuple(name for name in found if name not in welcome),
        listed=len(found),
    )


def _is_named(name: str, wish: Wanted) -> bool:
    parts = _normal(name).split(".")
    endings = [".".join(parts[start:]) for start in range(len(parts))]
    return any(fnmatchcase(ending, _normal(wanted)) for wanted in wish.names for ending in endings)


def _normal(name: str) -> str:
    return name.lower().replace("/", ".").replace(" ", "_").replace("-", "_")


def _is_valued(value: Any, wish: Wanted) -> bool:
    if wish.value is None:
        return True
    try:
        expected = ast.literal_eval(wish.value)
    except (ValueError, SyntaxError):
        expected = wish.value
    if isinstance(expected, tuple):
        expected = list(expected)
    return bool(value == expected)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
