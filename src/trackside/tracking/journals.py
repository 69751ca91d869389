"""Where a run's events may go: to a journal, or nowhere; with a prefix, or sparing the caller."""

from __future__ import annotations

import warnings
from typing import Any, Protocol

from trackside.errors import JournalError


class Journal(Protocol):
    """What a run asks of a journal."""

    def append(self, event_type: str, /, **fields: Any) -> None:
        """Write one event."""

    def append_metrics(self, step: int, values: dict[str, float | str], /) -> None:
        """Write one point of each metric."""

    def append_history(self, steps: Any, times: Any, columns: dict[str, Any], /) -> None:
        """Write many points of each metric."""

    def close(self) -> None:
        """End the journal."""


class NoJournal:
    """The journal of a run that is not to be kept: it takes everything and keeps nothing."""

    def append(self, event_type: str, /, **fields: Any) -> None:
        """Drop one event."""

    def append_metrics(self, step: int, values: dict[str, float | str], /) -> None:
        """Drop a point."""

    def append_history(self, steps: Any, times: Any, columns: dict[str, Any], /) -> None:
        """Drop points."""

    def close(self) -> None:
        """End nothing."""


class PrefixedJournal:
    """A journal in which the names of metrics begin with a prefix."""

    def __init__(self, journal: Journal, prefix: str) -> None:
        self.append, self.close = journal.append, journal.close
        self._journal = journal
        self._prefix = prefix

    def append_metrics(self, step: int, values: dict[str, float | str], /) -> None:
        """Write one point of each metric."""
        self._journal.append_metrics(step, self._named(values))

    def append_history(self, steps: Any, times: Any, columns: dict[str, Any], /) -> None:
        """Write many points of each metric."""
        self._journal.append_history(steps, times, self._named(columns))

    def _named(self, values: dict[str, Any]) -> dict[str, Any]:
        return {f"{self._prefix}{key}": value for key, value in values.items()}


class SparingJournal:
    """A journal that raises nothing where the disk fails: a warning says so at once, and a note how much is lost."""

    def __init__(self, journal: Journal, notes: list[str]) -> None:
        self.close = journal.close
        self._journal = journal
        self._notes = notes
        self._lost = 0
        self._told = ""

    def append(self, event_type: str, /, **fields: Any) -> None:
        """Write one event."""
        try:
            self._journal.append(event_type, **fields)
        except JournalError as error:
            self._note(error)

    def append_metrics(self, step: int, values: dict[str, float | str], /) -> None:
        """Write one point of each metric."""
        try:
            self._journal.append_metrics(step, values)
        except JournalError as error:
            self._note(error)

    def append_history(self, steps: Any, times: Any, columns: dict[str, Any], /) -> None:
        """Write many points of each metric."""
        try:
            self._journal.append_history(steps, times, columns)
        except JournalError as error:
            self._note(error)

    def _note(self, error: JournalError) -> None:
        if self._told in self._notes:
            self._notes.remove(self._told)
        else:
            warnings.warn(str(error), stacklevel=4)
        self._lost += 1
        self._told = f"{self._lost} of this run's lines could not be kept: {error}"
        self._notes.append(self._told)
