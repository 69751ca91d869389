"""Where a run's events go: its journal, its environment, the store that is woken at its end."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from trackside.errors import RunFinishedError, TracksideError

if TYPE_CHECKING:
    from collections.abc import Callable

    from trackside.capture.environment import EnvironmentProbe
    from trackside.model import Started

ENVIRONMENT_SECONDS = 30.0
"""A driver or a disk that takes longer to answer costs the run its environment, and nothing else."""

LAST_CALL_SECONDS = 1.0
"""How long a run's end waits for an environment that is still being read."""


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


@dataclass
class Recording:
    """A run's journal, and what is done around it."""

    journal: Journal
    wake_drain: Callable[[], object] | None = None
    environment: threading.Thread | None = None

    @classmethod
    def begin(
        cls,
        store_folder: Path | None,
        run_id: str,
        facts: Started,
        durability: Literal["second", "sync"],
        code_folder: Path | None,
    ) -> Recording:
        """Open the run's journal, write what the run is, and let its environment be read meanwhile."""
        if store_folder is None:
            return cls(NoJournal())
        from trackside.capture.environment import start_environment_probe
        from trackside.journal import JournalWriter
        from trackside.store.store import Store

        store = Store.create(store_folder)
        journal = JournalWriter(store.folder, run_id, owner=True, durability=durability)
        fields = {name: getattr(facts, name) for name in facts.__struct_fields__ if name not in ("seq", "time")}
        journal.append("started", **fields)
        probe = start_environment_probe(code_folder or Path.cwd())
        return cls(journal, store.wake_drain, _begin_noting(probe, store.folder, journal))

    def end(self, status: str, active: float, error: str | None) -> None:
        """Write how the run ended, close its journal and let the store take it in, in another process."""
        if self.environment:
            self.environment.join(LAST_CALL_SECONDS)
        try:
            self.journal.append("ended", status=status, active=active, error=error)
        finally:
            self.journal.close()
            if self.wake_drain:
                self.wake_drain()


def _begin_noting(probe: EnvironmentProbe, store_folder: Path, journal: Journal) -> threading.Thread | None:
    """Write down the environment: at once where it is known, else from a thread when it is."""
    if probe.result(0) is not None:
        _note_environment(probe, store_folder, journal)
        return None
    arguments = (probe, store_folder, journal)
    noting = threading.Thread(target=_note_environment, args=arguments, name="trackside-environment-note", daemon=True)
    noting.start()
    return noting


def _note_environment(probe: EnvironmentProbe, store_folder: Path, journal: Journal) -> None:
    """Write down the environment once it is known. No environment is no reason to lose a run."""
    from trackside.capture.environment import encode
    from trackside.store.blobs import save_blob

    report = probe.result(ENVIRONMENT_SECONDS)
    if report is None:
        return
    try:
        digest = save_blob(store_folder, encode(report.environment))
        journal.append("environment", digest=digest, git_commit=report.git_commit, git_dirty=report.git_dirty)
    except RunFinishedError:
        return  # it came too late: the run has ended
    except (OSError, TracksideError):
        return  # a full disk: the run's own next line says so to its user
