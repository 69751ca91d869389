"""What several runs of one way to train came to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass
class Outcome:
    """The runs, by their ids, and the values of each metric that they have.

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

    def add(self, run_id: str, metrics: Mapping[str, Any]) -> None:
        """Add a run with the last value of each of its metrics, as the journal spells it."""
        self.run_ids.append(run_id)
        for name, value in metrics.items():
            self.values.setdefault(name, []).append(float(value))

    def means(self) -> dict[str, float]:
        """Return the mean of each metric."""
        return {name: sum(values) / len(values) for name, values in self.values.items()}
