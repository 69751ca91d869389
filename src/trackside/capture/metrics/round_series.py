"""The series that printed rounds make, where nothing that a training has kept tells them better."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from trackside.capture.metrics.results import Found, Series, is_excerpt

if TYPE_CHECKING:
    from trackside.capture.metrics.round_lines import Round

MOST = 50
"""More series than this are no training's that anybody would look at."""


class RoundSeries:
    """One series for each metric; of trainings one after the other, the last one's."""

    def __init__(self) -> None:
        self._points: dict[str, dict[int, float]] = {}
        self._last: dict[str, float] = {}

    def add(self, told: Round) -> None:
        """Add a round; one that is before the last, or comes when the best was told, begins another training."""
        for name, value in told.values.items():
            if name not in self._points and len(self._points) >= MOST:
                continue
            points, last = self._points.setdefault(name, {}), self._last.get(name, -math.inf)
            if last == math.inf or (told.step < last and not told.is_best):
                points.clear()
            self._last[name] = math.inf if told.is_best else told.step
            points[told.step] = value

    def read(self, known: Found) -> Found:
        """Return the series that ``known`` does not tell in full, be it under another name.

        A single number that is known, such as the best score, gives way to the series that it is part of.
        """
        found = Found()
        for name, points in self._points.items():
            steps = sorted(points)
            values = [points[step] for step in steps]
            is_told = any(is_excerpt(values, series.values) for series in known.histories.values())
            is_more = name not in known.names or (name in known.values and is_excerpt([known.values[name]], values))
            if is_more and not is_told and len(values) > 1:
                found.histories[name] = Series(values, steps)
            elif name not in known.names and not is_told:
                found.values[name] = values[0]
        return found
