"""A set of runs of one store, with all that can be done with it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from trackside.collection.edits import EditableRuns
from trackside.collection.views import ViewableRuns
from trackside.errors import InputError, NoRunError
from trackside.handles import find_run, has_name, is_words
from trackside.query import Scope, select_runs
from trackside.team.policy import refuse_unless_compliant

if TYPE_CHECKING:
    from collections.abc import Callable

    from trackside.analysis.check import Check
    from trackside.reproduction.verdict import Reproduction
    from trackside.restoration.restore import Restored
    from trackside.run_diff.report import RunDiff

_PAIR = 2


class Runs(EditableRuns, ViewableRuns):
    """Some runs of a store, newest first; at the end of a cell it shows itself as a table.

    Made by `runs`. Cheap to narrow: `where`, `best` and slices share what was read.
    """

    def diff(self, against: Runs | str | None = None) -> RunDiff:
        """Return in what two runs differ: params, metrics, code, data, packages, hardware, notebook.

        Parameters
        ----------
        against
            The run that this one is held against, or its handle. By default, of two runs the earlier one; of one, the
            same cell's run before it, else the baseline.

        Raises
        ------
        InputError
            These are not one or two runs, or there is none to hold this one against.

        Examples
        --------
        >>> ts.runs("last").diff("best").df  # doctest: +SKIP
        """
        from trackside.run_diff.report import diff_runs

        if against is None and len(self) == _PAIR:
            by_start = sorted(range(_PAIR), key=lambda row: (self._frame.attributes["started_at"][row], self.ids[row]))
            before, after = (self.ids[row] for row in by_start)
        else:
            after = self._one("a diff")
            before = self._run_before() if against is None else self._find(against)
        return diff_runs(self._store, before, after, self.goals)

    def check(
        self,
        metric: str | None = None,
        against: Runs | str = "baseline",
        *,
        min_delta: float = 0.0,
        confidence: float = 0.95,
        allow_incomparable: bool = False,
    ) -> Check:
        """Return the verdict on these runs, held against others; see `trackside.check`."""
        from trackside.analysis.check import check_sets

        if metric is not None and not isinstance(metric, str):
            raise InputError(f"found {metric!r} as the metric; expected its name, such as 'val_loss'")
        if not len(self):
            raise NoRunError("there are no runs to check; expected one or more; choose some, such as ts.runs('last')")
        refuse_unless_compliant(self._store, self.ids, "check")
        other = self._held_against(against)
        return check_sets(
            self._store,
            (self._scope, self._frame),
            (other._scope, other._frame),  # noqa: SLF001 - its own class
            metric,
            min_delta=min_delta,
            confidence=confidence,
            allow_incomparable=allow_incomparable,
        )

    def restore(self, folder: str | Path | None = None, *, whole: bool = False) -> Restored:
        """Write one run's cells as a notebook, with its modules and requirements. Nothing is executed or overwritten.

        Parameters
        ----------
        folder
            Where to; by default ``restored-<id>`` in the working folder.
        whole
            Write the whole notebook as it stood instead of the cells that the run depends on.

        Raises
        ------
        InputError
            This is not one run, what is asked for was not kept, or something is in the way.
        """
        from trackside.restoration.restore import restore_run
        from trackside.run_details import read_details

        details = read_details(self._store, self._one("what is restored"))
        return restore_run(details, None if folder is None else Path(folder), whole=whole)

    def reproduce(
        self, *, tolerance: float = 1e-6, timeout: float | None = None, say: Callable[[str], None] | None = print
    ) -> Reproduction:
        """Run one run's cells again in a fresh kernel and keep whether the same came out, as a mark of the run.

        Parameters
        ----------
        tolerance
            How far a metric may be off, as a share of the larger of both values.
        timeout
            Seconds that it may take; None lets it take what it needs.
        say
            Is told how far it is; by default it is printed, and with None nobody is told.

        Raises
        ------
        InputError
            This is not one run, or it cannot be run again.
        NotReproducedError
            It failed this time, so that there is nothing to compare.
        """
        from trackside.reproduction.reproduce import reproduce_run

        run_id = self._one("what is reproduced")
        tell = say or (lambda _: None)
        return reproduce_run(self._store, run_id, tolerance=tolerance, timeout=timeout, say=tell)

    def _held_against(self, against: Runs | str) -> Runs:
        """Return the runs that these are held against: given, or named by a handle or a condition.

        Raises
        ------
        InputError
            There are none, or they are of another store.
        """
        if isinstance(against, Runs):
            found = against
        elif not isinstance(against, str):
            raise InputError(f"found {against!r} to hold these against; expected runs, a handle, a name or a condition")
        else:
            project, experiment = (str(self._frame.attributes[key][0]) for key in ("project", "experiment"))
            scope = Scope(project=project, experiment=experiment, former=self._scope.former, goals=self._scope.goals)
            if is_words(against) or has_name(self._store, scope, against):
                found = self._select([find_run(self._store, scope, against)])
            else:
                found = Runs(self._store, scope, select_runs(self._store, scope)).where(against)
        if not len(found):
            raise NoRunError(
                f"{against!r} names no run that is there; expected one to hold these against; name another"
            )
        if found._store.folder != self._store.folder:  # noqa: SLF001 - its own class
            raise InputError("the runs to hold against are of another store; expected runs of one store")
        return found

    def _find(self, run: Runs | str) -> str:
        if isinstance(run, str):
            experiment = str(self._frame.attributes["experiment"][0])
            return find_run(
                self._store, Scope(experiment=experiment, former=self._scope.former, goals=self._scope.goals), run
            )
        return run._one("what it is held against")  # noqa: SLF001 - its own class

    def _run_before(self) -> str:
        """Return the run that this one is held against where nobody named one."""
        previous = self._frame.attributes["rerun_of"].tolist()[0]
        before = previous or self._frame.baseline
        if before is None or before == self.ids[0]:
            raise InputError(
                "there is no run of this cell before it and no baseline; expected one to hold it against; name one"
            )
        return str(before)
