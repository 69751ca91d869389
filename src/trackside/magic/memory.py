"""What a session knows of its notebook's runs: each cell's last one, and the names that are to be ignored."""

from __future__ import annotations

import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from trackside.config import find_settings
from trackside.errors import InputError, TracksideError
from trackside.whereabouts import find_notebook, find_own_settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from trackside.comparability.evaluations import Evaluation
    from trackside.config import Settings
    from trackside.run_facts import RunFacts
    from trackside.store.store import Store
    from trackside.team.policy.evaluated import Decided

WAIT_SECONDS = 2.0
"""How long the first tracked cell of a session waits for what earlier sessions left; a cold database takes 0.2 s."""

_REFRESH_SECONDS = 0.5

_RENEW_SECONDS = 2.0
"""How long a thread waits for what was decided to be in the tables; the next cell's end begins another, if need be."""


class Memory:
    """What is known, by store and experiment: read from the store once, in a thread, and kept up to date after.

    ``settings`` are those of the last tracked cell.
    """

    def __init__(self) -> None:
        self.settings: Settings | None = None
        self._known: dict[tuple[Path, str, str], Known] = {}

    def begin(self) -> None:
        """Begin to read what is known of this notebook's experiment, before its first tracked cell asks for it."""
        try:
            settings = find_own_settings()
        except InputError:
            return  # the first tracked cell tells what is wrong with them
        if settings.mode == "enabled" and settings.store_folder.exists():
            self.of(settings, settings.experiment, find_notebook())

    def of(self, settings: Settings, experiment: str, notebook: Path | None) -> Known:
        """Return what is known of an experiment of this notebook."""
        place = (settings.store_folder, settings.project, experiment)
        if place not in self._known:
            self._known[place] = Known(*place, notebook)
        return self._known[place]

    def read_held(self) -> None:
        """Read against which run this notebook's are held, once that was chosen here."""
        settings = find_own_settings()
        self.of(settings, settings.experiment, find_notebook()).read_held()

    def rename(self, before: Path) -> None:
        """Let what is known of the notebook's own experiment go by its new name, which the settings say by now."""
        try:
            settings = [find_settings(before.parent, notebook=before), find_own_settings()]
        except InputError:
            return  # the next tracked cell tells what is wrong with them
        old, new = ((each.store_folder, each.project, each.experiment) for each in settings)
        if old in self._known:
            self._known.setdefault(new, self._known[old])


class Known:
    """What is known of one experiment.

    Attributes
    ----------
    ignored
        The names to leave out.
    held
        The metrics of the run that others are held against, by its id; those of none where there is none.
    evaluation
        How that run was evaluated; None where there is none.
    decided
        What was decided of the experiment, with the records of its baselines' runs; None until it is known.
    problem
        Why it could not be read what earlier sessions left, where that has no reason that others are told.
    """

    def __init__(self, store_folder: Path, project: str, experiment: str, notebook: Path | None) -> None:
        self.ignored: set[str] = set()
        self.held: Mapping[str, Mapping[str, float]] = {}
        self.evaluation: Evaluation | None = None
        self.decided: Decided | None = None
        self.problem: str | None = None
        self._evaluated: str | None = None
        self._former: list[str] = []
        self._last_runs: dict[str, RunFacts] = {}
        self._experiment = (store_folder, project, experiment)
        self._notebook = notebook
        self._decided = 0
        self._renewing: threading.Thread | None = None
        # no daemon: an interpreter that ends would end it within DuckDB's own code, and crash
        self._reading = threading.Thread(target=self._read, name="trackside-memory")
        with suppress(RuntimeError):  # no more threads: nothing is known of earlier runs
            self._reading.start()

    def wait(self) -> None:
        """Wait until what earlier sessions left is known, or for as long as a cell may wait for that."""
        if self._reading.is_alive():
            self._reading.join(WAIT_SECONDS)

    def last_run(self, cell: str) -> RunFacts | None:
        """Return the last run of a cell that is not known to have failed."""
        return self._last_runs.get(cell)

    def remember(self, cell: str, facts: RunFacts) -> None:
        """Remember a run as the cell's last."""
        self._last_runs[cell] = facts

    def note_baseline(self, run_id: str) -> None:
        """Note that a run is what others are held against from now on, before it is read anew."""
        from trackside.team.policy.evaluated import Decided

        decided = self.decided or Decided()
        self.decided = decided._replace(baselines={**decided.baselines, "": run_id})

    def renew(self, run_id: str) -> None:
        """Begin to read against which run others are held, for a later cell, where it may have changed.

        Anybody may have chosen one, or the run that ended now is that one and was added to.
        """
        from trackside.store.store import Store

        if self._renewing is not None and self._renewing.is_alive():
            return
        if run_id in self.held or Store(self._experiment[0]).count_decided() != self._decided:
            self._renewing = threading.Thread(target=self._renew, name="trackside-memory")
            with suppress(RuntimeError):
                self._renewing.start()

    def _renew(self) -> None:
        from trackside.store.store import Store

        with self._telling("what the baseline is"):
            if self._refresh(Store(self._experiment[0]), _RENEW_SECONDS):
                self._read_held()

    def read_held(self) -> None:
        """Read against which run others are held, once that was chosen here."""
        from trackside.store.store import Store

        with suppress(TracksideError):
            self._refresh(Store(self._experiment[0]), _REFRESH_SECONDS)
        self._read_held()

    def _refresh(self, store: Store, wait: float) -> bool:
        decided = store.count_decided()
        is_complete = store.refresh(wait)
        if is_complete:
            self._decided = decided
        return is_complete

    def _read_held(self) -> None:
        from trackside.store.store import Store
        from trackside.team.baselines import read_held
        from trackside.team.policy.evaluated import read_decided

        folder, project, experiment = self._experiment
        with self._telling("what the baseline is"):
            held = read_held(Store(folder), project, [experiment, *self._former])
            self._read_evaluation(Store(folder), next(iter(held), None))
            self.held = held
            self.decided = read_decided(Store(folder), project, [experiment, *self._former], with_runs=True)

    def _read_evaluation(self, store: Store, run_id: str | None) -> None:
        """Read how the run that others are held against was evaluated, once for each run."""
        if run_id is None or run_id == self._evaluated:
            return
        from trackside.analysis.samples import read_evaluations

        self.evaluation = read_evaluations(store, [run_id])[run_id]
        self._evaluated = run_id

    @contextmanager
    def _telling(self, what: str) -> Iterator[None]:
        try:
            yield
        except TracksideError:
            return  # a busy or damaged store: those who ask it for runs are told; a cell is tracked all the same
        except Exception as error:  # noqa: BLE001 - the thread's edge: nobody else would hear of it
            self.problem = f"{what} could not be read: {type(error).__name__}: {error}"

    def _read(self) -> None:
        import trackside.team.policy.live  # noqa: F401 - the first cell's end is not to wait for it
        from trackside.store.store import Store

        folder, project, experiment = self._experiment
        if not folder.exists():
            return
        from trackside.listings import list_decided
        from trackside.run_facts import find_former_experiments, read_last_runs

        store = Store(folder)
        with self._telling("what this cell's earlier runs were"):
            self._refresh(store, _REFRESH_SECONDS)
            own = project, experiment
            self._former = find_former_experiments(store, own, self._notebook) if self._notebook else []
            self.ignored |= set(list_decided(store, "ignored", project, [experiment, *self._former]))
            if self._notebook:
                self._last_runs = read_last_runs(store, own, self._notebook) | self._last_runs
            self._read_held()
