"""What several runs of one way to train came to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from trackside.quantities import Spread

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass
class Outcome:
    """The runs, by their ids, the values of each metric that those have which ended well, and those that did not.

    Examples
    --------
    >>> outcome = Outcome()
    >>> outcome.add("a", {"acc": 0.5})
    >>> outcome.add("b", {"acc": "NaN"})
    >>> outcome.values
    {'acc': [0.5, nan]}
    """

    run_ids: list[str] = field(default_factory=list)
    values: dict[str, list[float]] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def add(self, run_id: str, metrics: Mapping[str, Any]) -> None:
        """Add a run with the last value of each of its metrics, as the journal spells it."""
        self.run_ids.append(run_id)
        for name, value in metrics.items():
            self.values.setdefault(name, []).append(float(value))

    def add_failed(self, run_id: str) -> None:
        """Add a run that did not end well: its metrics do not count."""
        self.run_ids.append(run_id)
        self.failed.append(run_id)

    def spreads(self) -> dict[str, Spread]:
        """Return of each metric how many runs have it, and the standard deviation, where that is finite."""
        return {name: Spread.of(values) for name, values in self.values.items()}

    def means(self) -> dict[str, float]:
        """Return the mean of each metric."""
        return {name: sum(values) / len(values) for name, values in self.values.items()}
