"""Prints measurements as a table: what was measured, the figure, the goal, and the ratio between them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Figure(NamedTuple):
    """One line of the table. ``goal`` and ``value`` share the unit; null where there is no goal."""

    what: str
    value: float
    unit: str
    goal: float | None = None


def print_table(title: str, figures: Sequence[Figure]) -> None:
    print(f"\n{title}")
    print(f"{'':52} {'measured':>14} {'goal':>12} {'measured/goal':>14}")
    for figure in figures:
        goal = f"{figure.goal:g} {figure.unit}" if figure.goal is not None else ""
        ratio = f"{figure.value / figure.goal:.2f}" if figure.goal else ""
        print(f"{figure.what:52} {f'{figure.value:.4g} {figure.unit}':>14} {goal:>12} {ratio:>14}")


def median_seconds(call: Callable[[], object], rounds: int = 7) -> float:
    """Return the median time of a call, after one call that does not count."""
    call()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return sorted(times)[rounds // 2]
