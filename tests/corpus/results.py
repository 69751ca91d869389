"""Runs cases and sums up what came of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.corpus.running import run_cases
from tests.corpus.scoring import Score, Tally, score

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.corpus.cases import Case
    from tests.corpus.running import Patches

USEFUL_GOAL = 0.90
"""The share of cells that should have something useful on the card."""

JUNK_GOAL = 0.05
"""The share of the listed names under which junk should stay."""


@dataclass
class Result:
    """The scores of some cases, the errors of those whose cells failed, the watched functions that matter to each."""

    scores: dict[Case, Score] = field(default_factory=dict)
    errors: dict[Case, str] = field(default_factory=dict)
    touched: dict[Case, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def measure(cls, cases: Sequence[Case], patches: Patches = (), watched: Patches = ()) -> Result:
        """Run the cases, with some functions replaced or watched if so asked, and score them."""
        result = cls()
        for case, found in zip(cases, run_cases(cases, patches, watched), strict=True):
            result.touched[case] = found.touched
            if found.error is None:
                result.scores[case] = score(case, found.params, found.metrics)
            else:
                result.errors[case] = found.error
        return result

    def without(self, patches: Patches) -> Result:
        """Return what comes of the same cases with functions replaced that were watched.

        Only those run again to which one of them matters; the others would come out as they did.
        """
        names = {name for name, _ in patches}
        cases = [case for case in self.scores if names & self.touched[case]]
        again = Result.measure(cases, patches)
        kept = {case: value for case, value in self.scores.items() if case not in cases}
        return Result(kept | again.scores, self.errors | again.errors)

    def of(self, library: str) -> Result:
        """Return the part of it that is one library's."""
        return Result(
            {case: value for case, value in self.scores.items() if case.library == library},
            {case: error for case, error in self.errors.items() if case.library == library},
        )

    @property
    def params(self) -> Tally:
        """All cases' params."""
        return sum((value.params for value in self.scores.values()), Tally())

    @property
    def metrics(self) -> Tally:
        """All cases' metrics."""
        return sum((value.metrics for value in self.scores.values()), Tally())

    @property
    def useful(self) -> float:
        """The share of cells with something useful on the card; one that failed has nothing."""
        cells = len(self.scores) + len(self.errors)
        return sum(value.is_useful for value in self.scores.values()) / cells if cells else 1.0

    @property
    def junk(self) -> float:
        """The share of junk among the names listed."""
        return 1 - (self.params + self.metrics).precision
