"""Runs repeats of a cell each in a process of its own, with the cells that it depends on."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from trackside.config import RUN_VARIABLE
from trackside.errors import TracksideError
from trackside.magic.head import with_options
from trackside.reproduction.execution import Execution, NotReproducedError, check_tools
from trackside.tracking.inherited import Inherited, inherit

if TYPE_CHECKING:
    from trackside.magic.cell_context import CellContext
    from trackside.magic.history import History
    from trackside.outcomes import Outcome
    from trackside.team.policy.run_record import RunRecord
    from trackside.tracking import Run

_DRAIN_SECONDS = 30.0


class RepeatFailedError(TracksideError):
    """A repeat failed in its own process; its run has the traceback."""


class FreshRepeats:
    """The processes that repeat a cell: what they log are runs within the cell's own.

    Parameters
    ----------
    parent
        The cell's run, which is kept.

    Raises
    ------
    InputError
        What executes notebooks is not installed.
    """

    def __init__(self, context: CellContext, parent: Run, history: History) -> None:
        check_tools()
        self._context = context
        self._parent = parent
        pieces, _ = history.slicer.find(context.python, len(history.executed.cells))
        self._processes = ExitStack()
        self._ahead: Execution | None = None
        self._earlier = [piece.executed.code for piece in pieces]

    def run(self, name: str, line: str, source: str, following: str | None) -> None:
        """Execute the cells in a fresh kernel and wait for their end; the kernel of the next one starts meanwhile.

        Parameters
        ----------
        name
            What the repeat is called.
        line, source
            What stands behind the cell's ``%%track`` there, and the cell.
        following
            What stands there in the next one, if that is to run in a process of its own, too.

        Raises
        ------
        RepeatFailedError
            A cell failed, or the kernel died.
        """
        execution = self._ahead or self._start(line, source)
        self._ahead = None if following is None else self._start(following, source)
        try:
            execution.run(lambda _: None)
        except NotReproducedError as error:
            raise RepeatFailedError(f"{name} failed in its own process: {error}") from None

    def end(self) -> None:
        """Wait for the ends of the processes; that which was started ahead does not go on."""
        self._processes.close()

    def _start(self, line: str, source: str) -> Execution:
        import nbformat

        cells = ["%load_ext trackside", *self._earlier, self._begin_tracking, with_options(source, line)]
        book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        scratch = tempfile.TemporaryDirectory(prefix="trackside-repeat-", ignore_cleanup_errors=True)
        folder = Path(self._processes.enter_context(scratch))
        path = folder / "run" / "repeat.ipynb"
        path.parent.mkdir()
        nbformat.write(book, path)
        execution = Execution(path, folder=Path.cwd(), scratch=folder, variables=self._variables, ahead=1)
        self._processes.callback(execution.end)
        return execution

    def collect(self, outcome: Outcome, *, without: str | None) -> list[RunRecord]:
        """Add what the processes logged, as far as the store has it; ``without`` is the run of this one.

        Their records are returned.
        """
        from trackside.store.store import Store
        from trackside.team.policy.evaluated import read_evaluated

        if self._parent.store_folder is None:
            return []
        store = Store(self._parent.store_folder)
        store.refresh(_DRAIN_SECONDS)
        with store.read() as connection:
            rows = connection.execute(
                """SELECT CAST(r.run_id AS VARCHAR), r.status, s.key, arg_max(s.last, s.last_time)
                FROM runs r LEFT JOIN summaries s ON s.run_id = r.run_id AND NOT starts_with(s.key, 'system/')
                WHERE r.parent_id = ? GROUP BY r.run_id, r.status, r.started_at, s.key
                ORDER BY r.started_at, r.run_id""",
                [self._parent.id],
            ).fetchall()
        metrics: dict[tuple[str, str], dict[str, float]] = {}
        for run_id, status, key, value in rows:
            metrics.setdefault((run_id, status), {}).update({} if key is None else {key: value})
        others = {run_id: (status, its) for (run_id, status), its in metrics.items() if run_id != without}
        for run_id, (status, its) in others.items():
            if status == "finished":
                outcome.add(run_id, its)
            else:
                outcome.add_failed(run_id)
        return read_evaluated(store, list(others))

    @property
    def _begin_tracking(self) -> str:
        """The cell before the repeated one: from there on runs are kept, as parts of this one. It sets no name."""
        run = str(Inherited(self._parent.id, os.getpid(), self._parent.store_folder))
        return (
            f"__import__('os').environ['TRACKSIDE_MODE'] = 'enabled'\n"
            f"__import__({inherit.__module__!r}, fromlist=['x']).{inherit.__name__}({run!r})"
        )

    @property
    def _variables(self) -> dict[str, str]:
        """Where the processes keep their runs; the cells before the repeated one make none."""
        context, parent = self._context, self._parent
        own = {name: value for name, value in os.environ.items() if name.startswith("TRACKSIDE_")}
        own.pop(RUN_VARIABLE, None)
        return own | {
            "TRACKSIDE_STORE": str(parent.store_folder),
            "TRACKSIDE_EXPERIMENT": context.experiment,
            "TRACKSIDE_PROJECT": context.settings.project if context.settings else "",
            "TRACKSIDE_MODE": "disabled",
        }
